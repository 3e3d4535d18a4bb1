import { z } from 'zod'
import type { Actor } from '../platform/access.ts'
import type { App } from '../platform/app.ts'
import { withAgency } from '../platform/database.ts'
import type { Json } from '../platform/json.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import type { Instant } from '../platform/time.ts'
import { isAesKey, menu, type Session, type WeChatProblem } from '../wechat/index.ts'
import type { Account, AccountKind, Reception } from './account.ts'
import { arriveAtAccount, draftAccount, forgetTokens, freshAccount } from './account-rows.ts'
import { audit } from './audit.ts'
import { type Capabilities, probeCapabilities } from './capabilities.ts'
import {
  allPublished,
  type Findings,
  type ListedArticle,
  losses,
  menuOrigin,
  type ReceptionChoice,
  receptionChoices,
} from './discovery.ts'
import { type CallbackSettings, ensureDoor } from './door-rows.ts'
import { accountByAppid, clientById } from './store.ts'
import { openAccountSession, runningClock } from './wechat-session.ts'

const shape = z.object({
  appid: z
    .string()
    .trim()
    .regex(/^wx[0-9a-zA-Z]{16}$/, 'AppID 应是 wx 开头的 18 位字符'),
  secret: z
    .string()
    .trim()
    .regex(/^[0-9a-zA-Z]{16,64}$/, 'AppSecret 应是 32 位字母和数字，请重新复制'),
  name: z.string().trim().min(1).max(100).optional(),
  clientId: z.uuid().optional(),
  kind: z.enum(['SUB', 'SVC']).optional(),
  baseUrl: z.url().default('https://api.weixin.qq.com'),
  reception: z.enum(['poll', 'callback', 'relay']).optional(),
  /** Where pushes go today; they are passed on to it. */
  relayUrl: z.url({ protocol: /^https?$/, error: '转发地址应以 http:// 或 https:// 开头' }).optional(),
  /** Token and EncodingAESKey as they stand in the console. With a relay they must stay: the former system checks them. */
  callback: z
    .object({
      token: z.string().regex(/^[A-Za-z0-9]{3,32}$/, 'Token 应是 3–32 位字母或数字'),
      aesKey: z.string().refine(isAesKey, 'EncodingAESKey 应是 43 位字母或数字'),
    })
    .optional(),
})
export type ConnectInput = z.input<typeof shape>

export type Connected = {
  account: Account
  isNew: boolean
  found: Findings
  /** What taking over the callback address would break; empty where it is ours already. */
  wouldLose: string[]
  choices: readonly ReceptionChoice[]
  /** To be put into the console only if somebody chooses to: nothing was changed at WeChat. */
  callback: CallbackSettings
}

/**
 * Connects an account by its AppSecret, or refreshes it when it is there. Reads only: at WeChat nothing changes. Calling it
 * again never approves today's menu or articles as normal: what a thief did meanwhile must stay visible.
 */
export async function connectAccount(app: App, actor: Actor, input: ConnectInput): Promise<Outcome<Connected>> {
  const read = shape.safeParse(input)
  if (!read.success) return refused(`没有接入，什么都没有保存：${read.error.issues.map((issue) => issue.message).join('；')}。`)
  const wanted = read.data
  if (wanted.reception === 'relay' && !wanted.relayUrl) return refused('选择“转发”时要填写原来系统的接收地址。什么都没有保存。')
  if (wanted.relayUrl?.startsWith(`${app.publicUrl()}/wx/`))
    return refused('转发地址是定心丸自己的地址，会来回转个不停。什么都没有保存。')

  const { known, client, now } = await withAgency(app.database, actor.agencyId, async (tx, now) => ({
    known: await accountByAppid(tx, wanted.appid),
    client: wanted.clientId ? await clientById(tx, wanted.clientId) : undefined,
    now,
  }))
  if (wanted.clientId && !client) return refused('没有找到这个客户。没有接入，什么都没有保存，请重新选择客户。')
  const draft = draftAccount(actor.agencyId, {
    id: known?.id ?? app.newId(),
    appid: wanted.appid,
    baseUrl: wanted.baseUrl,
    name: wanted.name ?? wanted.appid,
    now,
  })
  // A running probe keeps a token of the former secret in the shared store; only one of our own shows that this secret is right.
  const opened = openAccountSession(
    app,
    draft,
    { mode: 'secret', appid: wanted.appid, secret: wanted.secret },
    runningClock(now),
    { tokens: 'own' },
  )
  const looked = await lookAround(opened.session, now)
  if (!looked.ok) return refused(`没能接入 ${wanted.name ?? wanted.appid}：${looked.problem.message}什么都没有保存。`)
  await forgetTokens(app, actor.agencyId, wanted.appid)

  return withAgency(app.database, actor.agencyId, async (tx, at) => {
    const { capabilities, shown, replies, articles, found } = looked
    const isNew = !known || known.disconnectedAt !== null
    const reception: Reception = wanted.reception ?? (isNew || known.mode === 'component' ? 'poll' : known.reception)
    const kind: AccountKind | null = wanted.kind ?? capabilities.kind ?? known?.kind ?? null
    await arriveAtAccount(app, tx, {
      id: draft.id,
      appid: wanted.appid,
      name: wanted.name ?? known?.name ?? wanted.appid,
      clientId: wanted.clientId ?? known?.clientId,
      baseUrl: wanted.baseUrl,
      reception,
      relayUrl: reception === 'relay' ? (wanted.relayUrl ?? known?.relayUrl ?? null) : null,
      kind,
      verified: capabilities.verified ?? known?.verified ?? null,
      abilities: { calls: capabilities.calls },
      credentials: { mode: 'secret', secret_sealed: app.secrets.seal(wanted.secret), refresh_token_sealed: null },
      isNew,
    })
    if (isNew) await freshAccount(tx, draft.id, at, { menu: shown, autoReply: replies, articles })
    const callback = await ensureDoor(app, tx, draft.id, wanted.callback)
    await audit(tx, actor.personId, isNew ? 'account-connected' : 'account-refreshed', {
      accountId: draft.id,
      appid: wanted.appid,
      reception,
    })
    const account = (await accountByAppid(tx, wanted.appid))!
    const wouldLose = account.reception === 'callback' || account.reception === 'relay' ? [] : losses(found)
    return done({ account, isNew, found, wouldLose, choices: receptionChoices, callback })
  })
}

export type Look = {
  ok: true
  capabilities: Capabilities
  shown: Json | undefined
  replies: Json | undefined
  articles: ListedArticle[]
  found: Findings
}

/** Everything we read on arrival. Fails only when the first question is not answered: then the credentials or the way are wrong. */
export async function lookAround(session: Session, now: Instant): Promise<Look | { ok: false; problem: WeChatProblem }> {
  const shown = await menu.getSelfMenu(session)
  if (!shown.ok && shown.problem.class !== 'permission') return { ok: false, problem: shown.problem }
  const replies = await menu.getAutoReply(session)
  const capabilities = await probeCapabilities(session, now)
  const byApi = await menu.get(session)
  const published = capabilities.calls.publish === 'yes' ? await allPublished(session) : undefined
  const articles = published?.ok ? published.articles : []
  const found: Findings = {
    menu: menuOrigin(shown.ok ? shown.value : undefined, byApi.ok ? byApi.value !== null : undefined),
    autoReply: replies.ok
      ? {
          onFollow: replies.value.onFollow.isOpen,
          onMessage: replies.value.onMessage.isOpen,
          keywordRules: replies.value.keywords.length,
        }
      : 'unknown',
    otherCallback: capabilities.callback,
    publishedBefore: published?.ok ? { count: articles.length, complete: articles.length >= published.total } : 'unknown',
  }
  return {
    ok: true,
    capabilities,
    shown: shown.ok ? (shown.value.raw as Json) : undefined,
    replies: replies.ok ? (replies.value.raw as Json) : undefined,
    articles,
    found,
  }
}
