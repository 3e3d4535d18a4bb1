import { after, type Instant } from '../platform/time.ts'
import type { Snapshot } from './snapshot.ts'

export type WakeUp = { kind: string; subject: string; at: Instant }

/** Every moment at which this incident must be looked at again, from its state alone. The store arms what changed. */
export function wakeUpsOf(incidentId: string, state: Snapshot): WakeUp[] {
  if (state.state === 'reviewed' || state.state === 'merged') return []
  const wakeUps: WakeUp[] = []
  const at = (kind: string, subject: string, moment: Instant | undefined) => {
    if (moment) wakeUps.push({ kind, subject: `${incidentId}:${subject}`, at: moment })
  }
  const live = state.certainty !== 'false-alarm'
  for (const clock of state.clocks)
    if (live && !clock.metAt && !clock.missedAt && !state.restoredAt) at('incident-clock', clock.key, clock.dueAt)
  for (const m of state.messages) {
    if (m.state === 'draft' && live && !state.restoredAt) at('message-auto', m.id, m.autoAt)
    if (m.state === 'sending' && m.ways.length === 0) at('message-leaves', m.id, m.leavesAt)
    if (m.state === 'waiting-for-hand') at('message-by-hand', m.id, m.handDueAt)
    if (m.kind === 'plans' && m.state === 'sent' && !state.choice && !state.restoredAt) at('choose-until', m.id, m.chooseUntil)
  }
  if (state.commander && !state.restoredAt && live) at('lease', 'lease', state.leaseUntil)
  const asking = state.steps.find((s) => s.key === 'ask-person')
  if (asking?.state === 'ready' && state.certainty === 'single-sign')
    at('silence', 'ask-person', after(state.openedAt, state.policy.silenceIsDoubt))
  const sweep = state.steps.find((s) => s.key === 'sweep')
  if (sweep?.state === 'ready' && live) at('sweep', 'sweep', sweep.dueAt)
  // A client who was promised the result of a check waits for it, also when it was nothing.
  if (live ? !state.restoredAt : state.state === 'restored') at('next-update', 'next', state.nextUpdateAt)
  if (state.state === 'watching' && state.restoredAt) at('watch-ends', 'watch', after(state.restoredAt, state.policy.watch))
  return wakeUps
}
