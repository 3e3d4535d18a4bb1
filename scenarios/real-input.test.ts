import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountRow } from '../src/contract.ts'
import type { IncidentRow, WarRoomView } from '../src/incidents/view.ts'
import { givenMonitoring, type MonitoringWorld } from '../src/monitoring/given-monitoring.ts'
import { withAgency } from '../src/platform/database.ts'
import { thisAgency } from '../src/platform/jsonb.ts'
import { instant } from '../src/platform/time.ts'
import { seal, signature } from '../src/wechat/crypto.ts'
import { givenAgency, setClock } from './given-app.ts'
import { type GivenWeb, openGivenWeb } from './given-web.ts'
import { until } from './person.ts'
import { openStage, type Stage } from './stage.ts'

// What others published or WeChat really sends, through the real door over HTTP.

const fixture = (name: string) => fs.readFileSync(path.join(import.meta.dirname, '../fixtures', name))

type Vector = {
  name: string
  kind: string
  token: string
  timestamp: string
  nonce: string
  signature?: string
  aes_key?: string
  id?: string
  msg_signature?: string
  encrypt?: string
}
const { vectors } = JSON.parse(fixture('wechat/crypto-vectors.json').toString()) as { vectors: Vector[] }
const sealed = vectors.filter((one) => one.encrypt !== undefined)

describe('published vectors at the door', () => {
  let world: GivenWeb
  let doors = 0
  beforeAll(async () => {
    world = await openGivenWeb()
    await givenAgency(world.app)
  })
  afterAll(() => world.close())

  /** A door with a vector's own token, key and receiver, as the database keeps it, at the moment the vector was made. */
  async function doorFor({
    token,
    aes_key,
    id,
    timestamp,
  }: Vector): Promise<{ address: string; kinds(): Promise<string[]>; refused(): Promise<string[]> }> {
    const { app } = world
    const doorId = `vector-${++doors}`
    const [clientId, accountId] = [app.newId(), app.newId()]
    await setClock(app, instant(Number(timestamp) * 1000 + 3000))
    await withAgency(app.database, 'yunfan', async (tx) => {
      await tx
        .insertInto('dx.clients')
        .values({ agency_id: thisAgency, id: clientId, name: '客户', contact_name: '王敏之', salutation: '王总' })
        .execute()
      await tx
        .insertInto('dx.accounts')
        .values({
          agency_id: thisAgency,
          id: accountId,
          client_id: clientId,
          name: '账号',
          appid: `${id ?? 'wx'}`,
          mode: 'secret',
          base_url: world.wechat.url,
        })
        .onConflict((c) => c.columns(['agency_id', 'appid']).doUpdateSet({ id: accountId, user_name: null }))
        .execute()
      await tx
        .insertInto('dx.callback_doors')
        .values({
          agency_id: thisAgency,
          door_id: doorId,
          account_id: accountId,
          token_sealed: app.secrets.seal(token),
          aes_keys_sealed: app.secrets.seal(JSON.stringify([aes_key ?? 'A'.repeat(43)])),
        })
        .execute()
    })
    const kinds = () =>
      withAgency(app.database, 'yunfan', async (tx) =>
        (await tx.selectFrom('dx.pushes').select('kind').where('account_id', '=', accountId).execute()).map((row) => row.kind),
      )
    const refused = async () => {
      const { rows } = await world.looker.query<{ code: string }>(
        `select detail ->> 'code' as code from dx.audit where what = 'push-refused' and detail ->> 'doorId' = $1`,
        [doorId],
      )
      return rows.map((row) => row.code)
    }
    return { address: `${world.url}/wx/${doorId}`, kinds, refused }
  }
  async function post(address: string, { timestamp, nonce, msg_signature, encrypt }: Vector) {
    const query = new URLSearchParams({ timestamp, nonce, encrypt_type: 'aes', msg_signature: msg_signature! })
    const answer = await fetch(`${address}?${query}`, {
      method: 'POST',
      body: `<xml><ToUserName><![CDATA[to]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`,
    })
    return { status: answer.status, text: await answer.text() }
  }

  test('the handshake answers the echo itself, to the right signature only', async () => {
    const vector = vectors.find((one) => one.kind === 'signature')!
    const { address } = await doorFor(vector)
    const ask = (signed: string) =>
      fetch(
        `${address}?${new URLSearchParams({ signature: signed, timestamp: vector.timestamp, nonce: vector.nonce, echostr: '5927782489442352469' })}`,
      )

    const right = await ask(vector.signature!)
    const wrong = await ask(vector.signature!.replace(/.$/, (last) => (last === '0' ? '1' : '0')))

    expect([right.status, await right.text()]).toEqual([200, '5927782489442352469'])
    expect(wrong.status).toBe(403)
  })

  /** What comes out of each. Most were published as replies or echoes: opened, but no push, for want of what every push has. */
  const outcomes: Record<string, { status: number; kinds: string[]; refused: string[] }> = {
    'V1-message': { status: 200, kinds: ['text'], refused: [] },
    'V1b-echostr': { status: 400, kinds: [], refused: ['malformed'] },
    // Its key was never published.
    'V2-signature': { status: 400, kinds: [], refused: ['undecipherable'] },
    'V3-encrypt': { status: 400, kinds: [], refused: ['malformed'] },
    'V4-encrypt-long': { status: 400, kinds: [], refused: ['malformed'] },
    'V5-encrypt': { status: 400, kinds: [], refused: ['malformed'] },
    'V6-echostr': { status: 400, kinds: [], refused: ['malformed'] },
  }

  test.each(sealed)('$name passes the signature, is opened, and does what its content asks', async (vector) => {
    const { address, kinds, refused } = await doorFor(vector)

    const { status, text } = await post(address, vector)

    expect({ status, kinds: await kinds(), refused: await refused() }).toEqual(outcomes[vector.name])
    expect(text).toMatch(status === 200 ? /^success$/ : /[一-鿿]{4}/)
  })

  test.each(sealed)('$name with one character changed is turned away at the signature', async (vector) => {
    const { address, kinds, refused } = await doorFor(vector)
    const spoilt = { ...vector, encrypt: vector.encrypt!.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) }

    expect((await post(address, spoilt)).status).toBe(403)
    expect({ kinds: await kinds(), refused: await refused() }).toEqual({ kinds: [], refused: ['wrong-signature'] })
  })
})

/** One element after another, as sections c.3 lists them. */
type Element = [name: string, value: string | Element[]]
type Style = { cdata: boolean; between: string; backwards?: true }
const styles: Record<string, Style> = {
  'CDATA, a line each': { cdata: true, between: '\n' },
  'no CDATA, on one line': { cdata: false, between: '' },
  'elements in the opposite order': { cdata: true, between: '\n  ', backwards: true },
}
function write(elements: Element[], style: Style): string {
  const { cdata, between, backwards } = style
  const written = elements.map(
    ([name, value]) =>
      `<${name}>${typeof value !== 'string' ? write(value, style) : cdata && !/^\d*$/.test(value) ? `<![CDATA[${value}]]>` : value.replaceAll('&', '&amp;')}</${name}>`,
  )
  return between + (backwards ? written.reverse() : written).join(between) + between
}

const seconds = () => String(Math.floor((performance.timeOrigin + performance.now()) / 1000))
const event = (name: string, to: string, more: Element[]): Element[] => [
  ['ToUserName', to],
  ['FromUserName', 'omphelper'],
  ['CreateTime', seconds()],
  ['MsgType', 'event'],
  ['Event', name],
  ...more,
]
const urls = (count: number): Element[] =>
  Array.from(
    { length: count },
    (_, i): Element => [
      'item',
      [
        ['ArticleIdx', String(i + 1)],
        ['ArticleUrl', `https://mp.weixin.qq.com/s?__biz=MzA&mid=2247&idx=${i + 1}&sn=abc`],
      ],
    ],
  )
const massSend = (msgId: string, items: number | undefined): Element[] => [
  ['MsgID', msgId],
  ['Status', 'send success'],
  ['TotalCount', '18342'],
  ['FilterCount', '18209'],
  ['SentCount', '18209'],
  ['ErrorCount', '0'],
  [
    'CopyrightCheckResult',
    [
      ['Count', '0'],
      ['ResultList', ''],
      ['CheckState', '1'],
    ],
  ],
  ...(items === undefined
    ? []
    : [
        [
          'ArticleUrlResult',
          [
            ['Count', String(items)],
            ['ResultList', urls(items)],
          ],
        ] satisfies Element,
      ]),
]
const published = (publishId: string, status: number): Element[] => [
  [
    'PublishEventInfo',
    [
      ['publish_id', publishId],
      ['publish_status', String(status)],
      ...(status === 0 || status > 4
        ? ([
            ['article_id', `article-${publishId}`],
            [
              'article_detail',
              [
                ['count', '1'],
                [
                  'item',
                  [
                    ['idx', '1'],
                    ['article_url', `https://mp.weixin.qq.com/s/${publishId}`],
                  ],
                ],
              ],
            ],
          ] satisfies Element[])
        : []),
      ...(status === 2 || status === 4
        ? ([
            ['fail_idx', '1'],
            ['fail_idx', '3'],
          ] satisfies Element[])
        : []),
    ],
  ],
]

describe('reports of publishing that nobody of ours did', () => {
  async function givenDoor() {
    const world = await givenMonitoring()
    const { callback } = await world.connect()
    const handled = () =>
      withAgency(world.app.database, world.agency, async (tx) => {
        const rows = await tx.selectFrom('dx.pushes').select(['handled_at', 'push']).execute()
        return rows.map((row) => ({
          isHandled: row.handled_at !== null,
          push: row.push as { urls: { idx: number; url: string }[] },
        }))
      })
    const send = async (body: string) => {
      const timestamp = seconds()
      const made = seal(body, {
        aesKey: callback.aesKey,
        token: callback.token,
        receiverId: world.card.appid,
        timestamp,
        nonce: 'n1',
        random16: Buffer.alloc(16, 9),
      })
      const query = new URLSearchParams({
        signature: signature(callback.token, timestamp, 'n1'),
        timestamp,
        nonce: 'n1',
        encrypt_type: 'aes',
        msg_signature: made.signature,
      })
      const answer = await fetch(`${callback.url}?${query}`, {
        method: 'POST',
        body: `<xml><ToUserName><![CDATA[${world.card.userName}]]></ToUserName><Encrypt><![CDATA[${made.encrypt}]]></Encrypt></xml>`,
      })
      return answer.text()
    }
    return { world, send, handled }
  }
  /** Everything that arrived has been looked at; only then does the absence of a signal mean something. */
  const settled = (handled: () => Promise<{ isHandled: boolean }[]>, count: number) =>
    expect
      .poll(async () => (await handled()).filter((row) => row.isHandled).length, { timeout: 15_000, interval: 20 })
      .toBe(count)
  const signalsOf = async (world: MonitoringWorld) => (await world.signals()).map(({ kind, facts }) => ({ kind, facts }))

  test.each(Object.entries(styles))('a mass send with none, one or two articles is one signal each: %s', async (_, style) => {
    const { world, send, handled } = await givenDoor()
    const counts = [undefined, 0, 1, 2]

    for (const [i, items] of counts.entries())
      expect(
        await send(
          `<xml>${write(event('MASSSENDJOBFINISH', world.card.userName, massSend(`100000003${i}`, items)), style)}</xml>`,
        ),
      ).toBe('success')
    await settled(handled, counts.length)

    expect((await signalsOf(world)).sort((a, b) => String(a.facts.msgId).localeCompare(String(b.facts.msgId)))).toMatchObject(
      counts.map((items, i) => ({
        kind: 'unknown-mass-send',
        facts: {
          msgId: `100000003${i}`,
          status: 'success',
          looksHandMade: true,
          counts: { total: 18342, sent: 18209, errors: 0 },
          urls: { length: items ?? 0 },
        },
      })),
    )
    const two = (await world.signals()).find((signal) => signal.facts.msgId === '1000000033')!
    expect(two.facts.urls).toEqual(
      [1, 2]
        .map((idx) => ({ idx, url: `https://mp.weixin.qq.com/s?__biz=MzA&mid=2247&idx=${idx}&sn=abc` }))
        .sort((a, b) => (style.backwards ? b.idx - a.idx : a.idx - b.idx)),
    )
  })

  test.each(['PUBLISHJOBFINISH', 'FREEPUBLISHJOBFINISH'])(
    '%s is read in every style, and each status is told apart',
    async (name) => {
      const { world, send, handled } = await givenDoor()
      const statuses = [0, 1, 2, 3, 4, 5, 6]
      const shapes = Object.values(styles)

      for (const status of statuses)
        expect(
          await send(
            `<xml>${write(event(name, world.card.userName, published(`22474877${status}`, status)), shapes[status % shapes.length]!)}</xml>`,
          ),
        ).toBe('success')
      await settled(handled, statuses.length)

      const seen = Object.fromEntries(
        (await world.signals()).map(({ kind, facts }) => [String(facts.publishId), { kind, status: facts.status }]),
      )
      expect(seen).toMatchObject({ 224748770: { kind: 'unknown-publication', status: 'published' } })
      expect(Object.values(seen).map((one) => one.kind)).toEqual(Object.keys(seen).map(() => 'unknown-publication'))
      expect(Object.keys(seen).sort()).toEqual(statuses.map((status) => `22474877${status}`))
    },
  )

  test('the same report delivered three times is one signal; a reader’s words and an unknown event are none', async () => {
    const { world, send, handled } = await givenDoor()
    const report = `<xml>${write(event('MASSSENDJOBFINISH', world.card.userName, massSend('1000000041', 1)), styles['no CDATA, on one line']!)}</xml>`

    for (let time = 0; time < 3; time++) expect(await send(report)).toBe('success')
    expect(
      await send(
        `<xml>${write(event('an_event_of_tomorrow', world.card.userName, [['Something', 'new']]), styles['CDATA, a line each']!)}</xml>`,
      ),
    ).toBe('success')
    expect(
      await send(
        `<xml>${write(
          [
            ['ToUserName', world.card.userName],
            ['FromUserName', 'oReader'],
            ['CreateTime', seconds()],
            ['MsgType', 'text'],
            ['Content', 'MASSSENDJOBFINISH'],
            ['MsgId', '24612345678901234'],
          ],
          styles['CDATA, a line each']!,
        )}</xml>`,
      ),
    ).toBe('success')
    await settled(handled, 1)

    expect((await signalsOf(world)).map(({ kind }) => kind)).toEqual(['unknown-mass-send'])
  })
})

describe('an article made with a layout editor', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  test('published by a stranger, it is in the evidence byte for byte as readers saw it', async () => {
    const content = fixture('articles/editor-made.html').toString()
    const accounts = () => stage.api<AccountRow[]>('GET', '/api/v1/accounts')
    const { appid } = (await until(
      'the first look at the account',
      async () => (await accounts()).find((a) => a.name === '老灶火锅' && a.lastCheckedAt),
      30_000,
    ))!

    const { urls: addresses, articleId } = await stage.sim<{ urls: string[]; articleId: string }>(
      'POST',
      `/_sim/accounts/${appid}/console/publish`,
      { title: '周末亲子手作营', content, notify: false },
    )
    const shown = Buffer.from(await (await fetch(addresses[0]!)).arrayBuffer())

    const row = await until(
      'an incident',
      async () => (await stage.api<IncidentRow[]>('GET', '/api/v1/incidents')).find((one) => one.accountName === '老灶火锅'),
      60_000,
    )
    const room = () => stage.api<WarRoomView>('GET', `/api/v1/incidents/${row.id}`)
    const page = await until(
      'the page in the evidence',
      async () =>
        (await room()).evidence.find(
          (item) => item.name.endsWith('.html') && item.name.includes(articleId.replaceAll(/[^A-Za-z0-9_-]/g, '-')),
        ),
      60_000,
    )
    const listed = (await room()).evidence.find(
      (item) => item.name.startsWith('articles/') && item.name.includes(articleId.replaceAll(/[^A-Za-z0-9_-]/g, '-')),
    )!
    const person = await stage.signIn('陈立')
    const kept = async (id: string) => Buffer.from(await (await person.get(`/m/i/${row.id}/evidence/${id}`)).arrayBuffer())

    expect(shown.includes(Buffer.from(content))).toBe(true)
    expect((await kept(page.id)).equals(shown)).toBe(true)
    expect((JSON.parse((await kept(listed.id)).toString()) as { news_item: { content: string }[] }).news_item[0]!.content).toBe(
      content,
    )
  })
})
