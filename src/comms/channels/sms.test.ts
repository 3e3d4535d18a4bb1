import { afterEach, beforeEach, expect, test } from 'vitest'
import { hours, minutes, seconds } from '../../platform/time.ts'
import { referenceOf } from './call.ts'
import { aNotice, givenProviders, type ProvidersWorld } from './given-providers.ts'

const phone = '13800000001'
let world: ProvidersWorld
beforeEach(async () => {
  world = await givenProviders()
})
afterEach(() => world.close())

test.each(['sms-aliyun', 'sms-tencent'] as const)(
  '%s: the person reads one part of at most 70 characters, signature included',
  async (kind) => {
    await world.open(kind).send(`+86 ${phone}`, aNotice(), 'k')

    const [seen] = await world.seen(kind, phone)
    expect(seen?.text).toBe('【云帆托管】P1 青禾教育账号被盗，03:17前须告知客户。接手：dxw.cn/a7K2Qm')
    expect(seen?.text.length).toBeLessThanOrEqual(70)
  },
)

test.each(['sms-aliyun', 'sms-tencent'] as const)(
  '%s: a delivery report is told as delivered, by our own reference or by theirs',
  async (kind) => {
    const sent = await world.open(kind).send(phone, aNotice(), 'effect-1')
    if (sent.result !== 'done') throw new Error('not sent')
    await world.advance(seconds(5))

    expect(world.receipts).toMatchObject([{ kind: 'delivered', sendId: sent.sendId }])
    if (kind === 'sms-aliyun') expect(world.receipts[0]?.taskId).toBe(referenceOf('effect-1'))
  },
)

test.each([
  ['sms-aliyun', 'receipt-fail:MOBILE_NOT_ON_SERVICE'],
  ['sms-tencent', 'receipt-fail:NOTONLINE'],
] as const)('%s: an SMS that was accepted and failed later says so', async (kind, fault) => {
  await world.fault(kind, fault)
  expect(await world.open(kind).send(phone, aNotice(), 'k')).toMatchObject({ result: 'done' })
  await world.advance(seconds(5))

  expect(world.receipts).toMatchObject([{ kind: 'failed', detail: expect.stringContaining(fault.split(':')[1] ?? '') }])
})

test.each(['sms-aliyun', 'sms-tencent'] as const)(
  '%s: a reply "1 8342" acknowledges, "2 8342" hands over, chatter does neither',
  async (kind) => {
    await world.open(kind).send(phone, aNotice(), 'k')
    await world.act({ person: phone, act: 'reply', text: '1 8342' })
    await world.act({ person: phone, act: 'reply', text: '２ 8342' })
    await world.act({ person: phone, act: 'reply', text: '收到，10分钟后到' })

    const replies = world.receipts.filter((receipt) => receipt.key)
    expect(replies).toMatchObject([
      { kind: 'acknowledge', phone, code: '8342' },
      { kind: 'hand-over', phone, code: '8342' },
    ])
  },
)

test('receipts sent again, in a heap with strangers and before the answer, all come to one event of ours', async () => {
  await world.fault('sms-aliyun', 'receipt-repeated')
  await world.open('sms-aliyun').send(phone, aNotice(), 'k1')
  await world.fault('sms-aliyun', 'receipt-batch')
  await world.open('sms-aliyun').send(phone, aNotice(), 'k2')
  await world.advance(seconds(5))

  const ours = world.receipts.filter((receipt) => receipt.phone === phone)
  expect(ours).toHaveLength(5)
  expect(new Set(ours.map((receipt) => receipt.eventId)).size).toBe(2)
  expect(world.receipts).toHaveLength(55)
})

test('a receipt that overtakes the answer to its sending is matched by our own reference', async () => {
  await world.fault('sms-aliyun', 'receipt-first')

  await world.open('sms-aliyun').send(phone, aNotice(), 'effect-2')

  expect(world.receipts).toMatchObject([{ kind: 'delivered', taskId: referenceOf('effect-2') }])
})

test('a receipt we could not take is sent again after a minute', async () => {
  await world.configure({ receiptUrls: { aliyun: 'http://127.0.0.1:1/aliyun' } })
  await world.open('sms-aliyun').send(phone, aNotice(), 'k')
  await world.advance(seconds(5))
  expect(world.receipts).toEqual([])

  await world.configure({ receiptUrls: { aliyun: `${world.callbackUrl}/aliyun` } })
  await world.advance(minutes(1))

  expect(world.receipts).toMatchObject([{ kind: 'delivered' }])
})

test('without a receipt Aliyun can be asked, across midnight too', async () => {
  await world.advance(hours(11) + minutes(59))
  const sms = world.open('sms-aliyun')
  const sent = await sms.send(phone, aNotice(), 'k')
  if (sent.result !== 'done') throw new Error('not sent')
  expect(await sms.check?.(phone, sent.sendId ?? '')).toBe('waiting')

  await world.advance(minutes(2))

  expect(await sms.check?.(phone, sent.sendId ?? '')).toBe('delivered')
})

test("Tencent's third SMS of a day waits until midnight in Beijing, and says what to ask for", async () => {
  const sms = world.open('sms-tencent')
  await sms.send(phone, aNotice(), 'k1')
  await world.advance(seconds(31))
  await sms.send(phone, aNotice(), 'k2')
  await world.advance(seconds(31))

  expect(await sms.send(phone, aNotice(), 'k3')).toMatchObject({
    retry: 'later',
    afterMs: hours(12) - seconds(62),
    reason: expect.stringContaining('调高上限'),
  })
})

test("Aliyun's 51st of a day is refused until the day is over", async () => {
  const sms = world.open('sms-aliyun')
  for (let n = 0; n < 50; n++) await sms.send(phone, aNotice(), `k${n}`)

  expect(await sms.send(phone, aNotice(), 'k50')).toMatchObject({ retry: 'later', afterMs: hours(24) })
  await world.fault('sms-aliyun', 'code:isv.BUSINESS_LIMIT_CONTROL 触发小时级流控Permits:5')
  expect(await sms.send('13800000002', aNotice(), 'k51')).toMatchObject({ retry: 'later', afterMs: hours(1) })
})

test.each([
  ['sms-aliyun', 'code:isv.AMOUNT_NOT_ENOUGH', { whose: 'configuration' }],
  ['sms-aliyun', 'code:isv.MOBILE_NUMBER_ILLEGAL', { whose: 'recipient' }],
  ['sms-aliyun', 'code:isp.SYSTEM_ERROR', { retry: 'later' }],
  ['sms-tencent', 'number:FailedOperation.PhoneNumberInBlacklist', { whose: 'recipient' }],
  ['sms-tencent', 'code:InternalError.Timeout', { result: 'unknown' }],
  ['sms-tencent', 'code:UnauthorizedOperation.SdkAppIdIsDisabled', { whose: 'configuration' }],
  ['sms-tencent', 'code:AuthFailure.SignatureExpire', { reason: expect.stringContaining('校准时间') }],
  ['sms-tencent', 'number:FailedOperation.ContainSensitiveWord', { whose: 'message' }],
] as const)('%s: %s', async (kind, fault, expected) => {
  await world.fault(kind, fault)

  expect(await world.open(kind).send(phone, aNotice(), 'k')).toMatchObject(expected)
})

test('Aliyun refuses at HTTP 400 just as at 200', async () => {
  await world.fault('sms-aliyun', 'refuse-at-400')

  expect(await world.open('sms-aliyun', { signName: '未报备' }).send(phone, aNotice(), 'k')).toMatchObject({
    whose: 'configuration',
    reason: expect.stringContaining('签名'),
  })
})

test.each(['sms-aliyun', 'sms-tencent', 'voice-aliyun', 'voice-tencent'] as const)(
  '%s: keys that are wrong are a matter for an administrator',
  async (kind) => {
    const keys = { accessKeySecret: 'wrong', secretKey: 'wrong' }

    expect(await world.open(kind, keys).send(phone, aNotice(), 'k')).toMatchObject({ retry: 'never', whose: 'configuration' })
  },
)

test('what no carrier would take is refused before it costs a call', async () => {
  // Whoever calls all the same is told that there is no money left.
  await world.fault('sms-aliyun', 'code:isv.AMOUNT_NOT_ENOUGH', 9)
  const sms = world.open('sms-aliyun')
  const withLink = aNotice({
    template: { name: 'page', values: { level: 'P1', client: '青禾', what: '见 https://a.cn/x', by: '03:17前', code: 'a' } },
  })

  expect(await sms.send('021-5555', aNotice(), 'k')).toMatchObject({ whose: 'recipient' })
  expect(await sms.send(phone, aNotice({ template: undefined }), 'k')).toMatchObject({ whose: 'message' })
  expect(await sms.send(phone, aNotice({ template: { name: 'nowhere', values: {} } }), 'k')).toMatchObject({
    whose: 'configuration',
  })
  expect(await sms.send(phone, aNotice({ template: { name: 'page', values: { level: 'P1' } } }), 'k')).toMatchObject({
    whose: 'message',
  })
  expect(await sms.send(phone, withLink, 'k')).toMatchObject({ whose: 'message', reason: expect.stringContaining('网址') })
  expect(await world.seen('sms-aliyun')).toEqual([])
})
