import { afterEach, beforeEach, expect, test } from 'vitest'
import { minutes, seconds } from '../../platform/time.ts'
import { referenceOf } from './call.ts'
import { aNotice, givenProviders, type ProvidersWorld, pressable } from './given-providers.ts'

const phone = '13800000001'
const aCall = () =>
  aNotice({
    buttons: pressable,
    template: { name: 'page', values: { level: '一级', client: '青禾教育', what: '账号被盗', by: '三点十七分' } },
  })

let world: ProvidersWorld
beforeEach(async () => {
  world = await givenProviders()
})
afterEach(() => world.close())

test.each(['voice-aliyun', 'voice-tencent'] as const)(
  '%s: key 1 acknowledges, by the telephone that was called',
  async (kind) => {
    const sent = await world.open(kind).send(phone, aCall(), 'effect-5')
    if (sent.result !== 'done') throw new Error('not sent')
    await world.advance(seconds(2))
    await world.act({ person: phone, act: 'key', key: '1' })

    expect(world.receipts.filter((receipt) => receipt.kind === 'acknowledge')).not.toEqual([])
    for (const receipt of world.receipts) expect(receipt).toMatchObject({ sendId: sent.sendId })
    expect(world.receipts.some((receipt) => receipt.kind === 'acknowledge' && receipt.phone === phone)).toBe(true)
    expect(
      new Set(world.receipts.filter((receipt) => receipt.kind === 'acknowledge').map((receipt) => receipt.eventId)).size,
    ).toBe(1)
  },
)

test('the words of a call are what the person hears', async () => {
  await world.open('voice-aliyun').send(phone, aCall(), 'k')

  const [heard] = await world.seen('voice-aliyun', phone)
  expect(heard?.text).toBe('定心丸通知：一级事件，青禾教育，账号被盗。三点十七分前要告知客户。接手请按 1，转给后备请按 2。')
  expect(heard?.buttons.map((button) => button.key)).toEqual(['1', '2'])
  expect(heard?.reference).toBe(referenceOf('k'))
})

test.each(['voice-aliyun', 'voice-tencent'] as const)('%s: key 2 hands over', async (kind) => {
  await world.open(kind).send(phone, aCall(), 'k')
  await world.act({ person: phone, act: 'key', key: '2' })
  await world.advance(0)

  expect(world.receipts.map((receipt) => receipt.kind)).toContain('hand-over')
  expect(world.receipts.map((receipt) => receipt.kind)).not.toContain('acknowledge')
})

test.each(['voice-aliyun', 'voice-tencent'] as const)('%s: a voicemail that heard it all acknowledges nothing', async (kind) => {
  await world.act({ person: phone, act: 'voicemail' })
  await world.open(kind).send(phone, aCall(), 'k')
  await world.advance(seconds(60))

  expect(world.receipts.map((receipt) => receipt.kind)).toEqual(['delivered'])
})

test.each([
  ['phone-off', '已关机（200010）'],
  ['spam-blocker', '暂时无法接通（常见于手机的骚扰拦截）（200005）'],
  ['never-answer', '无人接听（200003）'],
])('a call that meets "%s" fails with its reason', async (habit, detail) => {
  await world.act({ person: phone, act: habit })
  await world.open('voice-aliyun').send(phone, aCall(), 'k')
  await world.advance(seconds(60))

  expect(world.receipts).toMatchObject([{ kind: 'failed', detail }])
})

test('a key that comes after the end of the call still counts', async () => {
  await world.act({ person: phone, act: 'answers-with', key: '1' })
  await world.fault('voice-aliyun', 'key-late')
  await world.open('voice-aliyun').send(phone, aCall(), 'k')
  await world.advance(seconds(60))

  expect(world.receipts.map((receipt) => receipt.kind)).toEqual(['delivered', 'acknowledge'])
})

test('a key nobody offered is told as it is and decides nothing', async () => {
  await world.open('voice-aliyun').send(phone, aCall(), 'k')
  await world.act({ person: phone, act: 'key', key: '9' })
  await world.advance(0)

  expect(world.receipts.filter((receipt) => receipt.key)).toMatchObject([
    { kind: 'answer', key: '9' },
    { kind: 'answer', key: '9' },
  ])
})

test('the sixth call of an hour, and a second within the minute, are refused with the time to wait', async () => {
  const voice = world.open('voice-aliyun')
  await voice.send(phone, aCall(), 'k0')
  expect(await voice.send(phone, aCall(), 'k0b')).toMatchObject({ retry: 'later', afterMs: minutes(1) })
  for (let n = 1; n < 5; n++) {
    await world.advance(minutes(2))
    expect(await voice.send(phone, aCall(), `k${n}`)).toMatchObject({ result: 'done' })
  }
  await world.advance(minutes(2))

  expect(await voice.send(phone, aCall(), 'k5')).toMatchObject({ retry: 'later', afterMs: minutes(60) })
})

test('at night Tencent calls a number once', async () => {
  await world.advance(minutes(11 * 60))
  const voice = world.open('voice-tencent')
  expect(await voice.send(phone, aCall(), 'k1')).toMatchObject({ result: 'done' })
  await world.advance(minutes(180))

  expect(await voice.send(phone, aCall(), 'k2')).toMatchObject({ retry: 'later' })
})

test('without a number of our own the call is read out, with nothing to press', async () => {
  await world.open('voice-aliyun', { calledShowNumber: undefined }).send(phone, aCall(), 'k')

  expect(await world.seen('voice-aliyun')).toMatchObject([{ buttons: [] }])
})

test.each([
  ['voice-aliyun', 'code:isv.COMPLAINT_REJECT', { whose: 'recipient' }],
  ['voice-aliyun', 'code:isv.VOICE_CALL_FAIL', { retry: 'later' }],
  ['voice-aliyun', 'code:isv.TTS_TEMPLATE_ILLEGAL', { whose: 'configuration' }],
  ['voice-tencent', 'code:FailedOperation.InsufficientBalanceInVoicePackage', { whose: 'configuration' }],
  ['voice-tencent', 'code:InternalError.UpstreamError', { retry: 'later' }],
] as const)('%s: %s', async (kind, fault, expected) => {
  await world.fault(kind, fault)

  expect(await world.open(kind).send(phone, aCall(), 'k')).toMatchObject(expected)
})

test('the same end of a call told twice is one event', async () => {
  await world.fault('voice-tencent', 'receipt-repeated')
  await world.act({ person: phone, act: 'answers-with', key: '1' })
  await world.open('voice-tencent').send(phone, aCall(), 'k')
  await world.advance(seconds(60))

  const ends = world.receipts.filter((receipt) => receipt.kind === 'delivered')
  expect(ends).toHaveLength(2)
  expect(new Set(ends.map((receipt) => receipt.eventId)).size).toBe(1)
})
