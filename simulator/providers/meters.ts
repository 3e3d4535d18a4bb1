/** Counts what happened under a name, so that a provider can tell too often from often. */
export function meters(now: () => number) {
  const times = new Map<string, number[]>()
  const of = (name: string) => times.get(name) ?? []
  return {
    add(name: string): void {
      times.set(name, [...of(name), now()])
    },
    /** In the last so many milliseconds. */
    within(name: string, length: number): number {
      return of(name).filter((at) => at > now() - length).length
    },
    since(name: string, start: number): number {
      return of(name).filter((at) => at >= start).length
    },
    /** In a window that opened with its first event: the next event after it closed opens the next one. */
    fromFirst(name: string, length: number): number {
      let openedAt = Number.NEGATIVE_INFINITY
      let used = 0
      for (const at of of(name)) {
        if (at - openedAt >= length) {
          openedAt = at
          used = 0
        }
        used++
      }
      return now() - openedAt < length ? used : 0
    },
    latest: (name: string): number => of(name).at(-1) ?? Number.NEGATIVE_INFINITY,
  }
}
export type Meters = ReturnType<typeof meters>

const DAY = 86_400_000
const BEIJING = 8 * 3_600_000
export const beijingMidnight = (now: number): number => Math.floor((now + BEIJING) / DAY) * DAY - BEIJING
export const beijingHour = (now: number): number => Math.floor(((now + BEIJING) % DAY) / 3_600_000)
/** "2026-11-22 03:05:07" as mainland providers write a moment. */
export const beijingText = (now: number): string => new Date(now + BEIJING).toISOString().slice(0, 19).replace('T', ' ')
