import type { Tx } from '../platform/database.ts'
import { arm, disarm } from '../platform/deadlines.ts'
import { after, type Instant, seconds } from '../platform/time.ts'
import type { PublishStatus, Push } from '../wechat/index.ts'

/** What WeChat finally says became of a publication; “accepted” is not among them. */
export function stateAfter(status: PublishStatus): 'published' | 'failed' | 'removed' | undefined {
  switch (status) {
    case 'published':
      return 'published'
    case 'originality-failed':
    case 'failed':
    case 'review-refused':
      return 'failed'
    case 'deleted-by-user':
    case 'banned-by-platform':
      return 'removed'
    default:
      return undefined // still in progress, or a word we do not know: ask again
  }
}

const notes: Partial<Record<Extract<PublishStatus, string>, string>> = {
  'originality-failed': '原创校验没有通过',
  failed: '平台发布失败',
  'review-refused': '平台审核没有通过',
  'deleted-by-user': '已被删除',
  'banned-by-platform': '被平台下架',
}

/** Writes the verdict down, whether the push or the question brought it; the first one wins, a removal comes after. */
export async function settlePublication(
  tx: Tx,
  id: string,
  verdict: { status: PublishStatus; articleId: string | null },
  now: Instant,
): Promise<boolean> {
  const state = stateAfter(verdict.status)
  if (!state) return false
  const note = typeof verdict.status === 'string' ? (notes[verdict.status] ?? null) : null
  await tx
    .updateTable('dx.publications')
    .set({ state, note, state_since: now, ...(verdict.articleId ? { article_id: verdict.articleId } : {}) })
    .where('id', '=', id)
    .where(
      'state',
      'in',
      state === 'removed' ? ['submitting', 'confirming', 'unknown', 'published'] : ['submitting', 'confirming', 'unknown'],
    )
    .execute()
  await disarm(tx, 'publication-follow', id)
  return true
}

/** A report about something of ours, passed on by monitoring in the transaction that settles the push. */
export async function hearReport(tx: Tx, report: { publicationId: string; push: Push; now: Instant }): Promise<void> {
  const { push } = report
  if (push.kind === 'publish-finished')
    await settlePublication(tx, report.publicationId, { status: push.status, articleId: push.articleId }, report.now)
}

/** Asks from five seconds on, then ever more slowly up to a minute; the push may be first. */
export const followLater = (tx: Tx, id: string, round: number, now: Instant) =>
  arm(tx, 'publication-follow', id, after(now, seconds(Math.min(60, 5 * 2 ** round))), 2)
