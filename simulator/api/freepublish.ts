import { mphelper, push } from '../callbacks.ts'
import { unix } from '../clock.ts'
import { refuse } from '../errors.ts'
import { type Fields, flagAt, maybeText, numberAt } from '../json.ts'
import type { Account, Script } from '../state/account.ts'
import { articleUrl, isGone, makePublic, removeArticles } from '../state/articles.ts'
import type { Article, Publication, PublishJob } from '../state/content.ts'
import type { World } from '../state/world.ts'
import { type Call, type Endpoint, OK } from './call.ts'
import { draftOf, takeFromBox } from './drafts.ts'
import { page } from './paging.ts'

/** 0 done, 1 in progress, 2 originality, 3 ordinary failure, 4 refused by review, 5 deleted later, 6 banned later. */
const FAILURES = new Set([2, 3, 4])

async function submit({ world, account, by, body }: Call): Promise<Fields> {
  const draft = draftOf(account, maybeText(body, 'media_id'))
  const script = account.scripts.publish.shift() ?? {}
  if (typeof script.status === 'number' && script.status > 1000) refuse(script.status)
  const job: PublishJob = {
    publishId: String(world.counters.publish++),
    mediaId: draft.mediaId,
    msgDataId: world.counters.msgData++,
    status: 1,
    failIdx: [],
    submittedAt: world.clock.now(),
    by,
  }
  account.jobs.set(job.publishId, job)
  // What was submitted goes out, even when the draft is changed or submitted again in the meantime.
  const articles = structuredClone(draft.articles)
  const finish = () => finishJob(world, account, job, articles, script)
  if (script.event === 'before-response') await finish()
  else world.clock.after(script.delayMs ?? world.switches.publishDelayMs, () => void world.pushes.track(finish()))
  return { errcode: 0, errmsg: 'ok', publish_id: job.publishId, msg_data_id: job.msgDataId }
}

async function finishJob(world: World, account: Account, job: PublishJob, articles: Article[], script: Script): Promise<void> {
  const status = typeof script.status === 'number' ? script.status : 0
  if (status === 1) return
  if (FAILURES.has(status)) {
    job.status = status
    job.failIdx = status === 3 ? [] : (script.failIdx ?? [1])
  } else {
    job.status = 0
    job.publication = makePublic(world, account, { articles, msgDataId: job.msgDataId, notified: false, via: 'api', by: job.by })
    takeFromBox(account, job.mediaId)
  }
  if (script.event !== 'none') await pushJob(world, account, job)
  if (script.event === 'twice') await pushJob(world, account, job)
  if (status === 5) removeArticles(world, job.publication!, 0, 'console')
  if (status === 6) ban(world, job.publication!)
}

/** Taken down by the platform after success: status 6, is_deleted for everyone who asks. */
export function ban(world: World, publication: Publication): void {
  removeArticles(world, publication, 0, 'platform')
  for (const article of publication.articles) article.banned = true
}

export const statusOf = (job: PublishJob): number => {
  if (!job.publication || !isGone(job.publication)) return job.status
  return job.publication.articles.every((article) => article.banned) ? 6 : 5
}

export function pushJob(world: World, account: Account, job: PublishJob): Promise<unknown> {
  const { publication } = job
  const info = {
    publish_id: job.publishId,
    publish_status: statusOf(job),
    ...(publication
      ? {
          article_id: publication.articleId,
          article_detail: {
            count: publication.articles.length,
            item: publication.articles.map((_, index) => ({
              idx: index + 1,
              article_url: articleUrl(world, account, publication, index),
            })),
          },
        }
      : { fail_idx: job.failIdx }),
  }
  return push(world, account, {
    FromUserName: mphelper(account),
    MsgType: 'event',
    Event: 'PUBLISHJOBFINISH',
    PublishEventInfo: info,
  })
}

function get({ world, account, body }: Call): Fields {
  const job = account.jobs.get(maybeText(body, 'publish_id') ?? refuse(53502)) ?? refuse(53502)
  const { publication } = job
  const head = { publish_id: job.publishId, publish_status: statusOf(job) }
  if (!publication) return { ...head, fail_idx: job.failIdx }
  const item = publication.articles.map((_, index) => ({
    idx: index + 1,
    article_url: articleUrl(world, account, publication, index),
  }))
  return { ...head, article_id: publication.articleId, article_detail: { count: item.length, item }, fail_idx: [] }
}

/** Only what went out without notice can be found here: mass sends have no article_id. */
const quiet = (account: Account) => account.publications.filter((one) => !one.notified)
const quietOf = (account: Account, articleId: string | undefined): Publication =>
  quiet(account).find((one) => one.articleId === articleId) ?? refuse(53600)

async function remove({ world, account, by, body }: Call): Promise<Fields> {
  const publication = quietOf(account, maybeText(body, 'article_id'))
  if (isGone(publication)) refuse(53600)
  const index = numberAt(body, 'index')
  if (index < 0 || index > publication.articles.length) refuse(40114)
  removeArticles(world, publication, index, by)
  await pushLate(world, account, publication)
  return OK
}

/** Whether 5 and 6 are pushed when they come later is unknown; a switch decides. */
export async function pushLate(world: World, account: Account, publication: Publication): Promise<void> {
  const job = [...account.jobs.values()].find((one) => one.publication === publication)
  if (job && world.switches.pushLateStatus && isGone(publication)) await pushJob(world, account, job)
}

function shown(world: World, account: Account, publication: Publication, noContent: boolean): Fields[] {
  return publication.articles.map((article, index) => ({
    title: article.title,
    author: article.author,
    digest: article.digest,
    ...(noContent ? {} : { content: article.content }),
    content_source_url: article.content_source_url,
    thumb_media_id: article.thumb_media_id,
    thumb_url: account.materials.get(article.thumb_media_id)?.url ?? '',
    show_cover_pic: article.show_cover_pic,
    need_open_comment: article.need_open_comment,
    only_fans_can_comment: article.only_fans_can_comment,
    url: articleUrl(world, account, publication, index),
    is_deleted: article.deletedAt !== undefined,
  }))
}

const getarticle = ({ world, account, body }: Call): Fields => ({
  news_item: shown(world, account, quietOf(account, maybeText(body, 'article_id')), false),
})

function batchget({ world, account, body }: Call): Fields {
  const newestFirst = quiet(account)
    .filter((one) => !isGone(one))
    .reverse()
  const { items, ...counts } = page(newestFirst, body)
  const item = items.map((one) => ({
    article_id: one.articleId,
    content: {
      news_item: shown(world, account, one, flagAt(body, 'no_content')),
      create_time: unix(one.publishedAt),
      update_time: unix(one.publishedAt),
    },
    update_time: unix(one.publishedAt),
  }))
  return { ...counts, item }
}

export const freepublish: Endpoint[] = [
  { path: '/cgi-bin/freepublish/submit', method: 'POST', group: 'freepublish', body: 'json', handle: submit },
  { path: '/cgi-bin/freepublish/get', method: 'POST', group: 'freepublish', body: 'json', handle: get },
  { path: '/cgi-bin/freepublish/delete', method: 'POST', group: 'freepublish', body: 'json', handle: remove },
  { path: '/cgi-bin/freepublish/getarticle', method: 'POST', group: 'freepublish', body: 'json', handle: getarticle },
  { path: '/cgi-bin/freepublish/batchget', method: 'POST', group: 'freepublish', body: 'json', handle: batchget },
]
