import { unix } from '../clock.ts'
import { refuse } from '../errors.ts'
import { type Fields, fieldsAt, fieldsOf, listAt, maybeText, numberAt, textAt, textsAt } from '../json.ts'
import { type Account, type Follower, subscribed } from '../state/account.ts'
import { type Call, type Endpoint, OK } from './call.ts'

const PAGE = 10_000

/** Openids after a given one; an empty page carries no `data`, and the last one an empty next_openid. */
function pageOf(openids: string[], after: string, size = PAGE): Fields {
  const start = after ? openids.indexOf(after) + 1 : 0
  if (after && start === 0) refuse(40003)
  const openid = openids.slice(start, start + size)
  const more = start + size < openids.length
  return {
    count: openid.length,
    ...(openid.length > 0 ? { data: { openid } } : {}),
    next_openid: more ? (openid.at(-1) ?? '') : '',
  }
}

function list({ account, query }: Call): Fields {
  const openids = subscribed(account).map((one) => one.openid)
  return { total: openids.length, ...pageOf(openids, query.get('next_openid') ?? '') }
}

function shown(account: Account, openid: string, lang: string): Fields {
  const follower = account.followers.get(openid) ?? refuse(40003)
  if (!follower.subscribed) return { subscribe: 0, openid }
  return {
    subscribe: 1,
    openid,
    language: lang || 'zh_CN',
    subscribe_time: unix(follower.subscribedAt),
    remark: follower.remark,
    groupid: follower.tags[0] ?? 0,
    tagid_list: follower.tags,
    subscribe_scene: follower.scene,
    qr_scene: 0,
    qr_scene_str: '',
  }
}

const info = ({ account, query }: Call): Fields => shown(account, query.get('openid') || refuse(41009), query.get('lang') ?? '')

function infos({ account, body }: Call): Fields {
  const asked = listAt(body, 'user_list').map(fieldsOf)
  if (asked.length < 1 || asked.length > 100) refuse(40032)
  return { user_info_list: asked.map((one) => shown(account, textAt(one, 'openid'), textAt(one, 'lang'))) }
}

const SYSTEM_TAGS = 3
function tagName(account: Account, body: Fields): string {
  const name = textAt(fieldsAt(body, 'tag'), 'name')
  if (!name || [...account.tags.values()].includes(name)) refuse(45157)
  if ([...name].length > 30) refuse(45158)
  return name
}
function tagOf(account: Account, id: number): number {
  if (!account.tags.has(id)) refuse(45159)
  return id
}
function changeable(account: Account, body: Fields): number {
  const id = tagOf(account, numberAt(fieldsAt(body, 'tag'), 'id', -1))
  if (id < SYSTEM_TAGS) refuse(45058)
  return id
}

function createTag({ world, account, body }: Call): Fields {
  const name = tagName(account, body)
  if (account.tags.size >= 100) refuse(45056)
  const id = world.counters.tag++
  account.tags.set(id, name)
  return { tag: { id, name } }
}

function updateTag({ account, body }: Call): Fields {
  account.tags.set(changeable(account, body), tagName(account, body))
  return OK
}

function deleteTag({ account, body }: Call): Fields {
  const id = changeable(account, body)
  account.tags.delete(id)
  for (const follower of account.followers.values()) follower.tags = follower.tags.filter((one) => one !== id)
  return OK
}

const withTag = (account: Account, id: number) => subscribed(account).filter((one) => one.tags.includes(id))
const tags = ({ account }: Call): Fields => ({
  tags: [...account.tags].map(([id, name]) => ({ id, name, count: withTag(account, id).length })),
})

function listed(account: Account, body: Fields, most: number): Follower[] {
  const openids = textsAt(body, 'openid_list')
  if (openids.length < 1 || openids.length > most) refuse(40032)
  return openids.map((openid) => account.followers.get(openid) ?? refuse(40003))
}

function tagMembers({ account, body }: Call, add: boolean): Fields {
  const tag = tagOf(account, numberAt(body, 'tagid', -1))
  for (const follower of listed(account, body, 50)) {
    const others = follower.tags.filter((one) => one !== tag)
    if (add && others.length >= 20) refuse(45059)
    follower.tags = add ? [...others, tag] : others
  }
  return OK
}

function members({ account, body }: Call): Fields {
  const tag = tagOf(account, numberAt(body, 'tagid', -1))
  const openids = withTag(account, tag).map((one) => one.openid)
  return pageOf(openids, textAt(body, 'next_openid'))
}

function tagsOf({ account, body }: Call): Fields {
  const follower = account.followers.get(maybeText(body, 'openid') ?? refuse(41009)) ?? refuse(40003)
  return { tagid_list: follower.tags }
}

function blacklist({ account, body }: Call): Fields {
  const openids = [...account.followers.values()].filter((one) => one.blacklisted).map((one) => one.openid)
  return { total: openids.length, ...pageOf(openids, textAt(body, 'begin_openid')) }
}

function setBlacklisted({ account, body }: Call, blacklisted: boolean): Fields {
  for (const follower of listed(account, body, 20)) follower.blacklisted = blacklisted
  return OK
}

function remark({ account, body }: Call): Fields {
  const follower = account.followers.get(textAt(body, 'openid')) ?? refuse(40003)
  follower.remark = textAt(body, 'remark')
  return OK
}

const post = (path: string, handle: Endpoint['handle']): Endpoint => ({
  path: `/cgi-bin/${path}`,
  method: 'POST',
  group: 'user',
  body: 'json',
  handle,
})
export const users: Endpoint[] = [
  { path: '/cgi-bin/user/get', method: 'GET', group: 'user', dailyLimit: 500, handle: list },
  { path: '/cgi-bin/user/info', method: 'GET', group: 'user', dailyLimit: 5_000_000, handle: info },
  { path: '/cgi-bin/tags/get', method: 'GET', group: 'user', handle: tags },
  post('user/info/batchget', infos),
  post('user/info/updateremark', remark),
  post('tags/create', createTag),
  post('tags/update', updateTag),
  post('tags/delete', deleteTag),
  post('tags/members/batchtagging', (call) => tagMembers(call, true)),
  post('tags/members/batchuntagging', (call) => tagMembers(call, false)),
  post('user/tag/get', members),
  post('tags/getidlist', tagsOf),
  post('tags/members/getblacklist', blacklist),
  post('tags/members/batchblacklist', (call) => setBlacklisted(call, true)),
  post('tags/members/batchunblacklist', (call) => setBlacklisted(call, false)),
]
