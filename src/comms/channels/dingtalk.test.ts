import { afterEach, beforeEach, expect, test } from 'vitest'
import { minutes, seconds } from '../../platform/time.ts'
import { referenceOf } from './call.ts'
import { aNotice, givenProviders, type ProvidersWorld, pressable } from './given-providers.ts'
import { signDingtalk } from './signing.ts'

let world: ProvidersWorld
beforeEach(async () => {
  world = await givenProviders()
})
afterEach(() => world.close())

test('after the 21st message of a minute we hold for ten minutes, whatever the answer says', async () => {
  const robot = world.open('dingtalk-robot')
  for (let n = 0; n < 20; n++) expect((await robot.send('', aNotice(), `k${n}`)).result).toBe('done')

  expect(await robot.send('', aNotice(), 'k20')).toMatchObject({ retry: 'later', afterMs: minutes(10) })
  await world.advance(minutes(5))
  expect(await robot.send('', aNotice(), 'k21')).toMatchObject({ retry: 'later' })
  await world.advance(minutes(5) + 1)
  expect(await robot.send('', aNotice(), 'k22')).toMatchObject({ result: 'done' })
})

test('the all-clear carries the keyword too', async () => {
  await world.configure({ credentials: { dingtalk: { keyword: '定心丸' } } })
  const allClear = aNotice({ title: '已恢复 · 青禾教育', lines: ['下一步：写复盘'] })

  expect(await world.open('dingtalk-robot', { keyword: '定心丸' }).send('', allClear, 'k')).toMatchObject({ result: 'done' })
  expect(await world.open('dingtalk-robot').send('', allClear, 'k')).toMatchObject({
    whose: 'configuration',
    reason: expect.stringContaining('关键词'),
  })
})

test.each([
  ['code:310000 invalid timestamp', { retry: 'later' }],
  ['code:310000 sign not match', { retry: 'never', reason: expect.stringContaining('加签密钥') }],
  ['code:310000 ip 203.0.113.7 not in whitelist', { retry: 'never', reason: expect.stringContaining('白名单') }],
  ['code:310000 keywords not in content', { retry: 'never', reason: expect.stringContaining('关键词') }],
])('one code, four causes: %s', async (fault, expected) => {
  await world.fault('dingtalk-robot', fault)

  expect(await world.open('dingtalk-robot').send('', aNotice(), 'k')).toMatchObject(expected)
})

test('a robot with another secret is refused, and one with a clock two hours off is told so', async () => {
  expect(await world.open('dingtalk-robot', { secret: 'SECother' }).send('', aNotice(), 'k')).toMatchObject({
    whose: 'configuration',
  })
  await world.fault('dingtalk-robot', 'clock-skew')
  expect(await world.open('dingtalk-robot').send('', aNotice(), 'k')).toMatchObject({
    retry: 'later',
    reason: expect.stringContaining('时钟'),
  })
})

test('the first words in a DingTalk list say what, whose and by when', async () => {
  await world.open('dingtalk-robot').send('', aNotice(), 'k')

  const [seen] = await world.seen('dingtalk-robot')
  expect(seen?.title).toBe('P1 账号被盗 · 青禾教育，03:17 前告知客户')
  expect(seen?.links).toEqual([{ label: '我来接手', url: 'https://dx.example/m/i/2611?k=a7K2Qm' }])
})

test('the same words twice in a day both arrive, since each notice carries its own number', async () => {
  const app = world.open('dingtalk-app')
  await app.send('zhou', aNotice(), 'k1')
  await app.send('zhou', aNotice(), 'k2')

  expect((await world.seen('dingtalk-app', 'zhou')).map((seen) => seen.delivered)).toEqual([true, true])
})

test('a work notice that was accepted and dropped is found out by asking, once DingTalk knows', async () => {
  await world.act({ person: 'mei', act: 'forbid-messages' })
  const app = world.open('dingtalk-app')
  const sent = await app.send('mei', aNotice(), 'k')
  if (sent.result !== 'done') throw new Error('not sent')

  expect(await app.check?.('mei', sent.sendId ?? '')).toBe('waiting')
  await world.advance(seconds(31))
  expect(await app.check?.('mei', sent.sendId ?? '')).toBe('failed')
})

test('a work notice that was read says read, and that is not an acknowledgement', async () => {
  const app = world.open('dingtalk-app')
  const sent = await app.send('zhou', aNotice(), 'k')
  if (sent.result !== 'done') throw new Error('not sent')
  await world.advance(seconds(31))

  expect(await app.check?.('zhou', sent.sendId ?? '')).toBe('delivered')
  await world.act({ person: 'zhou', act: 'read' })
  expect(await app.check?.('zhou', sent.sendId ?? '')).toBe('read')
  expect(world.receipts).toEqual([])
})

test('a press on the card acknowledges, and the card is rewritten', async () => {
  const app = world.open('dingtalk-app')
  const sent = await app.send('zhou', aNotice({ buttons: pressable }), 'effect-9')
  expect(sent).toMatchObject({ result: 'done', update: referenceOf('effect-9') })

  await world.act({ person: 'zhou', act: 'press', key: 'acknowledge' })
  const updated = await app.update?.(referenceOf('effect-9'), aNotice({ title: '周 已接手' }))

  expect(world.receipts).toMatchObject([
    { kind: 'acknowledge', provider: 'dingtalk', userId: 'zhou', taskId: referenceOf('effect-9') },
  ])
  expect(updated).toMatchObject({ result: 'done' })
  expect(await world.seen('dingtalk-app', 'zhou')).toMatchObject([{ updates: 1, updatedTo: '周 已接手' }])
})

test('a card sent again after an unknown outcome is the same card', async () => {
  await world.fault('dingtalk-app', 'hang-up')
  const app = world.open('dingtalk-app')
  await app.send('zhou', aNotice({ buttons: pressable }), 'k')
  await app.send('zhou', aNotice({ buttons: pressable }), 'k')

  expect(await world.seen('dingtalk-app', 'zhou')).toHaveLength(1)
})

test('a press pushed twice is one event; one signed by somebody else is none', async () => {
  await world.fault('dingtalk-app', 'callback-twice')
  await world.open('dingtalk-app').send('zhou', aNotice({ buttons: pressable }), 'k')
  await world.act({ person: 'zhou', act: 'press', key: 'acknowledge' })
  await world.advance(minutes(1))
  expect(world.receipts).toHaveLength(2)
  expect(new Set(world.receipts.map((receipt) => receipt.eventId)).size).toBe(1)

  const forged = await fetch(`${world.callbackUrl}/dingtalk`, {
    method: 'POST',
    headers: { timestamp: String(world.now()), sign: 'bm90IHNpZ25lZA==' },
    body: JSON.stringify({ outTrackId: 'x', userId: 'chen', content: '{"cardPrivateData":{"actionIds":["acknowledge"]}}' }),
  })

  expect(forged.status).toBe(403)
  expect(world.receipts).toHaveLength(2)
})

test('a stale token is replaced for cards and for work notices', async () => {
  const app = world.open('dingtalk-app')
  await app.send('zhou', aNotice(), 'k1')
  await world.fault('dingtalk-app', 'token-expires')
  expect(await app.send('zhou', aNotice({ buttons: pressable }), 'k2')).toMatchObject({ result: 'done' })
  await world.fault('dingtalk-app', 'token-expires')
  expect(await app.send('zhou', aNotice(), 'k3')).toMatchObject({ result: 'done' })
})

test('a person who left cannot get a card', async () => {
  await world.act({ person: 'chen', act: 'leave-company' })

  expect(await world.open('dingtalk-app').send('chen', aNotice({ buttons: pressable }), 'k')).toMatchObject({
    retry: 'never',
    whose: 'recipient',
  })
})

test('a press recorded and played again two hours later is refused', async () => {
  const { appSecret } = world.secrets.dingtalk ?? { appSecret: '' }
  const replay = (age: number) => {
    const timestamp = String(world.now() - age)
    const body = JSON.stringify({ outTrackId: 't1', userId: 'zhou', value: '{"cardPrivateData":{"actionIds":["acknowledge"]}}' })
    return fetch(`${world.callbackUrl}/dingtalk`, {
      method: 'POST',
      headers: { timestamp, sign: signDingtalk(appSecret, timestamp) },
      body,
    })
  }

  expect((await replay(minutes(1))).status).toBe(200)
  expect((await replay(minutes(120))).status).toBe(403)
  expect(world.receipts).toHaveLength(1)
})
