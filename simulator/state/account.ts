import type { Fields } from '../json.ts'
import type { Random } from '../random.ts'
import type { Comment, Draft, Material, Publication, PublishJob, Send } from './content.ts'

/** SUB: subscription account 公众号; SVC: service account 服务号. */
export type Kind = 'SUB' | 'SVC'
export type Mode = 'plain' | 'compat' | 'safe'
export type CallbackSettings = { url: string; token: string; aesKey: string; mode: Mode }
/** How the platform punishes: 48004 some APIs, 50002 limited, 50007 frozen. */
export type Penal = 'none' | 'api-forbidden' | 'limited' | 'frozen'
/** The administrator's prompt for an unusual address asking for a token. */
export type Gate = { code: 89501 | 89503 | 89506 | 89507; until?: number; allowIps: string[] }

export type Window = { until: number; left: number }
export type Follower = {
  openid: string
  subscribed: boolean
  subscribedAt: number
  scene: string
  remark: string
  tags: number[]
  blacklisted: boolean
  blocksMessages: boolean
  minor: boolean
  windows: Window[]
  lastMessageAt?: number
  /** Months ("2026-11") of notified sends that reached this person. */
  notifiedIn: string[]
  /** Templates this person agreed to hear from, once each. */
  consents: string[]
}

export type AutoReply = {
  added: { type: string; content: string } | undefined
  fallback: { type: string; content: string } | undefined
  keywords: Fields[]
}

/** What the next publish or mass send will come to, as a test scripted it. */
export type Script = {
  status?: number | string
  delayMs?: number
  event?: 'once' | 'none' | 'twice' | 'before-response'
  failIdx?: number[]
  copyright?: 'ok' | 'reprint-allowed' | 'reprint-forbidden'
  /** People of the target whom WeChat fails to reach. */
  errorCount?: number
  emptyReply?: boolean
}

export type Account = {
  appid: string
  secret: string
  secretFrozen: boolean
  userName: string
  name: string
  biz: string
  kind: Kind
  verified: boolean
  penal: Penal
  /** 1 normal, 14 closed, 16 banned, 18 warned, 19 frozen: the only standing any API tells. */
  accountStatus: number
  whitelist: string[] | undefined
  gate: Gate | undefined
  /** API群发保护: a send to all waits for the administrator's scan. */
  protection: boolean
  commentAbility: boolean
  quotaLimits: Record<string, number>
  quotaUsed: Map<string, number>
  clearedInMonth: Map<string, number>
  callback: CallbackSettings | undefined
  previousCallback: CallbackSettings | undefined
  markFail: { failures: number; until: number }
  followers: Map<string, Follower>
  followerLog: { at: number; change: 1 | -1; source: number }[]
  tags: Map<number, string>
  drafts: Map<string, Draft>
  /** Drafts that left the box, for the digest WeChat derives a clientmsgid from. */
  spentDrafts: Map<string, Draft>
  materials: Map<string, Material>
  pictures: Map<string, { bytes: Buffer; type: string }>
  publications: Publication[]
  jobs: Map<string, PublishJob>
  sends: Map<number, Send>
  comments: Comment[]
  menu: { open: boolean; button: Fields[]; by: 'api' | 'console' } | undefined
  conditionalMenus: Map<string, Fields>
  autoReply: AutoReply
  messages: { at: number; openid: string; way: 'in' | 'out'; content: string }[]
  speed: number
  forcedRefreshes: number[]
  scripts: { publish: Script[]; mass: Script[] }
  consoleSends: number
}

export type NewAccount = {
  kind: Kind
  verified: boolean
  followers: number
  name: string
  identity: Random
  now: number
}

function newFollower(openid: string, now: number, tags: number[]): Follower {
  return {
    openid,
    subscribed: true,
    subscribedAt: now,
    scene: 'ADD_SCENE_QR_CODE',
    remark: '',
    tags,
    blacklisted: false,
    blocksMessages: false,
    minor: false,
    windows: [],
    notifiedIn: [],
    consents: [],
  }
}
export const followerOf = (account: Account, openid: string, now: number): Follower => {
  const known = account.followers.get(openid)
  if (known) return known
  const follower = { ...newFollower(openid, now, []), subscribed: false }
  account.followers.set(openid, follower)
  return follower
}
export const subscribed = (account: Account): Follower[] => [...account.followers.values()].filter((one) => one.subscribed)

export const FIRST_TAG = 100

/** An account as the console would show it on its first day: followers, one tag, no callback, nothing published. */
export function newAccount({ kind, verified, followers, name, identity, now }: NewAccount): Account {
  const account: Account = {
    appid: `wx${identity.hex(16)}`,
    secret: identity.hex(32),
    secretFrozen: false,
    userName: `gh_${identity.hex(12)}`,
    name,
    biz: Buffer.from(`3${identity.digits(9)}`).toString('base64'),
    kind,
    verified,
    penal: 'none',
    accountStatus: 1,
    whitelist: undefined,
    gate: undefined,
    protection: false,
    commentAbility: true,
    quotaLimits: {},
    quotaUsed: new Map(),
    clearedInMonth: new Map(),
    callback: undefined,
    previousCallback: undefined,
    markFail: { failures: 0, until: 0 },
    followers: new Map(),
    followerLog: [],
    tags: new Map([
      [2, '星标组'],
      [FIRST_TAG, '内部测试'],
    ]),
    drafts: new Map(),
    spentDrafts: new Map(),
    materials: new Map(),
    pictures: new Map(),
    publications: [],
    jobs: new Map(),
    sends: new Map(),
    comments: [],
    menu: undefined,
    conditionalMenus: new Map(),
    autoReply: { added: undefined, fallback: undefined, keywords: [] },
    messages: [],
    speed: 0,
    forcedRefreshes: [],
    scripts: { publish: [], mass: [] },
    consoleSends: 0,
  }
  const monthAgo = now - 30 * 86_400_000
  for (let i = 0; i < followers; i++) {
    const openid = `o${identity.alphanumeric(27)}`
    account.followers.set(openid, newFollower(openid, monthAgo, i < 3 ? [FIRST_TAG] : []))
  }
  return account
}
