import { serve } from '@hono/node-server'
import pg from 'pg'
import { inject } from 'vitest'
import { type Simulator, startSimulator } from '../simulator/simulator.ts'
import { openServices } from '../src/app.ts'
import { ensureLocalToken } from '../src/people/actors.ts'
import { instant } from '../src/platform/time.ts'
import { openWeb } from '../src/web/web.ts'
import { makeTestApp, setClock } from './given-app.ts'
import { makeRows } from './rows.ts'

export type GivenWeb = Awaited<ReturnType<typeof openGivenWeb>>

/**
 * The whole web of the product over real HTTP, on a database of its own, with a pretend WeChat beside it. No worker runs and the
 * database's clock stands still: what changes was changed by a request, and nothing becomes overdue meanwhile.
 */
export async function openGivenWeb(environment: Record<string, string> = {}) {
  const base = await makeTestApp(environment)
  const wechat: Simulator = await startSimulator({ seed: 'accounts' })
  let url = 'http://127.0.0.1'
  const services = await openServices(base.config, base.url, { publicUrl: () => url })
  await setClock(services.app, instant(performance.timeOrigin + performance.now()))
  const token = ensureLocalToken(services.app)
  const web = await openWeb(services)
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: web.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(started))
  })
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const looking = new URL(inject('cluster').adminUrl)
  looking.pathname = new URL(base.url).pathname
  const looker = new pg.Client(looking.href)
  await looker.connect()
  return {
    url,
    app: services.app,
    services,
    web,
    wechat,
    /** What the command line of this machine shows. */
    token,
    rows: makeRows(looker),
    looker,
    async close() {
      server.close()
      ;(server as unknown as { closeAllConnections(): void }).closeAllConnections()
      await services.close()
      await looker.end()
      await wechat.close()
      await base.close()
    },
  }
}
