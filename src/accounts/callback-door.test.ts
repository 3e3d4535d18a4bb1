import { Hono } from 'hono'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { withAgency } from '../platform/database.ts'
import { seal, signature } from '../wechat/crypto.ts'
import { acceptRestored, setBaseline } from './baseline.ts'
import type { Connected } from './connect.ts'
import { releaseCallback } from './disconnect.ts'
import { givenServer, givenWeChatWorld, must, type WeChatWorld } from './given-wechat.ts'

type Table = 'dx.pushes' | 'dx.audit' | 'dx.deadlines' | 'dx.signals'
const rows = (world: WeChatWorld, table: Table) =>
  withAgency(world.app.database, world.agency, (tx) => tx.selectFrom(table).selectAll().execute())
const refusals = async (world: WeChatWorld, what = 'push-refused') =>
  ((await rows(world, 'dx.audit')) as unknown as { what: string; detail: { code: string } }[]).filter((row) => row.what === what)
const received = async (world: WeChatWorld) =>
  (await rows(world, 'dx.pushes')) as { kind: string; push: object; raw: string | null; dedupe_key: string }[]
const wakes = async (world: WeChatWorld) =>
  ((await rows(world, 'dx.deadlines')) as { kind: string }[]).filter((row) => row.kind === 'push-received')
const reception = async (world: WeChatWorld) =>
  withAgency(world.app.database, world.agency, (tx) => tx.selectFrom('dx.accounts').select('reception').executeTakeFirstOrThrow())

const now = () => String(Math.floor(performance.timeOrigin / 1000))
const sendReport = (toUserName: string, msgId = '1000000037') =>
  `<xml><ToUserName>${toUserName}</ToUserName><FromUserName>omphelper</FromUserName><CreateTime>${now()}</CreateTime><MsgType>event</MsgType><Event>MASSSENDJOBFINISH</Event><MsgID>${msgId}</MsgID><Status>send success</Status><TotalCount>9</TotalCount><FilterCount>9</FilterCount><SentCount>9</SentCount><ErrorCount>0</ErrorCount></xml>`
const words = (toUserName: string, text = '你好', msgId = '23456789012345678') =>
  `<xml><ToUserName>${toUserName}</ToUserName><FromUserName>oReader</FromUserName><CreateTime>${now()}</CreateTime><MsgType>text</MsgType><Content>${text}</Content><MsgId>${msgId}</MsgId></xml>`

type Sent = { status: number; text: string }
type How = {
  timestamp?: string
  nonce?: string
  /** Changes the query in place; a body it answers is sent instead. */
  change?(request: { search: URLSearchParams; body: string }): string | undefined
}
/** A push as WeChat would send it, sealed; `change` spoils it on its way. */
async function push(
  { url, token, aesKey }: Connected['callback'],
  receiverId: string,
  message: string,
  { timestamp = now(), nonce = 'n1', change }: How = {},
): Promise<Sent> {
  const sealed = seal(message, { aesKey, token, receiverId, timestamp, nonce, random16: Buffer.alloc(16, 7) })
  const search = new URLSearchParams({
    signature: signature(token, timestamp, nonce),
    timestamp,
    nonce,
    encrypt_type: 'aes',
    msg_signature: sealed.signature,
  })
  const request = { search, body: `<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[${sealed.encrypt}]]></Encrypt></xml>` }
  const body = change?.(request) ?? request.body
  const response = await fetch(`${url}?${request.search}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/xml' },
  })
  return { status: response.status, text: await response.text() }
}

test.each(['plain', 'compat', 'safe'] as const)('WeChat’s handshake and pushes arrive in %s mode', async (mode) => {
  const world = await givenWeChatWorld()
  const { callback } = await world.connect()
  await world.pushTo(callback, mode)

  await world.sim(`/accounts/${world.card.appid}/console/publish`, { notify: true, articles: [{ title: '通知' }] })
  await expect.poll(() => received(world)).toMatchObject([{ kind: 'mass-send-finished' }])

  const { pushes } = (await world.sim('/pushes')) as { pushes: { deliveries: { answer: string; status: number }[] }[] }
  expect(pushes[0]?.deliveries).toMatchObject([{ answer: 'success', status: 200 }])
  expect(await wakes(world)).toHaveLength(1)
})

test('the first handshake turns polling into receiving, and says so', async () => {
  const world = await givenWeChatWorld()
  const { callback } = await world.connect()

  await world.pushTo(callback)

  expect(await reception(world)).toEqual({ reception: 'callback' })
  expect((await rows(world, 'dx.audit')) as object[]).toContainEqual(expect.objectContaining({ what: 'reception-changed' }))
})

test('three deliveries of one push are one row and wake once', async () => {
  const world = await givenWeChatWorld()
  const { callback } = await world.connect()
  const report = sendReport(world.card.userName)

  const answers = await Promise.all([1, 2, 3].map(() => push(callback, world.card.appid, report)))

  expect(answers).toEqual(Array(3).fill({ status: 200, text: 'success' }))
  expect(await received(world)).toHaveLength(1)
  expect(await wakes(world)).toHaveLength(1)
})

test('of what a reader wrote nothing is kept but that it came, once', async () => {
  const world = await givenWeChatWorld()
  const { callback } = await world.connect()

  for (let i = 0; i < 2; i++) await push(callback, world.card.appid, words(world.card.userName, '我的电话是13900000000'))

  const kept = await received(world)
  expect(kept).toMatchObject([{ kind: 'text', push: {}, raw: null }])
  expect(JSON.stringify(kept)).not.toMatch(/139|oReader|23456789012345678/)
  expect(await wakes(world)).toEqual([])
})

test('a thousand pushes at once are each answered after their commit', async () => {
  const world = await givenWeChatWorld()
  const { callback } = await world.connect()

  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, i) =>
      push(callback, world.card.appid, words(world.card.userName, '好', String(10_000_000 + i))),
    ),
  )

  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1000)
  expect(await received(world)).toHaveLength(1000)
})

test('a push that cannot be written is answered so that WeChat sends it again, and those beside it are kept', async () => {
  const world = await givenWeChatWorld()
  const { callback } = await world.connect()
  await sql`alter table dx.pushes add constraint no_such check (raw not like '%666%')`.execute(world.app.database)

  const [good, bad] = await Promise.all([
    push(callback, world.card.appid, sendReport(world.card.userName, '111'), { nonce: 'a' }),
    push(callback, world.card.appid, sendReport(world.card.userName, '222'), { nonce: 'x666x' }),
  ])

  expect(good.status).toBe(200)
  expect(bad.status).toBe(503)
  expect(await received(world)).toHaveLength(1)
})

const hostile: [string, number, How['change']][] = [
  ['a wrong signature', 403, ({ search }) => void search.set('msg_signature', '0'.repeat(40))],
  ['no signature', 403, ({ search }) => void search.delete('msg_signature')],
  ['a changed ciphertext', 403, ({ body }) => body.replace('CDATA[', 'CDATA[AAAA')],
  ['half a push', 400, ({ body }) => body.slice(0, -30)],
  ['an old push replayed', 403, undefined],
  ['an XML bomb', 400, () => `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><xml>&b;</xml>`],
  ['something huge', 413, () => 'x'.repeat(65 * 1024)],
  ['nothing', 400, () => ''],
]
test.each(hostile)('%s is refused and leaves nothing but one audit row', async (name, status, change) => {
  const world = await givenWeChatWorld()
  const { callback } = await world.connect()
  const how: How = change ? { change } : { timestamp: String(Number(now()) - 3 * 86_400) }

  const answers = []
  for (let i = 0; i < 5; i++) answers.push(await push(callback, world.card.appid, sendReport(world.card.userName), how))

  for (const answer of answers) {
    expect(answer, name).toMatchObject({ status })
    expect(answer.text).toMatch(/[一-鿿]/)
    expect(answer.text).not.toContain('success')
  }
  expect(await received(world)).toEqual([])
  expect(await wakes(world)).toEqual([])
  expect(await refusals(world)).toHaveLength(1)
  expect(await reception(world)).toEqual({ reception: 'poll' })
})

test('a bomb that is signed with the right token is refused as well', async () => {
  const world = await givenWeChatWorld()
  const { callback } = await world.connect()
  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><ToUserName>&a;</ToUserName></xml>`

  expect(await push(callback, world.card.appid, bomb)).toMatchObject({ status: 400 })
  expect(await received(world)).toEqual([])
})

test('a push for another account, or for a door that does not exist, is refused', async () => {
  const world = await givenWeChatWorld()
  const { callback } = await world.connect()

  const other = await push(callback, 'wx0000000000000000', sendReport(world.card.userName))
  const nowhere = await push(
    { ...callback, url: `${world.doorUrl}/wx/nosuchdoor` },
    world.card.appid,
    sendReport(world.card.userName),
  )

  expect(other.status).toBe(403)
  expect(nowhere.status).toBe(403)
  expect(await received(world)).toEqual([])
})

test('news for a third-party platform is not believed at an account’s own door', async () => {
  const world = await givenWeChatWorld()
  const { callback } = await world.connect()
  const news = `<xml><AppId>wxother</AppId><CreateTime>${now()}</CreateTime><InfoType>unauthorized</InfoType><AuthorizerAppid>${world.card.appid}</AuthorizerAppid></xml>`

  expect(await push(callback, world.card.appid, news)).toMatchObject({ status: 403 })
  expect(await received(world)).toEqual([])
})

test('after the first sealed push an open one is no longer believed', async () => {
  const world = await givenWeChatWorld()
  const { callback } = await world.connect()
  await push(callback, world.card.appid, sendReport(world.card.userName, '1'))
  const search = new URLSearchParams({ signature: signature(callback.token, now(), 'n'), timestamp: now(), nonce: 'n' })

  const open = await fetch(`${callback.url}?${search}`, { method: 'POST', body: sendReport(world.card.userName, '2') })

  expect(open.status).toBe(403)
  expect(await received(world)).toHaveLength(1)
})

test('pushes already under way when the key changes still arrive under the former key', async () => {
  const world = await givenWeChatWorld()
  const { callback } = await world.connect()
  const changed = await world.connect({ callback: { token: callback.token, aesKey: 'k'.repeat(43) } })

  const former = await push(callback, world.card.appid, sendReport(world.card.userName, '1'))
  const fresh = await push(changed.callback, world.card.appid, sendReport(world.card.userName, '2'))

  expect([former.status, fresh.status]).toEqual([200, 200])
})

test('with a relay the former system gets the push as WeChat signed it and its answer goes back word for word', async () => {
  const world = await givenWeChatWorld()
  const seen: { search: string; body: string }[] = []
  const shop = new Hono().post('/wechat', async (c) => {
    seen.push({ search: c.req.url.split('?')[1] ?? '', body: await c.req.text() })
    return c.text('<xml>谢谢</xml>')
  })
  const shopUrl = `${await givenServer(shop)}/wechat`
  const { callback } = await world.connect({
    reception: 'relay',
    relayUrl: shopUrl,
    callback: { token: 'shoptoken', aesKey: 's'.repeat(43) },
  })

  let sent = ''
  const answer = await push(callback, world.card.appid, words(world.card.userName), {
    change: ({ search }) => {
      sent = search.toString()
      return undefined
    },
  })

  expect(answer).toEqual({ status: 200, text: '<xml>谢谢</xml>' })
  expect(new URLSearchParams(seen[0]?.search).get('msg_signature')).toBe(new URLSearchParams(sent).get('msg_signature'))
  expect(seen[0]?.body).toContain('<Encrypt>')
  expect(await received(world)).toHaveLength(1)
})

test('when the former system is away WeChat still hears success, and the failure is noted', async () => {
  const world = await givenWeChatWorld()
  const { callback } = await world.connect({ reception: 'relay', relayUrl: 'http://127.0.0.1:9/wechat' })

  expect(await push(callback, world.card.appid, sendReport(world.card.userName))).toEqual({ status: 200, text: 'success' })
  expect(await received(world)).toHaveLength(1)
  expect(await refusals(world, 'relay-failed')).toHaveLength(1)
})

test('after the address was given back, pushes still under way do not switch it on again', async () => {
  const world = await givenWeChatWorld()
  const { callback, account } = await world.connect()
  await world.pushTo(callback)
  must(await releaseCallback(world.app, world.mei, account.id))

  await push(callback, world.card.appid, sendReport(world.card.userName))

  expect(await reception(world)).toEqual({ reception: 'poll' })
  expect(await received(world)).toHaveLength(1)
})

test('a console button restored as a click still says what it said', async () => {
  const world = await givenWeChatWorld()
  const { callback, account } = await world.connect()
  await withAgency(world.app.database, world.agency, async (tx) => {
    await setBaseline(tx, account.id, 'menu', { selfmenu_info: { button: [] } }, 'Mei')
    await acceptRestored(tx, account.id, 'h', [{ key: 'dingxin:1', reply: { type: 'text', content: '今日八折' } }])
  })
  await world.pushTo(callback)

  const { reply } = (await world.sim(`/accounts/${world.card.appid}/readers/click`, {
    key: 'dingxin:1',
    openid: world.card.openids[0],
  })) as { reply: string }

  expect(reply).toContain('今日八折')
})
