import { type Actor, deciders, mayPass } from '../platform/access.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import { after, elapsed, type Instant, instant, minutes } from '../platform/time.ts'
import { isFinished, nowFor, type StepStatus } from '../playbooks/stepper.ts'
import type { Act } from './acts.ts'
import { checkClientText, composeFalseAlarm, composeProgress, composeRestored } from './client-words.ts'
import type { MessageStatus, Snapshot } from './snapshot.ts'
import type { Fact } from './timeline.ts'

export type ActContext = {
  actor: Actor
  now: Instant
  salutation: string
  personName(id: string): string | undefined
  newId(): string
}

/** What a person's press means: the facts to add, or why it cannot be done now. Pure. */
export function decideAct(state: Snapshot, act: Act, context: ActContext): Outcome<Fact[]> {
  const { actor, now } = context
  if (state.state === 'merged') return refused('这起事件已并入另一起，请到那一起里操作。')
  if (state.state === 'reviewed' && act.do !== 'reopen' && act.do !== 'note' && act.do !== 'export')
    return refused('这起事件已复盘关闭。需要再处理请先点“重新打开”。')
  const facts = decide(state, act, context)
  if (!facts.ok) return facts
  return done([...facts.value, ...renewal(state, actor, now)])
}

/** Whoever works keeps the lease; it is renewed when less than half of it is left. */
function renewal(state: Snapshot, actor: Actor, now: Instant): Fact[] {
  if (state.commander?.id !== actor.personId || !state.leaseUntil) return []
  const lease = state.policy.escalation.acknowledgementLease
  return elapsed(now, state.leaseUntil) < lease / 2 ? [{ kind: 'lease-renewed', leaseUntil: after(now, lease) }] : []
}

function decide(state: Snapshot, act: Act, context: ActContext): Outcome<Fact[]> {
  const { actor, now } = context
  const leaseUntil = after(now, state.policy.escalation.acknowledgementLease)
  switch (act.do) {
    case 'acknowledge':
      if (state.commander && state.leaseUntil && state.leaseUntil > now)
        return refused(
          state.commander.id === actor.personId ? '你已经接手了。' : `${state.commander.name} 已接手。要换人请让对方交接。`,
        )
      return done([{ kind: 'acknowledged', personId: actor.personId, person: actor.name, leaseUntil }])
    case 'decline':
      if (state.commander?.id === actor.personId && state.leaseUntil && state.leaseUntil > now)
        return refused('这起事件已由你接手。要换人请点“交接”，写清现在做到哪里。')
      return done([{ kind: 'declined', personId: actor.personId, person: actor.name }])
    case 'call-help':
      return done([{ kind: 'note', text: '请求支援，通知后备和负责人' }])
    case 'hand-over': {
      const person = context.personName(act.to)
      if (!person) return refused('没有找到要交接的人，没有改动。')
      const inHands = state.commander && state.leaseUntil && state.leaseUntil > now
      if (inHands && state.commander!.id !== actor.personId && !mayPass(deciders, actor))
        return refused(`${state.commander!.name} 正在负责，没有改动。请让 ${state.commander!.name} 交接，或请负责人来换人。`)
      return done([
        {
          kind: 'handed-over',
          fromPerson: actor.name,
          personId: act.to,
          person,
          leaseUntil,
          now: act.now,
          next: act.next,
          mind: act.mind,
        },
      ])
    }
    case 'complete':
      return complete(state, act, context)
    case 'cannot':
      return openStep(state, act.step, () => [
        { kind: 'step-by-hand', step: act.step, problem: act.reason },
        { kind: 'note', text: `${titleOf(state, act.step)}做不了：${act.reason}` },
      ])
    case 'skip':
      return openStep(state, act.step, () => [
        { kind: 'step-skipped', step: act.step, reason: act.reason, agreedBy: act.agreedBy },
      ])
    case 'move':
      if (!state.steps.some((s) => s.key === act.before)) return refused('没有找到要排到它前面的那一步。')
      return openStep(state, act.step, () => [
        { kind: 'step-moved', step: act.step, before: act.before, reason: act.reason, agreedBy: act.agreedBy },
      ])
    case 'add':
      return done([
        {
          kind: 'step-added',
          step: `added-${state.addedSteps.length + 1}`,
          title: act.title,
          owner: act.owner,
          dueAt: after(now, minutes(act.minutes)),
          reason: act.reason,
          agreedBy: act.agreedBy,
        },
      ])
    case 'draft': {
      const next = after(now, state.policy.updateEvery)
      const draft =
        act.message === 'progress'
          ? composeProgress(state, context.salutation, next, now)
          : composeRestored(state, context.salutation, after(now, minutes(24 * 60)), now)
      const known = state.messages.find((m) => m.kind === act.message && m.state === 'draft')
      return done([
        {
          kind: 'message-drafted',
          messageId: known?.id ?? context.newId(),
          message: act.message,
          revision: (known?.revision ?? 0) + 1,
          text: draft.text,
          facts: draft.facts,
          nextUpdateAt: draft.nextUpdateAt,
        },
      ])
    }
    case 'change-message':
      return editable(state, act.messageId, (m) => {
        const nextUpdateAt = act.nextUpdateAt ? instant(act.nextUpdateAt) : m.nextUpdateAt
        return done([changed(m, act.text, nextUpdateAt)])
      })
    case 'send':
      return editable(state, act.messageId, (m) => release(state, m, act.text ?? m.text, now, false))
    case 'call-back': {
      const m = state.messages.find((x) => x.id === act.messageId)
      if (m?.state !== 'sending' || m.ways.length > 0 || !m.leavesAt || m.leavesAt <= now)
        return refused('已经发出，撤不回来了。可以再发一条说明。')
      const called: Fact = { kind: 'message-called-back', messageId: m.id, message: m.kind }
      // Whoever calls it back wants to change it: the automatic minute leaves them two.
      const soonest = after(now, minutes(2))
      return done(
        m.autoAt && m.autoAt < soonest ? [called, { ...changed(m, m.text, m.nextUpdateAt), autoAt: soonest } as Fact] : [called],
      )
    }
    case 'sent-by-hand': {
      const m = state.messages.find((x) => x.id === act.messageId)
      if (!m) return refused('没有找到这条消息。')
      if (m.state === 'sent' && m.way === 'account-manager') return refused('已经记过“已发”。')
      if (m.state === 'draft') return refused('这条还没有确认内容，请先点“发给客户”。')
      return done([
        { kind: 'message-way', messageId: m.id, message: m.kind, way: 'account-manager', result: 'done' },
        { kind: 'message-sent', messageId: m.id, message: m.kind, way: 'account-manager' },
      ])
    }
    case 'postpone':
      return editable(state, act.messageId, (m) => {
        if (!m.autoAt) return refused('这条没有自动发送时间。')
        return done([
          { ...changed(m, m.text, m.nextUpdateAt), autoAt: after(m.autoAt, minutes(act.minutes)) } as Fact,
          { kind: 'note', text: `自动发送推迟 ${act.minutes} 分钟：${act.reason}` },
        ])
      })
    case 'severity':
      return done([{ kind: 'severity-changed', severity: act.severity, reason: act.reason }])
    case 'explain-article': {
      const article = state.articles.find((a) => a.key === act.article)
      if (!article) return refused('没有找到这篇文章。')
      return done([{ kind: 'article-explained', key: act.article, whose: act.whose }])
    }
    case 'explain-miss':
      return done([{ kind: 'miss-explained', clock: act.clock, reason: act.reason }])
    case 'lift-hold':
      if (!state.holds.some((h) => h.id === act.hold && !h.liftedAt)) return refused('这个暂停已经解除。')
      return done([{ kind: 'hold-lifted', holdId: act.hold }])
    case 'note':
      return done([{ kind: 'note', text: act.text }])
    case 'export':
      return openStep(
        state,
        'evidence',
        () => [
          {
            kind: 'step-started',
            step: 'evidence',
            round: (state.steps.find((s) => s.key === 'evidence')?.round ?? 0) + 1 + state.packs.length,
          },
        ],
        true,
      )
    case 'resolve':
      return resolve(state, act)
    case 'reopen':
      if (!['restored', 'watching', 'reviewed'].includes(state.state)) return refused('这起事件还在处理中，不用重新打开。')
      // Whoever opens it again has it: without a commander no lease would lapse and nobody would ever be woken.
      return done([
        { kind: 'reopened', reason: act.reason },
        { kind: 'acknowledged', personId: actor.personId, person: actor.name, leaseUntil },
      ])
    case 'review':
      if (!['restored', 'watching'].includes(state.state)) return refused('恢复之后才能复盘。')
      return done([{ kind: 'reviewed' }])
  }
}

type Completing = Extract<Act, { do: 'complete' }>

function complete(state: Snapshot, act: Completing, context: ActContext): Outcome<Fact[]> {
  const step = state.plan.steps.find((s) => s.key === act.step)
  const status = state.steps.find((s) => s.key === act.step)
  if (!status) return refused('没有找到这一步。')
  if (isFinished(status.state) && status.state !== 'not-needed') return refused(`这一步已由 ${status.doneBy ?? '系统'} 完成。`)
  if (status.state === 'running') return refused('系统正在做这一步，稍等结果。')
  if (step?.kind === 'message') return refused('这一步要把话发给客户才算完成，请点“发给客户”。')
  if (step?.kind === 'decision') {
    const answer = step.answers.find((a) => a.key === act.answer)
    if (!answer) return refused('请先选一个答案。')
    return done([
      { kind: 'step-done', step: act.step, answer: answer.key },
      ...(answer.key === 'ours' ? oursFollows(state, context) : []),
    ])
  }
  const missing = (step?.proof ?? []).filter((proof) => !hasProof(state, act, proof))
  if (missing.length > 0)
    return refused(
      `还缺 ${missing.length} 样：${missing.map((p) => p.title).join('、')}。补上再点完成；确实拿不到，请走“特殊情况处理区”写明原因。`,
    )
  // What was achieved goes first: a step that ends while its article still counts as live would be needed again at once.
  return done([
    ...byHandFollows(state, act.step),
    { kind: 'step-done', step: act.step, ...(act.receipt ? { receipt: act.receipt } : {}) },
  ])
}

const hasProof = (state: Snapshot, act: Completing, proof: { key: string; kind: string }) =>
  proof.kind === 'picture' ? state.evidence.some((e) => e.step === act.step && e.proof === proof.key) : Boolean(act.receipt)

/**
 * It was one of us: our holds end (what the client stopped stays stopped), the articles are explained, nothing was stolen. A
 * client who was promised the result of the check gets it before the incident closes.
 */
function oursFollows(state: Snapshot, { now, salutation, newId }: ActContext): Fact[] {
  const leaving = state.messages.filter((m) => m.state === 'sending' && m.ways.length === 0 && m.leavesAt && m.leavesAt > now)
  const told = state.messages.some(
    (m) => !leaving.includes(m) && (m.sentAt || m.ways.length > 0 || m.state === 'sending' || m.state === 'waiting-for-hand'),
  )
  const result = composeFalseAlarm(state, salutation, now)
  return [
    ...leaving.map((m): Fact => ({ kind: 'message-called-back', messageId: m.id, message: m.kind })),
    ...state.articles
      .filter((a) => !a.explained && a.removedSeq === undefined)
      .map((a): Fact => ({ kind: 'article-explained', key: a.key, whose: '自己人或客户' })),
    ...state.holds.filter((h) => !h.liftedAt && !h.byClient).map((h): Fact => ({ kind: 'hold-lifted', holdId: h.id })),
    { kind: 'restored', cause: '确认是自己人或客户的操作，不是被盗', followUps: [] },
    told
      ? {
          kind: 'message-drafted',
          messageId: newId(),
          message: 'restored',
          revision: 1,
          text: result.text,
          facts: result.facts,
          nextUpdateAt: result.nextUpdateAt,
        }
      : { kind: 'reviewed' },
  ]
}

/** A person attests what no machine can see: the articles deleted in the console, the auto-reply put back. */
function byHandFollows(state: Snapshot, step: string): Fact[] {
  const effect = state.plan.steps.find((s) => s.key === step)?.effect
  const live = state.articles.filter((a) => a.removedSeq === undefined && !a.explained)
  if (step === 'remove-by-hand')
    return live
      .filter((a) => !a.removable || state.removal === 'not-agreed')
      .map((a) => ({ kind: 'article-removed', key: a.key, title: a.title, how: 'hand' }))
  if (effect === 'remove-articles') return live.map((a) => ({ kind: 'article-removed', key: a.key, title: a.title, how: 'hand' }))
  if (effect === 'restore-menu') return [{ kind: 'menu-restored', degraded: [] }]
  if (step === 'auto-reply-by-hand') return [{ kind: 'auto-reply-restored' }]
  return []
}

function openStep(state: Snapshot, key: string, facts: () => Fact[], evenFinished = false): Outcome<Fact[]> {
  const status = state.steps.find((s) => s.key === key)
  if (!status) return refused('没有找到这一步。')
  if (!evenFinished && (status.state === 'done' || status.state === 'skipped')) return refused('这一步已经结束。')
  if (status.state === 'running') return refused('系统正在做这一步，稍等结果。')
  return done(facts())
}

function editable(state: Snapshot, id: string, then: (m: MessageStatus) => Outcome<Fact[]>): Outcome<Fact[]> {
  const m = state.messages.find((x) => x.id === id)
  if (!m) return refused('没有找到这条消息。')
  if (m.state !== 'draft' && m.state !== 'failed') return refused('这条已经在发或已发出，不能再改。可以另写一条进展。')
  return then(m)
}

const changed = (m: MessageStatus, text: string, nextUpdateAt: Instant | undefined): Fact => ({
  kind: 'message-drafted',
  messageId: m.id,
  message: m.kind,
  revision: m.revision + 1,
  text,
  facts: m.facts,
  ...(m.plans ? { plans: m.plans } : {}),
  ...(nextUpdateAt ? { nextUpdateAt } : {}),
  ...(m.autoAt ? { autoAt: m.autoAt } : {}),
})

/** Lets a message go: nothing leaves before `leavesAt`, so that a press can be called back. An automatic one passes the same checks. */
export function release(state: Snapshot, m: MessageStatus, text: string, now: Instant, automatic: boolean): Outcome<Fact[]> {
  const stops = checkClientText(text, state, m.nextUpdateAt, now).filter((f) => f.level === 'block')
  if (stops.length > 0) return refused(`没有发出：${stops.map((f) => f.text).join(' ')}`)
  const leavesAt = automatic ? now : after(now, state.policy.callBack)
  return done([
    ...(text === m.text ? [] : [changed(m, text, m.nextUpdateAt)]),
    {
      kind: 'message-released',
      messageId: m.id,
      message: m.kind,
      text,
      automatic,
      leavesAt,
      ...(m.nextUpdateAt ? { nextUpdateAt: m.nextUpdateAt } : {}),
      ...(m.kind === 'plans' ? { chooseUntil: after(leavesAt, state.policy.choose) } : {}),
    },
  ])
}

function resolve(state: Snapshot, act: Extract<Act, { do: 'resolve' }>): Outcome<Fact[]> {
  if (['restored', 'watching'].includes(state.state)) return refused('已经是“已恢复”。')
  const open = unfinished(state)
  if (open?.state === 'running') return refused(`系统还在做：${titleOf(state, open.key)}。稍等它有了结果再结束。`)
  if (open) return refused(`还有没做完的步骤：${titleOf(state, open.key)}。做完，或在“特殊情况处理区”写明原因跳过，再结束。`)
  const missed = state.clocks.filter((c) => c.missedAt && !c.explained && state.plan.clocks.find((p) => p.key === c.key)?.promise)
  if (missed.length > 0)
    return refused(
      `有错过的承诺还没说明原因：${missed.map((c) => state.plan.clocks.find((p) => p.key === c.key)?.title).join('、')}。`,
    )
  return done([{ kind: 'restored', cause: act.cause, followUps: act.followUps }])
}

/**
 * What still stands in the way of “restored”: a person's step first, then one under way, then one that waits for another. Not
 * the word that it is restored, and not the second sweep, which begins when it is.
 */
function unfinished(state: Snapshot): StepStatus | undefined {
  const plan = new Map(state.plan.steps.map((s) => [s.key, s]))
  const open = state.steps.filter(
    (s) =>
      !isFinished(s.state) &&
      plan.get(s.key)?.message !== 'restored' &&
      !(s.state === 'ready' && plan.get(s.key)?.kind === 'automatic'),
  )
  return nowFor(state.plan, open) ?? open.find((s) => s.state === 'running') ?? open[0]
}

export const titleOf = (state: Snapshot, key: string): string =>
  state.plan.steps.find((s) => s.key === key)?.title ?? state.addedSteps.find((s) => s.key === key)?.title ?? key
