import { canonical, verifyChain } from '../evidence/index.ts'
import type { Tx } from '../platform/database.ts'
import { replay } from './replay.ts'
import type { MessageStatus, Snapshot } from './snapshot.ts'
import { chainEntry, readTimeline } from './store.ts'

export type Checked = { ok: true } | { ok: false; what: string }

/**
 * Adds an incident's timeline up once more and compares it with everything that is stored beside it: the chain of hashes and
 * its head, the snapshot, the columns, clocks, steps and messages. Names the first difference, for an engineer.
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
  if (!chain.ok) return { ok: false, what: `timeline entry ${chain.seq}: ${chain.why}` }
  if (row.head_seq !== entries.length)
    return { ok: false, what: `head_seq is ${row.head_seq}, the timeline has ${entries.length} entries` }
  const state = replay(entries)
  const pairs: [string, unknown, unknown][] = [
    ['snapshot', row.snapshot, state],
    ['columns', stored(row, columnsOf(state)), columnsOf(state)],
    ...(await rowsBeside(tx, incidentId, state)),
  ]
  for (const [name, is, shouldBe] of pairs) {
    const what = difference(plain(is), plain(shouldBe), name)
    if (what) return { ok: false, what }
  }
  return { ok: true }
}

const columnsOf = (s: Snapshot) => ({
  number: s.number,
  account_id: s.accountId,
  client_id: s.clientId,
  mode: s.mode,
  plan: s.plan,
  policy: s.policy,
  title: s.title,
  severity: s.severity,
  state: s.state,
  certainty: s.certainty,
  detected_at: s.detectedAt,
  opened_at: s.openedAt,
  acknowledged_at: s.acknowledgedAt ?? null,
  commander: s.commander?.id ?? null,
  lease_until: s.leaseUntil ?? null,
  contained_at: s.containedAt ?? null,
  restored_at: s.restoredAt ?? null,
  closed_at: s.closedAt ?? null,
  next_update_at: s.nextUpdateAt ?? null,
})

async function rowsBeside(tx: Tx, id: string, state: Snapshot): Promise<[string, unknown, unknown][]> {
  const of = <T extends 'dx.incident_clocks' | 'dx.incident_steps' | 'dx.client_messages'>(table: T) =>
    tx
      .selectFrom(table as 'dx.incident_clocks')
      .selectAll()
      .where('incident_id', '=', id)
      .execute() as Promise<Record<string, unknown>[]>
  const clocks = state.clocks.map((c) => ({
    key: c.key,
    due_at: c.dueAt,
    met_at: c.metAt ?? null,
    missed_at: c.missedAt ?? null,
  }))
  const steps = state.steps.map((s) => ({
    key: s.key,
    position: s.position,
    state: s.state,
    due_at: s.dueAt,
    done_at: s.doneAt ?? null,
    done_by: s.doneBy ?? null,
  }))
  return [
    ['clocks', keyed(await of('dx.incident_clocks'), 'key', clocks[0]), keyed(clocks, 'key')],
    ['steps', keyed(await of('dx.incident_steps'), 'key', steps[0]), keyed(steps, 'key')],
    ['messages', keyed(await of('dx.client_messages'), 'id', messageRow()), keyed(state.messages.map(messageRow), 'id')],
  ]
}

const messageRow = (m?: MessageStatus) => ({
  id: m?.id,
  kind: m?.kind,
  revision: m?.revision,
  state: m?.state,
  text: m?.text,
  plans: m?.plans ?? null,
  next_update_at: m?.nextUpdateAt ?? null,
  choose_until: m?.chooseUntil ?? null,
  auto_at: m?.autoAt ?? null,
  sent_at: m?.sentAt ?? null,
  read_at: m?.readAt ?? null,
})

/** Rows by their key, only with the columns that the timeline decides. */
const keyed = (rows: readonly Record<string, unknown>[], key: string, like?: object) =>
  Object.fromEntries(rows.map((row) => [String(row[key]), like ? stored(row, like) : row]))
const stored = (row: Record<string, unknown>, like: object) =>
  Object.fromEntries(Object.keys(like).map((name) => [name, row[name]]))
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown

/** The first place at which two plain values differ, as a path with both sides. */
function difference(is: unknown, shouldBe: unknown, path: string): string | undefined {
  if (canonical(is ?? null) === canonical(shouldBe ?? null)) return undefined
  const inside = isObject(is) && isObject(shouldBe) && Array.isArray(is) === Array.isArray(shouldBe)
  if (!inside) return `${path} is ${short(is)}, the timeline adds up to ${short(shouldBe)}`
  const [a, b] = [is as Record<string, unknown>, shouldBe as Record<string, unknown>]
  for (const key of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()) {
    const found = difference(a[key], b[key], `${path}.${key}`)
    if (found) return found
  }
  return undefined
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
/** Enough to recognise a value; a whole text to a client does not belong into a log. */
const short = (value: unknown) => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60))
