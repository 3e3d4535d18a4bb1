import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import { arm } from '../platform/deadlines.ts'
import type { Json } from '../platform/json.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'
import type { Instant } from '../platform/time.ts'
import type { Abilities, Account, AccountKind, Reception } from './account.ts'
import { setBaseline } from './baseline.ts'
import type { ListedArticle } from './discovery.ts'
import { armForgetting } from './reader-pushes.ts'

type Arriving = {
  id: string
  appid: string
  name: string
  clientId: string | undefined
  baseUrl: string
  reception: Reception
  relayUrl: string | null
  kind: AccountKind | null
  verified: boolean | null
  abilities: Abilities
  credentials: { mode: 'secret' | 'component'; secret_sealed: Buffer | null; refresh_token_sealed: Buffer | null }
  userName?: string | null
  standing?: string
  isNew: boolean
}

export async function arriveAtAccount(app: App, tx: Tx, account: Arriving): Promise<void> {
  const row = {
    client_id: account.clientId ?? (await placeholderClient(app, tx, account.name)),
    name: account.name,
    ...account.credentials,
    base_url: account.baseUrl,
    reception: account.reception,
    relay_url: account.relayUrl,
    kind: account.kind,
    verified: account.verified,
    abilities: jsonb(account.abilities),
    authorised: true,
    disconnected_at: null,
    former_reception: null,
    ...(account.userName ? { user_name: account.userName } : {}),
    ...(account.standing ? { standing: account.standing } : {}),
  }
  await tx
    .insertInto('dx.accounts')
    .values({ agency_id: thisAgency, id: account.id, appid: account.appid, ...row })
    .onConflict((same) => same.columns(['agency_id', 'appid']).doUpdateSet(row))
    .execute()
}

/** An account may be protected before anybody has filled in whose it is. */
async function placeholderClient(app: App, tx: Tx, name: string): Promise<string> {
  const id = app.newId()
  await tx
    .insertInto('dx.clients')
    .values({
      agency_id: thisAgency,
      id,
      name: `《${name}》的客户`,
      contact_name: '待填写',
      salutation: '您好',
      ways: jsonb([{ way: 'account-manager' }]),
    })
    .execute()
  return id
}

/** What is normal from today on: the menu and the replies as found, every article already live as `before-us`. */
export async function freshAccount(
  tx: Tx,
  id: string,
  now: Instant,
  found: { menu: Json | undefined; autoReply: Json | undefined; articles: ListedArticle[] },
): Promise<void> {
  await tx.updateTable('dx.accounts').set({ connected_at: now }).where('id', '=', id).execute()
  if (found.menu !== undefined) await setBaseline(tx, id, 'menu', found.menu, 'connect')
  if (found.autoReply !== undefined) await setBaseline(tx, id, 'auto-reply', found.autoReply, 'connect')
  for (let from = 0; from < found.articles.length; from += 500)
    await tx
      .insertInto('dx.known_articles')
      .values(
        found.articles.slice(from, from + 500).map(({ articleId, title, url }) => ({
          agency_id: thisAgency,
          account_id: id,
          key: `article:${articleId}`,
          origin: 'before-us',
          title,
          url,
        })),
      )
      .onConflict((same) => same.doNothing())
      .execute()
  // Monitoring, which we may not call, begins its probes when it hears of this.
  await arm(tx, 'account-connected', id, now, 2)
  await armForgetting(tx, now)
}

/** An account that is not saved yet, to open a session with. */
export const draftAccount = (
  agencyId: string,
  known: Pick<Account, 'id' | 'appid' | 'baseUrl' | 'name'> & { now: Instant },
): Account => ({
  id: known.id,
  agencyId,
  clientId: '',
  name: known.name,
  appid: known.appid,
  userName: null,
  kind: null,
  verified: null,
  mode: 'secret',
  baseUrl: known.baseUrl,
  reception: 'poll',
  relayUrl: null,
  abilities: { calls: {} },
  standing: 'unknown',
  authorised: true,
  personA: null,
  personB: null,
  custodians: [],
  spareAccountId: null,
  removalAgreement: null,
  outsiders: [],
  connectedAt: known.now,
  disconnectedAt: null,
})

export const forgetTokens = (app: App, agencyId: string, appid: string) =>
  withAgency(app.database, agencyId, (tx) =>
    tx
      .deleteFrom('dx.wechat_tokens')
      .where('key', 'in', [`secret:${appid}`, `component:${appid}`])
      .execute(),
  )
