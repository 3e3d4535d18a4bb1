import type { Instant } from '../platform/time.ts'
import { type Article, articlesIn, type Listed, nothing, type Page, type Position, wireIndex } from './articles.ts'
import type { Answer } from './client.ts'
import { moment, nested, number, numberOr, numbers, objects, text, textOrNull } from './fields.ts'
import type { ArticleUrl, PublishStatus } from './push-types.ts'
import type { Session } from './session.ts'
import { publishStatus } from './statuses.ts'

/** Publishing without notifying followers (section d.2). */
export type Publication = {
  publishId: string
  status: PublishStatus
  articleId: string | null
  urls: ArticleUrl[]
  failedIdx: number[]
}
export type Published = { articleId: string; articles: Article[]; createdAt: Instant | null; updatedAt: Instant | null }

/** Accepted is not published: the outcome comes by the `publish-finished` push or by `get`, whichever first. */
export function submit(session: Session, mediaId: string): Promise<Answer<{ publishId: string; msgDataId: string | null }>> {
  return session.call({
    path: '/cgi-bin/freepublish/submit',
    method: 'POST',
    intent: 'write',
    body: { media_id: mediaId },
    read: (a) => ({ publishId: text(a, 'publish_id'), msgDataId: textOrNull(a, 'msg_data_id') }),
  })
}

export function get(session: Session, publishId: string): Promise<Answer<Publication>> {
  return session.call({
    path: '/cgi-bin/freepublish/get',
    method: 'POST',
    intent: 'read',
    body: { publish_id: publishId },
    read: (a) => ({
      publishId: text(a, 'publish_id'),
      status: publishStatus(text(a, 'publish_status')),
      articleId: textOrNull(a, 'article_id'),
      urls: objects(nested(a, 'article_detail'), 'item').map((item) => ({
        idx: numberOr(item, 'idx'),
        url: text(item, 'article_url'),
      })),
      failedIdx: numbers(a, 'fail_idx'),
    }),
  })
}

/** Irreversible. Deleting `all` takes every article of the publication away. 53600 means there was nothing left to delete. */
export function remove(session: Session, articleId: string, which: Position): Promise<Answer<undefined>> {
  const body = { article_id: articleId, index: wireIndex(which) }
  return session.call({ path: '/cgi-bin/freepublish/delete', method: 'POST', intent: 'write', body, read: nothing })
}

/** The articles of one publication; `isDeleted` shows what is gone. */
export function getArticle(session: Session, articleId: string): Promise<Answer<Article[]>> {
  const path = '/cgi-bin/freepublish/getarticle'
  return session.call({ path, method: 'POST', intent: 'read', body: { article_id: articleId }, read: articlesIn })
}

/** Only what was published without notification: no API lists notified articles. The order is not promised. */
export function batchGet(session: Session, page: Page & { noContent?: boolean }): Promise<Answer<Listed<Published>>> {
  const body = { offset: page.offset, count: page.count, no_content: page.noContent ? 1 : 0 }
  return session.call({
    path: '/cgi-bin/freepublish/batchget',
    method: 'POST',
    intent: 'read',
    body,
    read: (a) => ({
      total: number(a, 'total_count'),
      items: objects(a, 'item').map((item) => {
        const content = nested(item, 'content')
        const updatedAt = moment(item, 'update_time') ?? moment(content, 'update_time')
        return {
          articleId: text(item, 'article_id'),
          articles: articlesIn(content),
          createdAt: moment(content, 'create_time'),
          updatedAt,
        }
      }),
    }),
  })
}
