import type { Answer } from './client.ts'
import { flag, nested, number, numberOr, numberOrNull, objects, text, textOr, textOrNull } from './fields.ts'
import type { JsonObject } from './json.ts'
import type { Session } from './session.ts'

/**
 * Statistics (section d.8), all of them counts and never names. Ask after 08:00 Beijing time of the next day; earlier comes
 * 61503 or something incomplete. A missing row is not a zero.
 */
export type Days = { from: string; to: string }
export type Delayable<T> = { isDelayed: boolean; rows: T[] }

/** Every source has its own row; `source` 0 is others. At most 7 days. */
export type FollowerChange = { day: string; source: number; gained: number; lost: number }
export function followerChanges(session: Session, days: Days): Promise<Answer<FollowerChange[]>> {
  return rows(session, 'getusersummary', days, (row) => ({
    day: text(row, 'ref_date'),
    source: numberOr(row, 'user_source'),
    gained: numberOr(row, 'new_user'),
    lost: numberOr(row, 'cancel_user'),
  }))
}

export function followerTotals(session: Session, days: Days): Promise<Answer<{ day: string; followers: number }[]>> {
  return rows(session, 'getusercumulate', days, (row) => ({
    day: text(row, 'ref_date'),
    followers: number(row, 'cumulate_user'),
  }))
}

/** `msgDataId` and `idx` (from 1) of an article, from WeChat's "<msg_data_id>_<idx>". */
export type ArticleRef = { msgDataId: string; idx: number | null }
const articleRef = (row: JsonObject): ArticleRef => {
  const [msgDataId = '', idx] = text(row, 'msgid').split('_')
  return { msgDataId, idx: idx ? Number(idx) : null }
}

export type ArticleReads = ArticleRef & { day: string; readers: number; sources: { scene: string; readers: number }[] }
export function articleReads(session: Session, day: string): Promise<Answer<Delayable<ArticleReads>>> {
  return delayable(session, 'getarticleread', day, (row) => {
    const detail = nested(row, 'detail')
    return { ...articleRef(row), day: text(row, 'ref_date'), readers: numberOr(detail, 'read_user'), sources: sources(detail) }
  })
}

export function articleShares(
  session: Session,
  day: string,
): Promise<Answer<Delayable<ArticleRef & { day: string; sharers: number }>>> {
  return delayable(session, 'getarticleshare', day, (row) => ({
    ...articleRef(row),
    day: text(row, 'ref_date'),
    sharers: numberOr(nested(row, 'detail'), 'share_user'),
  }))
}

export type ArticleDay = {
  day: string
  readers: number
  sharers: number
  likes: number
  wows: number
  comments: number
  collections: number
  finishRate: number | null
}
/** The only API that shows articles a person sent from the console with notification; `url` and `title` since 2026-03. */
export type ArticleTotal = ArticleRef & {
  publishedOn: string
  title: string | null
  url: string | null
  how: 'notified' | 'without-notice' | 'unknown'
  days: ArticleDay[]
}
export function articleTotals(session: Session, day: string): Promise<Answer<Delayable<ArticleTotal>>> {
  return delayable(session, 'getarticletotaldetail', day, (row) => ({
    ...articleRef(row),
    publishedOn: text(row, 'ref_date'),
    title: textOrNull(row, 'title'),
    url: textOrNull(row, 'content_url'),
    how: howPublished(numberOrNull(row, 'publish_type')),
    days: objects(row, 'detail_list').map((d) => ({
      day: text(d, 'stat_date'),
      ...figures(d),
      finishRate: numberOrNull(d, 'read_finish_rate'),
    })),
  }))
}

const howPublished = (type: number | null) => (type === 0 ? 'notified' : type === 1 ? 'without-notice' : 'unknown')

export type AccountDay = Omit<ArticleDay, 'finishRate'> & { published: number; sources: { scene: string; readers: number }[] }
/** The account as a whole, at most 30 days. */
export function accountDays(session: Session, days: Days): Promise<Answer<AccountDay[]>> {
  return rows(session, 'getbizsummary', days, (row) => {
    const detail = nested(row, 'detail')
    return {
      day: text(row, 'ref_date'),
      ...figures(detail),
      published: numberOr(detail, 'send_page_count'),
      sources: sources(detail),
    }
  })
}

const figures = (d: JsonObject) => ({
  readers: numberOr(d, 'read_user'),
  sharers: numberOr(d, 'share_user'),
  likes: numberOr(d, 'like_user'),
  wows: numberOr(d, 'zaikan_user'),
  comments: numberOr(d, 'comment_count'),
  collections: numberOr(d, 'collection_user'),
})

const sources = (detail: JsonObject) =>
  objects(detail, 'read_user_source').map((s) => ({ scene: textOr(s, 'scene_desc'), readers: numberOr(s, 'user_count') }))

/** How many people wrote in, by kind of message. At most 7 days. */
export function incomingMessages(
  session: Session,
  days: Days,
): Promise<Answer<{ day: string; type: number; people: number; messages: number }[]>> {
  return rows(session, 'getupstreammsg', days, (row) => ({
    day: text(row, 'ref_date'),
    type: numberOr(row, 'msg_type'),
    people: numberOr(row, 'msg_user'),
    messages: numberOr(row, 'msg_count'),
  }))
}

export type CallbackDay = { day: string; pushes: number; failures: number; totalMs: number; slowestMs: number }
/** WeChat's own view of how our callback did: the only place where pushes we never saw leave a trace. At most 30 days. */
export function callbackDays(session: Session, days: Days): Promise<Answer<CallbackDay[]>> {
  return rows(session, 'getinterfacesummary', days, (row) => ({
    day: text(row, 'ref_date'),
    pushes: numberOr(row, 'callback_count'),
    failures: numberOr(row, 'fail_count'),
    totalMs: numberOr(row, 'total_time_cost'),
    slowestMs: numberOr(row, 'max_time_cost'),
  }))
}

function rows<T>(session: Session, name: string, days: Days, read: (row: JsonObject) => T): Promise<Answer<T[]>> {
  const body = { begin_date: days.from, end_date: days.to }
  return session.call({
    path: `/datacube/${name}`,
    method: 'POST',
    intent: 'read',
    body,
    read: (a) => objects(a, 'list').map(read),
  })
}

function delayable<T>(session: Session, name: string, day: string, row: (row: JsonObject) => T): Promise<Answer<Delayable<T>>> {
  const body = { begin_date: day, end_date: day }
  const read = (a: JsonObject) => ({ isDelayed: flag(a, 'is_delay'), rows: objects(a, 'list').map(row) })
  return session.call({ path: `/datacube/${name}`, method: 'POST', intent: 'read', body, read })
}
