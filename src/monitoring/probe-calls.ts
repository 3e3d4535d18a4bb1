import { type Account, type AccountSession, type ListedArticle, listed, mayCall, standingOf } from '../accounts/index.ts'
import type { Json } from '../platform/json.ts'
import type { Instant } from '../platform/time.ts'
import { type Answer, accountInfo, drafts, freepublish, menu, operations, type WeChatProblem } from '../wechat/index.ts'
import type { ProbeKind } from './probes.ts'

export type SeenArticle = ListedArticle & { updatedAt: Instant | null; isDeleted: boolean }
/** What WeChat answered, before anybody judges it. */
export type Sighting =
  | { kind: 'published-articles'; total: number; articles: SeenArticle[] }
  | { kind: 'menu' | 'auto-reply'; content: Json }
  | { kind: 'article-gone'; looked: { key: string; isGone: boolean; by: 'platform' | 'somebody' | null }[] }
  | { kind: 'drafts'; count: number }
  | { kind: 'quota'; paths: { path: string; limit: number; used: number }[] }
  | { kind: 'standing'; standing: string; name: string }
export type Asked = { ok: true; sighting: Sighting } | { ok: false; problem: WeChatProblem }

/** What a run needs to know before it asks. */
export type Question = {
  kind: ProbeKind
  /** Articles WeChat counted last time, and how many runs there were since the beginning. */
  lastTotal: number | null
  runs: number
  /** Of our own live articles, those to look at in this run. */
  ours: { key: string; publishId: string | null }[]
  /** Also ask for the limits of what we poll; they seldom change. */
  wantsLimits: boolean
}

const PAGE = 20
const MOST_PAGES = 50
/** WeChat promises no order, so behind the first page one other page is looked at every so often. */
const SIDE_LOOK = 10

export async function askWeChat(opened: AccountSession, question: Question): Promise<Asked> {
  switch (question.kind) {
    case 'published-articles':
      return articles(opened, question)
    case 'menu':
      return seen(await menu.getSelfMenu(opened.session), ({ raw }) => ({ kind: 'menu', content: raw as Json }))
    case 'auto-reply':
      return seen(await menu.getAutoReply(opened.session), ({ raw }) => ({ kind: 'auto-reply', content: raw as Json }))
    case 'article-gone':
      return goneArticles(opened, question)
    case 'drafts':
      return seen(await drafts.count(opened.session), (count) => ({ kind: 'drafts', count }))
    case 'quota':
      return quotas(opened, question)
    case 'standing': {
      if (!opened.component) return { ok: true, sighting: { kind: 'standing', standing: 'unknown', name: opened.account.name } }
      const answer = await accountInfo(opened.component, opened.account.appid)
      return seen(answer, ({ status, name }) => ({ kind: 'standing', standing: standingOf(status), name }))
    }
  }
}

const seen = <T>(answer: Answer<T>, read: (value: T) => Sighting): Asked =>
  answer.ok ? { ok: true, sighting: read(answer.value) } : { ok: false, problem: answer.problem }

async function articles({ session }: AccountSession, { lastTotal, runs }: Question): Promise<Asked> {
  const page = (number: number) => freepublish.batchGet(session, { offset: number * PAGE, count: PAGE, noContent: true })
  const first = await page(0)
  if (!first.ok) return { ok: false, problem: first.problem }
  const { total } = first.value
  const found = first.value.items.map(seenArticle)
  const pages = Math.min(MOST_PAGES, Math.ceil(total / PAGE))
  const wanted =
    total !== lastTotal
      ? Array.from({ length: Math.max(0, pages - 1) }, (_, i) => i + 1)
      : pages > 1 && runs % SIDE_LOOK === 0
        ? [1 + (Math.floor(runs / SIDE_LOOK) % (pages - 1))]
        : []
  for (const number of wanted) {
    const answer = await page(number)
    if (!answer.ok) return { ok: false, problem: answer.problem }
    found.push(...answer.value.items.map(seenArticle))
  }
  return { ok: true, sighting: { kind: 'published-articles', total, articles: found } }
}

const seenArticle = (item: freepublish.Published): SeenArticle => ({
  ...listed(item),
  updatedAt: item.updatedAt ?? item.createdAt,
  isDeleted: item.articles.length > 0 && item.articles.every((article) => article.isDeleted),
})

const NO_SUCH_ARTICLE = 53600

async function goneArticles({ session }: AccountSession, { ours }: Question): Promise<Asked> {
  const looked: Extract<Sighting, { kind: 'article-gone' }>['looked'] = []
  for (const { key, publishId } of ours) {
    const answer = await freepublish.getArticle(session, key.replace(/^article:/, ''))
    if (!answer.ok && answer.problem.code !== NO_SUCH_ARTICLE) return { ok: false, problem: answer.problem }
    const isGone = !answer.ok || answer.value.every((article) => article.isDeleted)
    looked.push({ key, isGone, by: isGone && publishId ? await whoRemoved(session, publishId) : null })
  }
  return { ok: true, sighting: { kind: 'article-gone', looked } }
}

/** Status 6 is the platform's doing, 5 somebody's with access to the account. */
async function whoRemoved(session: AccountSession['session'], publishId: string): Promise<'platform' | 'somebody' | null> {
  const answer = await freepublish.get(session, publishId)
  if (!answer.ok) return null
  return answer.value.status === 'banned-by-platform' ? 'platform' : answer.value.status === 'deleted-by-user' ? 'somebody' : null
}

/** Writes that a thief with the secret would make; `used` counts theirs too. */
export const watchedPaths = [
  '/cgi-bin/freepublish/submit',
  '/cgi-bin/message/mass/sendall',
  '/cgi-bin/menu/create',
  '/cgi-bin/menu/delete',
  '/cgi-bin/draft/add',
  '/cgi-bin/freepublish/delete',
] as const
const polledPaths = [
  '/cgi-bin/freepublish/batchget',
  '/cgi-bin/get_current_selfmenu_info',
  '/cgi-bin/get_current_autoreply_info',
  '/cgi-bin/freepublish/getarticle',
]

export function quotaPaths(account: Account, wantsLimits: boolean): string[] {
  const all: string[] = [...watchedPaths, ...(wantsLimits ? polledPaths : [])]
  return all.filter((path) =>
    path.includes('freepublish')
      ? mayCall(account, 'publish')
      : path.includes('/mass/')
        ? mayCall(account, 'mass-send')
        : path.includes('/menu/')
          ? mayCall(account, 'menu')
          : true,
  )
}

async function quotas({ session, account }: AccountSession, { wantsLimits }: Question): Promise<Asked> {
  const paths: Extract<Sighting, { kind: 'quota' }>['paths'] = []
  for (const path of quotaPaths(account, wantsLimits)) {
    const answer = await operations.quota(session, path)
    // One path WeChat does not know (76021, 76022) must not hide the others.
    if (!answer.ok && answer.problem.class !== 'input') return { ok: false, problem: answer.problem }
    if (answer.ok) paths.push({ path, limit: answer.value.dailyLimit, used: answer.value.used })
  }
  return { ok: true, sighting: { kind: 'quota', paths } }
}
