import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hours, instant, minutes, seconds } from '../../platform/time.ts'
import { referenceOf } from './call.ts'
import { aNotice, givenProviders, type ProvidersWorld, pressable } from './given-providers.ts'
import { readPush } from './receipts.ts'
import { signFeishuOldCard } from './signing.ts'

let world: ProvidersWorld
beforeEach(async () => {
  world = await givenProviders()
})
afterEach(() => world.close())

test('five a second and no more: the sixth waits as long as the header says', async () => {
  const robot = world.open('feishu-robot')
  for (let n = 0; n < 5; n++) expect((await robot.send('', aNotice(), `k${n}`)).result).toBe('done')

  expect(await robot.send('', aNotice(), 'k5')).toMatchObject({ retry: 'later', afterMs: seconds(3) })
})

test.each([
  ['code:11232', { retry: 'later' }],
  ['code:19024', { retry: 'never', whose: 'configuration' }],
  ['code:9499', { retry: 'never', whose: 'message' }],
  ['code:99991400', { retry: 'later', afterMs: seconds(3) }],
  ['clock-skew', { retry: 'never', reason: expect.stringContaining('校准时间') }],
  ['older-form', { result: 'done' }],
])('the robot with %s', async (fault, expected) => {
  await world.fault('feishu-robot', fault)

  expect(await world.open('feishu-robot').send('', aNotice(), 'k')).toMatchObject(expected)
})

test('a group card has no buttons to press, only the link', async () => {
  await world.open('feishu-robot').send('', aNotice({ buttons: pressable }), 'k')

  expect(await world.seen('feishu-robot')).toMatchObject([{ buttons: [], links: [{ label: '我来接手' }] }])
})

test('the same key within an hour is the same message, so trying again after an unknown outcome is safe', async () => {
  await world.fault('feishu-app', 'hang-up')
  const app = world.open('feishu-app')

  expect((await app.send('ou_zhou', aNotice(), 'k')).result).toBe('unknown')
  expect(await app.send('ou_zhou', aNotice(), 'k')).toMatchObject({ result: 'done', sendId: expect.stringMatching(/^om_/) })

  expect(await world.seen('feishu-app', 'ou_zhou')).toHaveLength(1)
})

test('both forms of the frequency limit are understood', async () => {
  const app = world.open('feishu-app')
  await world.fault('feishu-app', 'code:99991400')
  expect(await app.send('ou_zhou', aNotice(), 'k')).toMatchObject({ retry: 'later', afterMs: seconds(3) })
  await world.fault('feishu-app', 'code:99991400')
  await world.fault('feishu-app', 'old-limit-form')
  expect(await app.send('ou_zhou', aNotice(), 'k')).toMatchObject({ retry: 'later', afterMs: seconds(7) })
})

test('a press acknowledges; the card is then rewritten through the press, twice and no more', async () => {
  const app = world.open('feishu-app')
  await app.send('ou_zhou', aNotice({ buttons: pressable }), 'effect-3')

  await world.act({ person: 'ou_zhou', act: 'press', key: 'acknowledge' })

  const [press] = world.receipts
  expect(press).toMatchObject({
    kind: 'acknowledge',
    provider: 'feishu',
    userId: 'ou_zhou',
    taskId: referenceOf('effect-3'),
    update: expect.stringMatching(/^c-/),
  })
  const token = press?.update ?? ''
  expect(await app.update?.(token, aNotice({ title: '周 已接手' }))).toMatchObject({ result: 'done' })
  expect(await app.update?.(token, aNotice({ title: '周 已接手' }))).toMatchObject({ result: 'done' })
  expect(await app.update?.(token, aNotice({ title: '周 已接手' }))).toMatchObject({ result: 'refused', retry: 'never' })
})

test('by its message id the card can be rewritten for a fortnight', async () => {
  const app = world.open('feishu-app')
  const sent = await app.send('ou_zhou', aNotice({ buttons: pressable }), 'k')
  if (sent.result !== 'done') throw new Error('not sent')

  await world.advance(hours(24 * 13))
  expect(await app.update?.(sent.update ?? '', aNotice({ title: '已结束' }))).toMatchObject({ result: 'done' })
  await world.advance(hours(24 * 2))
  expect(await app.update?.(sent.update ?? '', aNotice({ title: '已结束' }))).toMatchObject({ result: 'refused' })
})

test("a press whose signature is wrong is nobody's press", async () => {
  await world.fault('feishu-app', 'callback-bad-signature')
  await world.open('feishu-app').send('ou_zhou', aNotice({ buttons: pressable }), 'k')

  await world.act({ person: 'ou_zhou', act: 'press', key: 'acknowledge' })

  expect(world.receipts).toEqual([])
  expect(world.refusals).toEqual(['Feishu signature does not match'])
})

test('having read it is told as read and as nothing more', async () => {
  await world.open('feishu-app').send('ou_zhou', aNotice(), 'k')

  await world.act({ person: 'ou_zhou', act: 'read' })

  expect(world.receipts).toMatchObject([{ kind: 'read', userId: 'ou_zhou' }])
})

test('a token used up and a person out of reach', async () => {
  const app = world.open('feishu-app')
  await app.send('ou_zhou', aNotice(), 'k1')
  await world.fault('feishu-app', 'token-expires')
  expect(await app.send('ou_zhou', aNotice(), 'k2')).toMatchObject({ result: 'done' })
  await world.act({ person: 'ou_chen', act: 'leave-company' })
  expect(await app.send('ou_chen', aNotice(), 'k3')).toMatchObject({ retry: 'never', whose: 'recipient' })
})

const now = instant('2026-11-22T12:00:00+08:00')
const plain = { feishu: { verificationToken: 'vtoken' } }
const push = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST' as const,
  query: new URLSearchParams(),
  headers: new Headers(headers),
  rawBody: typeof body === 'string' ? body : JSON.stringify(body),
})

test("Feishu's check of our address is answered with its challenge, and only to Feishu", () => {
  const right = readPush('feishu', push({ type: 'url_verification', token: 'vtoken', challenge: 'c1' }), plain, now)
  const wrong = readPush('feishu', push({ type: 'url_verification', token: 'guess', challenge: 'c1' }), plain, now)

  expect(right.reply).toMatchObject({ status: 200, body: '{"challenge":"c1"}' })
  expect(wrong.reply).toMatchObject({ status: 403, body: '' })
})

test('a card of an application without an encrypt key is verified over the raw body, key order and all', () => {
  const body = '{"open_id":"ou_zhou", "open_message_id":"om_1","token":"c-1","action":{"value":{"task":"t1","key":"yes"}}}'
  const timestamp = String(Date.parse(now) / 1000)
  const headers = {
    'x-lark-request-timestamp': timestamp,
    'x-lark-request-nonce': 'n',
    'x-lark-signature': signFeishuOldCard(timestamp, 'n', 'vtoken', body),
  }

  expect(readPush('feishu', push(body, headers), plain, now).receipts).toMatchObject([
    { kind: 'answer', key: 'yes', taskId: 't1', userId: 'ou_zhou' },
  ])
  expect(readPush('feishu', push(body.replace('", "', '","'), headers), plain, now).receipts).toEqual([])
})

test('a plain body is a forgery where Feishu would have sealed it', () => {
  const reading = readPush(
    'feishu',
    push({ type: 'url_verification', token: 'vtoken', challenge: 'c' }),
    { feishu: { encryptKey: 'k', verificationToken: 'vtoken' } },
    now,
  )

  expect(reading.reply.status).toBe(403)
})

test('a push two hours old is somebody playing it again', () => {
  const body = '{"action":{"value":{"key":"acknowledge"}}}'
  const timestamp = String(Date.parse(now) / 1000 - minutes(120) / 1000)
  const signature = createHash('sha1').update(`${timestamp}nvtoken${body}`).digest('hex')
  const headers = { 'x-lark-request-timestamp': timestamp, 'x-lark-request-nonce': 'n', 'x-lark-signature': signature }

  expect(readPush('feishu', push(body, headers), plain, now)).toMatchObject({
    receipts: [],
    refused: 'Feishu push is older than an hour',
  })
})
