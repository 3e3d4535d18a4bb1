import { type Account, type Outsider, outsiderAt, type Standing } from '../accounts/index.ts'
import type { Json } from '../platform/json.ts'
import { before, type Duration, elapsed, hours, type Instant, seconds } from '../platform/time.ts'
import type { Push, WeChatProblem } from '../wechat/index.ts'
import type { SeenArticle } from './probe-calls.ts'
import type { Signal } from './signal.ts'

export type Origin = 'ours' | 'before-us' | 'outsider' | 'unknown'
/** One of our publications, as far as it matters for telling what is ours. */
export type OurPublication = {
  id: string
  title: string
  state: string
  publishId: string | null
  msgId: string | null
  articleId: string | null
}
export type Verdict =
  | { is: 'ours'; publication: OurPublication }
  | { is: 'before-us' }
  | { is: 'outsider'; outsider: Outsider }
  /** One of our own calls is under way and its answer is not saved yet: judge again in a moment. */
  | { is: 'wait' }
  | { is: 'unknown'; maybeOurs: string[] }

/** What was seen may be something of ours whose ids we do not know yet. */
const isUnderWay = ({ state, publishId, msgId }: OurPublication) =>
  (state === 'submitting' || state === 'unknown') && publishId === null && msgId === null
const isWithoutArticle = ({ state, articleId }: OurPublication) =>
  articleId === null && ['submitting', 'unknown', 'confirming', 'waiting-for-administrator'].includes(state)

export const PATIENCE: Duration = seconds(10)
const CLOCKS_APART: Duration = hours(1)
type Judging = { account: Account; ours: OurPublication[]; zone: string; now: Instant }

/**
 * Whose is an article that is live on the account? One of ours may be seen before its own report has come in: then the title
 * tells, until the publication knows its article. WeChat's date of an article cannot be set back, so what is older than our
 * connection was there before us even if the first listing did not reach it.
 */
export function judgeArticle(article: SeenArticle, { account, ours, zone, now }: Judging): Verdict {
  const mine = ours.find((one) => one.articleId === article.articleId)
  if (mine) return { is: 'ours', publication: mine }
  if (ours.some((one) => isWithoutArticle(one) && one.title === article.title)) return { is: 'wait' }
  if (article.updatedAt && article.updatedAt < before(account.connectedAt, CLOCKS_APART)) return { is: 'before-us' }
  return judgeStranger(account, article.updatedAt ?? now, zone, [])
}

/**
 * Whose is a publication or a mass send that WeChat reports? The report of our own may come before the answer to our call
 * (docs/wechat, section h), so while one of ours is under way an unmatched report waits ten seconds.
 */
export function judgeReport(
  ids: { publishId?: string; msgId?: string; articleId?: string | null },
  receivedAt: Instant,
  happenedAt: Instant,
  { account, ours, zone, now }: Judging,
): Verdict {
  const mine = ours.find(
    (one) =>
      (ids.publishId !== undefined && one.publishId === ids.publishId) ||
      (ids.msgId !== undefined && one.msgId === ids.msgId) ||
      (ids.articleId && one.articleId === ids.articleId),
  )
  if (mine) return { is: 'ours', publication: mine }
  const underWay = ours.filter(isUnderWay)
  if (underWay.length > 0 && elapsed(receivedAt, now) < PATIENCE) return { is: 'wait' }
  return judgeStranger(
    account,
    happenedAt,
    zone,
    underWay.map((one) => one.id),
  )
}

function judgeStranger(account: Account, at: Instant, zone: string, maybeOurs: string[]): Verdict {
  const outsider = outsiderAt(account.outsiders, at, zone)
  return outsider ? { is: 'outsider', outsider } : { is: 'unknown', maybeOurs }
}

export const unknownArticle = (article: SeenArticle, maybeOurs: string[]): Signal => ({
  kind: 'unknown-publication',
  dedupeKey: `article:${article.articleId}`,
  facts: {
    articleId: article.articleId,
    title: article.title,
    url: article.url,
    isDeleted: article.isDeleted,
    maybeOurs,
    seenBy: 'poll',
  },
  happenedAt: article.updatedAt,
})

type Report = Extract<Push, { kind: 'mass-send-finished' | 'publish-finished' }>
export function unknownReport(push: Report, maybeOurs: string[]): Signal {
  const urls = push.urls.map(({ idx, url }) => ({ idx, url }))
  if (push.kind === 'mass-send-finished') {
    const { msgId, status, counts } = push
    // The API numbers its sends 31…; small numbers are what sends made by hand show (community finding, not promised).
    const facts = {
      msgId,
      status: status as Json,
      counts,
      urls,
      maybeOurs,
      looksHandMade: !msgId.startsWith('31'),
      seenBy: 'push',
    }
    return { kind: 'unknown-mass-send', dedupeKey: `mass:${msgId}`, facts, happenedAt: push.createdAt }
  }
  const { publishId, articleId, status } = push
  return {
    kind: 'unknown-publication',
    dedupeKey: articleId ? `article:${articleId}` : `publish:${publishId}`,
    facts: { publishId, articleId, status: status as Json, urls, maybeOurs, seenBy: 'push' },
    happenedAt: push.createdAt,
  }
}

/** The keys under which a report's articles are known. */
export const reportKey = (push: Report): string | null =>
  push.kind === 'mass-send-finished' ? `mass:${push.msgId}` : push.articleId ? `article:${push.articleId}` : null

/** A change of the account's own state comes with its signal; without one the signal stands for itself. */
export type AccountTrouble = { change: { standing: Standing } | 'withdrawn' | null; signal: Signal }

const withdrawnCodes = new Set([61003, 61023, 42007])
/** At the token endpoint: the secret was changed, frozen, or may no longer be used from here. */
const secretCodes: Record<number, string> = {
  40001: 'secret-changed',
  40125: 'secret-changed',
  40243: 'secret-frozen',
  40164: 'address-not-listed',
  89503: 'administrator-must-confirm',
  89506: 'address-refused',
  89507: 'address-refused',
}

/** What an unanswered question says about the account itself. One signal an hour for each code: a probe asks again in seconds. */
export function judgeProblem(problem: WeChatProblem, account: Account, now: Instant): AccountTrouble | null {
  const { code, rid, what } = problem
  if (code === null) return null
  const facts = { code, rid, path: what, message: problem.message }
  if (withdrawnCodes.has(code)) {
    return { change: 'withdrawn', signal: withdrawn(`authorisation:${now}`, facts, null) }
  }
  const reason = problem.class === 'config' || problem.class === 'gate' ? secretCodes[code] : undefined
  if (reason) return { change: null, signal: tokenKilled(`${code}:${now.slice(0, 13)}`, { ...facts, reason }, null) }
  if (problem.class === 'policy') {
    return { change: { standing: 'restricted' }, signal: standingChanged(account.standing, 'restricted', facts, now) }
  }
  return null
}

export const tokenKilled = (what: string, facts: Signal['facts'], happenedAt: Instant | null): Signal => ({
  kind: 'token-killed',
  dedupeKey: `token:${what}`,
  facts,
  happenedAt,
})
export const withdrawn = (dedupeKey: string, facts: Signal['facts'], happenedAt: Instant | null): Signal => ({
  kind: 'authorisation-withdrawn',
  dedupeKey,
  facts,
  happenedAt,
})
export const standingChanged = (from: string, to: string, facts: Signal['facts'], now: Instant): Signal => ({
  kind: 'standing-changed',
  dedupeKey: `standing:${to}:${now}`,
  facts: { from, to, ...facts },
  happenedAt: null,
})

/** `unknown` is no news in either direction, and a recovery is noted without waking anybody. */
export const isWorse = (from: string, to: string): boolean => from !== to && to !== 'normal' && to !== 'unknown'
