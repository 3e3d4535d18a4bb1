import { BEIJING, clockTime, type Instant, instant } from '../../../src/platform/time.ts'

/** Minutes since midnight as clocks write them; 1440 is the end of the day. */
export const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

export function minuteOf(time: string): number | undefined {
  const match = /^(\d{2}):(\d{2})$/.exec(time)
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined
}

/** Until not after from means the next day: a night is one shift, and a whole day ends when it began. */
export const lengthOf = (fromMinute: number, untilMinute: number): number =>
  untilMinute > fromMinute ? untilMinute - fromMinute : untilMinute - fromMinute + 1440

/** What `<input type="datetime-local">` gives, read as Beijing time whatever the device's own zone: every clock here shows Beijing. */
export function beijingInstant(local: string): Instant | undefined {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local) ? instant(`${local}:00+08:00`) : undefined
}

/** The other way round, to fill such a field. */
export function beijingLocal(at: Instant): string {
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: BEIJING }).format(Date.parse(at))
  return `${day}T${clockTime(at)}`
}
