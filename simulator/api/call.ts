import type { Fields } from '../json.ts'
import type { Account } from '../state/account.ts'
import type { Actor } from '../state/content.ts'
import type { Token, World } from '../state/world.ts'

/** The rows of the permission table (facts 0.1), one name each. */
export type Group =
  | 'basic'
  | 'draft'
  | 'material'
  | 'freepublish'
  | 'mass'
  | 'mass-openids'
  | 'comment'
  | 'user'
  | 'custom'
  | 'datacube'
  | 'article-data'
  | 'menu'
  | 'menu-info'
  | 'template'

export type Upload = { name: string; type: string; bytes: Buffer }

/** One request that passed the gatekeeper: the account is known, allowed, and within its quota. */
export type Call = {
  world: World
  account: Account
  token: Token
  by: Actor
  query: URLSearchParams
  body: Fields
  uploads: Map<string, Upload>
  form: Map<string, string>
}

/** Most replies are JSON; pictures and pages are not. */
export type Raw = { raw: Buffer; type: string; headers?: Record<string, string> }
export type Reply = Fields | Raw
export const isRaw = (reply: Reply): reply is Raw => Buffer.isBuffer((reply as Raw).raw)

export type Endpoint = {
  path: string
  method: 'GET' | 'POST' | 'any'
  group: Group
  /** `json` refuses an empty body with 44002; `none` never looks at it. */
  body?: 'json' | 'optional-json' | 'form' | 'none'
  dailyLimit?: number
  minuteLimit?: number
  handle(call: Call): Reply | Promise<Reply>
}

/** What needs no account's token: getting one, the component's calls, pages. */
export type OpenCall = {
  world: World
  by: Actor
  ip: string
  method: string
  path: string
  query: URLSearchParams
  body: Fields
  rawBody: string
}
export type OpenEndpoint = { path: string; method: 'GET' | 'POST' | 'any'; handle(call: OpenCall): Reply | Promise<Reply> }

export const OK: Fields = { errcode: 0, errmsg: 'ok' }
