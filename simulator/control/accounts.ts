import { iso } from '../clock.ts'
import { shakeHands } from '../handshake.ts'
import { type Fields, fieldsOf, isFields, maybeText, numberAt, textAt } from '../json.ts'
import { Random } from '../random.ts'
import {
  type Account,
  type CallbackSettings,
  FIRST_TAG,
  newAccount,
  type Penal,
  type Script,
  subscribed,
} from '../state/account.ts'
import { articleUrl, isGone } from '../state/articles.ts'
import type { Publication } from '../state/content.ts'
import type { World } from '../state/world.ts'
import { accountIn, misuse, type Request, type Route } from './door.ts'

const settings = (account: Account) => ({
  appid: account.appid,
  secret: account.secret,
  userName: account.userName,
  name: account.name,
  kind: account.kind,
  verified: account.verified,
  penal: account.penal,
  accountStatus: account.accountStatus,
  secretFrozen: account.secretFrozen,
  whitelist: account.whitelist ?? null,
  protection: account.protection,
  commentAbility: account.commentAbility,
  gate: account.gate ?? null,
  quotaLimits: account.quotaLimits,
  callback: account.callback ? { ...account.callback, aesKey: '***', token: '***' } : null,
  followers: subscribed(account).length,
  tagId: FIRST_TAG,
})

function create({ world, body }: Request): unknown {
  const identity = new Random(`${world.seed}/account/${world.accounts.size + 1}`)
  const kind = body.kind === 'SVC' ? 'SVC' : 'SUB'
  const name = textAt(body, 'name') || `测试账号${world.accounts.size + 1}`
  const account = newAccount({
    kind,
    verified: body.verified !== false,
    followers: numberAt(body, 'followers', 20),
    name,
    identity,
    now: world.clock.now(),
  })
  world.accounts.set(account.appid, account)
  patchAccount(account, body)
  return { ...settings(account), openids: subscribed(account).map((one) => one.openid) }
}

const PENAL = ['none', 'api-forbidden', 'limited', 'frozen']

function patchAccount(account: Account, body: Fields): void {
  if (body.kind === 'SUB' || body.kind === 'SVC') account.kind = body.kind
  if (typeof body.verified === 'boolean') account.verified = body.verified
  if (typeof body.protection === 'boolean') account.protection = body.protection
  if (typeof body.commentAbility === 'boolean') account.commentAbility = body.commentAbility
  if (typeof body.secretFrozen === 'boolean') account.secretFrozen = body.secretFrozen
  if (typeof body.name === 'string') account.name = body.name
  if (body.penal !== undefined)
    account.penal = PENAL.includes(String(body.penal)) ? (body.penal as Penal) : misuse(`penal: ${PENAL.join(', ')}`)
  if (body.accountStatus !== undefined) account.accountStatus = numberAt(body, 'accountStatus', 1)
  if (body.whitelist !== undefined) account.whitelist = Array.isArray(body.whitelist) ? body.whitelist.map(String) : undefined
  if (body.quotaLimits !== undefined)
    account.quotaLimits = Object.fromEntries(
      Object.entries(fieldsOf(body.quotaLimits)).map(([path, limit]) => [path, Number(limit)]),
    )
}

const MODES = ['plain', 'compat', 'safe']

/** Saves a callback address the way the console does: only when the handshake is answered. */
async function setCallback(request: Request): Promise<unknown> {
  const { world, body } = request
  const account = accountIn(request)
  const mode = textAt(body, 'mode') || 'safe'
  if (!MODES.includes(mode)) misuse(`mode: ${MODES.join(', ')}`)
  const token = maybeText(body, 'token') ?? misuse('token is missing')
  const aesKey = textAt(body, 'aesKey')
  if (mode !== 'plain' && !/^[A-Za-z0-9]{43}$/.test(aesKey)) misuse('aesKey: 43 letters or digits')
  const wanted: CallbackSettings = {
    url: maybeText(body, 'url') ?? misuse('url is missing'),
    token,
    aesKey,
    mode: mode as CallbackSettings['mode'],
  }
  const result = await shakeHands(world, wanted)
  if (result.ok) {
    account.previousCallback = account.callback
    account.callback = wanted
    account.markFail = { failures: 0, until: 0 }
  }
  return result
}

const SCRIPT_FIELDS = ['status', 'delayMs', 'event', 'failIdx', 'copyright', 'errorCount', 'emptyReply']

function readScript(given: unknown): Script {
  const unknown = Object.keys(fieldsOf(given)).find((field) => !SCRIPT_FIELDS.includes(field))
  if (unknown !== undefined || !isFields(given))
    misuse(`a script has the fields ${SCRIPT_FIELDS.join(', ')}${unknown ? `, not ${unknown}` : ''}`)
  return given as Script
}

function next(request: Request): unknown {
  const account = accountIn(request)
  for (const kind of ['publish', 'mass'] as const) {
    const given = request.body[kind]
    if (given !== undefined) account.scripts[kind].push(...(Array.isArray(given) ? given : [given]).map(readScript))
  }
  return account.scripts
}

const shownPublication = (world: World, account: Account, publication: Publication) => ({
  articleId: publication.articleId,
  msgDataId: publication.msgDataId,
  notified: publication.notified,
  via: publication.via,
  by: publication.by,
  publishedAt: iso(publication.publishedAt),
  deleted: isGone(publication),
  articles: publication.articles.map((article, index) => ({
    title: article.title,
    url: articleUrl(world, account, publication, index),
    visible: article.deletedAt === undefined,
    deletedAt: article.deletedAt === undefined ? null : iso(article.deletedAt),
    deletedBy: article.deletedBy ?? null,
    banned: article.banned,
    commentsOpen: article.commentsOpen,
    reads: [...article.reads.values()].reduce((sum, one) => sum + one, 0),
    content: article.content,
  })),
})

function state(request: Request): unknown {
  const { world } = request
  const account = accountIn(request)
  const all = account.publications.map((one) => shownPublication(world, account, one))
  return {
    ...settings(account),
    now: iso(world.clock.now()),
    articles: { live: all.filter((one) => !one.deleted), deleted: all.filter((one) => one.deleted) },
    menu: account.menu ? { open: account.menu.open, by: account.menu.by, button: account.menu.button } : null,
    autoReply: account.autoReply,
    drafts: [...account.drafts.values()].map(({ mediaId, articles, updatedAt, by }) => ({
      mediaId,
      by,
      titles: articles.map((one) => one.title),
      updatedAt: iso(updatedAt),
    })),
    publishJobs: [...account.jobs.values()].map(({ publishId, mediaId, status, submittedAt, by }) => ({
      publishId,
      mediaId,
      status,
      by,
      submittedAt: iso(submittedAt),
    })),
    massSends: [...account.sends.values()].map(
      ({ msgId, msgDataId, msgtype, via, by, toAll, state, status, counts, clientmsgid, acceptedAt, text, publication }) => ({
        msgId,
        msgDataId,
        msgtype,
        via,
        by,
        toAll,
        state,
        status,
        counts,
        clientmsgid,
        text: text ?? null,
        titles: publication?.articles.map((one) => one.title) ?? [],
        acceptedAt: iso(acceptedAt),
      }),
    ),
    comments: account.comments.map((one) => ({ ...one, at: iso(one.at) })),
    messages: account.messages.map((one) => ({ ...one, at: iso(one.at) })),
    materials: [...account.materials.values()].map(({ mediaId, type, name, url }) => ({ mediaId, type, name, url })),
    openids: subscribed(account).map((one) => one.openid),
  }
}

export const accountRoutes: Route[] = [
  ['GET', '/accounts', ({ world }) => ({ accounts: [...world.accounts.values()].map(settings) })],
  ['POST', '/accounts', create],
  [
    'PATCH',
    '/accounts/:appid',
    (request) => {
      patchAccount(accountIn(request), request.body)
      return settings(accountIn(request))
    },
  ],
  ['POST', '/accounts/:appid/callback', setCallback],
  ['POST', '/accounts/:appid/next', next],
  ['GET', '/accounts/:appid/state', state],
]
