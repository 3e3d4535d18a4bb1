import { type Duration, epoch, type Instant, instant, minutes } from '../../src/platform/time.ts'

/**
 * The time on screen is the server's, whatever the device's clock says. A sample is one answer of the server: when the device
 * asked, when the answer came (both by the device's clock) and what the server's clock said in between.
 */
export type Sample = { serverNow: Instant; sentAt: number; receivedAt: number }
/** `offset` is added to the device's clock; the truth lies within `uncertainty` of it. */
export type Offset = { offset: Duration; uncertainty: Duration }

export function measure({ serverNow, sentAt, receivedAt }: Sample): Offset {
  const middle = (sentAt + receivedAt) / 2
  return { offset: epoch(serverNow) - middle, uncertainty: Math.abs(receivedAt - sentAt) / 2 }
}

/**
 * Keeps the sharper of two measurements. When they contradict each other the device's clock was set in between, and only the
 * newer one tells the truth.
 */
export function better(older: Offset, newer: Offset): Offset {
  const contradict = Math.abs(older.offset - newer.offset) > older.uncertainty + newer.uncertainty
  return contradict || newer.uncertainty <= older.uncertainty ? newer : older
}

export const serverTime = (deviceNow: number, { offset }: Offset): Instant => instant(deviceNow + offset)

export type Countdown = { text: string; late: boolean; left: Duration }

/** Time left as a person reads it: 08:42, 2:05:10 or 3d; after the deadline how long it is over. */
export function countdown(dueAt: Instant, now: Instant): Countdown {
  const left = epoch(dueAt) - epoch(now)
  const late = left < 0
  // Counting down rounds up and counting over rounds down, so that 00:00 shows exactly at the deadline.
  return { text: spell(late ? Math.floor(-left / 1000) : Math.ceil(left / 1000)), late, left }
}

/** How long something has been going on. */
export const elapsedText = (start: Instant, now: Instant): string =>
  spell(Math.max(0, Math.floor((epoch(now) - epoch(start)) / 1000)))

function spell(total: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(total / 3600)
  if (hours >= 48) return `${Math.floor(hours / 24)}d`
  const rest = `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}

/** Share of a limit that is used up, 0 to 1. */
export function usedShare(startedAt: Instant, dueAt: Instant, now: Instant): number {
  const whole = epoch(dueAt) - epoch(startedAt)
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, (epoch(now) - epoch(startedAt)) / whole))
}

/** What a screen reader is told about a running limit: only at 10, 5 and 1 minutes and once when it is missed (ux §15). */
export type Announcement = { kind: 'minutes-left'; minutes: 10 | 5 | 1 } | { kind: 'missed' }
export function announcement(dueAt: Instant, before: Instant, now: Instant): Announcement | undefined {
  const was = epoch(dueAt) - epoch(before)
  const is = epoch(dueAt) - epoch(now)
  if (was >= 0 && is < 0) return { kind: 'missed' }
  for (const mark of [1, 5, 10] as const)
    if (was > minutes(mark) && is <= minutes(mark) && is >= 0) return { kind: 'minutes-left', minutes: mark }
  return undefined
}
