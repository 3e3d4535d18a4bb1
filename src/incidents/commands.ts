import { sql } from 'kysely'
import { escalationPolicies } from '../people/escalation-settings.ts'
import type { Actor } from '../platform/access.ts'
import { mayPass } from '../platform/access.ts'
import type { App } from '../platform/app.ts'
import { asActor, type Tx, withAgency } from '../platform/database.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'
import { addEffect } from '../platform/outbox.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import { after, hours, type Instant, instant, minutes } from '../platform/time.ts'
import type { Library } from '../playbooks/index.ts'
import { liftHold, placeHold } from '../publishing/index.ts'
import { type Act, needOf } from './acts.ts'
import { decideAct } from './decide-act.ts'
import { followUps } from './follow-ups.ts'
import { callHelp, pagePerson, startLadder, updateCards } from './ladder.ts'
import { defaultPolicy } from './policy.ts'
import { append, type Incident, lockIncident, nextNumber } from './store.ts'
import { loadSurroundings } from './surroundings.ts'
import type { Entry, Fact } from './timeline.ts'

export const SYSTEM = '系统'
export type Said = { by: string; fact: Fact }
export type Changed = { incident: Incident; entries: Entry[] }

/**
 * The one way an incident changes: lock, decide, add facts, let everything follow that follows by itself, add the effects,
 * all in the caller's transaction.
 */
export async function change(
  app: App,
  tx: Tx,
  now: Instant,
  incidentId: string,
  decide: (incident: Incident) => Outcome<Said[]> | Promise<Outcome<Said[]>>,
): Promise<Outcome<Changed>> {
  const incident = await lockIncident(tx, incidentId)
  if (!incident) return refused('没有找到这起事件。')
  const said = await decide(incident)
  if (!said.ok) return said
  if (said.value.length === 0) return done({ incident, entries: [] })
  return done(await addAndFollow(app, tx, now, incident, said.value))
}

async function addAndFollow(
  app: App,
  tx: Tx,
  now: Instant,
  start: Incident | { id: string },
  said: readonly Said[],
): Promise<Changed> {
  let { incident, entries } = await append(tx, start, said, now)
  const around = await loadSurroundings(tx, app, incident.state, now)
  for (let round = 0; round < 8; round++) {
    const next = followUps(incident.state, around)
    if (next.length === 0) break
    const more = await append(
      tx,
      incident,
      next.map((fact) => ({ by: SYSTEM, fact })),
      now,
    )
    incident = more.incident
    entries = [...entries, ...more.entries]
  }
  await carryOnFrom(app, tx, now, incident, entries)
  return { incident, entries }
}

/** Effects of facts: what a fact sets going outside the timeline, in the same transaction. */
async function carryOnFrom(app: App, tx: Tx, now: Instant, incident: Incident, entries: readonly Entry[]) {
  const { state } = incident
  for (const { fact, by } of entries) {
    if (fact.kind === 'step-started') {
      const effect = state.plan.steps.find((s) => s.key === fact.step)!.effect!
      await addEffect(tx, {
        id: app.newId(),
        kind: 'step',
        key: `step:${incident.id}:${fact.step}:${fact.round}`,
        mode: state.mode,
        lane: incident.laneOfSeverity,
        incidentId: incident.id,
        accountId: state.accountId,
        payload: { incidentId: incident.id, step: fact.step, effect },
        maxTries: 5,
      })
    }
    if (fact.kind === 'handed-over') await pagePerson(app, tx, now, incident, fact.personId)
    if (fact.kind === 'acknowledged' || fact.kind === 'handed-over') await updateCards(app, tx, incident)
    if (fact.kind === 'hold-lifted') await liftHold(tx, fact.holdId, by, now)
    if (fact.kind === 'lease-lapsed' || fact.kind === 'ladder-exhausted') await startLadder(tx, now, incident, state.ladderRound)
    if (fact.kind === 'declined') await callHelp(app, tx, now, incident, ['backup', 'lead'])
    if (fact.kind === 'message-failed') await callHelp(app, tx, now, incident, ['account-manager', 'lead'])
    if (fact.kind === 'message-asked-by-hand') await callHelp(app, tx, now, incident, ['account-manager'])
  }
}

export type Opening = {
  accountId: string
  playbook: string
  detectedAt: Instant
  by: string
  mode?: 'real' | 'drill'
  signal: Extract<Fact, { kind: 'signal-joined' }>
}

/** Opens an incident: numbers it, copies plan and policy into it, holds the account's queue at once, wakes the duty. */
export async function openIncident(app: App, tx: Tx, now: Instant, library: Library, opening: Opening): Promise<Changed> {
  const plan = library.bySlug(opening.playbook)
  const account = await tx.selectFrom('dx.accounts').selectAll().where('id', '=', opening.accountId).executeTakeFirstOrThrow()
  const client = await tx.selectFrom('dx.clients').selectAll().where('id', '=', account.client_id).executeTakeFirstOrThrow()
  const agency = await tx.selectFrom('dx.agencies').selectAll().executeTakeFirstOrThrow()
  const settings = agency.settings as { autoTellMinute?: number }
  const id = app.newId()
  const mode = opening.mode ?? 'real'
  const hold =
    mode === 'real'
      ? await placeHold(tx, app, { scope: 'account', scopeId: account.id, reason: plan.title, by: SYSTEM, incidentId: id }, now)
      : { id: app.newId(), publications: 0 }
  const facts: Fact[] = [
    {
      kind: 'opened',
      number: await nextNumber(tx),
      mode,
      accountId: account.id,
      accountName: account.name,
      clientId: client.id,
      clientName: client.name,
      accountMode: account.mode as 'secret' | 'component',
      removal: account.removal_agreement ? 'agreed' : 'not-agreed',
      hasSpare: account.spare_account_id !== null,
      title: plan.title,
      severity: plan.severity,
      severityRule: plan.severityRule,
      detectedAt: opening.detectedAt,
      plan,
      policy: defaultPolicy(plan.severity, (await escalationPolicies(tx))[plan.severity], settings.autoTellMinute),
    },
    opening.signal,
    { kind: 'hold-placed', holdId: hold.id, publications: hold.publications },
    { kind: 'step-done', step: 'hold', receipt: `暂停 ${hold.publications} 条` },
  ]
  const said = facts
    .filter((f) => f.kind !== 'step-done' || plan.steps.some((s) => s.key === f.step))
    .map((fact) => ({ by: opening.by, fact }))
  const changed = await addAndFollow(app, tx, now, { id }, said)
  await startLadder(tx, now, changed.incident, 0)
  return changed
}

/** One incident at a time is opened or joined per account, so that a burst of signals ends in one incident. */
export async function openOrJoin(app: App, tx: Tx, now: Instant, library: Library, opening: Opening): Promise<Changed> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${opening.accountId}, 7))`.execute(tx)
  const open = await tx
    .selectFrom('dx.incidents')
    .select('id')
    .where('account_id', '=', opening.accountId)
    .where('mode', '=', opening.mode ?? 'real')
    .where('state', 'in', ['open', 'acknowledged', 'contained'])
    .where(sql<boolean>`plan ->> 'slug' = ${opening.playbook}`)
    .executeTakeFirst()
  if (!open) return openIncident(app, tx, now, library, opening)
  const joined = await change(app, tx, now, open.id, () => done([{ by: opening.by, fact: opening.signal }]))
  if (!joined.ok) throw new Error(joined.reason)
  return joined.value
}

export type Press = { incidentId: string; press: string; act: Act; deviceAt?: string }

/** A person's press: permission, once per key, then the change. The same press sent again answers as the first time. */
export async function act(
  app: App,
  actor: Actor,
  { incidentId, press, act: what, deviceAt }: Press,
): Promise<Outcome<{ seq: number }>> {
  if (!mayPass(needOf[what.do], actor) || (actor.via === 'link' && actor.incidentId !== incidentId))
    return refused(actor.via === 'link' ? '这一步需要先在这台设备上登录。' : '你没有这个权限，可以请负责人来做。')
  if (actor.via === 'link' && what.do === 'complete' && what.answer === 'ours')
    return refused('“是自己人做的”会解除暂停并关闭事件，请先在这台设备上登录再答。')
  if (needsFreshSignIn.has(what.do) && actor.via === 'session' && !signedInLately(actor))
    return refused('发给客户和恢复发布要求这台设备在 12 小时内登录过。请重新登录，写好的内容还在。')
  const isVisible = await asActor(app.database, actor, (tx) =>
    tx.selectFrom('dx.incidents').select('id').where('id', '=', incidentId).executeTakeFirst(),
  )
  if (!isVisible) return refused('没有找到这起事件。')
  return withAgency(app.database, actor.agencyId, async (tx, now) => {
    const fresh = await tx
      .insertInto('dx.presses')
      .values({ agency_id: thisAgency, key: `${incidentId}:${press}`, answer: jsonb({ ok: true }) })
      .onConflict((c) => c.doNothing())
      .returning('key')
      .executeTakeFirst()
    if (!fresh) return done({ seq: 0 })
    const stale = staleSend(what, deviceAt, now)
    const outcome: Outcome<Changed> = stale ?? (await changeByAct(app, tx, now, actor, incidentId, what))
    if (!outcome.ok) {
      await tx.deleteFrom('dx.presses').where('key', '=', `${incidentId}:${press}`).execute()
      return outcome
    }
    return done({ seq: outcome.value.incident.headSeq })
  })
}

/** What reaches a client or sets something free asks for a sign-in on that device within twelve hours (ux §17). */
const needsFreshSignIn: ReadonlySet<Act['do']> = new Set(['send', 'sent-by-hand', 'lift-hold', 'resolve'])
const signedInLately = (actor: Actor): boolean =>
  actor.signedInAt !== undefined && performance.timeOrigin + performance.now() - Date.parse(actor.signedInAt) < hours(12)

/** A message to a client that waited longer than two minutes on a phone without network is asked again, not sent (ux §4.3). */
function staleSend(what: Act, deviceAt: string | undefined, now: Instant): Outcome<never> | undefined {
  if (what.do !== 'send' || !deviceAt) return undefined
  if (Number.isNaN(Date.parse(deviceAt))) return refused('手机上的时间读不懂，没有发出。请刷新页面，看一眼再发。')
  return instant(deviceAt) < after(now, -minutes(2))
    ? refused('这条在手机上等了两分钟以上，内容可能已变化，没有发出。请看一眼再发。')
    : undefined
}

/** Opened again the queue is held again; and one account has one open incident of a kind. */
async function reopening(app: App, tx: Tx, now: Instant, { id, state }: Incident, by: string): Promise<Outcome<Fact[]>> {
  const other = await tx
    .selectFrom('dx.incidents')
    .select('number')
    .where('account_id', '=', state.accountId)
    .where('mode', '=', state.mode)
    .where('id', '!=', id)
    .where('state', 'in', ['open', 'acknowledged', 'contained'])
    .where(sql<boolean>`plan ->> 'slug' = ${state.plan.slug}`)
    .executeTakeFirst()
  if (other) return refused(`这个账号已有一起同类事件在处理（INC-${other.number}），没有重新打开。请到那一起里操作。`)
  if (state.mode === 'drill' || state.holds.some((h) => !h.liftedAt && !h.byClient)) return done([])
  const hold = await placeHold(
    tx,
    app,
    { scope: 'account', scopeId: state.accountId, reason: state.title, by, incidentId: id },
    now,
  )
  return done([{ kind: 'hold-placed', holdId: hold.id, publications: hold.publications }])
}

async function changeByAct(
  app: App,
  tx: Tx,
  now: Instant,
  actor: Actor,
  incidentId: string,
  what: Act,
): Promise<Outcome<Changed>> {
  const people = await tx.selectFrom('dx.people').select(['id', 'name']).where('left_at', 'is', null).execute()
  const changed = await change(app, tx, now, incidentId, async (incident) => {
    const around = await loadSurroundings(tx, app, incident.state, now)
    const context = {
      actor,
      now,
      salutation: around.salutation,
      newId: app.newId,
      personName: (id: string) => people.find((p) => p.id === id)?.name,
    }
    const facts = decideAct(incident.state, what, context)
    if (!facts.ok) return facts
    const more = what.do === 'reopen' ? await reopening(app, tx, now, incident, actor.name) : done([])
    return more.ok ? done([...facts.value, ...more.value].map((fact) => ({ by: actor.name, fact }))) : more
  })
  if (changed.ok && what.do === 'call-help') await callHelp(app, tx, now, changed.value.incident, ['backup', 'lead'])
  return changed
}
