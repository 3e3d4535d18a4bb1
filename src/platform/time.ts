/**
 * Moments and durations. An `Instant` is ISO 8601 in UTC with milliseconds ("2026-11-21T19:00:00.000Z"): it compares with
 * `<`, goes into the database, over the wire and into a hash unchanged. A `Duration` is milliseconds.
 */
declare const instantBrand: unique symbol
export type Instant = string & { readonly [instantBrand]: true }
export type Duration = number

/** Reads a moment from text or milliseconds since 1970. Throws on anything that is not a moment. */
export function instant(from: string | number | Date): Instant {
  const date = new Date(from)
  if (Number.isNaN(date.getTime())) throw new RangeError(`not a moment: ${String(from)}`)
  return date.toISOString() as Instant
}

export const milliseconds = (n: number): Duration => n
export const seconds = (n: number): Duration => n * 1000
export const minutes = (n: number): Duration => n * 60_000
export const hours = (n: number): Duration => n * 3_600_000
export const days = (n: number): Duration => n * 86_400_000

export const epoch = (at: Instant): number => Date.parse(at)
export const after = (at: Instant, duration: Duration): Instant => instant(epoch(at) + duration)
export const before = (at: Instant, duration: Duration): Instant => instant(epoch(at) - duration)
/** How long from `start` to `end`; negative when `end` is earlier. */
export const elapsed = (start: Instant, end: Instant): Duration => epoch(end) - epoch(start)
export const earliest = (...moments: (Instant | null | undefined)[]): Instant | undefined =>
  moments.filter((m): m is Instant => Boolean(m)).sort()[0]

/** "15m", "90s", "2h", "7d" as playbooks write durations. */
export function parseDuration(text: string): Duration {
  const match = /^(\d+)(s|m|h|d)$/.exec(text.trim())
  if (!match) throw new RangeError(`not a duration: “${text}”; write for example 90s, 15m, 2h or 7d`)
  const unit = { s: seconds, m: minutes, h: hours, d: days }[match[2] as 's' | 'm' | 'h' | 'd']
  return unit(Number(match[1]))
}

export const BEIJING = 'Asia/Shanghai'
/** Hour and minute of a moment in a zone, for messages: "03:17". */
export function clockTime(at: Instant, zone: string = BEIJING): string {
  return new Intl.DateTimeFormat('zh-CN', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    epoch(at),
  )
}
/** "11月22日 03:17", or only the time when `relativeTo` is the same day in that zone. */
export function dayAndTime(at: Instant, relativeTo: Instant, zone: string = BEIJING): string {
  const day = (m: Instant) => new Intl.DateTimeFormat('zh-CN', { timeZone: zone, month: 'long', day: 'numeric' }).format(epoch(m))
  return day(at) === day(relativeTo) ? clockTime(at, zone) : `${day(at)} ${clockTime(at, zone)}`
}
