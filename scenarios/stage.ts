import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { makePerson, type Person, until } from './person.ts'

const root = path.join(import.meta.dirname, '..')

export type SimulatedAccount = { appid: string; secret: string; kind: 'SUB' | 'SVC'; verified: boolean }
export type Stage = Awaited<ReturnType<typeof openStage>>

/**
 * The product and the simulator as two real processes on free ports, a data folder of their own. The product may be killed and
 * started again; the simulator, like WeChat, goes on living.
 */
export async function openStage(environment: Record<string, string> = {}) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'dingxin-stage-'))
  const simulator = await startSimulator()
  let product: { child: ChildProcess; url: string; log: string[] } | undefined
  const port = await freePort()

  const start = async () => {
    const log: string[] = []
    const env = {
      ...process.env,
      DINGXIN_HOME: home,
      PORT: String(port),
      DINGXIN_DEMO: '1',
      DINGXIN_SIMULATOR: JSON.stringify(simulator.facts),
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
      ...environment,
    }
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(root, 'src/server.ts')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.on('data', (chunk: Buffer) => log.push(String(chunk)))
    child.stderr.on('data', (chunk: Buffer) => log.push(String(chunk)))
    const url = `http://127.0.0.1:${port}`
    product = { child, url, log }
    await until(
      'the product to start',
      async () => {
        if (child.exitCode !== null) throw new Error(`it stopped at once: ${log.join('').slice(-2000)}`)
        return log.join('').includes('定心丸已启动')
      },
      60_000,
    )
    return url
  }
  const kill = async () => {
    const { child } = product!
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
  const url = await start()
  const token = () => fs.readFileSync(path.join(home, 'local.token'), 'utf8').trim()

  return {
    home,
    url,
    simulator,
    log: () => product!.log.join(''),
    pid: () => product!.child.pid!,
    kill,
    start,
    async restart() {
      await kill()
      await start()
    },
    /** The simulator's control door. */
    async sim<T>(method: 'GET' | 'POST', where: string, body?: object): Promise<T> {
      const answer = await fetch(new URL(where, simulator.facts.url), {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      if (!answer.ok) throw new Error(`${where}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as T
    },
    /** The API as the command line of this machine calls it. */
    async api<T>(method: 'GET' | 'POST', where: string, body?: object): Promise<T> {
      const answer = await fetch(new URL(where, url), {
        method,
        headers: { authorization: `Bearer ${token()}`, 'content-type': 'application/json', accept: 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      if (!answer.ok) throw new Error(`${where}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as T
    },
    /** A colleague signed in on a phone through a one-time address, as at the first morning. */
    async signIn(name: string): Promise<Person> {
      const { url: address } = await this.api<{ url: string }>('POST', '/api/local/sign-in-link', { person: name })
      const person = makePerson(url)
      const entered = await person.post(new URL(address).pathname, {})
      if (entered.status !== 303) throw new Error(`${name} could not sign in: ${entered.status}`)
      return person
    },
    async close() {
      await kill()
      await stopDatabase(home)
      await simulator.stop()
      fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function startSimulator() {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(root, 'simulator/main.ts')], {
    env: { ...process.env, SIMULATOR_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const facts = await new Promise<{ url: string; accounts: SimulatedAccount[] }>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk
      if (text.includes('\n')) resolve(JSON.parse(text.slice(0, text.indexOf('\n'))) as never)
    })
    child.once('exit', () => reject(new Error('the simulator stopped at once')))
  })
  return {
    facts,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** A killed product leaves its database running, as it should; the stage ends it by the process id in its own folder. */
async function stopDatabase(home: string) {
  const lock = path.join(home, 'postgres/pgdata/postmaster.pid')
  if (!fs.existsSync(lock)) return
  const pid = Number(fs.readFileSync(lock, 'utf8').split('\n')[0])
  try {
    process.kill(pid, 'SIGQUIT')
  } catch {
    return
  }
  await until('the database to stop', async () => !fs.existsSync(lock) || !isAlive(pid), 10_000).catch(() => {})
}
const isAlive = (pid: number) => {
  try {
    return !fs.readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z')
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
