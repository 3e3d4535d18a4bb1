import { beijingDay, DAY, startOfDay } from '../clock.ts'
import { refuse } from '../errors.ts'
import { type Fields, textAt } from '../json.ts'
import type { Account } from '../state/account.ts'
import { articleUrl } from '../state/articles.ts'
import type { LiveArticle, Publication } from '../state/content.ts'
import type { Call, Endpoint } from './call.ts'

/** A day's figures are ready at 08:00 (UTC+8) of the next. */
const READY_MS = DAY + 8 * 3_600_000
const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(startOfDay(text))

/** The days asked for, oldest first. */
function days({ world, body }: Call, most: number): string[] {
  const begin = textAt(body, 'begin_date')
  const end = textAt(body, 'end_date')
  if (!isDay(begin) || !isDay(end)) refuse(61500)
  const from = startOfDay(begin)
  const until = startOfDay(end)
  if (until < from || until - from > (most - 1) * DAY) refuse(61501)
  const now = world.clock.now()
  if (until >= startOfDay(beijingDay(now))) refuse(61501)
  if (now < until + READY_MS) refuse(61503)
  return Array.from({ length: (until - from) / DAY + 1 }, (_, i) => beijingDay(from + i * DAY))
}

function userSummary(call: Call): Fields {
  const rows = days(call, 7).flatMap((ref_date) => {
    const log = call.account.followerLog.filter((one) => beijingDay(one.at) === ref_date)
    const sources = [...new Set(log.map((one) => one.source))]
    return sources.map((user_source) => ({
      ref_date,
      user_source,
      new_user: log.filter((one) => one.source === user_source && one.change === 1).length,
      cancel_user: log.filter((one) => one.source === user_source && one.change === -1).length,
    }))
  })
  return { list: rows }
}

function userCumulate(call: Call): Fields {
  const now = [...call.account.followers.values()].filter((one) => one.subscribed).length
  const rows = days(call, 7).map((ref_date) => {
    const since = call.account.followerLog.filter((one) => beijingDay(one.at) > ref_date)
    return { ref_date, user_source: 0, cumulate_user: now - since.reduce((sum, one) => sum + one.change, 0) }
  })
  return { list: rows }
}

type Row = { publication: Publication; article: LiveArticle; index: number; msgid: string }
const articleRows = (account: Account): Row[] =>
  account.publications.flatMap((publication) =>
    publication.articles.map((article, index) => ({
      publication,
      article,
      index,
      msgid: `${publication.msgDataId}_${index + 1}`,
    })),
  )
const sourcesOf = (readers: number) => [{ user_count: readers, scene_desc: '公众号消息' }]

/** Rows without readers are left out: their absence is not a zero. */
function articleRead(call: Call): Fields {
  const list = days(call, 1).flatMap((ref_date) =>
    articleRows(call.account)
      .filter(({ article }) => article.reads.has(ref_date))
      .map(({ article, msgid }) => {
        const read_user = article.reads.get(ref_date) ?? 0
        return { ref_date, msgid, detail: { read_user, read_user_source: sourcesOf(read_user) } }
      }),
  )
  return { list, is_delay: false }
}

function articleShare(call: Call): Fields {
  const list = days(call, 1).flatMap((ref_date) =>
    articleRows(call.account)
      .filter(({ article }) => article.shares.has(ref_date))
      .map(({ article, msgid }) => ({ ref_date, msgid, detail: { share_user: article.shares.get(ref_date) ?? 0 } })),
  )
  return { list, is_delay: false }
}

/** Every article of the day whoever published it: the only call that tells of console-made notified sends. */
function articleTotalDetail(call: Call): Fields {
  const { world, account } = call
  const ready = (day: string) => startOfDay(day) + READY_MS <= world.clock.now()
  const list = days(call, 1).flatMap((ref_date) =>
    articleRows(account)
      .filter(({ publication }) => beijingDay(publication.publishedAt) === ref_date)
      .map(({ publication, article, index, msgid }) => ({
        ref_date,
        msgid,
        title: article.title,
        content_url: articleUrl(world, account, publication, index),
        publish_type: publication.notified ? 0 : 1,
        detail_list: [...new Set([ref_date, ...article.reads.keys()])]
          .filter(ready)
          .map((day) => dayDetail(account, publication, index, article, day)),
      })),
  )
  return { list, is_delay: false }
}

function dayDetail(account: Account, publication: Publication, index: number, article: LiveArticle, stat_date: string): Fields {
  const read_user = article.reads.get(stat_date) ?? 0
  const mine = account.comments.filter((one) => one.msgDataId === publication.msgDataId && one.index === index)
  return {
    stat_date,
    read_user,
    read_user_source: sourcesOf(read_user),
    share_user: article.shares.get(stat_date) ?? 0,
    zaikan_user: 0,
    like_user: 0,
    comment_count: mine.filter((one) => beijingDay(one.at) === stat_date).length,
    collection_user: 0,
    praise_money: 0,
    read_subscribe_user: read_user,
    read_delivery_rate: 0,
    read_finish_rate: 0,
    read_avg_activetime: 0,
    read_jump_position: [],
  }
}

function bizSummary(call: Call): Fields {
  const sum = (rows: Row[], of: (article: LiveArticle) => number) => rows.reduce((total, { article }) => total + of(article), 0)
  const rows = articleRows(call.account)
  const list = days(call, 30).map((ref_date) => {
    const read_user = sum(rows, (article) => article.reads.get(ref_date) ?? 0)
    const detail = {
      read_user,
      read_user_source: sourcesOf(read_user),
      share_user: sum(rows, (article) => article.shares.get(ref_date) ?? 0),
      zaikan_user: 0,
      like_user: 0,
      comment_count: call.account.comments.filter((one) => beijingDay(one.at) === ref_date).length,
      collection_user: 0,
      redirect_ori_page_user: 0,
      send_page_count: rows.filter(({ publication }) => beijingDay(publication.publishedAt) === ref_date).length,
    }
    return { ref_date, detail }
  })
  return { list }
}

function upstreamMessages(call: Call): Fields {
  const list = days(call, 7).flatMap((ref_date) => {
    const mine = call.account.messages.filter((one) => one.way === 'in' && beijingDay(one.at) === ref_date)
    const row = { ref_date, msg_type: 1, msg_user: new Set(mine.map((one) => one.openid)).size, msg_count: mine.length }
    return mine.length > 0 ? [row] : []
  })
  return { list }
}

/** The platform's own view of the receiver: how many pushes it made, how many failed, how long they took. */
function interfaceSummary({ world, account }: Call, ref_date: string, hour?: number): Fields[] {
  const mine = world.pushes.all.filter((one) => one.appid === account.appid && beijingDay(Date.parse(one.at)) === ref_date)
  const chosen = hour === undefined ? mine : mine.filter((one) => beijingHour(Date.parse(one.at)) === hour)
  const deliveries = chosen.flatMap((one) => one.deliveries)
  if (deliveries.length === 0) return []
  const times = deliveries.map((one) => one.ms)
  return [
    {
      ref_date,
      ...(hour === undefined ? {} : { ref_hour: hour * 100 }),
      callback_count: deliveries.length,
      fail_count: deliveries.filter((one) => !one.good).length,
      total_time_cost: times.reduce((sum, ms) => sum + ms, 0),
      max_time_cost: Math.max(...times),
    },
  ]
}
const beijingHour = (at: number) => new Date(at + 8 * 3_600_000).getUTCHours()
const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

const retired = (): never => refuse(47009)

const endpoint = (name: string, handle: Endpoint['handle'], group: Endpoint['group'] = 'datacube'): Endpoint => ({
  path: `/datacube/${name}`,
  method: 'POST',
  group,
  body: 'json',
  handle,
})
export const datacube: Endpoint[] = [
  endpoint('getusersummary', userSummary),
  endpoint('getusercumulate', userCumulate),
  endpoint('getarticleread', articleRead, 'article-data'),
  endpoint('getarticleshare', articleShare, 'article-data'),
  endpoint('getarticletotaldetail', articleTotalDetail, 'article-data'),
  endpoint('getbizsummary', bizSummary, 'article-data'),
  endpoint('getupstreammsg', upstreamMessages),
  endpoint('getinterfacesummary', (call) => ({ list: days(call, 30).flatMap((day) => interfaceSummary(call, day)) })),
  endpoint('getinterfacesummaryhour', (call) => ({
    list: days(call, 1).flatMap((day) => HOURS.flatMap((hour) => interfaceSummary(call, day, hour))),
  })),
  ...['getarticlesummary', 'getarticletotal', 'getuserread', 'getuserreadhour', 'getusershare', 'getusersharehour'].map((name) =>
    endpoint(name, retired),
  ),
]
