import http from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hookWord } from '../src/incidents/channel-routes.ts'
import { linkForPerson } from '../src/people/sign-in-links.ts'
import { seal, signature } from '../src/wechat/crypto.ts'
import { type GivenWeb, openGivenWeb } from './given-web.ts'
import { type Agency, type Case, type Colleague, givenTwoAgencies, linkOf, must, PNG } from './two-agencies.ts'

// Whatever arrives over the wire: a sentence that says what is wrong, the right status, nothing written but the refusal, and a
// server that goes on working.

type Door = { url: string; token: string; aesKey: string; appid: string }

let world: GivenWeb
let yunfan: Agency
let mei: Colleague
let theirs: Case
let door: Door
let ownLink: string
let expiredLink: string
let expiredClientLink: string

beforeAll(async () => {
  world = await openGivenWeb()
  ;({ yunfan } = await givenTwoAgencies(world))
  mei = yunfan.one('editor')
  theirs = yunfan.cases[0]!
  door = await doorOf(theirs.accountId)
  ownLink = await linkOf(world, yunfan.id, theirs.incidentId, yunfan.one('duty').personId)
  expiredLink = await linkOf(world, yunfan.id, theirs.incidentId, yunfan.one('lead').personId)
  expiredClientLink = yunfan.cases[1]!.clientToken
  for (const token of [expiredLink, expiredClientLink])
    await world.looker.query(`update dx.links set expires_at = dx.now() - interval '1 second' where token_hash = $1`, [
      world.app.secrets.digest(`link:${token}`),
    ])
  // The first push of an account teaches us its original id; that one is not bad input.
  expect((await push(door, aMessage('1'))).status).toBe(200)
})
afterAll(() => world.close())

async function doorOf(accountId: string): Promise<Door> {
  const { rows } = await world.looker.query<{ door_id: string; token_sealed: Buffer; aes_keys_sealed: Buffer; appid: string }>(
    'select d.*, a.appid from dx.callback_doors d join dx.accounts a on a.id = d.account_id where a.id = $1',
    [accountId],
  )
  const { secrets } = world.app
  const [row] = rows
  return {
    url: `/wx/${row!.door_id}`,
    token: secrets.open(row!.token_sealed),
    aesKey: (JSON.parse(secrets.open(row!.aes_keys_sealed)) as string[])[0]!,
    appid: row!.appid,
  }
}

const now = () => Math.floor(performance.timeOrigin / 1000 + performance.now() / 1000)
const aMessage = (msgId: string) =>
  `<xml><ToUserName>gh_walk</ToUserName><FromUserName>oReader</FromUserName><CreateTime>${now()}</CreateTime><MsgType>text</MsgType><Content>好</Content><MsgId>${msgId}</MsgId></xml>`

type Sent = { status: number; text: string; headers: Headers }
type How = { method?: string; headers?: Record<string, string>; body?: BodyInit | null }
async function send(path: string, how: How = {}): Promise<Sent> {
  const answer = await fetch(new URL(path, world.url), {
    redirect: 'manual',
    ...how,
    ...(how.body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit)
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}

type Sealed = { search: URLSearchParams; body: string }
/** A push as WeChat sends it, sealed and signed; `spoil` changes the query, or answers another body. */
function push(
  to: Door,
  message: string,
  spoil: (sealed: Sealed) => string | undefined = () => undefined,
  at = now(),
): Promise<Sent> {
  const timestamp = String(at)
  const made = seal(message, {
    aesKey: to.aesKey,
    token: to.token,
    receiverId: to.appid,
    timestamp,
    nonce: 'n1',
    random16: Buffer.alloc(16, 7),
  })
  const search = new URLSearchParams({
    signature: signature(to.token, timestamp, 'n1'),
    timestamp,
    nonce: 'n1',
    encrypt_type: 'aes',
    msg_signature: made.signature,
  })
  const sealed = { search, body: `<xml><ToUserName>gh_walk</ToUserName><Encrypt><![CDATA[${made.encrypt}]]></Encrypt></xml>` }
  const body = spoil(sealed) ?? sealed.body
  return send(`${to.url}?${sealed.search}`, { method: 'POST', body, headers: { 'content-type': 'text/xml' } })
}
const instead = (body: string) => push(door, aMessage('2'), () => body)

const signedIn = (more: Record<string, string> = {}) => ({ cookie: mei.cookie, origin: world.url, ...more })
const json = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  send(path, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { ...signedIn(), 'content-type': 'application/json', accept: 'application/json', ...headers },
  })
const form = (path: string, fields: Record<string, string> | FormData, headers: Record<string, string> = {}) =>
  send(path, {
    method: 'POST',
    body: fields instanceof FormData ? fields : new URLSearchParams(fields),
    headers: { ...signedIn(), accept: 'text/html', ...headers },
  })
const actAt = () => `/m/i/${theirs.incidentId}/act`
const apiActAt = () => `/api/v1/incidents/${theirs.incidentId}/acts`
const evidenceAt = () => `/m/i/${theirs.incidentId}/evidence`
const portal = () => `/c/${theirs.clientToken}`
const note = { do: 'note', text: '已电话联系' }
const file = (bytes: Uint8Array, name: string, type: string) => {
  const fields = new FormData()
  fields.set('file', new File([bytes as never], name, { type }))
  return fields
}
const large = () => Buffer.concat([PNG, Buffer.alloc(20 * 1024 * 1024 + 64 * 1024)])
const altered = (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`

/** Says how long it is, and waits for the answer before it sends the rest, as a careful client does. */
function claiming(path: string, bytes: number): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(path, world.url), {
      method: 'POST',
      headers: signedIn({
        'content-type': 'multipart/form-data; boundary=x',
        'content-length': String(bytes),
        accept: 'text/html',
      }),
    })
    request.once('error', reject)
    request.once('response', async (answer) => {
      const text = (await answer.toArray()).join('')
      request.destroy()
      resolve({ status: answer.statusCode ?? 0, text, headers: new Headers() })
    })
    request.flushHeaders()
  })
}

/** Without saying how long it is, and just over the bound: a server that hangs up on what is still being sent cannot be heard. */
function chunked(path: string): Promise<Sent> {
  const request = new Request(world.url, {
    method: 'POST',
    body: file(large(), '大图.png', 'image/png'),
  })
  return send(path, {
    method: 'POST',
    body: request.body,
    headers: signedIn({ 'content-type': request.headers.get('content-type')!, accept: 'text/html' }),
  })
}

const bomb = `<!DOCTYPE x [<!ENTITY a "ha">${'bcdefgh'
  .split('')
  .map((name, i) => `<!ENTITY ${name} "${`&${'abcdefg'[i]};`.repeat(10)}">`)
  .join('')}]><xml><Encrypt>&h;</Encrypt><Content>&h;</Content></xml>`
const reader = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Encrypt>&f;</Encrypt><Content>&f;</Content></xml>'

type Wrong = [what: string, status: number, says: RegExp, send: () => Promise<Sent>]

const atWeChatsDoor: Wrong[] = [
  [
    'a push with a wrong signature',
    403,
    /签名/,
    () =>
      push(door, aMessage('3'), ({ search }) => {
        search.set('msg_signature', '0'.repeat(40))
        return undefined
      }),
  ],
  ['a push signed with another account’s token', 403, /签名/, () => push({ ...door, token: 'another' }, aMessage('4'))],
  ['a push sealed for another account', 403, /[一-鿿]{4}/, () => push({ ...door, appid: 'wx0000000000000000' }, aMessage('5'))],
  ['a push sealed with another key', 400, /[一-鿿]{4}/, () => push({ ...door, aesKey: 'A'.repeat(43) }, aMessage('5'))],
  ['a truncated push', 403, /签名/, () => push(door, aMessage('6'), ({ body }) => body.slice(0, 120))],
  [
    'a push whose sealed part is cut short',
    403,
    /签名/,
    () => push(door, aMessage('7'), ({ body }) => body.replace(/.{8}\]\]>/, ']]>')),
  ],
  ['an empty push', 403, /签名/, () => instead('')],
  ['a push that is no XML', 403, /签名/, () => instead('{"hello":1}')],
  ['a sealed message that is no XML', 400, /[一-鿿]{4}/, () => push(door, '{"hello":1}')],
  ['a sealed message cut short', 400, /[一-鿿]{4}/, () => push(door, aMessage('6').slice(0, 150))],
  ['a push over 64 KB', 413, /64 KB/, () => instead(`<xml><Encrypt>${'A'.repeat(70_000)}</Encrypt></xml>`)],
  ['entities that multiply (an XML bomb)', 403, /签名/, () => instead(bomb)],
  ['the same inside a sealed message', 400, /[一-鿿]{4}/, () => push(door, bomb)],
  ['an entity that reads a file', 403, /签名/, () => instead(reader)],
  ['the same inside a sealed message', 400, /[一-鿿]{4}/, () => push(door, reader)],
  ['a push two days old', 403, /时间/, () => push(door, aMessage('8'), undefined, now() - 2 * 86_400)],
  ['a push for a door that does not exist', 403, /没有这个接收地址/, () => push({ ...door, url: '/wx/nobody' }, aMessage('9'))],
  [
    'a handshake with a wrong signature',
    403,
    /签名/,
    () => send(`${door.url}?signature=${'0'.repeat(40)}&timestamp=${now()}&nonce=n&echostr=1`),
  ],
]

const atPeoplesDoors: Wrong[] = [
  ['an upload over 20 MB', 409, /20 MB.*没有上传/s, () => claiming(evidenceAt(), 21 * 1024 * 1024)],
  ['an upload over 20 MB that does not say its length', 409, /20 MB.*没有上传/s, () => chunked(evidenceAt())],
  [
    'a program that calls itself a picture',
    409,
    /只收照片、截图和 PDF/,
    () => form(evidenceAt(), file(Buffer.from('MZ this is a program'), '截图.png', 'image/png')),
  ],
  ['an upload without a file', 409, /没有收到文件/, () => form(evidenceAt(), { step: 'administrator' })],
  [
    'an upload for an incident that does not exist',
    404,
    /没有找到这起事件/,
    () => form(`/m/i/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}/evidence`, file(PNG, '截图.png', 'image/png')),
  ],
  ['an act that does not exist', 400, /[一-鿿]{4}/, () => json(actAt(), { press: 'bad-press-1', act: { do: 'explode' } })],
  [
    'an act without its reason',
    400,
    /原因至少写 6 个字/,
    () => json(actAt(), { press: 'bad-press-2', act: { do: 'severity', severity: 'P2', reason: '略' } }),
  ],
  [
    'the same on a phone without scripts',
    409,
    /原因至少写 6 个字/,
    () => form(actAt(), { press: 'bad-press-3', do: 'severity', severity: 'P2', reason: '略' }),
  ],
  ['an act without a body', 409, /读不懂|没有收到|[一-鿿]{4}/, () => json(actAt(), '')],
  ['broken JSON', 409, /读不懂/, () => json(actAt(), '{"press": "bad-press-4", "act": ')],
  ['JSON that says nothing', 409, /[一-鿿]{4}/, () => json(actAt(), 'null')],
  ['JSON with wrong kinds in it', 400, /[一-鿿]{4}/, () => json(actAt(), { press: 5, act: [] })],
  [
    'a moment that is none',
    409,
    /时间读不懂/,
    () =>
      json(
        actAt(),
        { press: 'bad-press-5', deviceAt: 'yesterday', act: { do: 'send', messageId: theirs.messageId } },
        { cookie: yunfan.one('duty').cookie },
      ),
  ],
  [
    'an act on an incident that does not exist',
    409,
    /没有找到这起事件/,
    () => json(`/m/i/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}/act`, { press: 'bad-press-6', act: note }),
  ],
  ['an incident whose id is no id', 404, /没有找到这起事件/, () => send('/m/i/12%27%20or%201=1', { headers: signedIn() })],
  ['a page that does not exist', 404, /没有这个页面/, () => send('/m/nothing/here', { headers: signedIn() })],
  [
    'a form sent from another site',
    403,
    /别的网站/,
    () => form(actAt(), { press: 'bad-press-7', do: 'acknowledge' }, { origin: 'https://evil.example' }),
  ],
  [
    'a form that a browser calls cross-site',
    403,
    /别的网站/,
    () => form(actAt(), { press: 'bad-press-8', do: 'acknowledge' }, { 'sec-fetch-site': 'cross-site' }),
  ],
  [
    'a form from a sandboxed frame',
    403,
    /别的网站/,
    () => form(actAt(), { press: 'bad-press-9', do: 'acknowledge' }, { origin: 'null' }),
  ],
  [
    'a form whose origin is no address',
    403,
    /别的网站/,
    () => form(actAt(), { press: 'bad-press-10', do: 'acknowledge' }, { origin: 'not an address' }),
  ],
  [
    'the client’s press from another site',
    403,
    /别的网站/,
    () => form(`${portal()}/stop`, { press: 'bad-press-11' }, { origin: 'https://evil.example' }),
  ],
  ['a sign-out from another site', 403, /别的网站/, () => form('/signout', {}, { origin: 'https://evil.example' })],
  ['an altered client link', 410, /链接/, () => send(`/c/${altered(theirs.clientToken)}`)],
  ['an expired client link', 410, /链接.*(过期|失效)/s, () => send(`/c/${expiredClientLink}`)],
  ['a press on an expired client link', 410, /链接/, () => form(`/c/${expiredClientLink}/stop`, { press: 'bad-press-12' })],
  ['a colleague’s link where the client’s belongs', 410, /链接/, () => send(`/c/${ownLink}`)],
  ['a client’s press without a press', 409, /没有收到内容/, () => form(`${portal()}/say`, { words: '你好' })],
  ['a client’s broken JSON', 409, /读不懂/, () => json(`${portal()}/choose`, '{"plan":', { cookie: '' })],
  ['a client’s JSON that says nothing', 409, /[一-鿿]{4}/, () => json(`${portal()}/choose`, 'null', { cookie: '' })],
  [
    'a client’s JSON with wrong kinds in it',
    409,
    /[一-鿿]{4}/,
    () => json(`${portal()}/say`, { press: 5, words: {} }, { cookie: '' }),
  ],
  ['wrong last digits of a client', 409, /尾号不对/, () => form(`${portal()}/digits`, { digits: '9999' }, { cookie: '' })],
  ['an altered one-time address', 410, /已经用过或过期/, () => send(`/signin/once/${'A'.repeat(32)}`)],
  [
    'a press on an altered one-time address',
    410,
    /已经用过或过期/,
    () => form(`/signin/once/${'A'.repeat(32)}`, {}, { cookie: '' }),
  ],
  [
    'a sign-in with a wrong password',
    401,
    /[一-鿿]{4}/,
    () => form('/signin', { email: 'mei@yunfan.example', password: 'wrong password' }, { cookie: '' }),
  ],
  ['a sign-in whose body is no form', 409, /读不懂/, () => json('/signin', '{', { cookie: '' })],
]

const atTheApi: Wrong[] = [
  [
    'a press from another site',
    403,
    /别的网站/,
    () => json(apiActAt(), { press: 'bad-api-1', act: note }, { origin: 'https://evil.example' }),
  ],
  [
    'a press that a browser calls cross-site',
    403,
    /别的网站/,
    () => json(apiActAt(), { press: 'bad-api-2', act: note }, { 'sec-fetch-site': 'cross-site' }),
  ],
  [
    'a press from a sandboxed frame',
    403,
    /别的网站/,
    () => json(apiActAt(), { press: 'bad-api-3', act: note }, { origin: 'null' }),
  ],
  ['a press without a session', 401, /请先登录/, () => json(apiActAt(), { press: 'bad-api-4', act: note }, { cookie: '' })],
  [
    'a press on an incident that does not exist',
    409,
    /没有找到这起事件/,
    () => json(`/api/v1/incidents/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}/acts`, { press: 'bad-api-5', act: note }),
  ],
  ['an id that is no id', 400, /./, () => send('/api/v1/incidents/1', { headers: signedIn() })],
  ['broken JSON', 400, /./, () => json(apiActAt(), '{"press":')],
  ['an act that does not exist', 400, /./, () => json(apiActAt(), { press: 'bad-api-6', act: { do: 'explode' } })],
  [
    'a playbook that does not exist',
    409,
    /[一-鿿]{4}/,
    () => json('/api/v1/incidents', { accountId: theirs.accountId, playbook: 'nonsense', words: '客户来电' }),
  ],
  [
    'a title of forty characters',
    400,
    /标题最多 32 个字/,
    () =>
      json('/api/v1/publications', {
        accountId: theirs.accountId,
        title: '字'.repeat(40),
        content: '<p>x</p>',
        goesOutAt: '2099-01-01T00:00:00.000Z',
      }),
  ],
  ['a procedure that does not exist', 404, /[一-鿿]{4}/, () => json('/api/v1/nonsense', {})],
  [
    'the command line’s doors with a wrong token',
    401,
    /请先登录/,
    () => json('/api/local/sign-in-link', { person: '周扬' }, { authorization: 'Bearer wrong', cookie: '' }),
  ],
]

const hooks = () => `/hooks/${hookWord(world.services, yunfan.id)}`
const atTheHooks: Wrong[] = [
  ['an altered word in the address', 404, /没有这个地址/, () => json(`${hooks().slice(0, -1)}x/wecom`, {})],
  ['a provider that does not exist', 404, /没有这个地址/, () => json(`${hooks()}/pigeon`, {})],
  ['a report larger than any', 409, /过大/, () => json(`${hooks()}/feishu`, 'x'.repeat(300_000))],
]

describe.each([
  ['WeChat’s door', atWeChatsDoor],
  ['people’s doors', atPeoplesDoors],
  ['the API', atTheApi],
  ['the providers’ doors', atTheHooks],
])('%s refuses, says why, and writes nothing', (_, wrongs) => {
  test.each(wrongs)('%s', async (_what, status, says, sendIt) => {
    const before = await world.rows.all()

    const answer = await sendIt()

    expect({ status: answer.status, text: answer.text }).toEqual({ status, text: expect.stringMatching(says) })
    expect(answer.text).not.toMatch(/at .*\.ts:\d+|node_modules/)
    expect(await world.rows.all()).toEqual(before)
    expect((await send('/healthz')).status).toBe(200)
  })
})

test.each(['wecom', 'dingtalk', 'feishu', 'aliyun', 'tencent'])(
  'a report of %s that nobody signed does nothing, whatever stands in it',
  async (provider) => {
    const before = await world.rows.all()

    for (const body of [
      '',
      'null',
      '{',
      '{"event":{"action":{"value":{"do":"acknowledge"}}}}',
      '<xml><Encrypt>AAAA</Encrypt></xml>',
      '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml>&f;</xml>',
    ]) {
      const answer = await json(`${hooks()}/${provider}`, body)
      expect(answer.status, `${provider}: ${body}: ${answer.text}`).toBeLessThan(500)
      expect(answer.text).not.toContain('root:')
    }

    expect(await world.rows.all()).toEqual(before)
  },
)

test('an expired or altered link of a colleague leads to the sign-in page and carries nothing out', async () => {
  const before = await world.rows.all()

  for (const token of [expiredLink, altered(ownLink), `${ownLink}'`, '']) {
    const opened = await send(`/m/i/${theirs.incidentId}?k=${encodeURIComponent(token)}`)
    const pressed = await form(actAt(), { press: `bad-link-${token}`, do: 'acknowledge', k: token }, { cookie: '' })
    for (const { status, headers } of [opened, pressed])
      expect({ status, to: headers.get('location') }).toEqual({ status: 302, to: expect.stringMatching(/^\/signin\?back=/) })
  }

  expect(await world.rows.all()).toEqual(before)
})

test('characters a database cannot keep are refused or cleaned, never an error of ours', async () => {
  for (const text of ['电话\u0000没人接', '半个字\ud83d没有另一半', '\u202e倒着写']) {
    const noted = await json(actAt(), { press: `odd-${text.charCodeAt(2)}`, act: { do: 'note', text } })
    const said = await form(`${portal()}/say`, { press: 'odd-portal', words: text }, { cookie: '' })
    const entered = await form('/signin', { email: `${text}@x.example`, password: text }, { cookie: '' })
    for (const answer of [noted, said, entered])
      expect(answer.status, `${JSON.stringify(text)}: ${answer.text.slice(0, 300)}`).toBeLessThan(500)
  }
})

test('opening a link changes no row, ten times over, by a browser or by a preview robot', async () => {
  const { token } = must(await linkForPerson(world.app, { ...yunfan.local }, yunfan.one('duty').personId))
  const links = [
    ...[
      '/m',
      '/m/incidents',
      '/m/waiting',
      '/m/more',
      '/m/sessions',
      `/m/i/${theirs.incidentId}`,
      `/m/i/${theirs.incidentId}.json`,
    ].map((path) => ({ path, headers: { cookie: mei.cookie } })),
    ...[`/m/i/${theirs.incidentId}?k=${ownLink}`, portal(), `${portal()}/data`, `/signin/once/${token}`, `/setup/${token}`].map(
      (path) => ({ path, headers: {} }),
    ),
  ]
  const readers = [
    'Mozilla/5.0 (iPhone) MicroMessenger/8.0',
    'Mozilla/5.0 (compatible; WeChatPreview/1.0; bot)',
    'facebookexternalhit/1.1',
    'WeCom-LinkPreview',
  ]
  const before = await world.rows.everything()

  for (const { path, headers } of links)
    for (let time = 0; time < 10; time++)
      for (const method of ['GET', 'HEAD']) {
        const { status } = await send(path, { method, headers: { ...headers, 'user-agent': readers[time % readers.length]! } })
        expect(status, `${method} ${path}`).toBe(path.startsWith('/setup') ? 410 : 200)
      }

  expect(await world.rows.everything()).toEqual(before)
})

test('after all of it the one-time address still works, and so does the door', async () => {
  const { token } = must(await linkForPerson(world.app, { ...yunfan.local }, yunfan.one('duty').personId))

  expect((await form(`/signin/once/${token}`, {}, { cookie: '' })).status).toBe(303)
  expect((await push(door, aMessage('99'))).text).toBe('success')
  expect((await json(actAt(), { press: 'good-press', act: note })).status).toBe(200)
})
