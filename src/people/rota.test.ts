import fc from 'fast-check'
import { expect, test } from 'vitest'
import { after, BEIJING, days, type Instant, instant, minutes } from '../platform/time.ts'
import { gaps, type Override, onDuty, type RotaPerson, type Shift } from './rota.ts'

const at = (text: string) => instant(`${text}+08:00`)
const mei: RotaPerson = { id: 'mei' }
const zhou: RotaPerson = { id: 'zhou' }
const wu: RotaPerson = { id: 'wu' }
const team = [mei, zhou, wu]

const shift = (
  personId: string,
  weekday: number,
  from: string,
  lengthHours: number,
  position: Shift['position'] = 'first',
): Shift => {
  const [hour, minute] = from.split(':').map(Number)
  return {
    id: `${personId}-${weekday}-${from}`,
    personId,
    weekday,
    fromMinute: hour! * 60 + minute!,
    lengthMinutes: lengthHours * 60,
    position,
  }
}
const override = (personId: string, startsAt: Instant, endsAt: Instant, position: Override['position'] = 'first'): Override => ({
  id: `${personId}-${startsAt}`,
  personId,
  startsAt,
  endsAt,
  position,
  reason: '换班',
})
const duty = (moment: string, shifts: Shift[], overrides: Override[] = [], people = team) =>
  onDuty(shifts, overrides, people, at(moment), BEIJING)

// 1 March 2026 is a Sunday.
test('a shift from Sunday 22:00 for ten hours covers 03:00 on Monday and ends at 08:00 to the minute', () => {
  const night = [shift('zhou', 7, '22:00', 10)]

  expect(duty('2026-03-01T21:59:59', night).first).toBeUndefined()
  expect(duty('2026-03-01T22:00', night).first).toBe('zhou')
  expect(duty('2026-03-02T03:00', night).first).toBe('zhou')
  expect(duty('2026-03-02T07:59:59', night).first).toBe('zhou')
  expect(duty('2026-03-02T08:00', night).first).toBeUndefined()
})

test('an override wins over the weekly plan, and the one that began last over the others', () => {
  const plan = [shift('zhou', 1, '00:00', 24), shift('wu', 1, '00:00', 24, 'backup')]
  const swaps = [
    override('mei', at('2026-03-02T09:00'), at('2026-03-02T18:00')),
    override('wu', at('2026-03-02T12:00'), at('2026-03-02T13:00')),
  ]

  expect(duty('2026-03-02T08:59', plan, swaps)).toEqual({ first: 'zhou', backup: 'wu' })
  expect(duty('2026-03-02T09:00', plan, swaps)).toEqual({ first: 'mei', backup: 'wu' })
  expect(duty('2026-03-02T12:30', plan, swaps)).toEqual({ first: 'wu', backup: undefined })
  expect(duty('2026-03-02T18:00', plan, swaps)).toEqual({ first: 'zhou', backup: 'wu' })
})

test('whoever is on leave is passed over and the backup moves up', () => {
  const plan = [shift('zhou', 1, '00:00', 24), shift('wu', 1, '00:00', 24, 'backup')]
  const onLeave = { ...zhou, awayFrom: at('2026-03-02T06:00'), awayUntil: at('2026-03-02T12:00') }

  expect(duty('2026-03-02T05:59', plan, [], [onLeave, wu])).toEqual({ first: 'zhou', backup: 'wu' })
  expect(duty('2026-03-02T06:00', plan, [], [onLeave, wu])).toEqual({ first: 'wu', backup: undefined })
  expect(duty('2026-03-02T12:00', plan, [], [onLeave, wu])).toEqual({ first: 'zhou', backup: 'wu' })
})

test('leave without an end lasts, and an override to somebody who left falls back to the plan', () => {
  const plan = [shift('zhou', 1, '00:00', 24)]
  const gone = { ...mei, leftAt: at('2026-02-01T00:00') }
  const away = { ...zhou, awayFrom: at('2026-01-01T00:00') }
  const swap = [override('mei', at('2026-03-02T00:00'), at('2026-03-03T00:00'))]

  expect(duty('2026-03-02T10:00', plan, swap, [gone, zhou]).first).toBe('zhou')
  expect(duty('2026-03-02T10:00', plan, swap, [gone, away])).toEqual({ first: undefined, backup: undefined })
})

test('one person never holds both positions', () => {
  const plan = [shift('zhou', 1, '00:00', 24), shift('zhou', 1, '00:00', 24, 'backup'), shift('wu', 1, '12:00', 12, 'backup')]

  expect(duty('2026-03-02T10:00', plan)).toEqual({ first: 'zhou', backup: undefined })
  expect(duty('2026-03-02T13:00', plan)).toEqual({ first: 'zhou', backup: 'wu' })
})

test('hours are those of the agency, also in the night the clocks change', () => {
  const night = [shift('zhou', 6, '22:00', 10)]
  // In Berlin the clocks go forward in the night to Sunday 29 March 2026: 08:00 comes an hour earlier.
  expect(onDuty(night, [], team, instant('2026-03-29T05:59:00Z'), 'Europe/Berlin').first).toBe('zhou')
  expect(onDuty(night, [], team, instant('2026-03-29T06:00:00Z'), 'Europe/Berlin').first).toBeUndefined()
  expect(gaps(night, [], team, instant('2026-03-28T12:00:00Z'), instant('2026-03-29T12:00:00Z'), 'Europe/Berlin')).toMatchObject([
    { until: '2026-03-28T21:00:00.000Z', missing: 'first' },
    { until: '2026-03-29T06:00:00.000Z', missing: 'backup' },
    { from: '2026-03-29T06:00:00.000Z', missing: 'first' },
  ])
})

test('gaps name the hours in which an alarm would reach nobody, and why', () => {
  const plan = [shift('zhou', 1, '08:00', 12), shift('wu', 1, '08:00', 12, 'backup')]
  const onLeave = { ...wu, awayFrom: at('2026-03-02T18:00'), awayUntil: at('2026-03-03T18:00') }

  expect(gaps(plan, [], [zhou, onLeave], at('2026-03-02T00:00'), at('2026-03-03T00:00'), BEIJING)).toEqual([
    { from: at('2026-03-02T00:00'), until: at('2026-03-02T08:00'), missing: 'first', because: 'nobody-planned' },
    { from: at('2026-03-02T18:00'), until: at('2026-03-02T20:00'), missing: 'backup', because: 'absent' },
    { from: at('2026-03-02T20:00'), until: at('2026-03-03T00:00'), missing: 'first', because: 'nobody-planned' },
  ])
})

test('a week with two people on every hour has no gap', () => {
  const plan = [1, 2, 3, 4, 5, 6, 7].flatMap((day) => [shift('zhou', day, '09:00', 24), shift('wu', day, '09:00', 24, 'backup')])

  expect(gaps(plan, [], team, at('2026-03-02T00:00'), at('2026-03-16T00:00'), BEIJING)).toEqual([])
})

test('whatever the plan, gaps and duty tell the same story at every minute', () => {
  const someone = fc.constantFrom('mei', 'zhou', 'wu')
  const position = fc.constantFrom('first' as const, 'backup' as const)
  const from = at('2026-03-02T00:00')
  const minuteOf = (n: number) => after(from, minutes(n))
  const shifts = fc.array(
    fc.record({
      id: fc.uuid(),
      weekday: fc.integer({ min: 1, max: 7 }),
      fromMinute: fc.integer({ min: 0, max: 1439 }),
      lengthMinutes: fc.integer({ min: 1, max: 1440 }),
      position,
      personId: someone,
    }),
    { maxLength: 12 },
  )
  const overrides = fc.array(
    fc.record({
      id: fc.uuid(),
      start: fc.integer({ min: -600, max: 4000 }),
      length: fc.integer({ min: 1, max: 900 }),
      position,
      personId: someone,
    }),
    { maxLength: 4 },
  )
  const leave = fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 1, max: 900 }))

  fc.assert(
    fc.property(
      shifts,
      overrides,
      leave,
      fc.array(fc.integer({ min: 0, max: 2 * 1440 - 1 }), { minLength: 20, maxLength: 20 }),
      (plan, swaps, [start, length], probes) => {
        const swapped = swaps.map(
          (s): Override => ({ ...s, startsAt: minuteOf(s.start), endsAt: minuteOf(s.start + s.length), reason: 'x' }),
        )
        const people = [mei, zhou, { ...wu, awayFrom: minuteOf(start), awayUntil: minuteOf(start + length) }]
        const found = gaps(plan, swapped, people, from, after(from, days(2)), BEIJING)
        for (const probe of probes) {
          const moment = minuteOf(probe)
          const now = onDuty(plan, swapped, people, moment, BEIJING)
          const expected = now.first ? (now.backup ? undefined : 'backup') : 'first'
          expect(found.find((gap) => gap.from <= moment && moment < gap.until)?.missing).toBe(expected)
        }
      },
    ),
    { numRuns: 60, seed: 26 },
  )
})
