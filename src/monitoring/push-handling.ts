import { type Account, accountById } from '../accounts/index.ts'
import type { App } from '../platform/app.ts'
import type { Tx } from '../platform/database.ts'
import { arm, type Due } from '../platform/deadlines.ts'
import { after, earliest, type Instant, seconds } from '../platform/time.ts'
import type { Push } from '../wechat/index.ts'
import { isWorse, judgeReport, PATIENCE, reportKey, standingChanged, unknownReport, withdrawn } from './judge.ts'
import { knownKeys, markGone, ourPublications, rememberArticle, zoneOf } from './our-publications.ts'
import { lockProbes, readSubject } from './probe-rows.ts'
import type { Signal } from './signal.ts'
import { raiseSignal } from './signals.ts'
import { noteWithdrawn } from './trouble.ts'

/** A report about something of ours, for publishing to act on; called in the transaction that settles the push. */
export type OurReport = { publicationId: string; accountId: string; push: Push; now: Instant }
export type HearsOurs = (tx: Tx, report: OurReport) => Promise<void>

type Handling = {
  app: App
  tx: Tx
  now: Instant
  account: Account
  receivedAt: Instant
  dedupeKey: string
  hearsOurs?: HearsOurs | undefined
}

/** What a push that was received and committed means. It may be handled a second time: the row says whether it was. */
export async function handlePush(app: App, { tx, now, subjectId }: Due, hearsOurs?: HearsOurs): Promise<void> {
  const { accountId, rest: dedupeKey } = readSubject(subjectId)
  const row = await tx
    .selectFrom('dx.pushes')
    .select(['push', 'received_at', 'handled_at'])
    .where('account_id', '=', accountId)
    .where('dedupe_key', '=', dedupeKey)
    .forUpdate()
    .executeTakeFirst()
  const account = await accountById(tx, accountId)
  if (!row || row.handled_at || !account) return
  const handling = { app, tx, now, account, receivedAt: row.received_at, dedupeKey, hearsOurs }
  const isSettled = await settlePush(handling, row.push as unknown as Push)
  if (!isSettled) {
    const latest = after(row.received_at, PATIENCE)
    return arm(tx, 'push-received', subjectId, earliest(after(now, seconds(1)), latest > now ? latest : null)!, 1)
  }
  await tx
    .updateTable('dx.pushes')
    .set({ handled_at: now })
    .where('account_id', '=', accountId)
    .where('dedupe_key', '=', dedupeKey)
    .execute()
}

/** Answers false when it is too early to say. */
async function settlePush(handling: Handling, push: Push): Promise<boolean> {
  switch (push.kind) {
    case 'mass-send-finished':
    case 'publish-finished':
      return settleReport(handling, push)
    case 'unauthorized':
      await settleWithdrawal(handling, push.createdAt)
      return true
    case 'standing':
      await settleStanding(handling, push)
      return true
    default:
      return true
  }
}

type Report = Extract<Push, { kind: 'mass-send-finished' | 'publish-finished' }>
const isRemoval = (push: Report) =>
  push.kind === 'publish-finished' && (push.status === 'deleted-by-user' || push.status === 'banned-by-platform')

async function settleReport({ app, tx, now, account, receivedAt, hearsOurs }: Handling, push: Report): Promise<boolean> {
  const ids: { msgId?: string; publishId?: string; articleId?: string | null } =
    push.kind === 'mass-send-finished' ? { msgId: push.msgId } : { publishId: push.publishId, articleId: push.articleId }
  const key = reportKey(push)
  const list = (id: string | null | undefined) => (id ? [id] : [])
  const ours = await ourPublications(tx, account.id, {
    msgIds: list(ids.msgId),
    publishIds: list(ids.publishId),
    articleIds: list(ids.articleId),
  })
  const verdict = judgeReport(ids, receivedAt, push.createdAt, { account, ours, zone: await zoneOf(tx), now })
  if (verdict.is === 'wait') return false
  if (verdict.is === 'ours') {
    const { publication } = verdict
    if (key && !isRemoval(push))
      await rememberArticle(
        tx,
        account.id,
        { key, origin: 'ours', title: publication.title, url: push.urls[0]?.url ?? null },
        now,
      )
    if (isRemoval(push)) await settleRemoval({ app, tx, now, account }, push, publication)
    await hearsOurs?.(tx, { publicationId: publication.id, accountId: account.id, push, now })
    return true
  }
  const isKnown = key !== null && (await knownKeys(tx, account.id, [key])).has(key)
  if (isKnown) {
    if (isRemoval(push)) await markGone(tx, account.id, key, now)
    return true
  }
  if (key) await rememberArticle(tx, account.id, { key, origin: verdict.is, title: null, url: push.urls[0]?.url ?? null }, now)
  if (verdict.is === 'unknown') await raiseSignal(app, tx, account.id, unknownReport(push, verdict.maybeOurs), now)
  return true
}

/** Something of ours was taken down after it was out: by us, by somebody with access, or by the platform. */
async function settleRemoval(
  { app, tx, now, account }: Pick<Handling, 'app' | 'tx' | 'now' | 'account'>,
  push: Report,
  publication: { id: string; title: string; state: string; articleId: string | null },
): Promise<void> {
  if (push.kind !== 'publish-finished') return
  const key = `article:${publication.articleId ?? push.articleId ?? push.publishId}`
  const row = await tx
    .selectFrom('dx.known_articles')
    .select('gone_at')
    .where('account_id', '=', account.id)
    .where('key', '=', key)
    .executeTakeFirst()
  await markGone(tx, account.id, key, now)
  if (publication.state === 'removed' || row?.gone_at) return
  const by = push.status === 'banned-by-platform' ? 'platform' : 'somebody'
  const facts = { key, title: publication.title, url: push.urls[0]?.url ?? null, by, publicationId: publication.id }
  await raiseSignal(
    app,
    tx,
    account.id,
    { kind: 'article-gone', dedupeKey: `gone:${key}`, facts, happenedAt: push.createdAt },
    now,
  )
}

async function settleWithdrawal({ app, tx, now, account, dedupeKey }: Handling, happenedAt: Instant): Promise<void> {
  // The push and a probe that is refused may tell of it in the same moment: whoever turns the switch tells.
  await lockProbes(tx, account.id)
  if (await noteWithdrawn(tx, account.id))
    await raiseSignal(app, tx, account.id, withdrawn(dedupeKey, { seenBy: 'push' }, happenedAt), now)
}

/** Rights lost with a verification are lost at once; what is only about to expire is not a change yet. */
async function settleStanding(
  { app, tx, now, account, dedupeKey }: Handling,
  push: Extract<Push, { kind: 'standing' }>,
): Promise<void> {
  const { change, expiresAt, failedAt, reason } = push
  await lockProbes(tx, account.id)
  if (change === 'verified' || change === 'verification-expired')
    await tx
      .updateTable('dx.accounts')
      .set({ verified: change === 'verified' })
      .where('id', '=', account.id)
      .execute()
  if (change === 'verified' || change === 'name-verified' || change === 'renewal-due') return
  const facts = { change, expiresAt, failedAt, reason, seenBy: 'push' }
  const signal: Signal = {
    ...standingChanged(account.standing, change, facts, now),
    dedupeKey: `standing:${dedupeKey}`,
    happenedAt: push.createdAt,
  }
  if (isWorse(account.standing, change)) await raiseSignal(app, tx, account.id, signal, now)
}
