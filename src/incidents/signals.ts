import type { Instant } from '../platform/time.ts'
import type { SignalKind } from '../playbooks/index.ts'
import type { Fact, RogueArticle } from './timeline.ts'

type SignalRow = { id: string; kind: string; facts: unknown; happened_at: Instant | null; seen_at: Instant }
type SignalFacts = {
  title?: string
  articleId?: string
  msgId?: string
  url?: string
  urls?: { url: string }[]
  newLinks?: string[]
  reason?: string
  message?: string
  to?: string
}

/**
 * Independent signs are of different sorts: somebody can post through the console without the AppSecret, and change the menu
 * with the AppSecret without the console. Several posts are one sign. Menu and auto-reply are one: switching the server mode of an
 * account changes both at once (facts, section b).
 */
const signOf: Record<SignalKind, string> = {
  'unknown-publication': 'post',
  'unknown-mass-send': 'post',
  'article-gone': 'post',
  'menu-drift': 'settings',
  'auto-reply-drift': 'settings',
  'token-killed': 'secret',
  'quota-beyond-ledger': 'secret',
  'authorisation-withdrawn': 'authorisation',
  'standing-changed': 'standing',
  reported: 'report',
}

export function signalFact(row: SignalRow): Extract<Fact, { kind: 'signal-joined' }> {
  const kind = row.kind as SignalKind
  const facts = (row.facts ?? {}) as SignalFacts
  const article = articleOf(kind, facts)
  return {
    kind: 'signal-joined',
    signalId: row.id,
    signal: kind,
    sign: signOf[kind] ?? kind,
    summary: summaryOf(kind, facts),
    happenedAt: row.happened_at ?? row.seen_at,
    ...(article ? { article } : {}),
    ...(kind === 'menu-drift' ? { menuDrifted: true as const } : {}),
    ...(kind === 'auto-reply-drift' ? { autoReplyDrifted: true as const } : {}),
  }
}

/** What was published without notice the API can delete; a console-made notified send only the console can (facts, section g). */
function articleOf(kind: SignalKind, facts: SignalFacts): RogueArticle | undefined {
  const address = facts.url ?? facts.urls?.[0]?.url
  const url = address ? { url: address } : {}
  if (kind === 'unknown-publication' && facts.articleId)
    return { key: `article:${facts.articleId}`, title: facts.title ?? '（标题未知）', removable: true, ...url }
  if (kind === 'unknown-mass-send' && facts.msgId)
    return { key: `mass:${facts.msgId}`, title: facts.title ?? '（群发，标题要到后台看）', removable: false, ...url }
  return undefined
}

function summaryOf(kind: SignalKind, facts: SignalFacts): string {
  switch (kind) {
    case 'unknown-publication':
      return `出现一篇不是我们安排的文章${facts.title ? `《${facts.title}》` : ''}`
    case 'unknown-mass-send':
      return `有人从后台群发了一篇${facts.title ? `《${facts.title}》` : '文章'}，接口删不了`
    case 'menu-drift':
      return `菜单被改动${facts.newLinks?.length ? `，多出陌生链接 ${facts.newLinks.length} 个` : ''}`
    case 'auto-reply-drift':
      return '自动回复被改动'
    case 'token-killed':
      return '令牌被别人作废，密钥可能在别人手里'
    case 'authorisation-withdrawn':
      return '授权被取消'
    case 'standing-changed':
      return `账号状态变了${facts.to ? `：${facts.to}` : ''}`
    case 'quota-beyond-ledger':
      return '调用次数比我们自己的记录多，有别人在用'
    case 'article-gone':
      return `我们发的文章不见了${facts.title ? `《${facts.title}》` : ''}`
    case 'reported':
      return facts.reason ?? '有人上报'
  }
}
