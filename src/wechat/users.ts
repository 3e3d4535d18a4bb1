import type { Instant } from '../platform/time.ts'
import { nothing } from './articles.ts'
import type { Answer } from './client.ts'
import { flag, moment, nested, number, numberOr, numbers, objects, text, textOr, textOrNull, texts } from './fields.ts'
import type { JsonObject } from './json.ts'
import type { Session } from './session.ts'

/** Followers and their tags (section d.7). Names and pictures of followers are not given out any more. */
export type FollowerPage = { total: number; openids: string[]; next: string | null }
export type Follower =
  | { follows: false; openid: string }
  | {
      follows: true
      openid: string
      followedAt: Instant | null
      unionId: string | null
      remark: string
      tagIds: number[]
      scene: string | null
      qrScene: string | null
    }
export type Tag = { id: number; name: string; count: number }

/** 10,000 at a time; `next` of one page begins the following one and is null after the last. */
export function list(session: Session, from: string | null): Promise<Answer<FollowerPage>> {
  const query: Record<string, string> = from ? { next_openid: from } : {}
  return session.call({ path: '/cgi-bin/user/get', method: 'GET', intent: 'read', query, read: readPage })
}

/** The last page carries no `data` at all, and sometimes names its own last follower as the next. */
function readPage(a: JsonObject): FollowerPage {
  const openids = texts(nested(a, 'data'), 'openid')
  return { total: numberOr(a, 'total'), openids, next: openids.length > 0 ? textOrNull(a, 'next_openid') : null }
}

export function get(session: Session, openid: string): Promise<Answer<Follower>> {
  const query = { openid, lang: 'zh_CN' }
  return session.call({ path: '/cgi-bin/user/info', method: 'GET', intent: 'read', query, read: readFollower })
}

/** At most 100 at once. */
export function batchGet(session: Session, openids: string[]): Promise<Answer<Follower[]>> {
  const body = { user_list: openids.map((openid) => ({ openid, lang: 'zh_CN' })) }
  const read = (a: JsonObject) => objects(a, 'user_info_list').map(readFollower)
  return session.call({ path: '/cgi-bin/user/info/batchget', method: 'POST', intent: 'read', body, read })
}

function readFollower(raw: JsonObject): Follower {
  const openid = text(raw, 'openid')
  if (!flag(raw, 'subscribe')) return { follows: false, openid }
  return {
    follows: true,
    openid,
    followedAt: moment(raw, 'subscribe_time'),
    unionId: textOrNull(raw, 'unionid'),
    remark: textOr(raw, 'remark'),
    tagIds: numbers(raw, 'tagid_list'),
    scene: textOrNull(raw, 'subscribe_scene'),
    qrScene: textOrNull(raw, 'qr_scene_str') ?? (numberOr(raw, 'qr_scene') ? textOrNull(raw, 'qr_scene') : null),
  }
}

export function listTags(session: Session): Promise<Answer<Tag[]>> {
  const read = (a: JsonObject) => objects(a, 'tags').map(readTag)
  return session.call({ path: '/cgi-bin/tags/get', method: 'GET', intent: 'read', read })
}

export function createTag(session: Session, name: string): Promise<Answer<Tag>> {
  const read = (a: JsonObject) => readTag(nested(a, 'tag'))
  return session.call({ path: '/cgi-bin/tags/create', method: 'POST', intent: 'write', body: { tag: { name } }, read })
}

export function removeTag(session: Session, id: number): Promise<Answer<undefined>> {
  return session.call({ path: '/cgi-bin/tags/delete', method: 'POST', intent: 'write', body: { tag: { id } }, read: nothing })
}

const readTag = (raw: JsonObject): Tag => ({ id: number(raw, 'id'), name: text(raw, 'name'), count: numberOr(raw, 'count') })

export function listTagged(session: Session, tagId: number, from: string | null): Promise<Answer<FollowerPage>> {
  const body = { tagid: tagId, next_openid: from ?? '' }
  const read = (a: JsonObject) => ({ ...readPage(a), total: numberOr(a, 'count') })
  return session.call({ path: '/cgi-bin/user/tag/get', method: 'POST', intent: 'read', body, read })
}

/** At most 50 people at once. 45171: some of them could not be tagged. */
export const tagPeople = (session: Session, tagId: number, openids: string[]) =>
  people(session, '/cgi-bin/tags/members/batchtagging', { tagid: tagId }, openids)
export const untagPeople = (session: Session, tagId: number, openids: string[]) =>
  people(session, '/cgi-bin/tags/members/batchuntagging', { tagid: tagId }, openids)

/** At most 20 at once. The blacklist is the nearest thing to barring a commenter. */
export const block = (session: Session, openids: string[]) => people(session, '/cgi-bin/tags/members/batchblacklist', {}, openids)
export const unblock = (session: Session, openids: string[]) =>
  people(session, '/cgi-bin/tags/members/batchunblacklist', {}, openids)

function people(session: Session, path: string, more: JsonObject, openids: string[]): Promise<Answer<undefined>> {
  return session.call({ path, method: 'POST', intent: 'write', body: { ...more, openid_list: openids }, read: nothing })
}

export function listBlocked(session: Session, from: string | null): Promise<Answer<FollowerPage>> {
  const body = { begin_openid: from ?? '' }
  return session.call({ path: '/cgi-bin/tags/members/getblacklist', method: 'POST', intent: 'read', body, read: readPage })
}

/** After an account was migrated: who each follower of the old account is at the new one. At most 100 at once; null for who did not follow. */
export function migrated(
  session: Session,
  fromAppid: string,
  openids: string[],
): Promise<Answer<{ before: string; now: string | null }[]>> {
  const body = { from_appid: fromAppid, openid_list: openids }
  const read = (a: JsonObject) =>
    objects(a, 'result_list').map((row) => ({ before: text(row, 'ori_openid'), now: textOrNull(row, 'new_openid') }))
  return session.call({ path: '/cgi-bin/changeopenid', method: 'POST', intent: 'read', body, read })
}
