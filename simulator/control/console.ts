import { authorise, withdraw } from '../api/consent.ts'
import { ban, pushLate } from '../api/freepublish.ts'
import { administratorDecides } from '../api/mass-outcome.ts'
import { killTokens } from '../api/tokens.ts'
import { mphelper, push } from '../callbacks.ts'
import { fieldsOf, isFields, listAt, numberAt, textAt } from '../json.ts'
import type { Account, Gate } from '../state/account.ts'
import { publicationByUrl, removeArticles } from '../state/articles.ts'
import type { Publication } from '../state/content.ts'
import type { XmlFields } from '../xml.ts'
import { articlesOf, publishByHand } from './console-publish.ts'
import { accountIn, misuse, type Request, type Route } from './door.ts'

/** The publication named by url, articleId or msgDataId, and which of its articles (1-based; 0 = all). */
export function publicationIn(request: Request): { publication: Publication; index: number } {
  const account = accountIn(request)
  const { body } = request
  const byUrl = body.url === undefined ? undefined : publicationByUrl(account, textAt(body, 'url'))
  if (byUrl) return { publication: byUrl.publication, index: byUrl.index + 1 }
  const publication = account.publications.find(
    (one) => one.articleId === body.articleId || one.msgDataId === Number(body.msgDataId),
  )
  return {
    publication: publication ?? misuse('no such article; name it by url, articleId or msgDataId', 404),
    index: numberAt(body, 'index'),
  }
}

const publish = (request: Request) => {
  const account = accountIn(request)
  const by = request.body.by === 'thief' ? 'thief' : 'console'
  return publishByHand(request.world, account, {
    by,
    notify: request.body.notify === true,
    articles: articlesOf(account, request.body),
  })
}

function editMenu(request: Request): unknown {
  const account = accountIn(request)
  const button = listAt(request.body, 'button').filter(isFields)
  account.menu = request.body.button === null ? undefined : { open: request.body.open !== false, button, by: 'console' }
  return account.menu ?? { menu: null }
}

function editAutoReply(request: Request): unknown {
  const { autoReply } = accountIn(request)
  const { body } = request
  const reply = (name: string) => ({
    type: textAt(fieldsOf(body[name]), 'type') || 'text',
    content: textAt(fieldsOf(body[name]), 'content'),
  })
  if (body.added !== undefined) autoReply.added = body.added === null ? undefined : reply('added')
  if (body.fallback !== undefined) autoReply.fallback = body.fallback === null ? undefined : reply('fallback')
  if (body.keywords !== undefined) autoReply.keywords = listAt(body, 'keywords').filter(isFields)
  return autoReply
}

async function removeArticle(request: Request): Promise<void> {
  const { publication, index } = publicationIn(request)
  removeArticles(request.world, publication, index, 'console')
  await pushLate(request.world, accountIn(request), publication)
}

/** One edit per article, twenty characters at most: all the console allows. */
function editArticle(request: Request): unknown {
  const { publication, index } = publicationIn(request)
  const article = publication.articles[Math.max(index, 1) - 1] ?? misuse('no article at that index')
  const added = textAt(request.body, 'append')
  if (article.editedOnce) misuse('this article was edited once already', 409)
  if ([...added].length > 20) misuse('at most 20 characters', 409)
  article.content += `<p>${added}</p>`
  article.editedOnce = true
  return { content: article.content }
}

function pinComment(request: Request): unknown {
  const comment =
    accountIn(request).comments.find((one) => one.id === Number(request.body.commentId)) ?? misuse('no such comment', 404)
  comment.pinned = request.body.pinned !== false
  return comment
}

function changeSecret(request: Request): unknown {
  const { world, body } = request
  const account = accountIn(request)
  const act = textAt(body, 'act')
  if (act === 'reset') {
    account.secret = world.random.hex(32)
    account.secretFrozen = false
    if (world.switches.tokensDieOnSecretReset) killOwnTokens(request, account)
  } else if (act === 'freeze') {
    account.secretFrozen = true
    if (world.switches.tokensDieOnSecretFreeze) killOwnTokens(request, account)
  } else if (act === 'unfreeze') account.secretFrozen = false
  else misuse('act: reset, freeze or unfreeze')
  return { secret: account.secret, secretFrozen: account.secretFrozen }
}

function killOwnTokens({ world }: Request, account: Account): void {
  killTokens(world, account.appid, 'token')
  killTokens(world, account.appid, 'stable')
}

function editWhitelist(request: Request): unknown {
  const account = accountIn(request)
  account.whitelist = Array.isArray(request.body.ips) ? request.body.ips.map(String) : undefined
  return { whitelist: account.whitelist ?? null }
}

/** The administrator scans, or refuses, the send that waits. */
async function confirmSend(request: Request): Promise<unknown> {
  const account = accountIn(request)
  const msgId = request.body.msgId
  const waiting = [...account.sends.values()].find(
    (one) => one.state === 'waiting-for-administrator' && (msgId === undefined || one.msgId === Number(msgId)),
  )
  if (!waiting) misuse('no mass send is waiting for the administrator', 409)
  await administratorDecides(request.world, account, waiting, request.body.yes !== false)
  return { msgId: waiting.msgId, state: waiting.state }
}

const GATE_LASTS = { 89506: 24 * 3_600_000, 89507: 3_600_000 } as const

/** The prompt an unusual address causes: 89503/89501 while open, 89506/89507 once refused. `code: null` ends it. */
function setGate(request: Request): unknown {
  const account = accountIn(request)
  const code = Number(request.body.code)
  if (!code) account.gate = undefined
  else if (![89501, 89503, 89506, 89507].includes(code)) misuse('code: 89501, 89503, 89506, 89507 or null')
  else {
    const lasts = code === 89506 || code === 89507 ? GATE_LASTS[code] : undefined
    const until = lasts === undefined ? undefined : request.world.clock.now() + lasts
    account.gate = { code: code as Gate['code'], until, allowIps: listAt(request.body, 'allowIps').map(String) }
  }
  return { gate: account.gate ?? null }
}

async function banArticle(request: Request): Promise<void> {
  const { publication } = publicationIn(request)
  ban(request.world, publication)
  await pushLate(request.world, accountIn(request), publication)
}

/** Verification and naming: the events of section c.4, with what follows from them. */
function standing(request: Request): unknown {
  const account = accountIn(request)
  const event = textAt(request.body, 'event')
  if (event === 'verify_expired') account.verified = false
  if (event === 'qualification_verify_success') account.verified = true
  const fields = fieldsOf(request.body.fields) as XmlFields
  return push(request.world, account, { FromUserName: mphelper(account), MsgType: 'event', Event: event, ...fields })
}

/** Any other push of section c, written out by the caller. */
function pushAnything(request: Request): unknown {
  const account = accountIn(request)
  const { FromUserName, MsgType, ...fields } = request.body as XmlFields
  return push(request.world, account, {
    FromUserName: String(FromUserName ?? mphelper(account)),
    MsgType: String(MsgType ?? 'event'),
    ...fields,
  })
}

const act = (name: string, handle: Route[2]): Route => ['POST', `/accounts/:appid/console/${name}`, handle]
export const consoleRoutes: Route[] = [
  act('publish', publish),
  act('menu', editMenu),
  act('auto-reply', editAutoReply),
  act('delete', removeArticle),
  act('edit', editArticle),
  act('pin-comment', pinComment),
  act('secret', changeSecret),
  act('whitelist', editWhitelist),
  act('confirm', confirmSend),
  act('gate', setGate),
  act('authorise', (request) => {
    const scopes = request.body.funcscopes
    return authorise(request.world, accountIn(request).appid, '', Array.isArray(scopes) ? scopes.map(Number) : undefined)
  }),
  act('withdraw', (request) => withdraw(request.world, accountIn(request).appid)),
  ['POST', '/accounts/:appid/platform/ban', banArticle],
  ['POST', '/accounts/:appid/platform/standing', standing],
  ['POST', '/accounts/:appid/platform/push', pushAnything],
]
