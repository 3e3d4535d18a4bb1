import { mphelper, push } from '../callbacks.ts'
import { beijingMonth } from '../clock.ts'
import type { Account, Script } from '../state/account.ts'
import { articleUrl, makePublic } from '../state/articles.ts'
import type { Send } from '../state/content.ts'
import type { World } from '../state/world.ts'
import { takeFromBox } from './drafts.ts'

const ADMINISTRATOR_HAS_MS = 30 * 60_000

/** What a waiting send will come to once the administrator has scanned. */
const waiting = new WeakMap<Send, Script>()

/** API群发保护: nothing goes out until the administrator scans; refusal or half an hour of silence ends it. */
export function waitForAdministrator(world: World, account: Account, send: Send, script: Script): void {
  send.state = 'waiting-for-administrator'
  waiting.set(send, script)
  world.clock.after(ADMINISTRATOR_HAS_MS, () => {
    if (send.state === 'waiting-for-administrator') void world.pushes.track(failSend(world, account, send, 'err(40002)', script))
  })
}

export function administratorDecides(world: World, account: Account, send: Send, yes: boolean): Promise<void> {
  const script = waiting.get(send) ?? {}
  if (!yes) return failSend(world, account, send, 'err(40001)', script)
  send.state = 'SENDING'
  world.clock.after(
    script.delayMs ?? world.switches.massDelayMs,
    () => void world.pushes.track(finishSend(world, account, send, script)),
  )
  return Promise.resolve()
}

export async function finishSend(world: World, account: Account, send: Send, script: Script): Promise<void> {
  const status = typeof script.status === 'string' ? script.status : 'send success'
  if (status === 'SENDING') return
  send.copyright = script.copyright
  if (status !== 'send success') return failSend(world, account, send, status, script)
  const draft = send.mediaId ? (account.drafts.get(send.mediaId) ?? account.spentDrafts.get(send.mediaId)) : undefined
  if (draft && send.msgtype === 'mpnews') {
    const { msgDataId, via, by } = send
    send.publication = makePublic(world, account, { articles: draft.articles, msgDataId, notified: true, via, by })
    takeFromBox(account, draft.mediaId)
  } else send.publication = account.publications.find((one) => one.msgDataId === send.msgDataId)
  countReached(world, account, send, script.errorCount ?? 0)
  send.state = 'SEND_SUCCESS'
  send.status = status
  await tell(world, account, send, script)
}

function countReached(world: World, account: Account, send: Send, failed: number): void {
  const reached = send.target.slice(0, Math.max(0, send.target.length - failed))
  for (const openid of reached) account.followers.get(openid)?.notifiedIn.push(beijingMonth(world.clock.now()))
  send.counts = {
    total: send.counts.total,
    filter: send.target.length,
    sent: reached.length,
    error: send.target.length - reached.length,
  }
}

async function failSend(world: World, account: Account, send: Send, status: string, script: Script): Promise<void> {
  send.state = 'SEND_FAIL'
  send.status = status
  send.counts = { total: send.counts.total, filter: send.target.length, sent: 0, error: send.target.length }
  await tell(world, account, send, script)
}

async function tell(world: World, account: Account, send: Send, script: Script): Promise<void> {
  if (script.event === 'none') return
  await pushSend(world, account, send)
  if (script.event === 'twice') await pushSend(world, account, send)
}

const CHECK_STATE = { ok: 1, 'reprint-allowed': 2, 'reprint-forbidden': 3 }

export function pushSend(world: World, account: Account, send: Send): Promise<unknown> {
  const articles = send.publication?.articles ?? []
  const urls =
    send.publication &&
    articles.map((_, index) => ({ ArticleIdx: index + 1, ArticleUrl: articleUrl(world, account, send.publication!, index) }))
  const reprint = send.copyright !== undefined && send.copyright !== 'ok'
  const allowed = send.copyright === 'reprint-allowed' ? 1 : 0
  const original = {
    ArticleIdx: 1,
    UserDeclareState: 0,
    AuditState: 2,
    OriginalArticleUrl: 'http://mp.weixin.qq.com/s/original',
    OriginalArticleType: 1,
    CanReprint: allowed,
    NeedReplaceContent: 1,
    NeedShowReprintSource: 1,
  }
  return push(world, account, {
    FromUserName: mphelper(account),
    MsgType: 'event',
    Event: 'MASSSENDJOBFINISH',
    MsgID: send.msgId,
    Status: send.status,
    TotalCount: send.counts.total,
    FilterCount: send.counts.filter,
    SentCount: send.counts.sent,
    ErrorCount: send.counts.error,
    CopyrightCheckResult: {
      Count: reprint ? 1 : 0,
      ResultList: reprint ? { item: original } : '',
      CheckState: CHECK_STATE[send.copyright ?? 'ok'],
    },
    ...(urls ? { ArticleUrlResult: { Count: urls.length, ResultList: { item: urls } } } : {}),
  })
}
