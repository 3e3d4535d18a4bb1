import { after, type Duration, elapsed, hours, type Instant, minutes } from '../platform/time.ts'
import type { PlannedPage } from './escalation.ts'

/**
 * What carriers let through to one number: a call a minute, five an hour, failed ones included; beyond that they refuse all
 * (facts/channels.md §5.1). A ladder that ignores it spends its calls early and falls silent.
 */
export const callLimits = { apart: minutes(1), perHour: 5 }

type Call = { channelKind: string; to: string; at: Instant }

/** Moves calls apart, uses the second supplier's own allowance when the first is spent, and names what had to go. */
export function withinCallLimits(planned: PlannedPage[]): { pages: PlannedPage[]; spent: PlannedPage[] } {
  const inTime = [...planned].sort((a, b) => (a.dueAt === b.dueAt ? 0 : a.dueAt < b.dueAt ? -1 : 1))
  const calls: Call[] = []
  const pages: PlannedPage[] = []
  const spent: PlannedPage[] = []
  for (const page of inTime) {
    const allowed = page.way === 'voice' ? allow(page, calls) : page
    if (!allowed) spent.push(page)
    else pages.push(allowed)
    if (allowed && allowed.way === 'voice') calls.push({ channelKind: allowed.channelKind, to: allowed.to, at: allowed.dueAt })
  }
  pages.sort((a, b) => (a.dueAt === b.dueAt ? 0 : a.dueAt < b.dueAt ? -1 : 1))
  return { pages, spent }
}

function allow(page: PlannedPage, calls: Call[]): PlannedPage | undefined {
  const first = { channelKind: page.channelKind, to: page.to }
  for (const supplier of page.fallback ? [first, page.fallback] : [first]) {
    // The telephone rings one call at a time, whichever supplier places it.
    const last = calls.findLast((call) => call.to === supplier.to)
    const wait: Duration = last ? Math.max(0, callLimits.apart - elapsed(last.at, page.dueAt)) : 0
    const dueAt = after(page.dueAt, wait)
    const lately = calls.filter(
      (call) => call.channelKind === supplier.channelKind && call.to === supplier.to && elapsed(call.at, dueAt) < hours(1),
    )
    if (lately.length < callLimits.perHour) {
      const fallback = supplier === first ? page.fallback : undefined
      return { ...page, ...supplier, dueAt, fallback }
    }
  }
  return undefined
}
