import fc from 'fast-check'
import { expect, test } from 'vitest'
import { after, BEIJING, elapsed, hours, instant, minutes } from '../platform/time.ts'
import { awakeAfter, defaultNight, isNight, mayDisturbFrom, morning, type QuietHours } from './quiet-hours.ts'
import { atMinuteOfDay, wallClock } from './wall-clock.ts'

const at = (text: string) => instant(`${text}+08:00`)

test('night runs from ten to eight, and its morning is the next eight o’clock', () => {
  expect(isNight(at('2026-03-01T21:59'), defaultNight)).toBe(false)
  expect(isNight(at('2026-03-01T22:00'), defaultNight)).toBe(true)
  expect(morning(at('2026-03-01T23:30'), defaultNight)).toBe(at('2026-03-02T08:00'))
  expect(morning(at('2026-03-02T03:00'), defaultNight)).toBe(at('2026-03-02T08:00'))
  expect(morning(at('2026-03-02T08:00'), defaultNight)).toBe(at('2026-03-02T08:00'))
})

test('a night within one day and no night at all are understood too', () => {
  const siesta: QuietHours = { fromMinute: 780, untilMinute: 900, zone: BEIJING }

  expect(morning(at('2026-03-02T13:30'), siesta)).toBe(at('2026-03-02T15:00'))
  expect(awakeAfter(at('2026-03-02T12:50'), minutes(20), siesta)).toBe(at('2026-03-02T15:10'))
  expect(awakeAfter(at('2026-03-02T23:00'), hours(5), { ...defaultNight, fromMinute: 0, untilMinute: 0 })).toBe(
    at('2026-03-03T04:00'),
  )
})

test('what would fall on the first minute of the night falls on the first of the morning', () => {
  expect(awakeAfter(at('2026-03-02T21:50'), minutes(9), defaultNight)).toBe(at('2026-03-02T21:59'))
  expect(awakeAfter(at('2026-03-02T21:50'), minutes(10), defaultNight)).toBe(at('2026-03-03T08:00'))
})

test('a person gets one message in ten minutes, except for a P1', () => {
  const [last, now] = [at('2026-03-02T10:00'), at('2026-03-02T10:04')]

  expect(mayDisturbFrom('P1', last, now)).toBe(now)
  expect(mayDisturbFrom('P2', last, now)).toBe(at('2026-03-02T10:10'))
  expect(mayDisturbFrom('P2', last, at('2026-03-02T10:11'))).toBe(at('2026-03-02T10:11'))
  expect(mayDisturbFrom('P3', undefined, now)).toBe(now)
})

test('whenever it starts and however long it lasts, waking time ends by day and is never shorter than asked', () => {
  const start = fc.integer({ min: 0, max: 10_000 }).map((n) => after(at('2026-03-01T00:00'), minutes(n)))

  fc.assert(
    fc.property(start, fc.integer({ min: 0, max: 3000 }).map(minutes), (from, length) => {
      const end = awakeAfter(from, length, defaultNight)
      expect(isNight(end, defaultNight)).toBe(false)
      expect(elapsed(from, end)).toBeGreaterThanOrEqual(length)
    }),
    { numRuns: 300, seed: 26 },
  )
})

test('the wall clock is found again from its reading, in every zone and season', () => {
  const zone = fc.constantFrom(BEIJING, 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'UTC')
  // From three hours after midnight on: before that, in spring, some readings do not exist.
  fc.assert(
    fc.property(zone, fc.integer({ min: 0, max: 364 }), fc.integer({ min: 181, max: 1439 }), (where, day, minute) => {
      const noon = instant(Date.UTC(2026, 0, 1 + day, 12))
      const found = atMinuteOfDay(noon, minute, where)
      expect(wallClock(found, where)).toMatchObject({ minute, day: wallClock(noon, where).day })
    }),
    { numRuns: 500, seed: 26 },
  )
})
