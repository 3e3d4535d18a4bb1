import { expect, test } from 'vitest'
import type { Shift } from '../../../src/people/rota.ts'
import { BEIJING, instant } from '../../../src/platform/time.ts'
import { inOrder, weekRows } from './rota-rules.ts'

// A Wednesday.
const now = instant('2026-03-04T15:00:00+08:00')
const aShift = (fields: Partial<Shift>): Shift => ({
  id: 'shift',
  weekday: 3,
  fromMinute: 480,
  lengthMinutes: 720,
  position: 'first',
  personId: 'lin',
  ...fields,
})
const plan = (fields: Partial<Parameters<typeof weekRows>[0]>) => ({
  zone: BEIJING,
  shifts: [],
  overrides: [],
  gaps: [],
  ...fields,
})
const spans = (row: ReturnType<typeof weekRows>[number] | undefined, track: 'first' | 'backup') =>
  row?.tracks[track].map((piece) => [piece.is, piece.fromMinute, piece.untilMinute])

test('the week begins today and has each weekday once', () => {
  const rows = weekRows(plan({}), now)

  expect(rows.map((row) => row.weekday)).toEqual([3, 4, 5, 6, 7, 1, 2])
  expect(rows[0]?.start).toBe(instant('2026-03-04T00:00:00+08:00'))
})

test('a night shift lies on both days it touches, also from Sunday into Monday', () => {
  const rows = weekRows(plan({ shifts: [aShift({ weekday: 7, fromMinute: 1320, lengthMinutes: 600 })] }), now)

  expect(spans(rows[4], 'first')).toEqual([['shift', 1320, 1440]])
  expect(spans(rows[5], 'first')).toEqual([['shift', 0, 480]])
  expect(spans(rows[6], 'first')).toEqual([])
})

test('a swap is drawn after the shift it replaces, so that it is seen', () => {
  const swap = {
    id: 'swap',
    startsAt: instant('2026-03-04T18:00:00+08:00'),
    endsAt: instant('2026-03-05T02:00:00+08:00'),
    position: 'first' as const,
    personId: 'wu',
    reason: '换班',
  }
  const rows = weekRows(plan({ shifts: [aShift({})], overrides: [swap] }), now)

  expect(spans(rows[0], 'first')).toEqual([
    ['shift', 480, 1200],
    ['swap', 1080, 1440],
  ])
  expect(spans(rows[1], 'first')).toEqual([['swap', 0, 120]])
})

test('nobody on duty hatches both tracks, a missing backup only its own', () => {
  const gap = (missing: 'first' | 'backup', day: string) => ({
    from: instant(`2026-03-${day}T00:00:00+08:00`),
    until: instant(`2026-03-${day}T08:00:00+08:00`),
    missing,
    because: 'nobody-planned' as const,
  })
  const rows = weekRows(plan({ gaps: [gap('first', '05'), gap('backup', '06')] }), now)

  expect([spans(rows[1], 'first'), spans(rows[1], 'backup')]).toEqual([[['gap', 0, 480]], [['gap', 0, 480]]])
  expect([spans(rows[2], 'first'), spans(rows[2], 'backup')]).toEqual([[], [['gap', 0, 480]]])
})

test('shifts are listed by day, hour and position', () => {
  const late = aShift({ id: 'late', weekday: 1, fromMinute: 1200 })
  const backup = aShift({ id: 'backup', weekday: 1, position: 'backup' })
  const first = aShift({ id: 'first', weekday: 1 })

  expect([aShift({ id: 'wed' }), late, backup, first].sort(inOrder).map((shift) => shift.id)).toEqual([
    'first',
    'backup',
    'late',
    'wed',
  ])
})
