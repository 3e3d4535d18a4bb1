import { canonical, verifyChain } from '../evidence/index.ts'
import type { Tx } from '../platform/database.ts'
import { replay, type Snapshot } from './replay.ts'
import { chainEntry, readTimeline } from './store.ts'

export type Checked = { ok: true } | { ok: false; what: string }

/**
 * Recomputes an incident from its timeline and compares it with everything that is stored beside it: the chain, the columns,
 * the snapshot, clocks, steps and messages. Names the first difference.
 */
export async function checkIncident(tx: Tx, incidentId: string): Promise<Checked> {
  const row = await tx.selectFrom('dx.incidents').selectAll().where('id', '=', incidentId).executeTakeFirst()
  if (!row) return { ok: false, what: 'there is no such incident' }
  const entries = await readTimeline(tx, incidentId)
  const chain = verifyChain(
    incidentId,
    entries.map((entry) => ({ ...chainEntry(entry), hash: entry.hash })),
    row.head_hash,
  )
  if (!chain.ok) return { ok: false, what: `entry ${chain.seq} of the timeline does not fit (${chain.why})` }
  if (entries.length !== row.head_seq)
    return { ok: false, what: `${entries.length} entries, but the incident says ${row.head_seq}` }
  const state = replay(entries)
  const differs = firstDifference(plain(state), plain(row.snapshot as unknown as Snapshot))
  if (differs) return { ok: false, what: `the stored state differs from the timeline in ${differs}` }
  const columns: [string, unknown, unknown][] = [
    ['state', row.state, state.state],
    ['severity', row.severity, state.severity],
    ['certainty', row.certainty, state.certainty],
    ['commander', row.commander, state.commander?.id ?? null],
    ['contained_at', row.contained_at, state.containedAt ?? null],
    ['restored_at', row.restored_at, state.restoredAt ?? null],
    ['next_update_at', row.next_update_at, state.nextUpdateAt ?? null],
  ]
  for (const [name, stored, computed] of columns)
    if (stored !== computed) return { ok: false, what: `column ${name} is ${stored}, the timeline says ${computed}` }
  return checkRows(tx, incidentId, state)
}

async function checkRows(tx: Tx, incidentId: string, state: Snapshot): Promise<Checked> {
  const clocks = await tx.selectFrom('dx.incident_clocks').selectAll().where('incident_id', '=', incidentId).execute()
  for (const clock of state.clocks) {
    const row = clocks.find((c) => c.key === clock.key)
    if (row?.due_at !== clock.dueAt || row.met_at !== (clock.metAt ?? null) || row.missed_at !== (clock.missedAt ?? null))
      return { ok: false, what: `clock ${clock.key} differs` }
  }
  const steps = await tx.selectFrom('dx.incident_steps').selectAll().where('incident_id', '=', incidentId).execute()
  for (const step of state.steps) {
    const row = steps.find((s) => s.key === step.key)
    if (row?.state !== step.state || row.position !== step.position || row.done_at !== (step.doneAt ?? null))
      return { ok: false, what: `step ${step.key} differs` }
  }
  const messages = await tx.selectFrom('dx.client_messages').selectAll().where('incident_id', '=', incidentId).execute()
  for (const message of state.messages) {
    const row = messages.find((m) => m.id === message.id)
    if (row?.state !== message.state || row.text !== message.text || row.revision !== message.revision)
      return { ok: false, what: `message ${message.kind} differs` }
  }
  return { ok: true }
}

const plain = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value)) as Record<string, unknown>

function firstDifference(computed: Record<string, unknown>, stored: Record<string, unknown>): string | undefined {
  const keys = new Set([...Object.keys(computed), ...Object.keys(stored)])
  return [...keys].find((key) => canonical(computed[key] ?? null) !== canonical(stored[key] ?? null))
}
