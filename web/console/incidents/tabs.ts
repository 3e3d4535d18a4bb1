import type { IncidentRow } from '../../../src/incidents/view.ts'
import type { IncidentTab } from '../api/queries.ts'

export const incidentTabs: readonly IncidentTab[] = ['open', 'client', 'watching', 'closed', 'drill']

/** Nearest limit first; those without one after them, the latest found first. */
export function nearestFirst(a: IncidentRow, b: IncidentRow): number {
  if (a.nearestDue && b.nearestDue) return a.nearestDue.at < b.nearestDue.at ? -1 : a.nearestDue.at > b.nearestDue.at ? 1 : 0
  if (a.nearestDue) return -1
  if (b.nearestDue) return 1
  return a.detectedAt > b.detectedAt ? -1 : 1
}
