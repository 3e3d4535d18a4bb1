import { describe, expect, test } from 'vitest'
import { defaultPolicies } from '../people/escalation.ts'
import { BEIJING, clockTime, type Instant, instant, minutes } from '../platform/time.ts'
import { defaultPolicy, firstWordDue } from './policy.ts'

const beijing = (text: string) => instant(`${text}+08:00`)
const minuteOfDay = (at: Instant) =>
  clockTime(at, BEIJING)
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0)
const due = (severity: 'P1' | 'P2' | 'P3' | 'P4', at: string, quiet?: { fromMinute: number; untilMinute: number }) =>
  firstWordDue(severity, beijing(at), minutes(15), quiet, minuteOfDay)
const night = { fromMinute: 22 * 60, untilMinute: 8 * 60 }

describe('the first word to the client', () => {
  test.each(['P1', 'P2'] as const)('of a %s is due after fifteen minutes, at any hour', (severity) => {
    expect(due(severity, '2026-11-22T03:02', night)).toEqual({ dueAt: beijing('2026-11-22T03:17') })
  })

  test.each([
    ['before midnight', '2026-11-21T23:30', '2026-11-22T08:15'],
    ['after midnight', '2026-11-22T03:02', '2026-11-22T08:15'],
    ['at the first quiet minute', '2026-11-21T22:00', '2026-11-22T08:15'],
    ['at the last quiet minute', '2026-11-22T07:59', '2026-11-22T08:15'],
  ])('of a P3 seen %s waits for the end of the quiet hours and says so', (_, at, expected) => {
    expect(due('P3', at, night)).toEqual({ dueAt: beijing(expected), shifted: '按约定的安静时段，08:00 后再告知' })
  })

  test.each(['2026-11-22T08:00', '2026-11-22T12:00', '2026-11-22T21:59'])(
    'of a P3 seen by day (%s) is due after fifteen minutes',
    (at) => {
      expect(due('P3', at, night)).toEqual({ dueAt: instant(Date.parse(beijing(at)) + minutes(15)) })
    },
  )

  test('quiet hours within one day are kept too', () => {
    expect(due('P4', '2026-11-22T12:30', { fromMinute: 12 * 60, untilMinute: 14 * 60 }).dueAt).toBe(beijing('2026-11-22T14:15'))
    expect(due('P4', '2026-11-22T23:30', { fromMinute: 12 * 60, untilMinute: 14 * 60 }).dueAt).toBe(beijing('2026-11-22T23:45'))
  })

  test('equal ends mean no quiet hours, not a day of silence', () => {
    expect(due('P3', '2026-11-22T03:02', { fromMinute: 0, untilMinute: 0 }).dueAt).toBe(beijing('2026-11-22T03:17'))
  })

  test('a client without agreed quiet hours hears within fifteen minutes', () => {
    expect(due('P4', '2026-11-22T03:02').dueAt).toBe(beijing('2026-11-22T03:17'))
  })
})

test('updates are promised every 20 minutes for P1, every 30 for P2, daily for P3', () => {
  const every = (severity: 'P1' | 'P2' | 'P3') => defaultPolicy(severity, defaultPolicies[severity]).updateEvery
  expect([every('P1'), every('P2'), every('P3')]).toEqual([minutes(20), minutes(30), minutes(24 * 60)])
})
