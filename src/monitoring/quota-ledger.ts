import type { Signal } from './signal.ts'

export type Use = { path: string; limit: number; used: number }
/** How far WeChat's count was above ours, per path, on one day of WeChat's. */
export type Excess = { day: string; settled: Record<string, number>; suspected: Record<string, number> }

/**
 * More calls than we made means that somebody else holds the secret. An excess counts when it is seen twice, since a call
 * of ours may be counted by WeChat before it is in our ledger. What was there when we began to count today is not news.
 */
export function judgeQuota(
  uses: Use[],
  ledger: Record<string, number>,
  known: Excess | null,
  day: string,
  options: { firstDay: boolean; explained: string | null },
): { excess: Excess; signals: Signal[] } {
  const today: Excess = known?.day === day ? known : { day, settled: {}, suspected: {} }
  // Calls made before our first look today, on the day we connected, belong to the time before us.
  const isStart = known?.day !== day && options.firstDay
  const settled = { ...today.settled }
  const suspected: Record<string, number> = {}
  const signals: Signal[] = []
  for (const { path, used, limit } of uses) {
    const ours = ledger[path] ?? 0
    const excess = Math.max(0, used - ours)
    const before = settled[path] ?? 0
    if (isStart) settled[path] = excess
    if (isStart || excess <= before) continue
    if (today.suspected[path] === undefined) {
      suspected[path] = excess
      continue
    }
    settled[path] = excess
    if (options.explained === null)
      signals.push({
        kind: 'quota-beyond-ledger',
        dedupeKey: `quota:${day}:${path}:${excess}`,
        facts: { path, used, ours, beyond: excess - before, limit, day },
        happenedAt: null,
      })
  }
  return { excess: { day, settled, suspected }, signals }
}
