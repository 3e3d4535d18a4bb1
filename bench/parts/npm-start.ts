import { spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { bareEnvironment, childrenOf, stopChild, stopDatabaseOf, until } from './processes.ts'

export type Started = {
  /** From `npm start` until GET / ends in a page. */
  firstPageMs: number
  /** From `npm start` until the dependencies were in place; undefined when they already were. */
  installedMs: number | undefined
  /** The application's own process, not npm's. */
  pid: number
  stop(): Promise<void>
}

/** Whoever clones has only a system Node and npm: ours must not be found first. */
export function withoutOurNode(): Record<string, string> {
  const environment = bareEnvironment()
  const folders = (environment.PATH ?? '').split(path.delimiter).filter((folder) => !folder.includes('node_modules'))
  return { ...environment, PATH: folders.join(path.delimiter) }
}

type Place = { clone: string; home: string; npmCache: string; withinMs: number }

/** Types `npm start` in the clone, as the README says, and looks until there is a page. */
export async function startByNpm({ clone, home, npmCache, withinMs }: Place): Promise<Started> {
  const port = await freePort()
  const log = path.join(clone, '..', 'npm-start.log')
  const logFrom = fs.existsSync(log) ? fs.readFileSync(log, 'utf8').length : 0
  const output = fs.openSync(log, 'a')
  const stamp = path.join(clone, 'node_modules/.dingxin-lock')
  const wasInstalled = fs.existsSync(stamp)
  const running = path.join(home, 'running.json')
  fs.rmSync(running, { force: true })

  const started = performance.now()
  const npm = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...withoutOurNode(), npm_config_cache: npmCache, PORT: String(port), DINGXIN_HOME: home },
    stdio: ['ignore', output, output],
  })
  fs.closeSync(output)
  let installedMs: number | undefined
  let firstPageMs = Number.NaN
  const text = () => fs.readFileSync(log, 'utf8').slice(logFrom)
  try {
    await until(
      'the first page',
      () => {
        if (npm.exitCode !== null) throw new Error(`npm start ended (${npm.exitCode}): ${text().slice(-2000)}`)
        if (!wasInstalled && installedMs === undefined && fs.existsSync(stamp)) installedMs = performance.now() - started
        return isPage(`http://127.0.0.1:${port}/`)
      },
      { withinMs, everyMs: 10 },
    )
    firstPageMs = performance.now() - started
    // It shows pages before it is all there; whoever stops it in between measures something else.
    await until('the welcome', () => text().includes('定心丸已启动'), { withinMs: 60_000 })
  } catch (error) {
    await stopChild(npm)
    throw error
  }
  const { pid } = JSON.parse(fs.readFileSync(running, 'utf8')) as { pid: number }
  return {
    firstPageMs,
    installedMs,
    pid,
    async stop() {
      if (npm.exitCode !== null) return
      const helpers = childrenOf(pid)
      process.kill(pid, 'SIGTERM')
      await until('the application ends', () => npm.exitCode !== null, { withinMs: 20_000, everyMs: 5 }).catch(() =>
        process.kill(pid, 'SIGKILL'),
      )
      await stopDatabaseOf(home)
      for (const helper of helpers) helper.endIfAlive()
    },
  }
}

/** Follows to a page, as a browser would. */
async function isPage(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { headers: { accept: 'text/html' }, signal: AbortSignal.timeout(5000) })
    await answer.arrayBuffer()
    return answer.status === 200
  } catch {
    return false
  }
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
