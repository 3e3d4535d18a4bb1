import { type AccountSession, mayCall, weChatFor } from '../accounts/index.ts'
import type { App } from '../platform/app.ts'
import { withAgency } from '../platform/database.ts'
import { done, type Outcome } from '../platform/outcome.ts'
import { seconds } from '../platform/time.ts'
import { freepublish, menu } from '../wechat/index.ts'

export type SnapshotItem = { name: string; mediaType: string; bytes: Uint8Array }
/** `missing` says in words what could not be taken, so that nobody believes the snapshot to be whole when it is not. */
export type Snapshot = { items: SnapshotItem[]; missing: string[] }

const NEWEST_ARTICLES = 20
const LARGEST_PAGE = 4 * 1024 * 1024
const PATIENCE = seconds(5)

/** What readers see now: menu, replies, the newest articles with their content and their pages. Reads only. */
export async function snapshotAccount(app: App, agencyId: string, accountId: string): Promise<Outcome<Snapshot>> {
  const opened = await weChatFor(app, agencyId, accountId)
  if (!opened.ok) return opened
  const { session, account } = opened.value
  const taken: Snapshot = { items: [], missing: [] }

  const shown = await menu.getSelfMenu(session)
  if (shown.ok) taken.items.push(json('menu.json', shown.value.raw))
  else taken.missing.push(`菜单没有取到：${shown.problem.message}`)
  const replies = await menu.getAutoReply(session)
  if (replies.ok) taken.items.push(json('auto-reply.json', replies.value.raw))
  else taken.missing.push(`自动回复没有取到：${replies.problem.message}`)

  const pages = new Map<string, string>()
  if (mayCall(account, 'publish')) await takeArticles(opened.value, taken, pages)
  else taken.missing.push('该账号没有发布接口权限，文章内容要由人截图留存。')
  for (const { key, url } of await linksOfStrangers(app, agencyId, accountId)) pages.set(url, key)
  for (const [url, key] of pages) {
    const page = await fetchPage(app, url, account.baseUrl)
    if (page.ok) taken.items.push({ name: `pages/${fileName(key)}.html`, mediaType: 'text/html', bytes: page.bytes })
    else taken.missing.push(`文章页 ${url} 没有取到：${page.why}`)
  }
  return done(taken)
}

async function takeArticles({ session }: AccountSession, taken: Snapshot, pages: Map<string, string>): Promise<void> {
  const answer = await freepublish.batchGet(session, { offset: 0, count: NEWEST_ARTICLES })
  if (!answer.ok) {
    taken.missing.push(`已发布文章没有取到：${answer.problem.message}`)
    return
  }
  for (const { articleId, articles, updatedAt } of answer.value.items) {
    taken.items.push(
      json(`articles/${fileName(articleId)}.json`, { articleId, updatedAt, news_item: articles.map((article) => article.raw) }),
    )
    for (const [index, { url, isDeleted }] of articles.entries())
      if (url && !isDeleted) pages.set(url, `article-${articleId}-${index + 1}`)
  }
  if (answer.value.total > NEWEST_ARTICLES) taken.missing.push(`共 ${answer.value.total} 篇，只取了其中 ${NEWEST_ARTICLES} 篇。`)
}

/** Mass sends appear in no list of WeChat's; their addresses came with the reports. */
async function linksOfStrangers(app: App, agencyId: string, accountId: string): Promise<{ key: string; url: string }[]> {
  const rows = await withAgency(app.database, agencyId, (tx) =>
    tx
      .selectFrom('dx.known_articles')
      .select(['key', 'url'])
      .where('account_id', '=', accountId)
      .where('origin', 'in', ['unknown', 'rogue'])
      .where('url', 'is not', null)
      .orderBy('first_seen_at', 'desc')
      .limit(NEWEST_ARTICLES)
      .execute(),
  )
  return rows.map(({ key, url }) => ({ key, url: url! }))
}

type Page = { ok: true; bytes: Uint8Array } | { ok: false; why: string }

/** Addresses come from WeChat's answers and from pushes: only WeChat's own host is followed, nothing inside our network. */
async function fetchPage(app: App, url: string, baseUrl: string): Promise<Page> {
  const address = URL.parse(url)
  if (!address || (address.hostname !== 'mp.weixin.qq.com' && address.origin !== new URL(baseUrl).origin))
    return { ok: false, why: '不是微信文章的地址' }
  try {
    const response = await app.fetch(address, { signal: AbortSignal.timeout(PATIENCE), redirect: 'manual' })
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (response.status !== 200) return { ok: false, why: `HTTP ${response.status}` }
    return bytes.length > LARGEST_PAGE ? { ok: false, why: '页面过大' } : { ok: true, bytes }
  } catch {
    return { ok: false, why: '没有回答' }
  }
}

const json = (name: string, value: unknown): SnapshotItem => ({
  name,
  mediaType: 'application/json',
  bytes: Buffer.from(JSON.stringify(value, null, 2)),
})
const fileName = (key: string) => key.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 100)
