import type { Instant } from '../platform/time.ts'
import { type Article, type ArticleInput, articlesIn, type Listed, nothing, type Page, toWire } from './articles.ts'
import type { Answer } from './client.ts'
import { flag, moment, nested, number, objects, text } from './fields.ts'
import type { Session } from './session.ts'

/** The draft box (section d.1). A draft leaves it when it is published or sent: 40007 is then the cheapest proof of that. */
export type Draft = { mediaId: string; articles: Article[]; updatedAt: Instant | null }

/** Not idempotent and without an id of ours: after an unclear outcome look at the newest page before adding again. */
export function add(session: Session, articles: ArticleInput[]): Promise<Answer<{ mediaId: string }>> {
  const body = { articles: articles.map(toWire) }
  const path = '/cgi-bin/draft/add'
  return session.call({ path, method: 'POST', intent: 'write', body, read: (a) => ({ mediaId: text(a, 'media_id') }) })
}

/** Replaces one article; here `position` counts from 1 although WeChat counts from 0. May be repeated. */
export function update(session: Session, mediaId: string, position: number, article: ArticleInput): Promise<Answer<undefined>> {
  if (!Number.isInteger(position) || position < 1) throw new RangeError('positions of articles count from 1')
  const body = { media_id: mediaId, index: position - 1, articles: toWire(article) }
  return session.call({ path: '/cgi-bin/draft/update', method: 'POST', intent: 'write', body, read: nothing })
}

export function get(session: Session, mediaId: string): Promise<Answer<Article[]>> {
  return session.call({
    path: '/cgi-bin/draft/get',
    method: 'POST',
    intent: 'read',
    body: { media_id: mediaId },
    read: articlesIn,
  })
}

/** Irreversible. `delete` is a reserved word. */
export function remove(session: Session, mediaId: string): Promise<Answer<undefined>> {
  return session.call({
    path: '/cgi-bin/draft/delete',
    method: 'POST',
    intent: 'write',
    body: { media_id: mediaId },
    read: nothing,
  })
}

export function batchGet(session: Session, page: Page & { noContent?: boolean }): Promise<Answer<Listed<Draft>>> {
  const body = { offset: page.offset, count: page.count, no_content: page.noContent ? 1 : 0 }
  return session.call({
    path: '/cgi-bin/draft/batchget',
    method: 'POST',
    intent: 'read',
    body,
    read: (a) => ({
      total: number(a, 'total_count'),
      items: objects(a, 'item').map((item) => ({
        mediaId: text(item, 'media_id'),
        articles: articlesIn(nested(item, 'content')),
        updatedAt: moment(item, 'update_time'),
      })),
    }),
  })
}

export function count(session: Session): Promise<Answer<number>> {
  return session.call({ path: '/cgi-bin/draft/count', method: 'GET', intent: 'read', read: (a) => number(a, 'total_count') })
}

/** Whether the account has the draft box at all; only very old ones may not. */
export function isSwitchedOn(session: Session): Promise<Answer<boolean>> {
  const query = { checkonly: '1' }
  return session.call({
    path: '/cgi-bin/draft/switch',
    method: 'POST',
    intent: 'read',
    query,
    body: {},
    read: (a) => flag(a, 'is_open'),
  })
}
