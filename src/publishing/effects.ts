import fs from 'node:fs'
import { weChatFor } from '../accounts/index.ts'
import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import type { AttemptResult, Effect, EffectKind, EffectKinds } from '../platform/outbox.ts'
import { before, type Instant, minutes, seconds } from '../platform/time.ts'
import type { PublishStatus } from '../wechat/index.ts'
import { drafts, freepublish, materials, type Session, type WeChatProblem } from '../wechat/index.ts'
import { liveHolds } from './holds.ts'
import { followLater, settlePublication } from './verdicts.ts'

const cover = new URL('../../fixtures/cover.png', import.meta.url)
const idOf = (effect: Effect) => (effect.payload as { publicationId: string }).publicationId
type Row = {
  id: string
  account_id: string
  title: string
  content: string
  content_hash: string
  thumb_media_id: string | null
  draft_media_id: string | null
  publish_id: string | null
  state_since: Instant
}

/** Submits a publication without notice (freepublish). It has no idempotency key, so an unknown outcome is settled by looking. */
export const publishingEffects = (app: App): EffectKinds => ({ publish: publishKind(app), 'follow-publication': followKind(app) })

const publishKind = (app: App): EffectKind => ({
  reaches: 'wechat',
  whenUnknown: 'look',
  lease: 60_000,
  async mayGo(tx, effect) {
    const stopped = await whyStopped(tx, effect)
    return stopped ? { go: false, retry: 'never', reason: stopped } : { go: true }
  },
  async carry(effect) {
    const row = await load(app, effect)
    if (row.publish_id !== null) return lookAfter(app, effect, row)
    const opened = await weChatFor(app, effect.agencyId, row.account_id)
    if (!opened.ok) return { result: 'refused', retry: 'never', reason: opened.reason }
    const { session } = opened.value
    const staged = await stage(app, effect, row, session)
    if (typeof staged !== 'string') return staged
    // Putting cover and draft in place took seconds: a stop pressed meanwhile wins (promise 3).
    const stopped = await withAgency(app.database, effect.agencyId, (tx) => whyStopped(tx, effect))
    if (stopped) return { result: 'refused', retry: 'never', reason: stopped }
    await remember(app, effect, { publish_id: ASKED })
    const submitted = await freepublish.submit(session, staged)
    if (!submitted.ok && submitted.problem.outcome !== 'unknown') await remember(app, effect, { publish_id: null })
    if (!submitted.ok) return resultOf(submitted.problem)
    await remember(app, effect, { publish_id: submitted.value.publishId })
    return { result: 'done', receipt: submitted.value.publishId }
  },
  async look(effect) {
    const row = await load(app, effect)
    return row.publish_id === null ? { result: 'not-done' } : lookAfter(app, effect, row)
  },
  async settled(tx, effect, result, now) {
    const { publish_id: asked } = await tx
      .selectFrom('dx.publications')
      .select('publish_id')
      .where('id', '=', idOf(effect))
      .executeTakeFirstOrThrow()
    // What WeChat may have taken did not “fail”, however often we looked in vain.
    const ended = asked === ASKED ? 'unknown' : 'failed'
    const state = { done: 'confirming', refused: ended, unknown: 'unknown', expired: ended }[result.result]
    const held = result.result === 'refused' && result.reason.startsWith('held')
    const note = result.result === 'done' ? null : result.reason
    await tx
      .updateTable('dx.publications')
      .set({ state: held ? 'held' : state, ...(held ? { held_from: 'scheduled' } : {}), state_since: now, note })
      .where('id', '=', idOf(effect))
      .where('state', '=', 'submitting')
      .execute()
    if (result.result !== 'done') return
    const { publish_id, article_id } = await tx
      .selectFrom('dx.publications')
      .select(['publish_id', 'article_id'])
      .where('id', '=', idOf(effect))
      .executeTakeFirstOrThrow()
    // Found among the published ones: the verdict is in, there is no id to ask with.
    if (!publish_id && article_id) await settlePublication(tx, idOf(effect), { status: 'published', articleId: article_id }, now)
    else await followLater(tx, idOf(effect), 0, now)
  },
})

async function whyStopped(tx: Tx, effect: Effect): Promise<string | undefined> {
  const row = await tx
    .selectFrom('dx.publications')
    .select(['account_id', 'state', 'publish_id'])
    .where('id', '=', idOf(effect))
    .executeTakeFirst()
  if (row?.state !== 'submitting') return 'it was stopped before it left'
  if (row.publish_id !== null) return undefined // It may have left already; this try only looks.
  const [hold] = await liveHolds(tx, row.account_id)
  return hold && `held: ${hold.reason}`
}

/** Asks WeChat what became of an accepted publication; the push usually comes first. */
const followKind = (app: App): EffectKind => ({
  reaches: 'wechat',
  whenUnknown: 'settle',
  async carry(effect) {
    const row = await load(app, effect)
    const opened = await weChatFor(app, effect.agencyId, row.account_id)
    if (!opened.ok || !row.publish_id)
      return { result: 'unknown', reason: opened.ok ? 'there is nothing to ask for yet' : opened.reason }
    const answer = await freepublish.get(opened.value.session, row.publish_id)
    if (!answer.ok) return { result: 'unknown', reason: answer.problem.message }
    const { status, articleId } = answer.value
    return { result: 'done', receipt: String(status), detail: { status: status as never, articleId } }
  },
  async settled(tx, effect, result, now) {
    const { round = 0 } = effect.payload as { round?: number }
    const verdict = result.detail as { status: PublishStatus; articleId: string | null } | undefined
    const isSettled =
      result.result === 'done' && verdict !== undefined && (await settlePublication(tx, idOf(effect), verdict, now))
    if (!isSettled && round < 40) await followLater(tx, idOf(effect), round + 1, now)
  },
})

/** Written down before the call leaves: from then on WeChat may have the article, and only looking is allowed (promise 1). */
const ASKED = ''
const LOOK_AGAIN = seconds(30)

/**
 * What became of a submission whose answer never came. A draft that left the box is found among the published ones by its title.
 * One still in the box proves nothing: it leaves when the publishing ends, not when it is accepted (docs/wechat), so a second
 * submission could put the article out twice. After the tries a person decides.
 */
async function lookAfter(app: App, effect: Effect, row: Row): Promise<AttemptResult> {
  if (row.publish_id) return { result: 'done', receipt: row.publish_id }
  const later = (reason: string): AttemptResult => ({ result: 'refused', retry: 'later', afterMs: LOOK_AGAIN, reason })
  const opened = await weChatFor(app, effect.agencyId, row.account_id)
  if (!opened.ok) return later(opened.reason)
  const { session } = opened.value
  const draft = await drafts.get(session, row.draft_media_id ?? '')
  if (draft.ok) return later('the draft is still in the box: it never arrived, or WeChat is still at it')
  if (draft.problem.code !== 40007) return later(draft.problem.message)
  const published = await freepublish.batchGet(session, { offset: 0, count: 20, noContent: true })
  if (!published.ok) return later(published.problem.message)
  const found = published.value.items.find(
    (item) =>
      item.articles.some((article) => article.title === row.title) &&
      (!item.updatedAt || item.updatedAt >= before(row.state_since, minutes(2))),
  )
  if (!found) return later('the draft is gone and no article of that title is published yet')
  await remember(app, effect, { article_id: found.articleId })
  return { result: 'done', receipt: found.articleId }
}

/** Cover and draft are put in place once and remembered, so that a repeated try makes no second draft. */
async function stage(app: App, effect: Effect, row: Row, session: Session): Promise<string | AttemptResult> {
  if (row.draft_media_id) return row.draft_media_id
  let thumb = row.thumb_media_id
  if (!thumb) {
    const added = await materials.add(session, 'image', {
      fileName: 'cover.png',
      mediaType: 'image/png',
      bytes: fs.readFileSync(cover),
    })
    if (!added.ok) return resultOf(added.problem, 'not-submitted')
    thumb = added.value.mediaId
    await remember(app, effect, { thumb_media_id: thumb })
  }
  const added = await drafts.add(session, [{ title: row.title, content: row.content, thumbMediaId: thumb }])
  if (!added.ok) return resultOf(added.problem, 'not-submitted')
  await remember(app, effect, { draft_media_id: added.value.mediaId })
  return added.value.mediaId
}

function resultOf(problem: WeChatProblem, at: 'submitted' | 'not-submitted' = 'submitted'): AttemptResult {
  const reason = problem.message
  if (problem.outcome === 'unknown')
    return at === 'submitted' ? { result: 'unknown', reason } : { result: 'refused', retry: 'later', afterMs: 5000, reason }
  if (problem.class === 'retry' || problem.class === 'quota')
    return { result: 'refused', retry: 'later', afterMs: 15_000, reason }
  return { result: 'refused', retry: 'never', reason }
}

const load = (app: App, effect: Effect): Promise<Row> =>
  withAgency(app.database, effect.agencyId, (tx) =>
    tx.selectFrom('dx.publications').selectAll().where('id', '=', idOf(effect)).executeTakeFirstOrThrow(),
  )
const remember = (app: App, effect: Effect, columns: Partial<Omit<Row, 'id'>> & { article_id?: string }) =>
  withAgency(app.database, effect.agencyId, (tx) =>
    tx.updateTable('dx.publications').set(columns).where('id', '=', idOf(effect)).execute(),
  )
