import { sql } from 'kysely'
import { baselineOf, hashOf, sameAsBaseline, weChatFor } from '../accounts/index.ts'
import { articleIsGone, menuIsBaseline, removeArticle, restoreMenu, snapshotAccount, urgeProbes } from '../monitoring/index.ts'
import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import type { Json } from '../platform/json.ts'
import { thisAgency } from '../platform/jsonb.ts'
import type { AttemptResult, Effect, EffectKind, EffectKinds, Settled } from '../platform/outbox.ts'
import { assertNever, done } from '../platform/outcome.ts'
import type { Instant } from '../platform/time.ts'
import type { AutomaticEffect } from '../playbooks/index.ts'
import { placeHold } from '../publishing/index.ts'
import { menu } from '../wechat/index.ts'
import { change, SYSTEM } from './commands.ts'
import { exportPack } from './export-pack.ts'
import type { Snapshot } from './snapshot.ts'
import type { Fact } from './timeline.ts'

export type StepPayload = { incidentId: string; step: string; effect: AutomaticEffect }
type Kept = { id: string; name: string; hash: string; size: number; mediaType: string }
type StepDetail = {
  removed?: { key: string; title: string }[]
  degraded?: string[]
  rid?: string | null
  drifted?: boolean
  items?: Kept[]
  packHash?: string
  packItems?: number
  findings?: string[]
}

/** The automatic steps of playbooks. All of them may be repeated without harm, so an unknown outcome is simply tried again. */
export const stepEffects = (app: App): EffectKinds => ({ step: step(app) })

function step(app: App): EffectKind {
  const read = (effect: Effect) => effect.payload as StepPayload
  return {
    reaches: 'wechat',
    whenUnknown: 'again',
    lease: 60_000,
    async mayGo(tx, effect) {
      const state = await stateOf(tx, read(effect).incidentId)
      return state.certainty === 'false-alarm' ? { go: false, retry: 'never', reason: '已确认是自己人操作' } : { go: true }
    },
    async carry(effect) {
      const payload = read(effect)
      const state = await withAgency(app.database, effect.agencyId, (tx) => stateOf(tx, payload.incidentId))
      return carry(app, effect, payload, state)
    },
    settled: (tx, effect, result, now) => settled(app, tx, read(effect), result, now),
  }
}

const stateOf = async (tx: Tx, id: string): Promise<Snapshot> =>
  (await tx.selectFrom('dx.incidents').select('snapshot').where('id', '=', id).executeTakeFirstOrThrow())
    .snapshot as unknown as Snapshot

function carry(app: App, effect: Effect, payload: StepPayload, state: Snapshot): Promise<AttemptResult> {
  const { agencyId } = effect
  const { accountId } = state
  switch (payload.effect) {
    case 'hold-publications':
      return holdAgain(app, agencyId, payload.incidentId, state)
    case 'forget-tokens':
      return forgetTokens(app, agencyId, accountId)
    case 'snapshot':
      return keepSnapshot(app, agencyId, accountId)
    case 'remove-articles':
      return removeArticles(app, agencyId, state)
    case 'restore-menu':
      return putMenuBack(app, agencyId, accountId)
    case 'check-auto-reply':
      return checkAutoReply(app, agencyId, accountId)
    case 'export-evidence':
      return exportEvidence(app, agencyId, payload.incidentId)
    case 'sweep':
      return sweep(app, agencyId, accountId)
    default:
      return assertNever(payload.effect)
  }
}

const finished = (receipt: string, detail: StepDetail = {}): AttemptResult => ({
  result: 'done',
  receipt,
  detail: detail as Json,
})

async function holdAgain(app: App, agencyId: string, incidentId: string, state: Snapshot): Promise<AttemptResult> {
  const hold = await withAgency(app.database, agencyId, (tx, now) =>
    placeHold(tx, app, { scope: 'account', scopeId: state.accountId, reason: state.title, by: SYSTEM, incidentId }, now),
  )
  return finished(`暂停 ${hold.publications} 条`)
}

/** Whoever copied our token cannot use our store; the next call gets a fresh one. */
async function forgetTokens(app: App, agencyId: string, accountId: string): Promise<AttemptResult> {
  await withAgency(app.database, agencyId, (tx) =>
    sql`delete from dx.wechat_tokens t using dx.accounts a where a.id = ${accountId} and t.key like '%' || a.appid || '%'`.execute(
      tx,
    ),
  )
  return finished('旧令牌已丢弃')
}

async function keepSnapshot(app: App, agencyId: string, accountId: string): Promise<AttemptResult> {
  const taken = await snapshotAccount(app, agencyId, accountId)
  if (!taken.ok) return { result: 'refused', retry: 'later', afterMs: 2000, reason: taken.reason }
  const kept: Kept[] = []
  for (const item of taken.value.items) {
    const { hash, size } = await app.objects.put(item.bytes)
    kept.push({ id: app.newId(), name: item.name, mediaType: item.mediaType, hash, size })
  }
  const { missing } = taken.value
  return finished(`留底 ${kept.length} 件${missing.length ? `，没取到：${missing.join('；')}` : ''}`, { items: kept })
}

/** Deleting is repeatable: what is gone counts as done. What stays after the tries becomes a step for a person. */
async function removeArticles(app: App, agencyId: string, state: Snapshot): Promise<AttemptResult> {
  const live = state.articles.filter((a) => a.removable && a.removedSeq === undefined && !a.explained)
  const removed: { key: string; title: string }[] = []
  let problem: AttemptResult | undefined
  for (const article of live) {
    const result = await removeArticle(app, agencyId, state.accountId, article.key)
    const gone =
      result.result === 'done' ||
      (result.result === 'unknown' && (await articleIsGone(app, agencyId, state.accountId, article.key)).result === 'done')
    if (gone) removed.push({ key: article.key, title: article.title })
    else problem = result
  }
  if (problem)
    return {
      result: 'refused',
      retry: 'later',
      afterMs: 1500,
      reason: 'reason' in problem ? problem.reason : '还有文章没有删掉',
      detail: { removed } as Json,
    }
  return finished(`删除 ${removed.length} 篇`, { removed })
}

async function putMenuBack(app: App, agencyId: string, accountId: string): Promise<AttemptResult> {
  const restored = await restoreMenu(app, agencyId, accountId)
  if (restored.result !== 'done')
    return restored.result === 'refused' && restored.retry === 'never'
      ? restored
      : { result: 'refused', retry: 'later', afterMs: 1500, reason: restored.reason }
  const detail = (restored.detail ?? {}) as { degraded?: string[] }
  if ((await menuIsBaseline(app, agencyId, accountId)).result !== 'done' && !detail.degraded?.length)
    return { result: 'refused', retry: 'later', afterMs: 1000, reason: '恢复后读回来还不一致' }
  return finished(restored.receipt, { degraded: detail.degraded ?? [] })
}

async function checkAutoReply(app: App, agencyId: string, accountId: string): Promise<AttemptResult> {
  const same = await autoReplyIsBaseline(app, agencyId, accountId)
  if (same === undefined) return { result: 'refused', retry: 'later', afterMs: 2000, reason: '没有读到自动回复' }
  return finished(same ? '与认可的一致' : '被改动', { drifted: !same })
}

async function autoReplyIsBaseline(app: App, agencyId: string, accountId: string): Promise<boolean | undefined> {
  const opened = await weChatFor(app, agencyId, accountId)
  if (!opened.ok) return undefined
  const replies = await menu.getAutoReply(opened.value.session)
  if (!replies.ok) return undefined
  const baseline = await withAgency(app.database, agencyId, (tx) => baselineOf(tx, accountId, 'auto-reply'))
  return !baseline || sameAsBaseline(baseline, hashOf('auto-reply', replies.value.raw as Json))
}

async function exportEvidence(app: App, agencyId: string, incidentId: string): Promise<AttemptResult> {
  const pack = await exportPack(app, agencyId, incidentId)
  return finished(`已核对，共 ${pack.items} 件`, { packHash: pack.hash, packItems: pack.items })
}

/** Looks at everything once more. What is found anew becomes a signal by its probe; the two that must be as approved are told here. */
async function sweep(app: App, agencyId: string, accountId: string): Promise<AttemptResult> {
  await withAgency(app.database, agencyId, (tx, now) => urgeProbes(tx, accountId, now))
  const findings: string[] = []
  if ((await menuIsBaseline(app, agencyId, accountId)).result !== 'done') findings.push('菜单与认可的不一致')
  if ((await autoReplyIsBaseline(app, agencyId, accountId)) === false) findings.push('自动回复与认可的不一致')
  return finished(findings.length === 0 ? '菜单、自动回复与认可的一致' : findings.join('；'), { findings })
}

async function settled(app: App, tx: Tx, payload: StepPayload, result: Settled, now: Instant) {
  const { incidentId, step: key, effect } = payload
  const detail = (result.detail ?? {}) as StepDetail
  for (const item of detail.items ?? []) {
    const row = {
      id: item.id,
      hash: item.hash,
      size: item.size,
      name: item.name,
      media_type: item.mediaType,
      source: '自动留底',
      step: key,
      taken_at: now,
      by: SYSTEM,
    }
    await tx
      .insertInto('dx.evidence_items')
      .values({ agency_id: thisAgency, incident_id: incidentId, ...row })
      .onConflict((c) => c.doNothing())
      .execute()
  }
  await change(app, tx, now, incidentId, ({ state }) =>
    done([...rehearsed(state, effect), ...factsOf(key, effect, result, detail)].map((fact) => ({ by: SYSTEM, fact }))),
  )
}

/** In a drill WeChat is not asked: what would have been removed counts as removed, or the step would be needed again for ever. */
function rehearsed(state: Snapshot, effect: AutomaticEffect): Fact[] {
  if (state.mode !== 'drill' || effect !== 'remove-articles') return []
  return state.articles
    .filter((a) => a.removable && a.removedSeq === undefined && !a.explained)
    .map((a) => ({ kind: 'article-removed', key: a.key, title: a.title, how: 'machine' }))
}

function factsOf(step: string, effect: AutomaticEffect, result: Settled, detail: StepDetail): Fact[] {
  const found: Fact[] = [
    ...(detail.items ?? []).map(
      (item): Fact => ({ kind: 'evidence-added', itemId: item.id, name: item.name, hash: item.hash, source: '自动留底', step }),
    ),
    ...(detail.removed ?? []).map((article): Fact => ({ kind: 'article-removed', ...article, how: 'machine' })),
  ]
  if (result.result !== 'done') {
    const problem = result.result === 'unknown' ? `结果不明：${result.reason}` : result.reason
    return [...found, { kind: 'step-by-hand', step, problem: `自动没有做成（${problem}），请在后台处理` }]
  }
  if (effect === 'restore-menu') found.push({ kind: 'menu-restored', degraded: detail.degraded ?? [] })
  if (effect === 'check-auto-reply') found.push({ kind: 'auto-reply-checked', drifted: detail.drifted ?? false })
  if (effect === 'export-evidence' && detail.packHash)
    found.push({ kind: 'evidence-exported', packHash: detail.packHash, items: detail.packItems ?? 0 })
  return [...found, { kind: 'step-done', step, receipt: result.receipt }]
}
