import type { AccountRow } from '../../../src/contract.ts'

export type Health = 'urgent' | 'todo' | 'well'

/** An account is as well as its worst problem; an open incident is urgent whatever else. */
export function healthOf(row: AccountRow): Health {
  if (row.openIncidentId || row.problems.some((problem) => problem.level === 'urgent')) return 'urgent'
  return row.problems.length > 0 ? 'todo' : 'well'
}

const order: readonly Health[] = ['urgent', 'todo', 'well']
/** Worst first, then by the oldest problem, then by name. */
export function byTrouble(a: AccountRow, b: AccountRow): number {
  const worse = order.indexOf(healthOf(a)) - order.indexOf(healthOf(b))
  if (worse !== 0) return worse
  const [since, otherSince] = [a.problems[0]?.since ?? '', b.problems[0]?.since ?? '']
  return since < otherSince ? -1 : since > otherSince ? 1 : a.name.localeCompare(b.name, 'zh')
}
