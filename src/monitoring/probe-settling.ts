import { sql } from 'kysely'
import { type Account, baselineOf, beijingDay, hashOf, outsiderAt, sameAsBaseline, setBaseline } from '../accounts/index.ts'
import type { Tx } from '../platform/database.ts'
import type { Json } from '../platform/json.ts'
import { elapsed, type Instant, instant } from '../platform/time.ts'
import { type Drift, judgeDrift } from './drift.ts'
import { isWorse, judgeArticle, PATIENCE, standingChanged, unknownArticle } from './judge.ts'
import { knownKeys, markGone, ourPublications, rememberArticle, zoneOf } from './our-publications.ts'
import type { Sighting } from './probe-calls.ts'
import type { Memory } from './probe-rows.ts'
import { type Excess, judgeQuota, type Use } from './quota-ledger.ts'
import type { Signal } from './signal.ts'
import { noteStanding } from './trouble.ts'

export type Settling = { tx: Tx; now: Instant; account: Account; memory: Memory }
export type Judged = { seen: NonNullable<Memory['seen']>; signals: Signal[]; soon?: boolean }

/** Judges what a probe saw, remembers it, and answers the signals it gives. All in the transaction of the run's end. */
export function judgeSighting(settling: Settling, sighting: Sighting): Promise<Judged> {
  switch (sighting.kind) {
    case 'published-articles':
      return judgeArticles(settling, sighting)
    case 'menu':
    case 'auto-reply':
      return judgeContent(settling, sighting)
    case 'article-gone':
      return judgeGone(settling, sighting)
    case 'drafts':
      return Promise.resolve({ seen: { count: sighting.count }, signals: [] })
    case 'quota':
      return judgeUse(settling, sighting.paths)
    case 'standing':
      return judgeStanding(settling, sighting.standing)
  }
}

async function judgeArticles(
  { tx, now, account }: Settling,
  { articles, total }: Extract<Sighting, { kind: 'published-articles' }>,
): Promise<Judged> {
  const keyOf = (articleId: string) => `article:${articleId}`
  const known = await knownKeys(
    tx,
    account.id,
    articles.map((article) => keyOf(article.articleId)),
  )
  const news = articles.filter((article) => !known.has(keyOf(article.articleId)))
  if (news.length === 0) return { seen: { total }, signals: [] }
  const ours = await ourPublications(tx, account.id, { articleIds: news.map((article) => article.articleId) })
  const zone = await zoneOf(tx)
  const signals: Signal[] = []
  let waits = false
  for (const article of news) {
    const verdict = judgeArticle(article, { account, ours, zone, now })
    if (verdict.is === 'wait') waits = true
    else
      await rememberArticle(
        tx,
        account.id,
        { key: keyOf(article.articleId), origin: verdict.is, title: article.title, url: article.url },
        now,
      )
    if (verdict.is === 'unknown') signals.push(unknownArticle(article, verdict.maybeOurs))
  }
  // What waits is not settled: as long as the count differs from the one remembered, every page is read again.
  return { seen: waits ? {} : { total }, signals }
}

async function judgeContent(
  { tx, now, account, memory }: Settling,
  { kind, content }: Extract<Sighting, { content: Json }>,
): Promise<Judged> {
  const baseline = await baselineOf(tx, account.id, kind)
  if (!baseline) {
    // It could not be read when the account was connected; what is found first is what normal looks like.
    await setBaseline(tx, account.id, kind, content, 'first-reading')
    return { seen: { drift: null }, signals: [] }
  }
  const hash = hashOf(kind, content)
  const known = { drift: (memory.seen?.drift ?? null) as Drift | null, isNormal: sameAsBaseline(baseline, hash) }
  const { drift, signal } = judgeDrift(kind, known, { hash, content, baseline: baseline.content }, now)
  return { seen: { drift, hash }, signals: signal ? [signal] : [] }
}

/**
 * An article of ours that vanished. Our own removal is seen here before it is written down, so one that is missing is
 * looked at again after ten seconds before it is told.
 */
async function judgeGone(
  { tx, now, account, memory }: Settling,
  { looked }: Extract<Sighting, { kind: 'article-gone' }>,
): Promise<Judged> {
  const before = (memory.seen?.missing ?? {}) as Record<string, Instant>
  const missing: Record<string, Instant> = {}
  const signals: Signal[] = []
  for (const { key, isGone, by } of looked) {
    if (!isGone) continue
    const row = await tx
      .selectFrom('dx.known_articles')
      .select(['gone_at', 'title', 'url'])
      .where('account_id', '=', account.id)
      .where('key', '=', key)
      .executeTakeFirst()
    if (!row || row.gone_at) continue
    const articleId = key.replace(/^article:/, '')
    const ours = await ourPublications(tx, account.id, { articleIds: [articleId] })
    const removedByUs = ours.some((one) => one.articleId === articleId && one.state === 'removed')
    const since = before[key] ?? now
    if (removedByUs) await markGone(tx, account.id, key, now)
    else if (elapsed(since, now) < PATIENCE) missing[key] = since
    else {
      await markGone(tx, account.id, key, now)
      const facts = {
        key,
        title: row.title,
        url: row.url,
        by: by ?? 'unknown',
        publicationId: ours.find((one) => one.articleId === articleId)?.id ?? null,
      }
      signals.push({ kind: 'article-gone', dedupeKey: `gone:${key}`, facts, happenedAt: null })
    }
  }
  return { seen: { missing }, signals, soon: Object.keys(missing).length > 0 }
}

const MIDNIGHT_MINUTES = 2

async function judgeUse({ tx, now, account, memory }: Settling, uses: Use[]): Promise<Judged> {
  const day = beijingDay(now)
  const limits = { ...((memory.seen?.limits ?? {}) as Record<string, number>) }
  for (const { path, limit } of uses) limits[path] = limit
  const used = Object.fromEntries(uses.map((use) => [use.path, use.used]))
  const kept = { limits, used, day }
  const midnight = instant(`${day}T00:00:00+08:00`)
  // Around midnight WeChat's count may still be yesterday's.
  if (elapsed(midnight, now) < MIDNIGHT_MINUTES * 60_000) return { seen: { ...memory.seen, ...kept }, signals: [] }
  const ledger = await ourCalls(tx, account.id, midnight)
  const zone = await zoneOf(tx)
  const system = account.outsiders.filter((one) => one.kind === 'system')
  const explained = outsiderAt(system, now, zone)?.name ?? null
  const { excess, signals } = judgeQuota(uses, ledger, (memory.seen?.excess ?? null) as Excess | null, day, {
    firstDay: beijingDay(account.connectedAt) === day,
    explained,
  })
  return { seen: { ...kept, excess: excess as unknown as Json }, signals, soon: Object.keys(excess.suspected).length > 0 }
}

async function ourCalls(tx: Tx, accountId: string, since: Instant): Promise<Record<string, number>> {
  const found = await sql<{ path: string; calls: number }>`select path, count(*) as calls from dx.wechat_calls
    where agency_id = dx.agency() and account_id = ${accountId} and started_at >= ${since} group by path`.execute(tx)
  return Object.fromEntries(found.rows.map((row) => [row.path, row.calls]))
}

async function judgeStanding({ tx, now, account }: Settling, standing: string): Promise<Judged> {
  if (standing === account.standing || standing === 'unknown') return { seen: { standing }, signals: [] }
  const isNews = await noteStanding(tx, account.id, standing)
  const signals =
    isNews && isWorse(account.standing, standing) ? [standingChanged(account.standing, standing, { seenBy: 'poll' }, now)] : []
  return { seen: { standing }, signals }
}
