import { after, BEIJING, type Duration, elapsed, type Instant, minutes } from '../platform/time.ts'
import type { Severity } from './escalation.ts'
import { atMinuteOfDay, wallClock } from './wall-clock.ts'

/** Night on the wall clock of the agency; may pass midnight. Equal ends mean no night. */
export type QuietHours = { fromMinute: number; untilMinute: number; zone: string }

export const defaultNight: QuietHours = { fromMinute: 22 * 60, untilMinute: 8 * 60, zone: BEIJING }

/**
 * P1 and P2 wake people; P3 and P4 wait for the morning. Only a P3 whose slot is due before morning rings at night, because
 * in the morning it would be too late (handbook §1).
 */
export function quietFor(severity: Severity, night: QuietHours, slotDueBeforeMorning = false): QuietHours | undefined {
  if (severity === 'P1' || severity === 'P2') return undefined
  if (severity === 'P3' && slotDueBeforeMorning) return undefined
  return night
}

export function isNight(at: Instant, { fromMinute, untilMinute, zone }: QuietHours): boolean {
  const { minute } = wallClock(at, zone)
  if (fromMinute === untilMinute) return false
  return fromMinute < untilMinute ? fromMinute <= minute && minute < untilMinute : minute >= fromMinute || minute < untilMinute
}

/** The moment the night around `at` ends; by day `at` itself. */
export function morning(at: Instant, night: QuietHours): Instant {
  if (!isNight(at, night)) return at
  const { minute } = wallClock(at, night.zone)
  return atMinuteOfDay(at, minute < night.untilMinute ? night.untilMinute : 1440 + night.untilMinute, night.zone)
}

/**
 * `duration` of waking time after `at`: the clock stands still at night. So hops keep their distance, and in the morning the
 * backup is not rung in the same second as the one on duty.
 */
export function awakeAfter(at: Instant, duration: Duration, night: QuietHours): Instant {
  if (night.fromMinute === night.untilMinute) return after(at, duration)
  let from = morning(at, night)
  let rest = duration
  for (;;) {
    const evening = nextEvening(from, night)
    const left = elapsed(from, evening)
    if (rest < left) return after(from, rest)
    rest -= left
    from = morning(evening, night)
  }
}

function nextEvening(day: Instant, night: QuietHours): Instant {
  const { minute } = wallClock(day, night.zone)
  return atMinuteOfDay(day, minute < night.fromMinute ? night.fromMinute : 1440 + night.fromMinute, night.zone)
}

const bundle = minutes(10)

/** When the next message may reach a person: a P1 at once, others ten minutes after the last one, bundled (ux.md §17). */
export function mayDisturbFrom(severity: Severity, lastMessageAt: Instant | undefined, now: Instant): Instant {
  if (severity === 'P1' || lastMessageAt === undefined) return now
  const calm = after(lastMessageAt, bundle)
  return calm > now ? calm : now
}
