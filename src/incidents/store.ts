import { canonical } from '../evidence/canonical.ts'
import { entryHash, genesis } from '../evidence/chain.ts'
import type { App } from '../platform/app.ts'
import type { Tx } from '../platform/database.ts'
import { arm, disarm } from '../platform/deadlines.ts'
import type { Json } from '../platform/json.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'
import type { Instant } from '../platform/time.ts'
import { apply } from './replay.ts'
import type { Snapshot } from './snapshot.ts'
import type { Entry, Fact } from './timeline.ts'
import { wakeUpsOf } from './wake-ups.ts'

export type Incident = { id: string; state: Snapshot; headSeq: number; headHash: string; laneOfSeverity: number }

/** Loads and locks one incident; undefined when this agency has none of that id. */
export async function lockIncident(tx: Tx, id: string): Promise<Incident | undefined> {
  const row = await tx
    .selectFrom('dx.incidents')
    .select(['snapshot', 'head_seq', 'head_hash'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return undefined
  const state = row.snapshot as unknown as Snapshot
  return { id, state, headSeq: row.head_seq, headHash: row.head_hash, laneOfSeverity: laneOf(state) }
}

export const laneOf = (state: Snapshot): number => Number(state.severity.slice(1))

/** Adds facts to the chain and brings the columns, clocks, steps and wake-ups in line, all in the caller's transaction. */
export async function append(
  tx: Tx,
  incident: Incident | { id: string },
  facts: readonly { by: string; fact: Fact }[],
  now: Instant,
): Promise<{ incident: Incident; entries: Entry[] }> {
  const fresh = !('state' in incident)
  let head = fresh ? { seq: 0, hash: genesis(incident.id) } : { seq: incident.headSeq, hash: incident.headHash }
  let state: Snapshot | undefined = fresh ? undefined : incident.state
  const before = state
  // A transaction that waited for the lock began earlier than the one before it; the record does not run backwards.
  const at = state && state.updatedAt > now ? state.updatedAt : now
  const entries: Entry[] = []
  const rows = facts.map(({ by, fact }) => {
    const entry: Entry = { seq: head.seq + 1, at, by, fact }
    const hash = entryHash(head.hash, incident.id, chainEntry(entry))
    head = { seq: entry.seq, hash }
    state = apply(state, entry)
    entries.push(entry)
    const { kind, ...data } = fact
    return { agency_id: thisAgency, incident_id: incident.id, seq: entry.seq, at, kind, by, data: jsonb(data), hash }
  })
  if (!state || rows.length === 0) throw new Error('nothing to add to the timeline')
  await tx.insertInto('dx.timeline').values(rows).execute()
  const saved: Incident = { id: incident.id, state, headSeq: head.seq, headHash: head.hash, laneOfSeverity: laneOf(state) }
  await saveColumns(tx, saved, fresh)
  await saveClocksAndSteps(tx, saved, before)
  await saveMessages(tx, saved, before)
  await armChanged(tx, saved, before)
  return { incident: saved, entries }
}

/** The form in which an entry is hashed and exported: plain data, whatever the database does to it. */
export function chainEntry(entry: Entry): { seq: number; at: Instant; kind: string; by: string; data: Json } {
  const { kind, ...data } = entry.fact
  return { seq: entry.seq, at: entry.at, kind, by: entry.by, data: JSON.parse(JSON.stringify(data)) as Json }
}

async function saveColumns(tx: Tx, { id, state: s, headSeq, headHash }: Incident, fresh: boolean) {
  const columns = {
    title: s.title,
    severity: s.severity,
    state: s.state,
    certainty: s.certainty,
    acknowledged_at: s.acknowledgedAt ?? null,
    commander: s.commander?.id ?? null,
    lease_until: s.leaseUntil ?? null,
    contained_at: s.containedAt ?? null,
    restored_at: s.restoredAt ?? null,
    closed_at: s.closedAt ?? null,
    next_update_at: s.nextUpdateAt ?? null,
    snapshot: jsonb(s),
    head_seq: headSeq,
    head_hash: headHash,
  }
  if (!fresh) {
    await tx.updateTable('dx.incidents').set(columns).where('id', '=', id).execute()
    return
  }
  const opening = {
    number: s.number,
    account_id: s.accountId,
    client_id: s.clientId,
    mode: s.mode,
    plan: jsonb(s.plan),
    policy: jsonb(s.policy),
  }
  await tx
    .insertInto('dx.incidents')
    .values({ agency_id: thisAgency, id, ...opening, detected_at: s.detectedAt, opened_at: s.openedAt, ...columns })
    .execute()
}

const same = (a: unknown, b: unknown) => canonical(a ?? null) === canonical(b ?? null)
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

async function saveClocksAndSteps(tx: Tx, { id, state }: Incident, before: Snapshot | undefined) {
  const clocks = state.clocks.filter(
    (clock) => !same(plain(clock), plain(before?.clocks.find((c) => c.key === clock.key) ?? null)),
  )
  if (clocks.length > 0) {
    const rows = clocks.map((c) => ({
      agency_id: thisAgency,
      incident_id: id,
      key: c.key,
      due_at: c.dueAt,
      met_at: c.metAt ?? null,
      missed_at: c.missedAt ?? null,
    }))
    await tx
      .insertInto('dx.incident_clocks')
      .values(rows)
      .onConflict((c) =>
        c.columns(['agency_id', 'incident_id', 'key']).doUpdateSet((e) => ({
          due_at: e.ref('excluded.due_at'),
          met_at: e.ref('excluded.met_at'),
          missed_at: e.ref('excluded.missed_at'),
        })),
      )
      .execute()
  }
  const steps = state.steps.filter((step) => !same(plain(step), plain(before?.steps.find((s) => s.key === step.key) ?? null)))
  if (steps.length > 0) {
    const rows = steps.map((s) => ({
      agency_id: thisAgency,
      incident_id: id,
      key: s.key,
      position: s.position,
      state: s.state,
      due_at: s.dueAt,
      done_at: s.doneAt ?? null,
      done_by: s.doneBy ?? null,
    }))
    await tx
      .insertInto('dx.incident_steps')
      .values(rows)
      .onConflict((c) =>
        c.columns(['agency_id', 'incident_id', 'key']).doUpdateSet((e) => ({
          position: e.ref('excluded.position'),
          state: e.ref('excluded.state'),
          due_at: e.ref('excluded.due_at'),
          done_at: e.ref('excluded.done_at'),
          done_by: e.ref('excluded.done_by'),
        })),
      )
      .execute()
  }
}

async function saveMessages(tx: Tx, { id, state }: Incident, before: Snapshot | undefined) {
  for (const m of state.messages) {
    if (same(plain(m), plain(before?.messages.find((b) => b.id === m.id) ?? null))) continue
    const columns = {
      revision: m.revision,
      state: m.state,
      text: m.text,
      plans: m.plans ? jsonb(m.plans) : null,
      next_update_at: m.nextUpdateAt ?? null,
      choose_until: m.chooseUntil ?? null,
      auto_at: m.autoAt ?? null,
      sent_at: m.sentAt ?? null,
      read_at: m.readAt ?? null,
    }
    await tx
      .insertInto('dx.client_messages')
      .values({ agency_id: thisAgency, id: m.id, incident_id: id, kind: m.kind, ...columns })
      .onConflict((c) => c.columns(['agency_id', 'id']).doUpdateSet(columns))
      .execute()
  }
}

async function armChanged(tx: Tx, incident: Incident, before: Snapshot | undefined) {
  const name = (w: { kind: string; subject: string }) => `${w.kind} ${w.subject}`
  const was = new Map((before ? wakeUpsOf(incident.id, before) : []).map((w) => [name(w), w]))
  for (const wakeUp of wakeUpsOf(incident.id, incident.state)) {
    if (was.get(name(wakeUp))?.at !== wakeUp.at) await arm(tx, wakeUp.kind, wakeUp.subject, wakeUp.at, incident.laneOfSeverity)
    was.delete(name(wakeUp))
  }
  for (const gone of was.values()) await disarm(tx, gone.kind, gone.subject)
}

/** The whole timeline of one incident, oldest first, as facts. */
export async function readTimeline(tx: Tx, incidentId: string): Promise<(Entry & { hash: string })[]> {
  const rows = await tx.selectFrom('dx.timeline').selectAll().where('incident_id', '=', incidentId).orderBy('seq').execute()
  return rows.map((r) => ({
    seq: r.seq,
    at: r.at,
    by: r.by,
    fact: { kind: r.kind, ...(r.data as object) } as Fact,
    hash: r.hash,
  }))
}

export async function nextNumber(tx: Tx): Promise<number> {
  const row = await tx
    .insertInto('dx.incident_numbers')
    .values({ agency_id: thisAgency, last_number: 2601 })
    .onConflict((c) => c.column('agency_id').doUpdateSet((e) => ({ last_number: e('dx.incident_numbers.last_number', '+', 1) })))
    .returning('last_number')
    .executeTakeFirstOrThrow()
  return row.last_number
}

export type IncidentApp = App
