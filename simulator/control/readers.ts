import { answerPopup } from '../api/notices.ts'
import { openWindow } from '../api/reaching.ts'
import { push } from '../callbacks.ts'
import { beijingDay } from '../clock.ts'
import { numberAt, textAt } from '../json.ts'
import type { Push } from '../pushes.ts'
import { type Account, followerOf, subscribed } from '../state/account.ts'
import type { World } from '../state/world.ts'
import type { XmlFields } from '../xml.ts'
import { publicationIn } from './console.ts'
import { accountIn, misuse, type Request, type Route, someFollower } from './door.ts'

const event = (world: World, account: Account, openid: string, name: string, fields: XmlFields) =>
  push(world, account, { FromUserName: openid, MsgType: 'event', Event: name, ...fields })

const shown = (openid: string, pushed: Push) => ({ openid, push: pushed, reply: pushed.reply ?? null })

/** One person by openid, or as many new ones as `count` says. */
async function follow(request: Request): Promise<unknown> {
  const { world, body } = request
  const account = accountIn(request)
  const openids =
    typeof body.openid === 'string'
      ? [body.openid]
      : Array.from({ length: numberAt(body, 'count', 1) }, () => `o${world.random.alphanumeric(27)}`)
  const pushes = openids.map((openid) => {
    const follower = followerOf(account, openid, world.clock.now())
    Object.assign(follower, { subscribed: true, subscribedAt: world.clock.now() })
    account.followerLog.push({ at: world.clock.now(), change: 1, source: numberAt(body, 'source', 30) })
    openWindow(world, follower, 'touch')
    return event(world, account, openid, 'subscribe', { EventKey: '' })
  })
  await Promise.all(pushes)
  return { openids, total: subscribed(account).length }
}

async function unfollow(request: Request): Promise<unknown> {
  const { world, body } = request
  const account = accountIn(request)
  const all = subscribed(account)
  const leaving =
    typeof body.openid === 'string' ? all.filter((one) => one.openid === body.openid) : all.slice(-numberAt(body, 'count', 1))
  if (leaving.length === 0) misuse('nobody to unfollow')
  const pushes = leaving.map((follower) => {
    follower.subscribed = false
    follower.windows = []
    account.followerLog.push({ at: world.clock.now(), change: -1, source: 0 })
    return event(world, account, follower.openid, 'unsubscribe', { EventKey: '' })
  })
  await Promise.all(pushes)
  return { openids: leaving.map((one) => one.openid), total: subscribed(account).length }
}

function read(request: Request): unknown {
  const { publication, index } = publicationIn(request)
  const article = publication.articles[Math.max(index, 1) - 1] ?? misuse('no article at that index')
  const day = beijingDay(request.world.clock.now())
  const add = (to: Map<string, number>, many: number) => to.set(day, (to.get(day) ?? 0) + many)
  add(article.reads, numberAt(request.body, 'count', 1))
  if (request.body.shares !== undefined) add(article.shares, numberAt(request.body, 'shares'))
  return { reads: article.reads.get(day) }
}

function comment(request: Request): unknown {
  const { world, body } = request
  const { publication, index } = publicationIn(request)
  const place = Math.max(index, 1) - 1
  if (!publication.articles[place]?.commentsOpen) misuse('comments are closed under this article', 409)
  const added = {
    msgDataId: publication.msgDataId,
    index: place,
    id: world.counters.comment++,
    openid: someFollower(request).openid,
    at: world.clock.now(),
    content: textAt(body, 'content') || '写得真好',
    elected: false,
    pinned: false,
    deletedByAuthor: false,
  }
  accountIn(request).comments.push(added)
  return added
}

/** Someone writes to the account; the answer shows what the receiver replied. */
async function message(request: Request): Promise<unknown> {
  const { world, body } = request
  const account = accountIn(request)
  const follower = someFollower(request)
  const type = textAt(body, 'type') || 'text'
  const content = textAt(body, 'content') || '你好'
  follower.lastMessageAt = world.clock.now()
  openWindow(world, follower, 'message')
  account.messages.push({ at: world.clock.now(), openid: follower.openid, way: 'in', content })
  const pushed = await push(world, account, {
    FromUserName: follower.openid,
    MsgType: type,
    ...ownFields(type, content),
    MsgId: world.counters.messageId++,
    ...(body.msgDataId === undefined ? {} : { MsgDataId: numberAt(body, 'msgDataId'), Idx: numberAt(body, 'idx', 1) }),
  })
  return shown(follower.openid, pushed)
}

function ownFields(type: string, content: string): XmlFields {
  switch (type) {
    case 'text':
      return { Content: content }
    case 'image':
      return { PicUrl: content, MediaId: 'media-of-a-reader' }
    case 'voice':
      return { MediaId: 'media-of-a-reader', Format: 'amr' }
    case 'video':
    case 'shortvideo':
      return { MediaId: 'media-of-a-reader', ThumbMediaId: 'thumb-of-a-reader' }
    case 'location':
      return { Location_X: 23.134521, Location_Y: 113.358803, Scale: 20, Label: content }
    case 'link':
      return { Title: content, Description: '', Url: content }
    default:
      return misuse('type: text, image, voice, video, shortvideo, location or link')
  }
}

const touch = (name: 'CLICK' | 'VIEW' | 'SCAN', opensWindow: boolean) => async (request: Request) => {
  const follower = someFollower(request)
  if (opensWindow) openWindow(request.world, follower, 'touch')
  const fields = {
    EventKey: textAt(request.body, 'key'),
    ...(name === 'SCAN' ? { Ticket: 'ticket-of-a-code' } : {}),
    ...(name === 'VIEW' ? { MenuId: '412345670' } : {}),
  }
  return shown(follower.openid, await event(request.world, accountIn(request), follower.openid, name, fields))
}

function change(request: Request): unknown {
  const follower = someFollower(request)
  const { blocksMessages, minor } = request.body
  if (typeof blocksMessages === 'boolean') follower.blocksMessages = blocksMessages
  if (typeof minor === 'boolean') follower.minor = minor
  return follower
}

/** Agrees (or not) that a template may write once. */
function consent(request: Request): Promise<unknown> {
  const template = textAt(request.body, 'templateId') || misuse('templateId is missing')
  return answerPopup(request.world, accountIn(request), someFollower(request).openid, template, request.body.accept !== false)
}

const act = (name: string, handle: Route[2]): Route => ['POST', `/accounts/:appid/readers/${name}`, handle]
export const readerRoutes: Route[] = [
  act('follow', follow),
  act('unfollow', unfollow),
  act('read', read),
  act('comment', comment),
  act('message', message),
  act('click', touch('CLICK', true)),
  act('view', touch('VIEW', false)),
  act('scan', touch('SCAN', true)),
  act('change', change),
  act('consent', consent),
]
