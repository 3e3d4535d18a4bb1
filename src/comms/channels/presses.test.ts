import { expect, test } from 'vitest'
import { instant } from '../../platform/time.ts'
import { givenProviders } from './given-providers.ts'
import { readTypedReply } from './presses.ts'
import { readPush } from './receipts.ts'
import { sealWecom } from './sealing.ts'
import { signWecomPush } from './signing.ts'

test.each([
  ['1', { key: '1' }],
  ['1 8342', { key: '1', code: '8342' }],
  ['１　８３４２', { key: '1', code: '8342' }],
  ['2,8342', { key: '2', code: '8342' }],
  ['回复1', { key: '1' }],
  ['1接手', { key: '1' }],
  ['【1】8342', { key: '1', code: '8342' }],
  ['2。', { key: '2' }],
  [' 1\n', { key: '1' }],
])('the reply %j is understood', (text, expected) => {
  expect(readTypedReply(text)).toEqual(expected)
})

test.each(['10分钟后到', '12', '18342', '好的', '1点到', '我不行，找2', 'TD', '退订', '', '11 8342', '1 23456789', '不是1'])(
  'the reply %j decides nothing: a wrong acknowledgement would stop the ladder',
  (text) => {
    expect(readTypedReply(text)).toBeUndefined()
  },
)

const now = instant('2026-11-22T12:00:00+08:00')
const secrets = {
  wecom: { token: 'QDG6eK', encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', corpId: 'wx5823bf96d3bd56c7' },
}

function wecomPush(message: string, changes: { timestamp?: number; corpId?: string } = {}) {
  const encrypted = sealWecom(secrets.wecom.encodingAesKey, '0123456789abcdef', {
    message,
    receiveId: changes.corpId ?? secrets.wecom.corpId,
  })
  const timestamp = String(Math.floor((changes.timestamp ?? Date.parse(now)) / 1000))
  const query = new URLSearchParams({ msg_signature: signWecomPush('QDG6eK', timestamp, 'n', encrypted), timestamp, nonce: 'n' })
  return {
    method: 'POST' as const,
    query,
    headers: new Headers(),
    rawBody: `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
  }
}

test("WeCom's check of our address is answered with the opened text alone", () => {
  const query = new URLSearchParams({
    msg_signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
    timestamp: '1409659589',
    nonce: '263014780',
    echostr: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
  })

  const reading = readPush('wecom', { method: 'GET', query, headers: new Headers(), rawBody: '' }, secrets, now)

  expect(reading.reply).toMatchObject({ status: 200, body: '1616140317555161061' })
})

test('events of WeCom that are no presses are taken and mean nothing to us', () => {
  const reading = readPush('wecom', wecomPush('<xml><MsgType>event</MsgType><Event>enter_agent</Event></xml>'), secrets, now)

  expect(reading).toEqual({ receipts: [], reply: { status: 200, body: '', contentType: 'text/plain; charset=utf-8' } })
})

test('presses that overtake each other are both genuine; one from two hours ago is not', () => {
  const press =
    '<xml><Event>template_card_event</Event><FromUserName>zhou</FromUserName><EventKey>yes</EventKey><TaskId>t1</TaskId></xml>'

  expect(readPush('wecom', wecomPush(press, { timestamp: Date.parse(now) - 60_000 }), secrets, now).receipts).toMatchObject([
    { kind: 'answer', key: 'yes' },
  ])
  expect(readPush('wecom', wecomPush(press, { timestamp: Date.parse(now) - 2 * 3_600_000 }), secrets, now).receipts).toEqual([])
})

test('a provider that is not configured has no callback here', () => {
  expect(readPush('wecom', wecomPush('<xml/>'), {}, now)).toMatchObject({ receipts: [], reply: { status: 404 } })
})

const bare = (rawBody: string) => ({ method: 'POST' as const, query: new URLSearchParams(), headers: new Headers(), rawBody })

test.each(['aliyun', 'tencent', 'feishu'] as const)('%s: what is not JSON is refused and changes nothing', (provider) => {
  const reading = readPush(provider, bare('<html>'), { feishu: { verificationToken: 'v' } }, now)

  expect(reading.receipts).toEqual([])
  expect(reading.reply.status).toBe(400)
})

test('no status of any kind acknowledges: only a press, a key or a reply does', () => {
  const heardAll = [{ call_id: 'c1', status_code: '200000', callee: '13800000001', out_id: 'x' }]
  const delivered = [{ biz_id: 'b1', phone_number: '13800000001', success: true, err_code: 'DELIVERED' }]
  const answered = { voiceprompt_callback: { result: '0', callid: 'c2', mobile: '13800000001' } }

  const kinds = [
    ...readPush('aliyun', bare(JSON.stringify(heardAll)), {}, now).receipts,
    ...readPush('aliyun', bare(JSON.stringify(delivered)), {}, now).receipts,
    ...readPush('tencent', bare(JSON.stringify(answered)), {}, now).receipts,
  ].map((receipt) => receipt.kind)

  expect(kinds).toEqual(['delivered', 'delivered', 'delivered'])
})

test("an end of a call that nobody has heard of is a failure with the provider's own number", () => {
  const row = [
    { call_id: 'c1', status_code: '200118', callee: '13800000001' },
    { call_id: 'c2', status_code: '299999' },
  ]

  expect(readPush('aliyun', bare(JSON.stringify(row)), {}, now).receipts).toMatchObject([
    { kind: 'failed', detail: '运营商在这个时段禁止呼叫（200118）' },
    { kind: 'failed', detail: '呼叫失败（299999）' },
  ])
})

test('sequence numbers are the same event as number and as text', () => {
  const row = (sequence_id: unknown) => bare(JSON.stringify([{ phone_number: '13800000001', content: '1 8342', sequence_id }]))

  const [a] = readPush('aliyun', row(991), {}, now).receipts
  const [b] = readPush('aliyun', row('991'), {}, now).receipts

  expect(a?.eventId).toBe(b?.eventId)
})

test('our callback addresses pass the check that the consoles make when they are saved', async () => {
  const world = await givenProviders()

  expect(await world.checkAddresses()).toEqual({ wecom: true, feishu: true })
  await world.close()
})
