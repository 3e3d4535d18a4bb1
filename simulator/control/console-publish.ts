import { takeFromBox } from '../api/drafts.ts'
import { pushSend } from '../api/mass-outcome.ts'
import { mphelper, push } from '../callbacks.ts'
import { beijingDay, DAY, iso, startOfDay } from '../clock.ts'
import { type Fields, fieldsOf, listAt, textAt } from '../json.ts'
import { type Account, subscribed } from '../state/account.ts'
import { articleUrl, makePublic } from '../state/articles.ts'
import type { Actor, Article, Publication, Send } from '../state/content.ts'
import type { World } from '../state/world.ts'
import { misuse } from './door.ts'

/** The console has its own editor: nothing is required of an article but a title. */
export const writtenByHand = (fields: Fields): Article => ({
  article_type: 'news',
  title: textAt(fields, 'title') || '未命名图文',
  author: textAt(fields, 'author'),
  digest: textAt(fields, 'digest'),
  content: textAt(fields, 'content') || '<p>正文</p>',
  content_source_url: textAt(fields, 'content_source_url'),
  thumb_media_id: '',
  show_cover_pic: 0,
  need_open_comment: fields.need_open_comment === 0 ? 0 : 1,
  only_fans_can_comment: 0,
})

export type ByHand = { by: Actor; notify: boolean; articles: Article[] }
export type Published = {
  msgId?: number
  msgDataId: number
  articleId: string
  urls: string[]
  at: string
  /** When the API first shows it: at once for quiet ones, next day's statistics for notified ones. */
  visibleInApiAt: string
}

export function articlesOf(account: Account, body: Fields): Article[] {
  if (body.media_id !== undefined) {
    const draft = account.drafts.get(textAt(body, 'media_id')) ?? misuse('no such draft in the box', 404)
    takeFromBox(account, draft.mediaId)
    return draft.articles
  }
  const given = listAt(body, 'articles').map(fieldsOf)
  return (given.length > 0 ? given : [body]).map(writtenByHand)
}

/** A person (or a thief) presses 发表 in the console. No API call is made, so no token and no quota of ours is touched. */
export async function publishByHand(world: World, account: Account, { by, notify, articles }: ByHand): Promise<Published> {
  const msgDataId = world.counters.msgData++
  const publication = makePublic(world, account, { articles, msgDataId, notified: notify, via: 'console', by })
  const urls = articles.map((_, index) => articleUrl(world, account, publication, index))
  const at = iso(publication.publishedAt)
  const shared = { msgDataId, articleId: publication.articleId, urls, at }
  if (!notify) {
    if (world.switches.consoleQuietPublishesPush) await pushQuiet(world, account, publication, urls)
    return { ...shared, visibleInApiAt: at }
  }
  const send = sendByHand(world, account, publication, by)
  if (world.switches.consoleSendsPush) await pushSend(world, account, send)
  const statistics = startOfDay(beijingDay(publication.publishedAt)) + DAY + 8 * 3_600_000
  return { ...shared, msgId: send.msgId, visibleInApiAt: iso(statistics) }
}

function pushQuiet(world: World, account: Account, publication: Publication, urls: string[]): Promise<unknown> {
  const info = {
    publish_id: String(world.counters.publish++),
    publish_status: 0,
    article_id: publication.articleId,
    article_detail: { count: urls.length, item: urls.map((article_url, index) => ({ idx: index + 1, article_url })) },
  }
  return push(world, account, {
    FromUserName: mphelper(account),
    MsgType: 'event',
    Event: 'PUBLISHJOBFINISH',
    PublishEventInfo: info,
  })
}

/** Console sends use the day's or month's notification like ours do, and carry small ids: 1000000037, 1000000038… */
function sendByHand(world: World, account: Account, publication: Publication, by: Actor): Send {
  const openids = subscribed(account).map((one) => one.openid)
  const now = world.clock.now()
  const month = beijingDay(now).slice(0, 7)
  for (const openid of openids) account.followers.get(openid)?.notifiedIn.push(month)
  const send: Send = {
    msgId: 1_000_000_037 + account.consoleSends++,
    msgDataId: publication.msgDataId,
    msgtype: 'mpnews',
    via: 'console',
    by,
    toAll: true,
    target: openids,
    clientmsgid: '',
    acceptedAt: now,
    lastTriedAt: now,
    state: 'SEND_SUCCESS',
    status: 'send success',
    counts: { total: openids.length, filter: openids.length, sent: openids.length, error: 0 },
    publication,
  }
  account.sends.set(send.msgId, send)
  return send
}
