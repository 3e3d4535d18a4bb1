import type { Selectable } from 'kysely'
import type { Tx } from '../platform/database.ts'
import type { DxAccounts, DxClients } from '../platform/database-types.ts'
import type { Abilities, Account, AccountId, AccountKind, Custodian, Outsider, Reception, RemovalAgreement } from './account.ts'
import type { Client, ClientWay } from './client.ts'

export async function accountById(tx: Tx, id: AccountId): Promise<Account | undefined> {
  const row = await tx.selectFrom('dx.accounts').selectAll().where('id', '=', id).executeTakeFirst()
  return row && accountOf(row)
}

export async function accountByAppid(tx: Tx, appid: string): Promise<Account | undefined> {
  const row = await tx.selectFrom('dx.accounts').selectAll().where('appid', '=', appid).executeTakeFirst()
  return row && accountOf(row)
}

/** The accounts we look after, by name; those that were disconnected are left out unless asked for. */
export async function listAccounts(tx: Tx, { withDisconnected = false } = {}): Promise<Account[]> {
  let query = tx.selectFrom('dx.accounts').selectAll().orderBy('name').orderBy('id')
  if (!withDisconnected) query = query.where('disconnected_at', 'is', null)
  return (await query.execute()).map(accountOf)
}

export async function clientById(tx: Tx, id: string): Promise<Client | undefined> {
  const row = await tx.selectFrom('dx.clients').selectAll().where('id', '=', id).executeTakeFirst()
  return row && clientOf(row)
}

export async function listClients(tx: Tx): Promise<Client[]> {
  return (await tx.selectFrom('dx.clients').selectAll().orderBy('name').orderBy('id').execute()).map(clientOf)
}

// The jsonb columns hold what our own commands wrote, checked on the way in.
export const accountOf = (row: Selectable<DxAccounts>): Account => ({
  id: row.id,
  agencyId: row.agency_id,
  clientId: row.client_id,
  name: row.name,
  appid: row.appid,
  userName: row.user_name,
  kind: row.kind as AccountKind | null,
  verified: row.verified,
  mode: row.mode as Account['mode'],
  baseUrl: row.base_url,
  reception: row.reception as Reception,
  relayUrl: row.relay_url,
  abilities: { calls: {}, ...(row.abilities as Partial<Abilities>) },
  standing: row.standing,
  authorised: row.authorised,
  personA: row.person_a,
  personB: row.person_b,
  custodians: row.custodians as Custodian[],
  spareAccountId: row.spare_account_id,
  removalAgreement: row.removal_agreement as RemovalAgreement | null,
  outsiders: row.outsiders as Outsider[],
  connectedAt: row.connected_at,
  disconnectedAt: row.disconnected_at,
})

const clientOf = (row: Selectable<DxClients>): Client => ({
  id: row.id,
  name: row.name,
  contactName: row.contact_name,
  salutation: row.salutation,
  phone: row.phone,
  email: row.email,
  ways: row.ways as ClientWay[],
  quietHours:
    row.quiet_from_minute === null || row.quiet_until_minute === null
      ? null
      : { fromMinute: row.quiet_from_minute, untilMinute: row.quiet_until_minute },
  accountManagerId: row.account_manager_id,
  createdAt: row.created_at,
})
