import { freepublish, type menu, type Session, type WeChatProblem } from '../wechat/index.ts'
import type { Reception } from './account.ts'
import type { CallbackUse } from './capabilities.ts'

/** What was found on the account, before anything of it was changed. */
export type Findings = {
  menu: 'set-by-api' | 'set-in-console' | 'none' | 'unknown'
  autoReply: { onFollow: boolean; onMessage: boolean; keywordRules: number } | 'unknown'
  otherCallback: CallbackUse
  /** Articles that were live before us; `complete` is false when there were more than we read. */
  publishedBefore: { count: number; complete: boolean } | 'unknown'
}
export type ReceptionChoice = { reception: Reception; text: string; losesSomething: boolean; isDefault: boolean }

export function menuOrigin(shown: menu.SelfMenu | undefined, byApi: boolean | undefined): Findings['menu'] {
  if (!shown) return 'unknown'
  if (!shown.isOpen && shown.buttons.length === 0) return 'none'
  if (byApi === undefined) return 'unknown'
  return byApi ? 'set-by-api' : 'set-in-console'
}

/** What taking over the account's one callback address would break, in words for whoever decides it. */
export function losses({ menu: origin, autoReply, otherCallback }: Findings): string[] {
  const lost = ['公众平台里的菜单和自动回复编辑器会停用，原来接收消息的系统（如商城、机器人）会断开。']
  if (origin === 'set-in-console') lost.push('现在的菜单是在公众平台里手工设置的：停用编辑器后，改菜单要通过定心丸。')
  if (autoReply === 'unknown') lost.push('现在有没有开自动回复：无法得知（微信没有回答）。')
  else if (autoReply.onFollow || autoReply.onMessage || autoReply.keywordRules > 0)
    lost.push(`公众平台里的自动回复会失效：${describeReplies(autoReply)}。`)
  if (otherCallback.use === 'in-use')
    lost.push(
      `最近 ${otherCallback.days} 天微信向另一个系统推送了 ${otherCallback.pushes} 次：它会收不到消息。可选“转发”保留它。`,
    )
  if (otherCallback.use === 'unknown') lost.push('现在有没有别的系统在接收消息：无法得知。请向客户确认后再切换。')
  if (otherCallback.use === 'no-sign') lost.push('最近 7 天没有看到别的系统接收推送的迹象，但不能完全排除，请向客户确认。')
  return lost
}

const describeReplies = ({ onFollow, onMessage, keywordRules }: Exclude<Findings['autoReply'], 'unknown'>) =>
  [onFollow && '关注后回复', onMessage && '收到消息回复', keywordRules > 0 && `关键词回复 ${keywordRules} 条`]
    .filter(Boolean)
    .join('、')

export const receptionChoices: readonly ReceptionChoice[] = [
  { reception: 'poll', text: '只轮询（默认）：不动公众平台的任何设置，几秒钟查看一次。', losesSomething: false, isDefault: true },
  { reception: 'relay', text: '转发：推送先到定心丸，再原样转给原来的系统。', losesSomething: true, isDefault: false },
  { reception: 'callback', text: '直接接收：推送只到定心丸，最快。', losesSomething: true, isDefault: false },
  {
    reception: 'component',
    text: '第三方平台授权：客户扫码即可，不用交出 AppSecret；密钥被盗时可以冻结密钥而不影响我们。',
    losesSomething: false,
    isDefault: false,
  },
]

export type ListedArticle = { articleId: string; title: string | null; url: string | null }
const PAGE = 20
const MOST_PAGES = 100

/** Every article published without notice, page by page. Stops at 2000: what is beyond is found, and taken as older, later. */
export async function allPublished(
  session: Session,
): Promise<{ ok: true; articles: ListedArticle[]; total: number } | { ok: false; problem: WeChatProblem }> {
  const found = new Map<string, ListedArticle>()
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await freepublish.batchGet(session, { offset: page * PAGE, count: PAGE, noContent: true })
    if (!answer.ok) return { ok: false, problem: answer.problem }
    const { items, total } = answer.value
    for (const item of items) found.set(item.articleId, listed(item))
    if (items.length < PAGE || (page + 1) * PAGE >= total) return { ok: true, articles: [...found.values()], total }
  }
  return { ok: true, articles: [...found.values()], total: found.size + 1 }
}

export const listed = ({ articleId, articles }: freepublish.Published): ListedArticle => ({
  articleId,
  title: articles[0]?.title ?? null,
  url: articles[0]?.url ?? null,
})
