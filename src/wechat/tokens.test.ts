import assert from 'node:assert/strict'
import { afterAll, beforeAll, beforeEach, describe, test } from 'vitest'
import { hours, minutes, seconds } from '../platform/time.ts'
import { openWeChat, type WeChat } from './client.ts'
import type { Account, StoredToken, TokenEvent, TokenStore } from './credentials.ts'
import * as drafts from './drafts.ts'
import { movableClock, type Reply, type ScriptedServer, scriptedServer } from './scripted-server.ts'
import { openSession } from './session.ts'
import { openTokens, type Tokens } from './tokens.ts'

let server: ScriptedServer
let clock: ReturnType<typeof movableClock>
let store: TokenStore & { kept: Map<string, StoredToken> }
let events: TokenEvent[]
let rotated: { appid: string; refreshToken: string }[]
let tokens: Tokens
let client: WeChat

const own: Account = { mode: 'secret', appid: 'wxOwn', secret: 'secret-of-own' }
const component = { appid: 'wxComponent', secret: 'secret-of-component', ticket: 'ticket@@@1' }
const authorized: Account = { mode: 'component', appid: 'wxAuthorized', refreshToken: 'refresh-1', component }

beforeAll(async () => {
  server = await scriptedServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.received.length = 0
  clock = movableClock('2025-11-22T11:31:04Z')
  store = sharedStore()
  events = []
  rotated = []
  client = openWeChat({ baseUrl: server.url, fetch, now: clock.now })
  tokens = aProcess()
})

/** Another of our processes: its own memory, the same store. */
const aProcess = () =>
  openTokens({
    client,
    store,
    now: clock.now,
    observeToken: (event) => events.push(event),
    onRefreshToken: (change) => void rotated.push(change),
  })

/** A store of our own making, with real queues behind its locks. */
function sharedStore(): TokenStore & { kept: Map<string, StoredToken> } {
  const kept = new Map<string, StoredToken>()
  const queues = new Map<string, Promise<unknown>>()
  return {
    kept,
    read: async (key) => kept.get(key) ?? null,
    write: async (key, token) => void kept.set(key, token),
    withLock: (key, work) => {
      const turn = (queues.get(key) ?? Promise.resolve()).then(work, work)
      queues.set(key, turn)
      return turn
    },
  }
}

let issued = 0
const token = (name: string, life = 7200): Reply => ({ access_token: name, expires_in: life })
const paths = () => server.received.map(({ path }) => path.split('/').at(-1))
const count = { total_count: 3 }
const dead = {
  errcode: 40001,
  errmsg: 'invalid credential, access_token is invalid or not latest rid: 64f0a1b2-12ab34cd-56ef7890',
}

test('a token is taken once and then shared by all calls and processes', async () => {
  server.answers(token('T1'))

  assert.deepEqual(await tokens.of(own).current(), { ok: true, value: 'T1', rid: null })
  assert.deepEqual(await aProcess().of(own).current(), { ok: true, value: 'T1', rid: null })
  assert.deepEqual(paths(), ['stable_token'])
  assert.deepEqual(server.received[0]?.json(), {
    grant_type: 'client_credential',
    appid: 'wxOwn',
    secret: 'secret-of-own',
    force_refresh: false,
  })
})

test('calls that start together take one token between them', async () => {
  server.answers((response) => response.end(JSON.stringify({ access_token: `T${++issued}`, expires_in: 7200 })))

  const taken = await Promise.all([...Array(10)].map((_, i) => (i % 2 ? tokens : aProcess()).of(own).current()))

  assert.equal(server.received.length, 1)
  assert.equal(new Set(taken.map((answer) => answer.ok && answer.value)).size, 1)
})

test('a token is renewed five minutes before it ends', async () => {
  server.answers(token('T1'), token('T2'))
  await tokens.of(own).current()

  clock.advance(hours(2) - minutes(5) - seconds(1))
  assert.deepEqual(await tokens.of(own).current(), { ok: true, value: 'T1', rid: null })
  clock.advance(seconds(1))
  assert.deepEqual(await tokens.of(own).current(), { ok: true, value: 'T2', rid: null })
})

test('a stable token in its last minutes is not asked for at every call', async () => {
  server.answers(token('T1', 200))
  await tokens.of(own).current()
  clock.advance(seconds(29))
  await tokens.of(own).current()
  assert.equal(server.received.length, 1)
  clock.advance(seconds(1))
  await tokens.of(own).current()
  assert.equal(server.received.length, 2)
})

test('a refused token is renewed and the call repeated once', async () => {
  server.answers(token('T1'), dead, token('T2'), count)

  assert.deepEqual(await drafts.count(openSession(client, tokens, own)), { ok: true, value: 3, rid: null })

  assert.deepEqual(paths(), ['stable_token', 'count', 'stable_token', 'count'])
  assert.deepEqual(
    server.received.map((r) => r.query.get('access_token')),
    [null, 'T1', null, 'T2'],
  )
  assert.deepEqual(events, [
    { kind: 'token-refused', appid: 'wxOwn', code: 40001, rid: '64f0a1b2-12ab34cd-56ef7890', at: '2025-11-22T11:31:04.000Z' },
  ])
})

test('refused again, the call is given up and somebody is told that the secret may be shared', async () => {
  server.answers(token('T1'), dead, token('T2'), dead)

  const answer = await drafts.add(openSession(client, tokens, own), [{ title: 't', content: 'c' }])

  assert.ok(!answer.ok)
  assert.deepEqual([answer.problem.class, answer.problem.outcome], ['token', 'not-executed'])
  assert.equal(server.received.length, 4)
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['token-refused', 'token-killed'],
  )
})

test('it is told as well when the renewed token is the very same one', async () => {
  server.answers(token('T1'), dead, token('T1'), dead)
  await drafts.count(openSession(client, tokens, own))
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['token-refused', 'token-killed'],
  )
})

test('two tokens killed within five minutes are a sign, in whatever process they were seen; an hour apart they are not', async () => {
  server.answers(token('T1'), dead, token('T2'), count, dead, token('T3'), count, dead, token('T4'), count)
  const kinds = () => events.map(({ kind }) => kind)

  await drafts.count(openSession(client, tokens, own))
  clock.advance(minutes(4))
  await drafts.count(openSession(client, aProcess(), own))
  assert.deepEqual(kinds(), ['token-refused', 'token-killed'])
  clock.advance(hours(1))
  await drafts.count(openSession(client, tokens, own))
  assert.deepEqual(kinds(), ['token-refused', 'token-killed', 'token-refused'])
})

test('ten calls refused with the same token count as one refusal and take one new token', async () => {
  server.answers((response, request) => {
    const isStale = request.query.get('access_token') === 'T1'
    const fresh = { access_token: store.kept.size === 0 ? 'T1' : 'T2', expires_in: 7200 }
    response.end(JSON.stringify(request.path.endsWith('stable_token') ? fresh : isStale ? dead : count))
  })
  await tokens.of(own).current()

  const answers = await Promise.all([...Array(10)].map(() => drafts.count(openSession(client, aProcess(), own))))

  assert.ok(answers.every(({ ok }) => ok))
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['token-refused'],
  )
  assert.equal(paths().filter((path) => path === 'stable_token').length, 2)
})

test('ten calls refused with the renewed token too raise one alarm, not ten', async () => {
  server.answers((response, request) => {
    const fresh = { access_token: store.kept.size === 0 ? 'T1' : 'T2', expires_in: 7200 }
    response.end(JSON.stringify(request.path.endsWith('stable_token') ? fresh : dead))
  })
  await tokens.of(own).current()

  await Promise.all([...Array(10)].map(() => drafts.count(openSession(client, aProcess(), own))))

  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['token-refused', 'token-killed'],
  )
})

test('nothing but a token problem is ever repeated', async () => {
  for (const errcode of [-1, 45009, 40164, 48001, 99999]) {
    server.received.length = 0
    server.answers({ errcode, errmsg: 'no' })
    store.kept.set('secret:wxOwn', { token: 'T', expiresAt: '2026-01-01T00:00:00.000Z' as StoredToken['expiresAt'] })
    await drafts.add(openSession(client, tokens, own), [{ title: 't', content: 'c' }])
    assert.deepEqual(paths(), ['add'], String(errcode))
  }
})

test('a frozen secret is reported as a setting, and no call is made without a token', async () => {
  server.answers({ errcode: 40243, errmsg: 'appsecret is frozen' })

  const answer = await drafts.count(openSession(client, tokens, own))

  assert.ok(!answer.ok)
  assert.deepEqual([answer.problem.class, answer.problem.code, answer.problem.what], ['config', 40243, '/cgi-bin/stable_token'])
  assert.equal(server.received.length, 1)
  assert.equal(store.kept.size, 0)
})

test('a wrong secret is not mistaken for a token to renew', async () => {
  server.answers({ errcode: 40001, errmsg: 'invalid credential' })
  const answer = await tokens.of(own).current()
  assert.ok(!answer.ok)
  assert.equal(answer.problem.class, 'config')
  assert.equal(server.received.length, 1)
})

test('burning kills the token at once and keeps the new one', async () => {
  server.answers(token('T9'))
  assert.deepEqual(await tokens.burn(own), { ok: true, value: 'T9', rid: null })
  assert.equal(server.received[0]?.json().force_refresh, true)
  assert.deepEqual(await tokens.of(own).current(), { ok: true, value: 'T9', rid: null })
})

test('the classic token is taken only where it was chosen', async () => {
  server.answers(token('C1'))
  await tokens.of({ ...own, tokenFamily: 'classic' }).current()
  const [seen] = server.received
  assert.deepEqual([seen?.method, seen?.path, seen?.query.get('secret')], ['GET', '/cgi-bin/token', 'secret-of-own'])
})

describe('for an account that authorised our platform', () => {
  const componentToken = (name: string) => ({ component_access_token: name, expires_in: 7200 })
  const authorizerToken = (name: string, refresh = 'refresh-1') => ({
    authorizer_access_token: name,
    expires_in: 7200,
    authorizer_refresh_token: refresh,
  })

  test('the ticket gives the platform its token, and that one gives the account its own', async () => {
    server.answers(componentToken('P1'), authorizerToken('A1'), count)

    assert.deepEqual(await drafts.count(openSession(client, tokens, authorized)), { ok: true, value: 3, rid: null })

    assert.deepEqual(paths(), ['api_component_token', 'api_authorizer_token', 'count'])
    assert.deepEqual(server.received[0]?.json(), {
      component_appid: 'wxComponent',
      component_appsecret: 'secret-of-component',
      component_verify_ticket: 'ticket@@@1',
    })
    assert.equal(server.received[1]?.query.get('component_access_token'), 'P1')
    assert.equal(server.received[2]?.query.get('access_token'), 'A1')
    assert.deepEqual(rotated, [])
  })

  test('a changed refresh token is handed on before anything else happens', async () => {
    server.answers(componentToken('P1'), authorizerToken('A1', 'refresh-2'))
    await tokens.of(authorized).current()
    assert.deepEqual(rotated, [{ appid: 'wxAuthorized', refreshToken: 'refresh-2' }])
  })

  test('a dead token of the platform is renewed on the way', async () => {
    const expired = { errcode: 42001, errmsg: 'access_token expired' }
    server.answers(componentToken('P1'), expired, componentToken('P2'), authorizerToken('A1'))

    assert.deepEqual(await tokens.of(authorized).current(), { ok: true, value: 'A1', rid: null })
    assert.deepEqual(
      events.map(({ kind, appid }) => [kind, appid]),
      [['token-refused', 'wxComponent']],
    )
  })

  test('a withdrawn authorisation stops this account and nothing is repeated', async () => {
    server.answers(componentToken('P1'), { errcode: 61023, errmsg: 'refresh_token is invalid' })
    const answer = await tokens.of(authorized).current()
    assert.ok(!answer.ok)
    assert.equal(answer.problem.class, 'permission')
    assert.equal(server.received.length, 2)
  })

  test('a stale ticket is a matter of waiting for the next push', async () => {
    server.answers({ errcode: 61006, errmsg: 'component ticket is invalid' })
    const answer = await tokens.of(authorized).current()
    assert.ok(!answer.ok)
    assert.match(answer.problem.message, /下一次推送/)
  })
})
