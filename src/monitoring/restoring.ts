import {
  type AccountSession,
  acceptRestored,
  baselineOf,
  type ClickAnswer,
  hashOf,
  sameAsBaseline,
  weChatFor,
} from '../accounts/index.ts'
import type { App } from '../platform/app.ts'
import { withAgency } from '../platform/database.ts'
import type { Json } from '../platform/json.ts'
import type { AttemptResult } from '../platform/outbox.ts'
import { minutes, seconds } from '../platform/time.ts'
import {
  freepublish,
  type JsonObject,
  mass,
  menu,
  type Restorable,
  restorable,
  type Session,
  type WeChatProblem,
} from '../wechat/index.ts'
import { linksIn } from './drift.ts'
import { markGone } from './our-publications.ts'

/**
 * Puts the approved menu back. Buttons made in the console come back as clicks or links (docs/wechat, section d.5); which, is
 * in the detail. Afterwards we look: only what is seen counts as restored.
 */
export async function restoreMenu(app: App, agencyId: string, accountId: string): Promise<AttemptResult> {
  const opened = await weChatFor(app, agencyId, accountId)
  if (!opened.ok) return { result: 'refused', retry: 'never', reason: opened.reason }
  const { session } = opened.value
  const baseline = await withAgency(app.database, agencyId, (tx) => baselineOf(tx, accountId, 'menu'))
  if (!baseline)
    return { result: 'refused', retry: 'never', reason: '没有批准过的菜单基线，没有改动菜单。请人工核对后在公众平台恢复。' }
  const plan = restorable(await asShown(baseline.content))
  const detail = described(plan)
  if (plan.buttons.length === 0 && plan.lost.length > 0)
    return { result: 'refused', retry: 'never', reason: '原来的菜单只能在公众平台手工恢复，接口放不回去。菜单没有改动。', detail }
  const expected = hashOf('menu', { button: await wireOf(plan) })
  await withAgency(app.database, agencyId, (tx) => acceptRestored(tx, accountId, expected, answersOf(plan)))
  const put = plan.buttons.length > 0 ? await menu.create(session, plan.buttons) : await menu.remove(session)
  if (!put.ok) return attemptOf(put.problem)
  return verifyMenu(app, opened.value, expected, plan, detail)
}

async function verifyMenu(
  app: App,
  { account, session }: AccountSession,
  expected: string,
  plan: Restorable,
  detail: Json,
): Promise<AttemptResult> {
  const shown = await menu.getSelfMenu(session)
  if (!shown.ok)
    return {
      result: 'refused',
      retry: 'later',
      afterMs: seconds(2),
      reason: `菜单已发出，但没能读回来核对：${shown.problem.message}`,
    }
  const content = shown.value.raw as Json
  const hash = hashOf('menu', content)
  if (hash === expected) return { result: 'done', receipt: `menu ${hash.slice(0, 16)}`, detail }
  // WeChat may show a field we did not send; names and addresses are what a reader gets.
  if (isSameForReaders(content, { button: await wireOf(plan) })) {
    await withAgency(app.database, account.agencyId, (tx) => acceptRestored(tx, account.id, hash, answersOf(plan)))
    return { result: 'done', receipt: `menu ${hash.slice(0, 16)}`, detail }
  }
  return {
    result: 'refused',
    retry: 'later',
    afterMs: seconds(3),
    reason: '菜单恢复后又被改动，说明对方还能操作。请先停用或重置 AppSecret。',
    detail,
  }
}

const isSameForReaders = (a: Json, b: Json) =>
  JSON.stringify([linksIn(a).sort(), buttonNames(a).sort()]) === JSON.stringify([linksIn(b).sort(), buttonNames(b).sort()])
function buttonNames(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(buttonNames)
  if (value === null || typeof value !== 'object') return []
  const own = typeof value.name === 'string' && !('content_url' in value) ? [value.name] : []
  return [...own, ...Object.values(value).flatMap(buttonNames)]
}

/** Whether readers see the approved menu: the look after an unclear outcome. */
export async function menuIsBaseline(
  app: App,
  agencyId: string,
  accountId: string,
): Promise<AttemptResult | { result: 'not-done' }> {
  const opened = await weChatFor(app, agencyId, accountId)
  if (!opened.ok) return { result: 'refused', retry: 'never', reason: opened.reason }
  const shown = await menu.getSelfMenu(opened.value.session)
  if (!shown.ok) return { result: 'unknown', reason: shown.problem.message }
  const baseline = await withAgency(app.database, agencyId, (tx) => baselineOf(tx, accountId, 'menu'))
  const hash = hashOf('menu', shown.value.raw as Json)
  return baseline && sameAsBaseline(baseline, hash)
    ? { result: 'done', receipt: `menu ${hash.slice(0, 16)}` }
    : { result: 'not-done' }
}

const GONE = new Set([53600, 40007])
const NOT_SENT_BY_API = new Set([40059, 40065])

/** Takes one publication away for good. `key` is its key in dx.known_articles. Whether that may happen is decided elsewhere. */
export async function removeArticle(app: App, agencyId: string, accountId: string, key: string): Promise<AttemptResult> {
  const opened = await weChatFor(app, agencyId, accountId)
  if (!opened.ok) return { result: 'refused', retry: 'never', reason: opened.reason }
  const { session } = opened.value
  const target = readKey(key)
  const answer =
    target.kind === 'article'
      ? await freepublish.remove(session, target.id, { position: 'all' })
      : await mass.remove(session, { msgId: target.id }, { position: 'all' })
  const code = answer.ok ? 0 : answer.problem.code
  if (target.kind === 'mass' && code !== null && NOT_SENT_BY_API.has(code))
    return {
      result: 'refused',
      retry: 'never',
      reason:
        '这条群发是在公众平台手工发出的，接口删不了，读者仍能看到。请管理员登录公众平台，在“已发送”里手工删除，并截图留证。',
      detail: { code },
    }
  if (!answer.ok && !(target.kind === 'article' && code !== null && GONE.has(code))) return attemptOf(answer.problem)
  await withAgency(app.database, agencyId, (tx, now) => markGone(tx, accountId, key, now))
  return { result: 'done', receipt: answer.ok ? (answer.rid ?? key) : 'it was already gone' }
}

/** Whether readers can still open it: the look after an unclear removal. */
export async function articleIsGone(
  app: App,
  agencyId: string,
  accountId: string,
  key: string,
): Promise<AttemptResult | { result: 'not-done' }> {
  const opened = await weChatFor(app, agencyId, accountId)
  if (!opened.ok) return { result: 'refused', retry: 'never', reason: opened.reason }
  const { session } = opened.value
  const target = readKey(key)
  const gone = async (): Promise<AttemptResult> => {
    await withAgency(app.database, agencyId, (tx, now) => markGone(tx, accountId, key, now))
    return { result: 'done', receipt: 'seen to be gone' }
  }
  if (target.kind === 'article') {
    const answer = await freepublish.getArticle(session, target.id)
    if (answer.ok) return answer.value.every((article) => article.isDeleted) ? gone() : { result: 'not-done' }
    return answer.problem.code !== null && GONE.has(answer.problem.code)
      ? gone()
      : { result: 'unknown', reason: answer.problem.message }
  }
  const answer = await mass.get(session, target.id)
  if (answer.ok) return answer.value.state === 'deleted' ? gone() : { result: 'not-done' }
  return { result: 'unknown', reason: answer.problem.message }
}

function readKey(key: string): { kind: 'article' | 'mass'; id: string } {
  const match = /^(article|mass):(.+)$/.exec(key)
  if (!match) throw new TypeError(`not a key of a known article: ${key}`)
  return { kind: match[1] as 'article' | 'mass', id: match[2]! }
}

/** What a refusal of WeChat's means for an effect: try again, give up, or find out first. */
export function attemptOf({ class: name, message, code, rid, outcome }: WeChatProblem): AttemptResult {
  const detail = { code, rid }
  if (outcome === 'unknown' || name === 'ambiguous') return { result: 'unknown', reason: message, detail }
  if (name === 'retry' || name === 'token')
    return { result: 'refused', retry: 'later', afterMs: seconds(2), reason: message, detail }
  if (name === 'quota') return { result: 'refused', retry: 'later', afterMs: minutes(1), reason: message, detail }
  return { result: 'refused', retry: 'never', reason: message, detail }
}

const described = ({ degraded, lost }: Restorable): Json => ({
  degraded: degraded.map(({ path, note }) => ({ path, note })),
  lost: lost.map(({ path, note }) => ({ path, note })),
})

/** Files cannot be answered at the door; the button then says nothing, which `lost` and `degraded` already tell. */
const answersOf = ({ degraded }: Restorable): ClickAnswer[] =>
  degraded.flatMap(({ answer }) => {
    if (!answer) return []
    const { key, reply } = answer
    return reply.type === 'text' || reply.type === 'news' ? [{ key, reply }] : []
  })

/** A stored answer of WeChat's, read as if it had just come. */
async function asShown(content: Json): Promise<menu.SelfMenu> {
  const stored: Session = { appid: '', call: async (call) => ({ ok: true, value: call.read(content as JsonObject), rid: null }) }
  const read = await menu.getSelfMenu(stored)
  if (!read.ok) throw new Error('a stored menu cannot be read')
  return read.value
}

/** The buttons exactly as they would travel, to know beforehand what we shall see. */
async function wireOf({ buttons }: Restorable): Promise<Json> {
  let wire: Json = []
  const paper: Session = {
    appid: '',
    call: async (call) => {
      wire = (call.body as { button: Json }).button
      return { ok: true, value: call.read({}), rid: null }
    },
  }
  await menu.create(paper, buttons)
  return wire
}
