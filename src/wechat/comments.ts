import type { Instant } from '../platform/time.ts'
import { nothing } from './articles.ts'
import type { Answer } from './client.ts'
import { moment, numberOr, objects, text, textOr } from './fields.ts'
import { isObject, type JsonObject } from './json.ts'
import type { Session } from './session.ts'

/**
 * Comments under an article (section d.6). There is no API to pin a comment, to write one as the author, or to bar somebody.
 * `position` counts from 1 like everywhere in our code; WeChat's index counts from 0 here.
 */
export type ArticleAt = { msgDataId: string; position: number }
export type Comment = {
  commentId: string
  openid: string
  content: string
  createdAt: Instant | null
  isFeatured: boolean
  reply: { content: string; createdAt: Instant | null } | null
}
export type CommentPage = { begin: number; count: number; which: 'all' | 'ordinary' | 'featured' }

const kinds = { all: 0, ordinary: 1, featured: 2 }

export const open = (session: Session, at: ArticleAt) => change(session, 'open', at)
export const close = (session: Session, at: ArticleAt) => change(session, 'close', at)

/** At most 49 at a time. */
export function list(
  session: Session,
  at: ArticleAt,
  page: CommentPage,
): Promise<Answer<{ total: number; comments: Comment[] }>> {
  const body = { ...address(at), begin: page.begin, count: page.count, type: kinds[page.which] }
  const read = (a: JsonObject) => ({ total: numberOr(a, 'total'), comments: objects(a, 'comment').map(readComment) })
  return session.call({ path: '/cgi-bin/comment/list', method: 'POST', intent: 'read', body, read })
}

export const feature = (session: Session, at: ArticleAt, commentId: string) =>
  change(session, 'markelect', at, { user_comment_id: commentId })
export const unfeature = (session: Session, at: ArticleAt, commentId: string) =>
  change(session, 'unmarkelect', at, { user_comment_id: commentId })
/** Irreversible. */
export const remove = (session: Session, at: ArticleAt, commentId: string) =>
  change(session, 'delete', at, { user_comment_id: commentId })
/** One reply per comment; 88005 says there is one already. */
export const reply = (session: Session, at: ArticleAt, commentId: string, content: string) =>
  change(session, 'reply/add', at, { user_comment_id: commentId, content })
export const removeReply = (session: Session, at: ArticleAt, commentId: string) =>
  change(session, 'reply/delete', at, { user_comment_id: commentId })

function change(
  session: Session,
  verb: string,
  at: ArticleAt,
  more: { user_comment_id?: string; content?: string } = {},
): Promise<Answer<undefined>> {
  const ids = more.user_comment_id === undefined ? {} : { user_comment_id: wireNumber(more.user_comment_id) }
  const body = { ...address(at), ...more, ...ids }
  return session.call({ path: `/cgi-bin/comment/${verb}`, method: 'POST', intent: 'write', body, read: nothing })
}

function address({ msgDataId, position }: ArticleAt) {
  if (!Number.isInteger(position) || position < 1) throw new RangeError('positions of articles count from 1')
  return { msg_data_id: wireNumber(msgDataId), index: position - 1 }
}

/** Documented as numbers; text when a number could not hold it. */
const wireNumber = (id: string) => (/^\d{1,15}$/.test(id) ? Number(id) : id)

function readComment(raw: JsonObject): Comment {
  // One SDK knows `reply` as a list, the page as an object, and unanswered it may be null.
  const reply = Array.isArray(raw.reply) ? raw.reply[0] : raw.reply
  return {
    commentId: text(raw, 'user_comment_id'),
    openid: textOr(raw, 'openid'),
    content: textOr(raw, 'content'),
    createdAt: moment(raw, 'create_time'),
    isFeatured: numberOr(raw, 'comment_type') === 1,
    reply:
      isObject(reply) && textOr(reply, 'content')
        ? { content: textOr(reply, 'content'), createdAt: moment(reply, 'create_time') }
        : null,
  }
}
