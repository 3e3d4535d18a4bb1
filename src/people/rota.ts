import { after, before, days, epoch, type Instant } from '../platform/time.ts'
import { isAvailable, type Person, type PersonId } from './people.ts'
import { clockMinute, WEEK, type WeekMinute, wallMoment } from './wall-clock.ts'

export type Position = 'first' | 'backup'
/** Every week: weekday 1 (Monday) … 7, minutes of the agency's local day; may pass midnight. */
export type Shift = {
  id: string
  weekday: number
  fromMinute: number
  lengthMinutes: number
  position: Position
  personId: PersonId
}
/** Somebody else for a while, with the reason; wins over the weekly plan. */
export type Override = {
  id: string
  startsAt: Instant
  endsAt: Instant
  position: Position
  personId: PersonId
  reason: string
  madeBy?: PersonId
}
export type RotaPerson = Pick<Person, 'id' | 'leftAt' | 'awayFrom' | 'awayUntil'>
export type Duty = { first?: PersonId; backup?: PersonId }

/**
 * Who is on duty at a moment.
 *
 * An override goes before the weekly plan, the one that began last before older ones. Whoever is on leave or has left is passed
 * over and the next in line stands in; when nobody is left for the first position the backup moves up, because an alarm must
 * ring somewhere. One person never holds both positions: a backup is someone else.
 */
export function onDuty(shifts: Shift[], overrides: Override[], people: RotaPerson[], at: Instant, zone: string): Duty {
  const minute = clockMinute(at, zone)
  const available = new Set(people.filter((person) => isAvailable(person, at)).map((person) => person.id))
  const inLine = (position: Position): PersonId[] =>
    planned(shifts, overrides, position, at, minute).filter((id) => available.has(id))
  const backups = inLine('backup')
  const first = inLine('first')[0] ?? backups[0]
  return { first, backup: backups.find((id) => id !== first) }
}

/** Who was planned for a position, best first, whether or not they can come. */
function planned(shifts: Shift[], overrides: Override[], position: Position, at: Instant, minute: WeekMinute): PersonId[] {
  const replacing = overrides
    .filter((override) => override.position === position && override.startsAt <= at && at < override.endsAt)
    .sort((a, b) => (a.startsAt === b.startsAt ? (a.id < b.id ? 1 : -1) : a.startsAt < b.startsAt ? 1 : -1))
  const weekly = shifts.filter((shift) => shift.position === position && covers(shift, minute))
  return [...replacing, ...weekly].map((entry) => entry.personId)
}

/** Counted on the wall clock: a shift from 22:00 for ten hours ends at 08:00 also in the night the clocks change. */
const covers = (shift: Shift, minute: WeekMinute): boolean => {
  const start = (shift.weekday - 1) * 1440 + shift.fromMinute
  return (minute - start + WEEK) % WEEK < shift.lengthMinutes
}

/** `first` is missing: an alarm would reach nobody. `backup` is missing: nobody to climb to. */
export type Gap = { from: Instant; until: Instant; missing: Position; because: 'nobody-planned' | 'absent' }

/** Where the plan leaves nobody, from now on: duty changes only where a shift, an override or a leave begins or ends. */
export function gaps(
  shifts: Shift[],
  overrides: Override[],
  people: RotaPerson[],
  from: Instant,
  to: Instant,
  zone: string,
): Gap[] {
  const turns = turningPoints(shifts, overrides, people, from, to, zone)
  const found: Gap[] = []
  for (const [index, start] of turns.entries()) {
    const until = turns[index + 1] ?? to
    const gap = gapAt(shifts, overrides, people, start, until, zone)
    const last = found.at(-1)
    if (gap && last && last.until === start && last.missing === gap.missing && last.because === gap.because) last.until = until
    else if (gap) found.push(gap)
  }
  return found
}

function gapAt(
  shifts: Shift[],
  overrides: Override[],
  people: RotaPerson[],
  at: Instant,
  until: Instant,
  zone: string,
): Gap | undefined {
  const duty = onDuty(shifts, overrides, people, at, zone)
  if (duty.first && duty.backup) return undefined
  const minute = clockMinute(at, zone)
  const names = new Set((['first', 'backup'] as const).flatMap((position) => planned(shifts, overrides, position, at, minute)))
  const enough = duty.first ? 2 : 1
  return {
    from: at,
    until,
    missing: duty.first ? 'backup' : 'first',
    because: names.size >= enough ? 'absent' : 'nobody-planned',
  }
}

function turningPoints(
  shifts: Shift[],
  overrides: Override[],
  people: RotaPerson[],
  from: Instant,
  to: Instant,
  zone: string,
): Instant[] {
  const turns = new Set<Instant>([from])
  const add = (at: Instant | undefined) => {
    if (at !== undefined && from < at && at < to) turns.add(at)
  }
  for (const override of overrides) [override.startsAt, override.endsAt].forEach(add)
  for (const person of people) [person.awayFrom, person.awayUntil, person.leftAt].forEach(add)
  // A shift that began two days ago may still end inside; the day after covers zones ahead of UTC.
  for (let day = before(from, days(2)); epoch(day) <= epoch(to) + days(1); day = after(day, days(1))) {
    for (const shift of shifts) {
      const starts = wallMoment(day, shift.weekday, shift.fromMinute, zone)
      if (starts === undefined) continue
      add(starts)
      add(wallMoment(day, shift.weekday, shift.fromMinute + shift.lengthMinutes, zone))
    }
  }
  return [...turns].sort()
}
