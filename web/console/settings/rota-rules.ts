import type { Gap, Override, Position, Shift } from '../../../src/people/rota.ts'
import type { RotaView } from '../../../src/people/rota-commands.ts'
import { atMinuteOfDay, WEEK, wallClock } from '../../../src/people/wall-clock.ts'
import { after, days, elapsed, type Instant, minutes } from '../../../src/platform/time.ts'

export const positions: readonly Position[] = ['first', 'backup']
/** One bar on the track of a day, in minutes of that day. */
export type Piece = { key: string; is: 'shift' | 'swap' | 'gap'; fromMinute: number; untilMinute: number } & (
  | { is: 'shift' | 'swap'; personId: string }
  | { is: 'gap'; because: Gap['because'] }
)
export type DayRow = { start: Instant; weekday: number; tracks: Record<Position, Piece[]> }
type Plan = Pick<RotaView, 'shifts' | 'overrides' | 'gaps' | 'zone'>

/** The week that begins today, each day cut out of shifts, swaps and gaps that may pass midnight. */
export function weekRows(plan: Plan, now: Instant): DayRow[] {
  const today = atMinuteOfDay(now, 0, plan.zone)
  return Array.from({ length: 7 }, (_, index) => {
    // Noon lies within the wanted day also when the clocks change.
    const noon = after(today, days(index) + days(0.5))
    const start = atMinuteOfDay(noon, 0, plan.zone)
    return {
      start,
      weekday: wallClock(noon, plan.zone).weekday,
      tracks: { first: piecesOf(plan, start, noon, 'first'), backup: piecesOf(plan, start, noon, 'backup') },
    }
  })
}

/** Swaps lie over shifts, gaps over both; nobody on duty leaves both tracks empty, because a backup would have moved up. */
function piecesOf(plan: Plan, start: Instant, noon: Instant, position: Position): Piece[] {
  const end = atMinuteOfDay(noon, 1440, plan.zone)
  const { weekday } = wallClock(noon, plan.zone)
  const at = (here: { position: Position }) => here.position === position
  return [
    ...plan.shifts.filter(at).flatMap((shift) => shiftOn(shift, weekday)),
    ...plan.overrides.filter(at).flatMap((override) => swapOn(override, start, end)),
    ...plan.gaps.filter((gap) => gap.missing === 'first' || gap.missing === position).flatMap((gap) => gapOn(gap, start, end)),
  ]
}

/** A shift of Sunday night also lies on Monday, so each is looked at in this week and the one before. */
function shiftOn(shift: Shift, weekday: number): Piece[] {
  const dayStart = (weekday - 1) * 1440
  const begins = (shift.weekday - 1) * 1440 + shift.fromMinute
  return [begins, begins - WEEK]
    .map((start) => ({ fromMinute: start - dayStart, untilMinute: start - dayStart + shift.lengthMinutes }))
    .flatMap((span) => clip(span).map((cut) => ({ key: shift.id, is: 'shift' as const, personId: shift.personId, ...cut })))
}

const swapOn = (override: Override, start: Instant, end: Instant): Piece[] =>
  cutTo(override.startsAt, override.endsAt, start, end).map((cut) => ({
    key: override.id,
    is: 'swap',
    personId: override.personId,
    ...cut,
  }))

const gapOn = (gap: Gap, start: Instant, end: Instant): Piece[] =>
  cutTo(gap.from, gap.until, start, end).map((cut) => ({ key: `gap ${gap.from}`, is: 'gap', because: gap.because, ...cut }))

function cutTo(from: Instant, until: Instant, start: Instant, end: Instant) {
  if (until <= start || from >= end) return []
  return clip({ fromMinute: elapsed(start, from) / 60_000, untilMinute: elapsed(start, until) / 60_000 })
}

function clip({ fromMinute, untilMinute }: { fromMinute: number; untilMinute: number }) {
  const cut = { fromMinute: Math.max(0, Math.floor(fromMinute)), untilMinute: Math.min(1440, Math.ceil(untilMinute)) }
  return cut.fromMinute < cut.untilMinute ? [cut] : []
}

/** Monday first, then by hour; on duty before backup. */
export const inOrder = (a: Shift, b: Shift): number =>
  a.weekday - b.weekday || a.fromMinute - b.fromMinute || positions.indexOf(a.position) - positions.indexOf(b.position)

/** On leave through all of a bar; a leave that begins or ends within it shows as a gap instead. */
export function isAwayAt(
  person: { awayFrom?: Instant; awayUntil?: Instant },
  dayStart: Instant,
  { fromMinute, untilMinute }: Pick<Piece, 'fromMinute' | 'untilMinute'>,
): boolean {
  if (!person.awayFrom || person.awayFrom > after(dayStart, minutes(fromMinute))) return false
  return !person.awayUntil || person.awayUntil >= after(dayStart, minutes(untilMinute))
}

export const weekdayKey = (weekday: number) => `weekday.${weekday as 1 | 2 | 3 | 4 | 5 | 6 | 7}` as const
