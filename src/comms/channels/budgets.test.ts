import { describe, expect, test } from 'vitest'
import { hours, type Instant, instant, minutes, after as plus, seconds } from '../../platform/time.ts'
import { maySend, type PastSend, soonest } from './budgets.ts'
import type { ChannelKind } from './channel.ts'
import { limits } from './limits.ts'

const noon = instant('2026-11-22T12:00:00+08:00')

const sends = (kind: ChannelKind, times: Instant[], changes: Partial<PastSend> = {}): PastSend[] =>
  times.map((at) => ({ kind, supplier: 's1', to: 'zhou', at, ...changes }))
const every = (step: number, count: number, from: Instant = noon): Instant[] =>
  Array.from({ length: count }, (_, n) => plus(from, n * step))
const next = (kind: ChannelKind, changes: Partial<{ to: string; supplier: string; content: string; urgent: boolean }> = {}) => ({
  kind,
  supplier: 's1',
  to: 'zhou',
  urgent: true,
  ...changes,
})

test('the first message may always go, on every channel', () => {
  for (const kind of Object.keys(limits) as ChannelKind[]) expect(maySend(next(kind), [], noon)).toMatchObject({ may: true })
})

test('the 20th message of a minute to a WeCom group goes, the 21st waits for the first to be a minute old', () => {
  const past = sends('wecom-robot', every(seconds(1), 19))
  expect(maySend(next('wecom-robot'), past, plus(noon, seconds(19)))).toEqual({ may: true, left: 1 })

  const full = sends('wecom-robot', every(seconds(1), 20))
  expect(maySend(next('wecom-robot'), full, plus(noon, seconds(20)))).toMatchObject({ may: false, at: plus(noon, minutes(1)) })
  expect(maySend(next('wecom-robot'), full, plus(noon, minutes(1)))).toMatchObject({ may: true })
})

test('what one robot has sent does not count against another, nor one person against another', () => {
  const full = sends('wecom-robot', every(seconds(1), 20))
  expect(maySend(next('wecom-robot', { supplier: 's2' }), full, plus(noon, seconds(20)))).toMatchObject({ may: true })

  const silenced = sends('wecom-app', every(seconds(1), 30))
  expect(maySend(next('wecom-app'), silenced, plus(noon, seconds(31)))).toMatchObject({ may: false })
  expect(maySend(next('wecom-app', { to: 'mei' }), silenced, plus(noon, seconds(31)))).toMatchObject({ may: true })
})

test('reminders never use up what a page may need', () => {
  const past = sends('wecom-robot', every(seconds(1), 15))
  const now = plus(noon, seconds(16))

  expect(maySend(next('wecom-robot', { urgent: false }), past, now)).toMatchObject({ may: false })
  expect(maySend(next('wecom-robot', { urgent: true }), past, now)).toEqual({ may: true, left: 5 })
})

test('a supplier that told us to wait is not asked before', () => {
  const past = sends('dingtalk-robot', [noon], { heldUntil: plus(noon, minutes(10)) })

  expect(maySend(next('dingtalk-robot'), past, plus(noon, minutes(9)))).toMatchObject({
    may: false,
    at: plus(noon, minutes(10)),
  })
  expect(maySend(next('dingtalk-robot'), past, plus(noon, minutes(10)))).toMatchObject({ may: true })
})

test('where several limits stand in the way, the last of them to open counts', () => {
  const past = sends('voice-aliyun', [...every(minutes(2), 5)])

  // Half a minute after the fifth call both the minute and the hour are full.
  expect(maySend(next('voice-aliyun'), past, plus(noon, minutes(8.5)))).toMatchObject({ may: false, at: plus(noon, hours(1)) })
  expect(
    maySend(next('voice-tencent'), sends('voice-tencent', [noon, plus(noon, minutes(9.8))]), plus(noon, minutes(9.9))),
  ).toMatchObject({
    at: plus(noon, minutes(9.8) + seconds(30)),
  })
})

describe('telephones', () => {
  test('once a minute, five an hour, from the first call on', () => {
    const one = sends('voice-aliyun', [noon])
    expect(maySend(next('voice-aliyun'), one, plus(noon, seconds(59)))).toMatchObject({
      may: false,
      at: plus(noon, minutes(1)),
    })

    const five = sends('voice-aliyun', every(minutes(2), 5))
    expect(maySend(next('voice-aliyun'), five, plus(noon, minutes(30)))).toMatchObject({ may: false, at: plus(noon, hours(1)) })
    // The window opened with the first call: an hour after it all five are forgotten at once.
    expect(maySend(next('voice-aliyun'), five, plus(noon, hours(1)))).toMatchObject({ may: true, left: 1 })
  })

  test('an hour that began with an early call does not lend its end to the next', () => {
    const past = sends('voice-aliyun', [noon, ...every(minutes(2), 5, plus(noon, minutes(61)))])

    expect(maySend(next('voice-aliyun'), past, plus(noon, minutes(75)))).toMatchObject({
      may: false,
      at: plus(noon, minutes(121)),
    })
  })

  test('twenty a day', () => {
    const past = sends('voice-aliyun', every(minutes(62), 20))

    expect(maySend(next('voice-aliyun'), past, plus(noon, hours(21)))).toMatchObject({ may: false, at: plus(noon, hours(24)) })
  })

  test('two incidents never ring the same person at the same moment', () => {
    expect(maySend(next('voice-aliyun'), sends('voice-aliyun', [noon]), noon)).toMatchObject({ may: false })
  })

  const evening = instant('2026-11-22T22:30:00+08:00')
  test('Tencent rings once a night, across midnight, and again in the morning', () => {
    const past = sends('voice-tencent', [evening])

    expect(maySend(next('voice-tencent'), past, instant('2026-11-23T03:00:00+08:00'))).toMatchObject({
      may: false,
      at: instant('2026-11-23T08:00:00+08:00'),
    })
    expect(maySend(next('voice-tencent'), past, instant('2026-11-23T08:00:00+08:00'))).toMatchObject({ may: true })
  })

  test('a call of the afternoon does not use up the night', () => {
    const past = sends('voice-tencent', [instant('2026-11-22T21:59:00+08:00')])

    expect(maySend(next('voice-tencent'), past, evening)).toMatchObject({ may: true })
  })

  test("the night's only call is for what is urgent", () => {
    expect(maySend(next('voice-tencent', { urgent: false }), [], evening)).toMatchObject({
      may: false,
      at: instant('2026-11-23T08:00:00+08:00'),
    })
  })
})

describe('SMS', () => {
  test('Tencent: two a Beijing day, the second kept for what is urgent', () => {
    const one = sends('sms-tencent', [noon])
    const two = sends('sms-tencent', [noon, plus(noon, hours(1))])
    const later = plus(noon, hours(2))

    expect(maySend(next('sms-tencent', { urgent: false }), one, later)).toMatchObject({ may: false })
    expect(maySend(next('sms-tencent'), one, later)).toMatchObject({ may: true })
    expect(maySend(next('sms-tencent'), two, later)).toMatchObject({ may: false, at: instant('2026-11-23T00:00:00+08:00') })
  })

  test('Tencent: the same words twice within 30 seconds, never; other words, yes', () => {
    const past = sends('sms-tencent', [noon], { content: 'page' })
    const soon = plus(noon, seconds(10))

    expect(maySend(next('sms-tencent', { content: 'page' }), past, soon)).toMatchObject({
      may: false,
      at: plus(noon, seconds(30)),
    })
    expect(maySend(next('sms-tencent', { content: 'reminder' }), past, soon)).toMatchObject({ may: true })
    // Words nobody noted may have been the same.
    expect(maySend(next('sms-tencent'), past, soon)).toMatchObject({ may: false })
  })

  test('Aliyun: fifty of one template within 24 hours', () => {
    const past = sends('sms-aliyun', every(minutes(1), 50), { content: 'page' })

    expect(maySend(next('sms-aliyun', { content: 'page' }), past, plus(noon, hours(2)))).toMatchObject({
      may: false,
      at: plus(noon, hours(24)),
    })
    expect(maySend(next('sms-aliyun', { content: 'reminder' }), past, plus(noon, hours(2)))).toMatchObject({ may: true })
  })
})

test('Feishu: five a second and a hundred a minute, each on its own', () => {
  expect(maySend(next('feishu-robot'), sends('feishu-robot', every(100, 5)), plus(noon, 500))).toMatchObject({
    may: false,
    at: plus(noon, 1000),
  })
  expect(maySend(next('feishu-robot'), sends('feishu-robot', every(300, 100)), plus(noon, seconds(31)))).toMatchObject({
    may: false,
    at: plus(noon, minutes(1)),
  })
})

test('a client of 企业群发 may be written to several times on the day of an incident, and not without end', () => {
  const past = sends('wecom-customers', every(hours(1), 24))
  const now = plus(noon, hours(24))

  expect(maySend(next('wecom-customers'), past, now)).toEqual({ may: true, left: 4 })
  expect(maySend(next('wecom-customers', { urgent: false }), past, now)).toMatchObject({ may: false })
})

test('an account whose limits were raised is held to its own', () => {
  const raised = [{ per: 'person' as const, window: { runs: 'night' as const }, count: 50, why: '已申请提高' }]
  const past = sends('voice-tencent', [instant('2026-11-22T23:00:00+08:00')])

  expect(maySend(next('voice-tencent'), past, instant('2026-11-23T02:00:00+08:00'), raised)).toEqual({ may: true, left: 49 })
})

test('of several channels we wait for the first that opens', () => {
  const wait = (at: Instant) => ({ may: false as const, at, why: '' })

  expect(soonest([wait(plus(noon, hours(2))), wait(plus(noon, minutes(3)))], noon)).toBe(plus(noon, minutes(3)))
  expect(soonest([wait(plus(noon, hours(2))), { may: true, left: 1 }], noon)).toBe(noon)
  expect(soonest([], noon)).toBeUndefined()
})

test.each([
  ['wecom-robot', 20, minutes(1)],
  ['dingtalk-robot', 20, minutes(1)],
] as const)('%s: whoever keeps to the budget is never refused: no minute holds more than %i', (kind, count, window) => {
  const past: PastSend[] = []
  let now = noon
  for (let n = 0; n < 200; n++) {
    const answer = maySend(next(kind), past, now)
    if (!answer.may) now = answer.at
    past.push({ kind, supplier: 's1', to: 'zhou', at: now })
    now = plus(now, 700)
  }

  const times = past.map((send) => Date.parse(send.at))
  for (const [index, at] of times.entries()) {
    expect(times.filter((other, position) => position >= index && other - at < window).length).toBeLessThanOrEqual(count)
  }
})
