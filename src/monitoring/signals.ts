import type { App } from '../platform/app.ts'
import type { Tx } from '../platform/database.ts'
import { arm } from '../platform/deadlines.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'
import type { Instant } from '../platform/time.ts'
import { urgeProbes } from './probe-rows.ts'
import type { Signal } from './signal.ts'

/**
 * Writes a signal down and wakes incidents in the same transaction. After a first sign everything about the account is
 * asked at once: a thief seldom does one thing only. Answers false when it was known.
 */
export async function raiseSignal(app: App, tx: Tx, accountId: string, signal: Signal, now: Instant): Promise<boolean> {
  const id = app.newId()
  const added = await tx
    .insertInto('dx.signals')
    .values({
      agency_id: thisAgency,
      id,
      account_id: accountId,
      kind: signal.kind,
      dedupe_key: signal.dedupeKey,
      seen_at: now,
      happened_at: signal.happenedAt,
      facts: jsonb(signal.facts),
    })
    .onConflict((same) => same.columns(['agency_id', 'account_id', 'dedupe_key']).doNothing())
    .executeTakeFirst()
  if (!added.numInsertedOrUpdatedRows) return false
  await arm(tx, 'signal-raised', id, now, 1)
  await urgeProbes(tx, accountId, now)
  return true
}
