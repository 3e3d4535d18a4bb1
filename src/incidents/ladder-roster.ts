import type { Roster } from '../people/escalation.ts'
import { rosterAt } from '../people/escalation-settings.ts'
import type { Tx } from '../platform/database.ts'
import type { Instant } from '../platform/time.ts'
import type { Snapshot } from './snapshot.ts'

export const channelKindsOf = async (tx: Tx): Promise<string[]> =>
  (await tx.selectFrom('dx.channel_settings').select('kind').where('enabled', '=', true).orderBy('kind').execute()).map(
    (r) => r.kind,
  )

/** Who can be reached for this incident: the duty of the moment, and the account manager of this client only. */
export async function escalationRoster(tx: Tx, state: Snapshot, now: Instant): Promise<Roster> {
  const client = await tx
    .selectFrom('dx.clients')
    .select('account_manager_id')
    .where('id', '=', state.clientId)
    .executeTakeFirst()
  return rosterAt(tx, now, client?.account_manager_id ? { accountManagerId: client.account_manager_id } : {})
}
