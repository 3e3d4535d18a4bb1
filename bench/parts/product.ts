import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { bareEnvironment, profiling, root, stopChild, stopDatabaseOf } from './processes.ts'

export type Product = { url: string; pid: number; stop(): Promise<void> }

/** The product as `npm start` runs it, without the demo: one process, its own home, any free port. */
export async function startProduct(
  home: string,
  { settings = {}, flags = {} }: { settings?: Record<string, string>; flags?: Record<string, string> } = {},
): Promise<Product> {
  fs.mkdirSync(home, { recursive: true, mode: 0o700 })
  const log = path.join(home, 'server.log')
  const child = spawn(process.execPath, [...profiling(flags), 'src/server.ts'], {
    cwd: root,
    env: { ...bareEnvironment(), DINGXIN_HOME: home, DINGXIN_DEMO: '0', PORT: '0', LOG_LEVEL: 'warn', ...settings },
    stdio: ['ignore', 'pipe', fs.openSync(log, 'a')],
  })
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk
      const address = /定心丸已启动：(\S+)\n/.exec(text)?.[1]
      if (address) resolve(address)
    })
    child.once('exit', (code) =>
      reject(new Error(`the server ended (${code}) while starting: ${fs.readFileSync(log, 'utf8').slice(-2000)}`)),
    )
  })
  return {
    url,
    pid: child.pid!,
    async stop() {
      await stopChild(child)
      await stopDatabaseOf(home)
    },
  }
}
