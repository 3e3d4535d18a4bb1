import { z } from 'zod'
import type { Actor } from '../platform/access.ts'
import type { App } from '../platform/app.ts'
import { withAgency } from '../platform/database.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import type { Instant } from '../platform/time.ts'
import {
  accountInfo,
  type ComponentSession,
  isAesKey,
  openComponentSession,
  openTokens,
  openWeChat,
  component as platform,
} from '../wechat/index.ts'
import type { Account } from './account.ts'
import { arriveAtAccount, forgetTokens, freshAccount } from './account-rows.ts'
import { audit } from './audit.ts'
import { flushNoticed, nothingNoticed } from './call-ledger.ts'
import { lookAround } from './connect.ts'
import { type Findings, receptionChoices } from './discovery.ts'
import { ensureComponentDoor } from './door-rows.ts'
import { standingOf } from './standing.ts'
import { accountByAppid, accountById } from './store.ts'
import { tokenStore } from './token-store.ts'
import { readComponent, runningClock, weChatFor } from './wechat-session.ts'

const shape = z.object({
  appid: z
    .string()
    .trim()
    .regex(/^wx[0-9a-zA-Z]{16}$/, '第三方平台的 AppID 应是 wx 开头的 18 位字符'),
  secret: z.string().trim().min(16, '第三方平台的 AppSecret 太短'),
  token: z.string().regex(/^[A-Za-z0-9]{3,32}$/, 'Token 应是 3–32 位字母或数字'),
  aesKey: z.string().refine(isAesKey, 'EncodingAESKey 应是 43 位字母或数字'),
  baseUrl: z.url().default('https://api.weixin.qq.com'),
})
export type ComponentInput = z.input<typeof shape>

/** Registers our third-party platform; answers the two addresses for the open platform's settings. Repeatable. */
export async function setComponent(
  app: App,
  actor: Actor,
  input: ComponentInput,
): Promise<Outcome<{ eventUrl: string; messageUrl: string }>> {
  const read = shape.safeParse(input)
  if (!read.success) return refused(`没有保存：${read.error.issues.map((issue) => issue.message).join('；')}。`)
  const { appid, secret, baseUrl, ...keys } = read.data
  return withAgency(app.database, actor.agencyId, async (tx) => {
    const row = { secret_sealed: app.secrets.seal(secret), base_url: baseUrl }
    await tx
      .insertInto('dx.components')
      .values({ agency_id: thisAgency, appid, ...row })
      .onConflict((same) => same.columns(['agency_id', 'appid']).doUpdateSet(row))
      .execute()
    await audit(tx, actor.personId, 'component-set', { appid })
    return done(await ensureComponentDoor(app, tx, appid, keys))
  })
}

/** Asks WeChat to push the ticket now rather than within ten minutes; to be pressed once the addresses are in place. */
export async function askForTicket(app: App, actor: Actor): Promise<Outcome<{ asked: true }>> {
  const row = await componentRow(app, actor.agencyId)
  if (!row) return refused('还没有登记第三方平台，没有调用微信。')
  const client = openWeChat({ baseUrl: row.base_url, fetch: app.fetch, now: runningClock(row.now) })
  const answer = await platform.startTickets(client, { appid: row.appid, secret: app.secrets.open(row.secret_sealed) })
  return answer.ok ? done({ asked: true }) : refused(`微信没有开始推送 ticket：${answer.problem.message}`)
}

/** The page on which the client's administrator scans. */
export async function authorizationUrl(
  app: App,
  actor: Actor,
  { redirectUri, where = 'computer', appid }: { redirectUri: string; where?: 'computer' | 'phone'; appid?: string },
): Promise<Outcome<{ url: string; expiresAt: Instant }>> {
  const opened = await openPlatform(app, actor.agencyId)
  if (!opened.ok) return opened
  const { session, now } = opened.value
  const code = await platform.createPreAuthCode(session, now())
  if (!code.ok) return refused(`没能生成授权页：${code.problem.message}`)
  const page = { component: session.appid, preAuthCode: code.value.code, redirectUri, ...(appid ? { appid } : {}) }
  return done({ url: platform.authorizationPage(where, page), expiresAt: code.value.expiresAt })
}

export type Authorised = { account: Account; isNew: boolean; found: Findings | undefined; choices: typeof receptionChoices }

/** Connects an account whose administrator has just authorised us. Authorising again refreshes it. */
export async function connectByAuthorization(
  app: App,
  actor: Actor,
  input: { code: string; clientId?: string },
): Promise<Outcome<Authorised>> {
  const opened = await openPlatform(app, actor.agencyId)
  if (!opened.ok) return opened
  const { session, now, baseUrl } = opened.value
  const granted = await platform.queryAuthorization(session, input.code, now())
  if (!granted.ok) return refused(`授权没有完成：${granted.problem.message}请客户重新扫码。`)
  const { appid, refreshToken } = granted.value
  await forgetTokens(app, actor.agencyId, appid)
  // The code works once: what it was exchanged for is kept before anything else is asked.
  const { id, isNew } = await withAgency(app.database, actor.agencyId, async (tx) => {
    const known = await accountByAppid(tx, appid)
    const id = known?.id ?? app.newId()
    await arriveAtAccount(app, tx, {
      id,
      appid,
      name: known?.name ?? appid,
      clientId: input.clientId ?? known?.clientId,
      baseUrl,
      reception: 'component',
      relayUrl: null,
      kind: known?.kind ?? null,
      verified: known?.verified ?? null,
      abilities: known?.abilities ?? { calls: {} },
      credentials: { mode: 'component', secret_sealed: null, refresh_token_sealed: app.secrets.seal(refreshToken) },
      isNew: !known,
    })
    await audit(tx, actor.personId, known ? 'account-authorised-again' : 'account-authorised', { accountId: id, appid })
    return { id, isNew: !known || known.disconnectedAt !== null }
  })
  return refreshAuthorised(app, actor, id, isNew)
}

/** Reads name, kind, standing and abilities of an authorised account anew. */
export async function refreshAuthorised(
  app: App,
  actor: Pick<Actor, 'agencyId'>,
  id: string,
  isNew = false,
): Promise<Outcome<Authorised>> {
  const opened = await weChatFor(app, actor.agencyId, id)
  if (!opened.ok) return opened
  const { session, component, account, now } = opened.value
  const info = component ? await accountInfo(component, account.appid) : undefined
  if (info && !info.ok) return refused(`《${account.name}》已授权，但没能读到资料：${info.problem.message}`)
  const looked = await lookAround(session, now())
  if (!looked.ok) return refused(`《${account.name}》已授权，但没能读到内容：${looked.problem.message}`)
  return withAgency(app.database, actor.agencyId, async (tx, at) => {
    const hasBaseline = await tx.selectFrom('dx.baselines').select('kind').where('account_id', '=', id).executeTakeFirst()
    await tx
      .updateTable('dx.accounts')
      .set({
        abilities: jsonb({ calls: looked.capabilities.calls }),
        ...(info
          ? {
              name: info.value.name || account.name,
              user_name: info.value.userName,
              verified: info.value.isVerified,
              standing: standingOf(info.value.status),
            }
          : {}),
        ...(info && info.value.kind !== 'other' ? { kind: info.value.kind === 'service' ? 'SVC' : 'SUB' } : {}),
      })
      .where('id', '=', id)
      .execute()
    if (isNew || !hasBaseline)
      await freshAccount(tx, id, at, { menu: looked.shown, autoReply: looked.replies, articles: looked.articles })
    return done({ account: (await accountById(tx, id))!, isNew, found: looked.found, choices: receptionChoices })
  })
}

export type Platform = { session: ComponentSession; now(): Instant; baseUrl: string }

/** Speaks in the platform's own name. */
export async function openPlatform(app: App, agencyId: string): Promise<Outcome<Platform>> {
  const row = await componentRow(app, agencyId)
  if (!row) return refused('还没有登记第三方平台，没有调用微信。')
  const component = readComponent(app, row)
  if (!component) return refused('还没有收到微信推送的 component_verify_ticket（每 10 分钟一次），没有调用微信。请稍后再试。')
  const now = runningClock(row.now)
  const noticed = nothingNoticed()
  const client = openWeChat({ baseUrl: row.base_url, fetch: app.fetch, now, observe: (call) => void noticed.calls.push(call) })
  const session = openComponentSession(client, openTokens({ client, store: tokenStore(app, agencyId), now }), component)
  const recorded: ComponentSession = {
    ...session,
    call: (call) => session.call(call).finally(() => flushNoticed(app, agencyId, null, noticed)),
  }
  return done({ session: recorded, now, baseUrl: row.base_url })
}

const componentRow = (app: App, agencyId: string) =>
  withAgency(app.database, agencyId, async (tx, now) => {
    const row = await tx
      .selectFrom('dx.components')
      .selectAll()
      .orderBy('ticket_at', (order) => order.desc().nullsLast())
      .executeTakeFirst()
    return row && { ...row, now }
  })
