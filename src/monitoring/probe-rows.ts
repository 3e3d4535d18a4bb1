import { sql } from 'kysely'
import type { Tx } from '../platform/database.ts'
import { arm, disarm } from '../platform/deadlines.ts'
import type { Json } from '../platform/json.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'
import { after, type Duration, type Instant, milliseconds } from '../platform/time.ts'
import type { ProbeKind } from './probes.ts'

/** What a probe remembers between two runs; each kind adds what it compares with. */
export type Memory = {
  fails?: number
  /** The problem last met, so that one that lasts is told once. */
  problem?: string
  /** Our own calls that are not in dx.wechat_calls, by path, on one day of WeChat's. */
  calls?: { day: string; counts: Record<string, number> }
  seen?: { [name: string]: Json }
}
export type ProbeRow = { kind: ProbeKind; memory: Memory; lastRunAt: Instant | null }

const LANE = 6
const URGENT = 2
export const subjectOf = (accountId: string, kind: string) => `${accountId}:${kind}`
export const readSubject = (subject: string) => {
  const colon = subject.indexOf(':')
  return { accountId: subject.slice(0, colon), rest: subject.slice(colon + 1) }
}

export async function probeRows(tx: Tx, accountId: string): Promise<ProbeRow[]> {
  const rows = await tx
    .selectFrom('dx.probes')
    .select(['kind', 'last_seen', 'last_run_at'])
    .where('account_id', '=', accountId)
    .execute()
  return rows.map((row) => ({ kind: row.kind as ProbeKind, memory: (row.last_seen ?? {}) as Memory, lastRunAt: row.last_run_at }))
}

/**
 * All probes of an account, locked in one order. Whoever writes a probe or urges them takes these locks first and touches
 * deadlines afterwards; the handler of a due probe holds its deadline and waits for nothing. So nobody waits in a circle.
 */
export async function lockProbes(tx: Tx, accountId: string): Promise<ProbeRow[]> {
  const rows = await tx
    .selectFrom('dx.probes')
    .select(['kind', 'last_seen', 'last_run_at'])
    .where('account_id', '=', accountId)
    .orderBy('kind')
    .forUpdate()
    .execute()
  return rows.map((row) => ({ kind: row.kind as ProbeKind, memory: (row.last_seen ?? {}) as Memory, lastRunAt: row.last_run_at }))
}

export type Finished = { ok: boolean; problem: string | null; memory: Memory; every: Duration; startedAt: Instant }
export async function finishProbe(tx: Tx, accountId: string, kind: ProbeKind, now: Instant, run: Finished): Promise<void> {
  // Counted from the beginning of the run: WeChat's own slowness must not make us look less often.
  const next = after(run.startedAt, run.every)
  const dueAt = next > now ? next : now
  await tx
    .updateTable('dx.probes')
    .set({
      due_at: dueAt,
      last_run_at: now,
      ...(run.ok ? { last_ok_at: now } : {}),
      last_problem: run.problem,
      last_seen: jsonb(run.memory),
      every_ms: run.every,
    })
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .execute()
  await arm(tx, 'probe', subjectOf(accountId, kind), dueAt, LANE)
}

/** Begins the probes of an account; those already there keep what they remember. */
export async function beginProbes(tx: Tx, accountId: string, kinds: readonly ProbeKind[], now: Instant): Promise<void> {
  await lockProbes(tx, accountId)
  const stale = await tx
    .deleteFrom('dx.probes')
    .where('account_id', '=', accountId)
    .where('kind', 'not in', [...kinds])
    .returning('kind')
    .execute()
  for (const { kind } of stale) await disarm(tx, 'probe', subjectOf(accountId, kind))
  for (const [turn, kind] of kinds.entries()) {
    // A little apart, so that an agency with a hundred accounts does not ask everything in the same instant.
    const dueAt = after(now, milliseconds(50 * turn))
    await tx
      .insertInto('dx.probes')
      .values({ agency_id: thisAgency, account_id: accountId, kind, due_at: dueAt, every_ms: 0 })
      .onConflict((same) => same.columns(['agency_id', 'account_id', 'kind']).doUpdateSet({ due_at: dueAt }))
      .execute()
    await arm(tx, 'probe', subjectOf(accountId, kind), dueAt, LANE)
  }
}

/** Not from a probe's own deadline: that one must wait for nothing. */
export async function endProbes(tx: Tx, accountId: string): Promise<void> {
  await lockProbes(tx, accountId)
  await tx.deleteFrom('dx.probes').where('account_id', '=', accountId).execute()
  await sql`delete from dx.deadlines where agency_id = dx.agency() and kind = 'probe' and subject_id like ${`${accountId}:%`}`.execute(
    tx,
  )
}

/** Everything about the account is asked now. */
export async function urgeProbes(tx: Tx, accountId: string, now: Instant): Promise<void> {
  const rows = await lockProbes(tx, accountId)
  if (rows.length === 0) return
  await tx.updateTable('dx.probes').set({ due_at: now }).where('account_id', '=', accountId).where('due_at', '>', now).execute()
  for (const { kind } of rows) await arm(tx, 'probe', subjectOf(accountId, kind), now, URGENT)
}
