import { sql } from 'kysely'
import type { App } from '../platform/app.ts'
import type { Tx } from '../platform/database.ts'
import { arm, disarm } from '../platform/deadlines.ts'
import { thisAgency } from '../platform/jsonb.ts'
import type { Instant } from '../platform/time.ts'

export type HoldScope = { scope: 'account' | 'client' | 'agency'; scopeId: string }
export type PlacedHold = { id: string; publications: number }

/** States from which a publication may still be stopped without asking WeChat. */
const stoppable = ['drafted', 'checked', 'approved', 'scheduled', 'staged'] as const

/**
 * Places a hold and takes every publication in its reach out of the schedule, in the caller's transaction: from its commit
 * on nothing of ours is submitted there (promise 3; the dispatcher looks for holds once more before each submission).
 */
export async function placeHold(
  tx: Tx,
  app: App,
  hold: HoldScope & { reason: string; by: string; incidentId?: string },
  now: Instant,
): Promise<PlacedHold> {
  await oneAtATime(tx)
  const id = app.newId()
  await tx
    .insertInto('dx.holds')
    .values({
      agency_id: thisAgency,
      id,
      scope: hold.scope,
      scope_id: hold.scopeId,
      reason: hold.reason,
      incident_id: hold.incidentId ?? null,
      placed_by: hold.by,
      placed_at: now,
    })
    .execute()
  const accounts = await accountsIn(tx, hold)
  if (accounts.length === 0) return { id, publications: 0 }
  const held = await tx
    .updateTable('dx.publications')
    .set((e) => ({ held_from: e.ref('state'), state: 'held', state_since: now }))
    .where('account_id', 'in', accounts)
    .where('state', 'in', ['scheduled', 'staged'])
    .returning('id')
    .execute()
  for (const publication of held) await disarm(tx, 'publication-due', publication.id)
  return { id, publications: held.length }
}

/**
 * Lifts one hold. What no other hold stops goes back to where it was, if its moment still lies ahead; what should have gone
 * out meanwhile stays held: a person decides whether it is still wanted.
 */
export async function liftHold(
  tx: Tx,
  holdId: string,
  by: string,
  now: Instant,
): Promise<{ revived: number; stillHeld: number } | undefined> {
  await oneAtATime(tx)
  const lifted = await tx
    .updateTable('dx.holds')
    .set({ lifted_at: now, lifted_by: by })
    .where('id', '=', holdId)
    .where('lifted_at', 'is', null)
    .returning(['scope', 'scope_id'])
    .executeTakeFirst()
  if (!lifted) return undefined
  const accounts = await accountsIn(tx, { scope: lifted.scope as HoldScope['scope'], scopeId: lifted.scope_id })
  let revived = 0
  let stillHeld = 0
  for (const accountId of accounts) {
    const held = await tx
      .selectFrom('dx.publications')
      .select(['id', 'held_from', 'goes_out_at'])
      .where('account_id', '=', accountId)
      .where('state', '=', 'held')
      .orderBy('id')
      .execute()
    const others = await liveHolds(tx, accountId)
    for (const publication of held) {
      const ahead = publication.goes_out_at !== null && publication.goes_out_at > now
      if (others.length > 0 || !ahead) {
        stillHeld++
        await tx
          .updateTable('dx.publications')
          .set({ note: others.length > 0 ? '还有其他暂停' : '原定时间已过，请重新安排' })
          .where('id', '=', publication.id)
          .execute()
        continue
      }
      revived++
      await tx
        .updateTable('dx.publications')
        .set({ state: publication.held_from ?? 'approved', held_from: null, state_since: now, note: null })
        .where('id', '=', publication.id)
        .execute()
      await arm(tx, 'publication-due', publication.id, publication.goes_out_at!, 1)
    }
  }
  return { revived, stillHeld }
}

/** Two lifted at the same moment would each still see the other and revive nothing. Held until the transaction ends. */
const oneAtATime = (tx: Tx) => sql`select pg_advisory_xact_lock(hashtextextended(dx.agency() || ':holds', 7))`.execute(tx)

/** Holds in force for an account, whoever placed them: on it, on its client, on the whole agency. */
export async function liveHolds(tx: Tx, accountId: string): Promise<{ id: string; reason: string }[]> {
  const account = await tx
    .selectFrom('dx.accounts')
    .select(['client_id', 'agency_id'])
    .where('id', '=', accountId)
    .executeTakeFirst()
  if (!account) return []
  return tx
    .selectFrom('dx.holds')
    .select(['id', 'reason'])
    .where('lifted_at', 'is', null)
    .where((e) =>
      e.or([
        e.and([e('scope', '=', 'account'), e('scope_id', '=', accountId)]),
        e.and([e('scope', '=', 'client'), e('scope_id', '=', account.client_id)]),
        e.and([e('scope', '=', 'agency'), e('scope_id', '=', account.agency_id)]),
      ]),
    )
    .execute()
}

async function accountsIn(tx: Tx, { scope, scopeId }: HoldScope): Promise<string[]> {
  if (scope === 'account') return [scopeId]
  let query = tx.selectFrom('dx.accounts').select('id').orderBy('id')
  if (scope === 'client') query = query.where('client_id', '=', scopeId)
  return (await query.execute()).map((row) => row.id)
}

export const isStoppable = (state: string): boolean => (stoppable as readonly string[]).includes(state)
