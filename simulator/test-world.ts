import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Fields } from './json.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import type { AccountCard } from './state/cards.ts'

/** Noon in Beijing on a Wednesday; every test begins here, with the clock standing still. */
export const NOON = '2026-03-04T12:00:00+08:00'

export type Reply = Fields & { errcode?: number; errmsg?: string }

/** The simulator as a client meets it: over HTTP only. */
export type TestWorld = {
  readonly url: string
  readonly simulator: Simulator
  /** Verified subscription account, verified service account, unverified subscription account. */
  readonly sub: AccountCard
  readonly svc: AccountCard
  readonly unverified: AccountCard
  /** POST (with a body) or GET at the control door. */
  director(path: string, body?: unknown, method?: string): Promise<Fields>
  advance(ms: number): Promise<void>
  stableToken(account: AccountCard, force?: boolean): Promise<string>
  /** An API call with the account's stable token; a body makes it a POST. */
  call(account: AccountCard, path: string, body?: unknown): Promise<Reply>
  /** Any request; the text as it came. */
  raw(path: string, init?: RequestInit): Promise<{ status: number; text: string }>
  state(account: AccountCard): Promise<Fields>
}

export const minutes = (n: number) => n * 60_000
export const hours = (n: number) => n * 3_600_000

/** Starts one simulator for a test file, and gives each test a new world in it. */
export function aSimulator(): TestWorld {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await startSimulator()
  })
  afterAll(() => simulator.close())
  const json = async (path: string, init?: RequestInit): Promise<Fields> => {
    const response = await fetch(simulator.url + path, init)
    return (await response.json()) as Fields
  }
  const director: TestWorld['director'] = (path, body, method = body === undefined ? 'GET' : 'POST') =>
    json(`/_sim${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  const stableToken: TestWorld['stableToken'] = async ({ appid, secret }, force_refresh = false) => {
    const asked = { grant_type: 'client_credential', appid, secret, force_refresh }
    const answer = await json('/cgi-bin/stable_token', { method: 'POST', body: JSON.stringify(asked) })
    return String(answer.access_token)
  }
  beforeEach(async () => {
    await director('/reset', {})
    await director('/clock', { freeze: true, now: NOON })
  })
  return {
    get url() {
      return simulator.url
    },
    get simulator() {
      return simulator
    },
    get sub() {
      return simulator.accounts[0]!
    },
    get svc() {
      return simulator.accounts[1]!
    },
    get unverified() {
      return simulator.accounts[2]!
    },
    director,
    advance: async (advanceMs) => void (await director('/clock', { advanceMs })),
    stableToken,
    async call(account, path, body) {
      const access_token = await stableToken(account)
      const separator = path.includes('?') ? '&' : '?'
      const init = body === undefined ? {} : body instanceof FormData ? { body } : { body: JSON.stringify(body) }
      return json(`${path}${separator}access_token=${access_token}`, { method: body === undefined ? 'GET' : 'POST', ...init })
    },
    async raw(path, init) {
      const response = await fetch(simulator.url + path, init)
      return { status: response.status, text: await response.text() }
    },
    state: ({ appid }) => director(`/accounts/${appid}/state`),
  }
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
export function picture(name = 'cover.png'): FormData {
  const form = new FormData()
  form.set('media', new Blob([PNG], { type: 'image/png' }), name)
  return form
}

export async function aCover(world: TestWorld, account: AccountCard): Promise<string> {
  return String((await world.call(account, '/cgi-bin/material/add_material?type=image', picture())).media_id)
}

/** Drafts an article with a cover; tests name only what matters to them. */
export async function drafted(world: TestWorld, account: AccountCard, article: Fields = {}): Promise<string> {
  const thumb_media_id = await aCover(world, account)
  const articles = [{ title: '春季上新', content: '<p>新茶到店</p>', thumb_media_id, ...article }]
  const draft = await world.call(account, '/cgi-bin/draft/add', { articles })
  if (typeof draft.media_id !== 'string') throw new Error(`not drafted: ${JSON.stringify(draft)}`)
  return draft.media_id
}

export type Received = { method: string; url: URL; body: string }
export type Receiver = {
  url: string
  received: Received[]
  answerWith(answer: (got: Received) => string | undefined): void
  close(): Promise<void>
}

/** Someone's callback endpoint: keeps what it gets, answers the handshake and then as told (undefined: never answers). */
export async function aReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let answer: (got: Received) => string | undefined = () => 'success'
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const got = {
      method: request.method ?? '',
      url: new URL(request.url ?? '/', 'http://receiver'),
      body: Buffer.concat(chunks).toString('utf8'),
    }
    const echo = got.url.searchParams.get('echostr')
    if (got.method === 'GET' && echo) return response.end(echo)
    received.push(got)
    const text = answer(got)
    if (text !== undefined) response.end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/wx`,
    received,
    answerWith: (given) => {
      answer = given
    },
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
