import type { Selectable } from 'kysely'
import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import type { DxAccounts, DxComponents } from '../platform/database-types.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import { epoch, type Instant, instant } from '../platform/time.ts'
import type { Component, Account as Credentials } from '../wechat/index.ts'
import {
  type ComponentSession,
  openComponentSession,
  openSession,
  openTokens,
  openWeChat,
  type Session,
  type Tokens,
} from '../wechat/index.ts'
import type { Account, AccountId } from './account.ts'
import { flushNoticed, type Noticed, nothingNoticed } from './call-ledger.ts'
import { accountOf } from './store.ts'
import { ownTokenStore, tokenStore } from './token-store.ts'

export type AccountSession = {
  account: Account
  /** What every function of src/wechat takes first. */
  session: Session
  /** In the name of the third-party platform, for accounts that authorised one. */
  component: ComponentSession | null
  tokens: Tokens
  credentials: Credentials
  now(): Instant
  /** Empty unless the session was opened with `keep: 'collected'`. */
  noticed: Noticed
}
export type SessionOptions = {
  /** `each`: every call is in the ledger before its answer is used. `collected`: the caller keeps or drops `noticed`. */
  keep?: 'each' | 'collected'
  /** `own`: tokens live and die with this session, so that only the given credentials can have earned them. */
  tokens?: 'shared' | 'own'
}

/** A session in which calls to WeChat are made for one account; refused when there is nothing to call with. */
export function weChatFor(
  app: App,
  agencyId: string,
  accountId: AccountId,
  options: SessionOptions = {},
): Promise<Outcome<AccountSession>> {
  return withAgency(app.database, agencyId, (tx, now) => sessionIn(app, tx, now, accountId, options))
}

/** The same inside a transaction that is open anyway. Only reads; call WeChat after it has ended. */
export async function sessionIn(
  app: App,
  tx: Tx,
  now: Instant,
  accountId: AccountId,
  options: SessionOptions = {},
): Promise<Outcome<AccountSession>> {
  const { account, component } = await credentialRows(tx, accountId)
  if (!account) return refused('没有找到这个账号，什么都没有做。')
  const credentials = readCredentials(app, account, component)
  if (!credentials.ok) return credentials
  return done(openAccountSession(app, accountOf(account), credentials.value, runningClock(now), options))
}

async function credentialRows(tx: Tx, accountId: AccountId) {
  const account = await tx.selectFrom('dx.accounts').selectAll().where('id', '=', accountId).executeTakeFirst()
  // An agency has one third-party platform; the newest ticket is the live one.
  const component =
    account?.mode === 'component'
      ? await tx
          .selectFrom('dx.components')
          .selectAll()
          .orderBy('ticket_at', (order) => order.desc().nullsLast())
          .executeTakeFirst()
      : undefined
  return { account, component }
}

function readCredentials(app: App, row: Selectable<DxAccounts>, component?: Selectable<DxComponents>): Outcome<Credentials> {
  if (row.disconnected_at) return refused(`《${row.name}》已断开连接，没有调用微信。需要时请重新接入。`)
  if (row.mode === 'secret')
    return row.secret_sealed
      ? done({ mode: 'secret', appid: row.appid, secret: app.secrets.open(row.secret_sealed) })
      : refused(`《${row.name}》没有保存 AppSecret，没有调用微信。请重新接入。`)
  if (!row.authorised || !row.refresh_token_sealed)
    return refused(`《${row.name}》已取消对第三方平台的授权，没有调用微信。请客户管理员重新扫码授权。`)
  const platform = component && readComponent(app, component)
  if (!platform) return refused('还没有收到微信推送的 component_verify_ticket（每 10 分钟一次），没有调用微信。请稍后再试。')
  return done({
    mode: 'component',
    appid: row.appid,
    refreshToken: app.secrets.open(row.refresh_token_sealed),
    component: platform,
  })
}

export const readComponent = (app: App, row: Selectable<DxComponents>): Component | undefined =>
  row.ticket_sealed
    ? { appid: row.appid, secret: app.secrets.open(row.secret_sealed), ticket: app.secrets.open(row.ticket_sealed) }
    : undefined

export function openAccountSession(
  app: App,
  account: Account,
  credentials: Credentials,
  now: () => Instant,
  { keep = 'each', tokens: held = 'shared' }: SessionOptions = {},
): AccountSession {
  const { agencyId, baseUrl } = account
  const noticed = nothingNoticed()
  const client = openWeChat({ baseUrl, fetch: app.fetch, now, observe: (call) => void noticed.calls.push(call) })
  const tokens = openTokens({
    client,
    store: held === 'own' ? ownTokenStore() : tokenStore(app, agencyId),
    now,
    observeToken: (event) => void noticed.tokens.push(event),
    onRefreshToken: ({ refreshToken }) => keepRefreshToken(app, account, refreshToken),
  })
  const flush = () => (keep === 'each' ? flushNoticed(app, agencyId, account.id, noticed) : Promise.resolve())
  const recorded = <S extends Session>(inner: S): S => ({
    ...inner,
    call: (call) => inner.call(call).finally(flush),
  })
  const component =
    credentials.mode === 'component' ? recorded(openComponentSession(client, tokens, credentials.component)) : null
  return { account, session: recorded(openSession(client, tokens, credentials)), component, tokens, credentials, now, noticed }
}

async function keepRefreshToken(app: App, account: Account, refreshToken: string) {
  await withAgency(app.database, account.agencyId, (tx) =>
    tx
      .updateTable('dx.accounts')
      .set({ refresh_token_sealed: app.secrets.seal(refreshToken) })
      .where('id', '=', account.id)
      .execute(),
  )
}

/** The database's clock, carried on for the length of a session: tokens expire by the same clock everything else lives by. */
export function runningClock(start: Instant): () => Instant {
  const mark = performance.now()
  return () => instant(epoch(start) + Math.floor(performance.now() - mark))
}
