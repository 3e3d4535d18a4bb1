import { epoch, type Instant, instant, minutes } from '../platform/time.ts'

/** Minutes since Monday 00:00 on the wall clock of a zone. */
export type WeekMinute = number
export const WEEK = 7 * 1440

type Wall = { year: number; month: number; day: number; weekday: number; minute: number }

const formats = new Map<string, Intl.DateTimeFormat>()
/** Building a formatter costs more than a hundred uses of it. */
function format(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
  const made = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...parts })
  formats.set(zone, made)
  return made
}

/** Reads the wall clock of a zone at a moment. Weekday 1 is Monday. */
export function wallClock(at: Instant, zone: string): Wall {
  const read: Record<string, number> = {}
  for (const part of format(zone).formatToParts(epoch(at))) read[part.type] = Number(part.value)
  const [year, month, day] = [read.year!, read.month!, read.day!]
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7
  return { year, month, day, weekday, minute: read.hour! * 60 + read.minute! }
}

export function clockMinute(at: Instant, zone: string): WeekMinute {
  const wall = wallClock(at, zone)
  return (wall.weekday - 1) * 1440 + wall.minute
}

/** The moment at which a wall clock shows `minute` of the local day of `day` (may run over midnight). */
export function atMinuteOfDay(day: Instant, minute: number, zone: string): Instant {
  const wall = wallClock(day, zone)
  const shown = Date.UTC(wall.year, wall.month - 1, wall.day) + minutes(minute)
  // Guess with the offset of the day, then correct once with the offset found there: enough for any change of clocks.
  const guess = shown - offset(instant(shown), zone)
  return instant(shown - offset(instant(guess), zone))
}

/** The same when the local day of `day` is that weekday, otherwise nothing. */
export function wallMoment(day: Instant, weekday: number, minute: number, zone: string): Instant | undefined {
  return wallClock(day, zone).weekday === weekday ? atMinuteOfDay(day, minute, zone) : undefined
}

/** How far the wall clock is ahead of UTC, in milliseconds. */
function offset(at: Instant, zone: string): number {
  const wall = wallClock(at, zone)
  const shown = Date.UTC(wall.year, wall.month - 1, wall.day) + minutes(wall.minute)
  return shown - Math.floor(epoch(at) / 60_000) * 60_000
}
