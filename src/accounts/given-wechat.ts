import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import { onTestFinished } from 'vitest'
import { givenAgency, givenApp, type TestApp } from '../../scenarios/given-app.ts'
import { type Simulator, startSimulator } from '../../simulator/simulator.ts'
import type { Actor } from '../platform/access.ts'
import type { Outcome } from '../platform/outcome.ts'
import { type Connected, type ConnectInput, connectAccount } from './connect.ts'
import { callbackRoutes } from './routes.ts'

/** For tests of accounts and monitoring: a pretend WeChat over real HTTP, our callback door over real HTTP, a real database. */
export type WeChatWorld = {
  app: TestApp
  agency: string
  mei: Actor
  wechat: Simulator
  /** The simulator's first account: a verified subscription account. */
  card: Simulator['accounts'][number]
  sim(path: string, body?: object): Promise<Record<string, unknown>>
  connect(more?: Partial<ConnectInput>): Promise<Connected>
  /** Lets the account push to our door in a mode. */
  pushTo(callback: Connected['callback'], mode?: 'plain' | 'compat' | 'safe'): Promise<void>
  doorUrl: string
}

export async function givenWeChatWorld(accountIndex = 0): Promise<WeChatWorld> {
  let doorUrl = ''
  const app = await givenApp()
  app.publicUrl = () => doorUrl
  const agency = await givenAgency(app)
  const mei: Actor = {
    agencyId: agency,
    personId: '00000000-0000-4000-8000-00000000000a',
    name: 'Mei',
    role: 'lead',
    via: 'session',
  }
  const wechat = await startSimulator({ seed: 'accounts' })
  onTestFinished(() => wechat.close())
  doorUrl = await givenServer(callbackRoutes(app))
  const card = wechat.accounts[accountIndex]!
  const sim: WeChatWorld['sim'] = async (path, body) => {
    const response = await fetch(
      `${wechat.url}/_sim${path}`,
      body ? { method: path.match(/^\/accounts\/\w+$/) ? 'PATCH' : 'POST', body: JSON.stringify(body) } : {},
    )
    const answer = (await response.json()) as Record<string, unknown>
    if (!response.ok) throw new Error(`the simulator refused ${path}: ${JSON.stringify(answer)}`)
    return answer
  }
  return {
    app,
    agency,
    mei,
    wechat,
    card,
    sim,
    doorUrl,
    async connect(more = {}) {
      const input = { appid: card.appid, secret: card.secret, name: card.name, baseUrl: wechat.url, ...more }
      return must(await connectAccount(app, mei, input))
    },
    async pushTo(callback, mode = 'safe') {
      const answer = await sim(`/accounts/${card.appid}/callback`, { ...callback, mode })
      if (answer.ok !== true) throw new Error(`the handshake failed: ${JSON.stringify(answer)}`)
    },
  }
}

export function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.reason)
  return outcome.value
}

export async function givenServer(routes: Hono): Promise<string> {
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: routes.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(started))
  })
  onTestFinished(() => new Promise<void>((closed) => void server.close(() => closed())))
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('the server has no port')
  return `http://127.0.0.1:${address.port}`
}
