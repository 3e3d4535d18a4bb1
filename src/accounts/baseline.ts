import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../platform/database.ts'
import type { Json } from '../platform/json.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'
import type { Instant } from '../platform/time.ts'
import type { AccountId } from './account.ts'
import type { ClickAnswer } from './passive-reply.ts'

export type BaselineKind = 'menu' | 'auto-reply'
/** What normal looks like, and what else counts as normal: a menu we put back is not byte for byte what it was. */
export type Baseline = {
  kind: BaselineKind
  /** As WeChat answered when it was approved. */
  content: Json
  hash: string
  /** Hashes of forms we restored to. */
  accepted: string[]
  /** Clicks of restored buttons that we answer. */
  answers: ClickAnswer[]
  approvedBy: string
  approvedAt: Instant
}
type Stored = { content: Json; accepted?: string[]; answers?: ClickAnswer[] }

export const sameAsBaseline = (baseline: Baseline, hash: string) => baseline.hash === hash || baseline.accepted.includes(hash)

export async function baselineOf(tx: Tx, accountId: AccountId, kind: BaselineKind): Promise<Baseline | undefined> {
  const row = await tx
    .selectFrom('dx.baselines')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .executeTakeFirst()
  if (!row) return undefined
  const { content, accepted = [], answers = [] } = row.content as Stored
  return { kind, content, hash: row.hash, accepted, answers, approvedBy: row.approved_by, approvedAt: row.approved_at }
}

/** Approves a form as normal, in the name of a person or of a press of ours. */
export async function setBaseline(tx: Tx, accountId: AccountId, kind: BaselineKind, content: Json, by: string): Promise<void> {
  const row = { content: jsonb({ content }), hash: hashOf(kind, content), approved_by: by, approved_at: sql<Instant>`dx.now()` }
  await tx
    .insertInto('dx.baselines')
    .values({ agency_id: thisAgency, account_id: accountId, kind, ...row })
    .onConflict((same) => same.columns(['agency_id', 'account_id', 'kind']).doUpdateSet(row))
    .execute()
}

/** Written before menu/create is called, so that a probe reading in between takes it for what it is. */
export async function acceptRestored(tx: Tx, accountId: AccountId, hash: string, answers: ClickAnswer[]): Promise<void> {
  const known = await baselineOf(tx, accountId, 'menu')
  if (!known) return
  const stored: Stored = { content: known.content, accepted: [...new Set([hash, ...known.accepted])].slice(0, 5), answers }
  await tx
    .updateTable('dx.baselines')
    .set({ content: jsonb(stored) })
    .where('account_id', '=', accountId)
    .where('kind', '=', 'menu')
    .execute()
}

export const hashOf = (kind: BaselineKind, content: Json): string =>
  createHash('sha256')
    .update(JSON.stringify(kind === 'menu' ? canonicalMenu(content) : canonical(content, AUTO_REPLY_NOISE)))
    .digest('hex')

/** Ids of files in a console menu or reply are temporary and change every three days; moments tell nothing about the content. */
const FILE_TYPES = new Set(['img', 'image', 'photo', 'voice', 'video'])
const AUTO_REPLY_NOISE = new Set(['create_time', 'cover_url', 'thumb_url', 'errcode', 'errmsg'])
const MENU_NOISE = new Set(['cover_url', 'menuid', 'errcode', 'errmsg'])

/**
 * One form for what menu/create takes, menu/get gives and the self-menu shows: buttons in order, keys sorted, an empty
 * sub_button as none. `is_menu_open` counts, since a menu switched off is gone for readers.
 */
function canonicalMenu(content: Json): Json {
  const read = asObject(content)
  const info = asObject(read.selfmenu_info ?? read.menu ?? read)
  const button = asList(info.button)
  const open = read.is_menu_open === undefined ? button.length > 0 : isTrue(read.is_menu_open)
  return { open, button: canonical(button, MENU_NOISE) }
}

function canonical(value: Json, noise: ReadonlySet<string>): Json {
  if (Array.isArray(value)) return value.map((item) => canonical(item, noise))
  // WeChat sends the same number as a number or a text, whichever it pleases.
  if (value === null || typeof value !== 'object') return value === null ? null : String(value)
  const isFile = typeof value.type === 'string' && FILE_TYPES.has(value.type)
  const entries = Object.entries(value)
    .filter(([name]) => !noise.has(name) && !(isFile && (name === 'value' || name === 'content' || name === 'media_id')))
    .map(([name, item]): [string, Json] => [name, canonical(name === 'sub_button' ? asButtons(item) : item, noise)])
    .filter(([, item]) => !isEmpty(item))
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const asButtons = (value: Json): Json => (Array.isArray(value) ? value : asList(asObject(value).list))
const asObject = (value: Json | undefined): { [key: string]: Json } =>
  value && typeof value === 'object' && !Array.isArray(value) ? value : {}
const asList = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : [])
const isEmpty = (value: Json) => value === null || value === '' || (Array.isArray(value) && value.length === 0)
const isTrue = (value: Json) => value === true || value === 1 || value === '1'
