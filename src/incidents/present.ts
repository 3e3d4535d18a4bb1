import { rosterAt } from '../people/escalation-settings.ts'
import { roleNames } from '../people/people.ts'
import type { Actor } from '../platform/access.ts'
import { mayPass } from '../platform/access.ts'
import type { App } from '../platform/app.ts'
import { asActor } from '../platform/database.ts'
import { elapsed, type Instant, minutes, parseDuration } from '../platform/time.ts'
import { isFinished, nowFor, type StepStatus } from '../playbooks/stepper.ts'
import { needOf } from './acts.ts'
import { checkClientText } from './client-words.ts'
import type { ClockStatus, Snapshot } from './snapshot.ts'
import { readTimeline } from './store.ts'
import type { Entry } from './timeline.ts'
import type { ActionView, ClockView, IncidentRow, MessageView, StepView, TimelineView, WarRoomView } from './view.ts'
import { describe, messageTitles, wayTitle } from './words-of-facts.ts'

const quietKinds = new Set(['step-started', 'lease-renewed', 'message-drafted'])
const ownerTitles: Record<string, string> = {
  system: '系统',
  duty: '值班编辑',
  lead: '运营负责人',
  'account-manager': '客户经理',
  administrator: '管理员',
  client: '客户',
}

/** Everything the war room shows, made for one person. Reads only. */
export async function warRoom(app: App, actor: Actor, incidentId: string): Promise<WarRoomView | undefined> {
  return asActor(app.database, actor, async (tx, now) => {
    const row = await tx.selectFrom('dx.incidents').selectAll().where('id', '=', incidentId).executeTakeFirst()
    if (!row) return undefined
    const state = row.snapshot as unknown as Snapshot
    const entries = await readTimeline(tx, incidentId)
    const people = await tx
      .selectFrom('dx.people')
      .select(['id', 'name', 'role'])
      .where('left_at', 'is', null)
      .orderBy('name')
      .execute()
    const client = await tx.selectFrom('dx.clients').selectAll().where('id', '=', row.client_id).executeTakeFirstOrThrow()
    const agency = await tx.selectFrom('dx.agencies').select('name').executeTakeFirstOrThrow()
    const next = await tx
      .selectFrom('dx.pages')
      .selectAll()
      .where('incident_id', '=', incidentId)
      .where('sent_at', 'is', null)
      .where('due_at', '>', now)
      .orderBy('due_at')
      .executeTakeFirst()
    const roster = await rosterAt(tx, now)
    const name = (id: string | undefined) => people.find((p) => p.id === id)?.name
    const steps = state.steps.map((s) => stepView(state, s))
    const current = nowFor(state.plan, state.steps)
    const clocks = state.clocks.map((c) => clockView(state, c))
    const actions = actionsOf(state, current)
    return {
      id: incidentId,
      number: `INC-${state.number}`,
      serverNow: now,
      mode: state.mode,
      severity: state.severity,
      severityRule: state.severityRule,
      title: state.title,
      titleEn: state.plan.titleEn,
      accountName: state.accountName,
      clientName: state.clientName,
      agencyName: agency.name,
      state: state.state,
      certainty: state.certainty,
      detectedAt: state.detectedAt,
      ...maybe('acknowledgedAt', state.acknowledgedAt),
      ...maybe('commander', state.commander),
      ...maybe('mainClock', mainClock(clocks)),
      clocks,
      ...maybe('now', current && steps.find((s) => s.key === current.key)),
      ...maybe('nowNumber', current && state.plan.steps.find((s) => s.key === current.key)?.action),
      ofNumber: actions.length,
      actions,
      steps,
      messages: state.messages.map((m) => messageView(state, m, now)),
      ...maybe(
        'tellNext',
        (['first', 'plans', 'restored'] as const).find((kind) =>
          state.messages.some((m) => m.kind === kind && ['draft', 'failed'].includes(m.state)),
        ),
      ),
      ...maybe('nextUpdateAt', state.nextUpdateAt),
      recipient: { salutation: client.salutation, ways: (client.ways as { way: string }[]).map((w) => wayTitle(w.way)) },
      calls: [
        ...(client.phone ? [{ who: '客户', name: client.salutation, phone: client.phone }] : []),
        ...(roster.backup?.phone ? [{ who: '后备', name: roster.backup.name, phone: roster.backup.phone }] : []),
        ...roster.leads.flatMap((lead) => (lead.phone ? [{ who: '负责人', name: lead.name, phone: lead.phone }] : [])),
      ],
      ...maybe('choice', state.choice),
      articles: state.articles.map((a) => ({
        key: a.key,
        title: a.title,
        ...maybe('url', a.url),
        removable: a.removable,
        state: a.removedSeq !== undefined ? 'removed' : a.explained ? 'explained' : 'live',
        ...maybe('by', a.removedBy === 'machine' ? '系统' : a.removedBy === 'hand' ? '人工' : a.explained),
      })),
      signals: state.signals.map(({ kind, summary, at }) => ({ kind, summary, at })),
      holds: state.holds,
      evidence: state.evidence.map(({ proof: _proof, ...item }) => item),
      packs: state.packs,
      timeline: entries
        .filter((e) => !quietKinds.has(e.fact.kind))
        .map((e) => timelineView(e, state))
        .reverse(),
      ladder: {
        exhausted: state.ladderExhausted,
        ...(state.commander && state.leaseUntil && state.leaseUntil > now
          ? {}
          : {
              ...maybe('nextPerson', name(next?.person_id)),
              ...maybe('nextWay', next && wayTitle(next.channel)),
              ...maybe('nextAt', next?.due_at),
            }),
      },
      onDuty: { ...maybe('first', roster.first?.name), ...maybe('backup', roster.backup?.name) },
      people: people.map((p) => ({ id: p.id, name: p.name, role: p.role as Actor['role'] })),
      me: {
        id: actor.personId,
        name: actor.name,
        role: actor.role,
        isCommander: state.commander?.id === actor.personId,
        signedIn: actor.via !== 'link',
        maySend: mayPass(needOf.send, actor),
        mayDecide: mayPass(needOf.resolve, actor),
        mayAct: mayPass(needOf.complete, actor),
      },
      playbook: { title: state.plan.title, version: state.plan.version, exit: state.plan.exit },
      chain: { seq: row.head_seq, hash: row.head_hash },
      ...maybe('outcome', state.outcome),
    }
  })
}

const maybe = <K extends string, V>(key: K, value: V | undefined): Record<K, V> | Record<string, never> =>
  value === undefined ? {} : ({ [key]: value } as Record<K, V>)

/** The nearest promise not yet kept, telling the client first among equals; when all are kept, the nearest other limit. */
function mainClock(clocks: ClockView[]): ClockView | undefined {
  const telling = (c: ClockView) => (c.key === 'first-word' ? 0 : 1)
  const open = clocks.filter((c) => !c.metAt).sort((a, b) => a.dueAt.localeCompare(b.dueAt) || telling(a) - telling(b))
  return open.find((c) => c.promise) ?? open[0]
}

function clockView(state: Snapshot, clock: ClockStatus): ClockView {
  const plan = state.plan.clocks.find((c) => c.key === clock.key)!
  return {
    ...clock,
    title: plan.title,
    titleEn: plan.titleEn,
    short: plan.short,
    promise: plan.promise,
    withinMinutes: Math.round(parseDuration(plan.within) / minutes(1)),
    ...(clock.metAt ? { tookMinutes: Math.max(1, Math.ceil(elapsed(state.detectedAt, clock.metAt) / minutes(1))) } : {}),
  }
}

export function stepView(state: Snapshot, status: StepStatus): StepView {
  const plan = state.plan.steps.find((s) => s.key === status.key)
  const added = state.addedSteps.find((s) => s.key === status.key)
  const proof = (plan?.proof ?? []).map((p) => ({
    ...p,
    have: state.evidence
      .filter((e) => e.step === status.key && e.proof === p.key)
      .map((e) => ({ id: e.id, name: e.name, at: e.at })),
  }))
  return {
    key: status.key,
    ...maybe('action', plan?.action),
    title: plan?.title ?? added?.title ?? status.key,
    titleEn: plan?.titleEn ?? added?.title ?? status.key,
    kind: plan?.kind ?? 'manual',
    owner: ownerTitles[plan?.owner ?? ''] ?? added?.owner ?? '',
    state: status.state,
    dueAt: status.dueAt,
    ...maybe('doneAt', status.doneAt),
    ...maybe('doneBy', status.doneBy),
    how: plan?.how ?? [],
    ...maybe('where', plan?.where),
    proof,
    missing: status.state === 'done' ? 0 : proof.filter((p) => p.kind === 'picture' && p.have.length === 0).length,
    ...maybe('question', plan?.question),
    ...maybe('message', plan?.message),
    answers: plan?.answers ?? [],
    ...maybe('answer', plan?.answers.find((a) => a.key === status.answer)?.title),
    ...maybe('problem', status.problem),
    ...maybe('reason', status.reason),
  }
}

const actionNames: Record<number, { zh: string; en: string }> = {
  1: { zh: '暂停待发，作废旧令牌', en: 'Hold our queue, drop tokens' },
  2: { zh: '留底，清理陌生内容，恢复菜单', en: 'Snapshot, remove, restore' },
  3: { zh: '管理员冻结微信、改密码', en: 'Administrator secures WeChat' },
  4: { zh: '清掉陌生运营者和授权', en: 'Remove unknown operators' },
  5: { zh: '冻结或重置开发密钥', en: 'Freeze or reset AppSecret' },
  6: { zh: '导出证据包', en: 'Evidence pack' },
  7: { zh: '申诉、联系平台、是否报警', en: 'Appeal and authorities' },
}

function actionsOf(state: Snapshot, current: StepStatus | undefined): ActionView[] {
  const numbers = [...new Set(state.steps.flatMap((s) => state.plan.steps.find((p) => p.key === s.key)?.action ?? []))]
  const currentNumber = current && state.plan.steps.find((p) => p.key === current.key)?.action
  return numbers.map((number) => {
    const steps = state.steps.filter((s) => state.plan.steps.find((p) => p.key === s.key)?.action === number)
    const last = steps.filter((s) => s.doneAt).sort((a, b) => b.doneAt!.localeCompare(a.doneAt!))[0]
    const all = steps.every((s) => isFinished(s.state)) && steps.some((s) => s.state === 'done' || s.state === 'skipped')
    const status = all
      ? 'done'
      : currentNumber === number
        ? 'current'
        : steps.some((s) => s.state === 'running')
          ? 'running'
          : 'waiting'
    return {
      number,
      title: actionNames[number]?.zh ?? '',
      titleEn: actionNames[number]?.en ?? '',
      state: status,
      ...(all && last ? { doneAt: last.doneAt!, doneBy: last.doneBy! } : {}),
    }
  })
}

function messageView(state: Snapshot, m: Snapshot['messages'][number], now: Instant): MessageView {
  const { facts: _facts, editedBy: _edited, way: _way, ...rest } = m
  const open = m.state === 'draft' || m.state === 'failed'
  return {
    ...rest,
    title: messageTitles[m.kind].zh,
    titleEn: messageTitles[m.kind].en,
    ways: m.ways.map((w) => ({ ...w, way: wayTitle(w.way) })),
    findings: open ? checkClientText(m.text, state, m.nextUpdateAt, now) : [],
  }
}

function timelineView(entry: Entry, state: Snapshot): TimelineView {
  const line = describe(entry, state)
  return {
    seq: entry.seq,
    at: entry.at,
    by: entry.by,
    title: line.title,
    ...maybe('detail', line.detail),
    tone: line.tone ?? 'plain',
    group: line.group ?? 'other',
  }
}

export type Tab = 'open' | 'client' | 'watching' | 'closed' | 'drill' | 'all'

/** The list of incidents, nearest open limit first. */
export async function incidentRows(app: App, actor: Actor, tab: Tab): Promise<IncidentRow[]> {
  const rows = await asActor(app.database, actor, (tx) =>
    tx.selectFrom('dx.incidents').select(['id', 'snapshot']).orderBy('detected_at', 'desc').limit(200).execute(),
  )
  return rows
    .map(({ id, snapshot }) => incidentRow(id, snapshot as unknown as Snapshot))
    .filter((row) => inTab(row, tab))
    .sort((a, b) => (a.nearestDue?.at ?? '9').localeCompare(b.nearestDue?.at ?? '9') || b.detectedAt.localeCompare(a.detectedAt))
}

function inTab(row: IncidentRow, tab: Tab): boolean {
  if (tab === 'all') return true
  if (tab === 'drill') return row.mode === 'drill'
  if (row.mode === 'drill') return false
  const open = ['open', 'acknowledged', 'contained'].includes(row.state)
  if (tab === 'open') return open
  if (tab === 'client') return open && row.clientKnows !== 'chose' && row.clientKnows !== 'no'
  if (tab === 'watching') return row.state === 'watching' || row.state === 'restored'
  return row.state === 'reviewed'
}

function titleOfStep(state: Snapshot, key: string, lang: 'zh' | 'en' = 'zh'): string {
  const plan = state.plan.steps.find((s) => s.key === key)
  return (lang === 'en' ? plan?.titleEn : plan?.title) ?? state.addedSteps.find((s) => s.key === key)?.title ?? key
}

function incidentRow(id: string, state: Snapshot): IncidentRow {
  const clockPlan = (status: ClockStatus) => state.plan.clocks.find((c) => c.key === status.key)!
  const next = nowFor(state.plan, state.steps)
  const over = ['restored', 'watching', 'reviewed'].includes(state.state)
  const clock = state.clocks.filter((c) => !c.metAt).sort((a, b) => a.dueAt.localeCompare(b.dueAt))[0]
  const sent = state.messages.some((m) => m.state === 'sent')
  return {
    id,
    number: `INC-${state.number}`,
    severity: state.severity,
    title: state.title,
    titleEn: state.plan.titleEn,
    accountName: state.accountName,
    clientName: state.clientName,
    state: state.state,
    certainty: state.certainty,
    mode: state.mode,
    detectedAt: state.detectedAt,
    ...maybe('commander', state.commander?.name),
    ...(over || !next ? {} : { nextStep: titleOfStep(state, next.key), nextStepEn: titleOfStep(state, next.key, 'en') }),
    ...(over || !clock
      ? {}
      : { nearestDue: { title: clockPlan(clock).title, titleEn: clockPlan(clock).titleEn, at: clock.dueAt } }),
    clientKnows:
      state.choice && !state.choice.byDefault ? 'chose' : state.messages.some((m) => m.readAt) ? 'read' : sent ? 'told' : 'no',
    ...maybe('closedAt', state.closedAt),
  }
}

export { roleNames }
