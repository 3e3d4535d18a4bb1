import fs from 'node:fs'
import path from 'node:path'
import { serve } from '@hono/node-server'
import type { Services } from './app.ts'
import { openServices } from './app.ts'
import { DEMO_AGENCY, seedDemo } from './demo.ts'
import { ensureLocalToken } from './people/actors.ts'
import { linkForFirstAdmin, linkForPerson } from './people/sign-in-links.ts'
import { startAuditor } from './platform/auditor.ts'
import { readConfig } from './platform/config.ts'
import { asDispatch, withAgency } from './platform/database.ts'
import { prepareDatabase } from './platform/prepare-database.ts'
import { findSimulator } from './web/simulator-process.ts'
import { openWeb } from './web/web.ts'

/** Starts everything in one process; prints the address and one next step. */
export async function main(): Promise<void> {
  const config = readConfig(process.env)
  fs.mkdirSync(config.home, { recursive: true, mode: 0o700 })
  const simulatorStarting = config.demo ? findSimulator() : undefined
  const database = await prepareDatabase(config.home, config.databaseUrl)
  // From here on a stop must leave nothing behind, however far the start has come.
  const undo: (() => unknown)[] = [() => database.stop()]
  const stop = async () => {
    for (let last = undo.pop(); last; last = undo.pop()) await Promise.resolve(last()).catch(() => {})
    process.exit()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  if (simulatorStarting) undo.push(async () => (await simulatorStarting).stop())
  let address = config.publicUrl ?? `http://127.0.0.1:${config.port}`
  const services = await openServices(config, database.url, { publicUrl: () => address })
  undo.push(() => services.close())
  ensureLocalToken(services.app)
  const web = await openWeb(services)
  const server = serve({ fetch: web.fetch, port: config.port, hostname: config.host })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`端口 ${config.port} 已被占用，没有启动。请设置 PORT 为别的端口，例如 PORT=8090 npm start。`)
          : error,
      ),
    )
    server.once('listening', resolve)
  })
  undo.push(() => {
    server.close()
    ;(server as unknown as { closeAllConnections(): void }).closeAllConnections()
  })
  const { port } = server.address() as { port: number }
  if (!config.publicUrl) address = `http://127.0.0.1:${port}`
  fs.writeFileSync(path.join(config.home, 'running.json'), JSON.stringify({ url: address, pid: process.pid }), { mode: 0o600 })
  const simulator = await simulatorStarting
  if (simulator) await seedDemo(services, simulator.facts)
  await services.armSchedule()
  const worker = config.role === 'web' ? undefined : services.startWorker()
  undo.push(() => worker?.stop())
  const auditor = startAuditor(services.app)
  undo.push(() => auditor.stop())
  await welcome(services, address, simulator?.facts.url)
}

async function welcome(services: Services, address: string, simulatorUrl: string | undefined): Promise<void> {
  const { app } = services
  const lines = ['', `定心丸已启动：${address}`]
  if (simulatorUrl) {
    const person = await withAgency(app.database, DEMO_AGENCY, (tx) =>
      tx.selectFrom('dx.people').select('id').where('name', '=', '周扬').executeTakeFirst(),
    )
    const link =
      person && (await linkForPerson(app, { agencyId: DEMO_AGENCY, personId: person.id, role: 'admin', via: 'local' }, person.id))
    if (link?.ok)
      lines.push(`下一步：打开一次性登录地址，点“马上演练一次”  ${address}/signin/once/${link.value.token}?next=/app/`)
    lines.push(`（演示数据；模拟的微信在 ${simulatorUrl}；数据在 ${app.config.home}；正式使用请设 DINGXIN_DEMO=0）`)
  } else {
    const agencies = await asDispatch(app.database, (tx) => tx.selectFrom('dx.people').select('agency_id').limit(1).execute())
    if (agencies.length === 0) {
      const link = await linkForFirstAdmin(app)
      lines.push(`下一步：打开一次性地址，建立第一位管理员  ${address}/setup/${link.token}`)
    } else lines.push(`下一步：登录  ${address}/signin`)
  }
  process.stdout.write(`${lines.join('\n')}\n`)
}
