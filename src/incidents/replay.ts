import { assertNever } from '../platform/outcome.ts'
import { after, type Instant, parseDuration } from '../platform/time.ts'
import { begin, isFinished, looksAtLiveThings, refresh, reset, type Situation, type StepStatus } from '../playbooks/stepper.ts'
import type { MessageStatus, Snapshot } from './snapshot.ts'
import type { Entry } from './timeline.ts'

/** Adds all entries up. The first must be `opened`. */
export function replay(entries: readonly Entry[]): Snapshot {
  let state: Snapshot | undefined
  for (const entry of entries) state = apply(state, entry)
  if (!state) throw new Error('a timeline without its opening')
  return state
}

/** One entry on top of a state. Pure; the input is not changed. */
export function apply(before: Snapshot | undefined, entry: Entry): Snapshot {
  const { fact, at } = entry
  if (!before) {
    if (fact.kind !== 'opened') throw new Error(`a timeline must begin with its opening, not with ${fact.kind}`)
    return open(fact, at)
  }
  const state = change(copyOf(before), entry)
  state.updatedAt = at
  state.steps = refresh(state.plan, state.steps, situationOf(state))
  return meetClocks(state, at)
}

/** Plan and policy never change in an incident; copying them for every entry would cost more than everything else. */
function copyOf({ plan, policy, ...rest }: Snapshot): Snapshot {
  return { ...structuredClone(rest), plan, policy }
}

export const situationOf = (state: Snapshot): Situation => {
  const live = state.articles.filter((a) => a.removedSeq === undefined && !a.explained)
  return {
    mode: state.accountMode,
    certainty: state.certainty,
    removal: state.removal,
    articles: {
      removable: live.some((a) => a.removable),
      byHand: live.some((a) => !a.removable || state.removal === 'not-agreed'),
    },
    menu: state.menu,
    autoReply: state.autoReply,
  }
}

type Opened = Extract<Entry['fact'], { kind: 'opened' }>

function open(fact: Opened, at: Instant): Snapshot {
  const { kind: _, plan, ...rest } = fact
  const state: Snapshot = {
    ...rest,
    plan,
    state: 'open',
    certainty: 'single-sign',
    openedAt: at,
    updatedAt: at,
    signals: [],
    articles: [],
    menu: 'as-approved',
    autoReply: 'as-approved',
    holds: [],
    steps: [],
    addedSteps: [],
    doneSeq: {},
    clocks: plan.clocks.map((clock) => ({ key: clock.key, dueAt: after(fact.detectedAt, parseDuration(clock.within)) })),
    messages: [],
    pages: [],
    ladderRound: 0,
    ladderExhausted: false,
    evidence: [],
    packs: [],
    exceptions: 0,
  }
  state.steps = begin(plan, situationOf(state), fact.detectedAt)
  return state
}

function change(state: Snapshot, { fact, at, by, seq }: Entry): Snapshot {
  switch (fact.kind) {
    case 'opened':
      throw new Error('an incident opens once')
    case 'signal-joined':
      state.signals.push({
        id: fact.signalId,
        kind: fact.signal,
        sign: fact.sign,
        summary: fact.summary,
        at: fact.happenedAt ?? at,
        ...(fact.article ? { article: fact.article.key } : {}),
      })
      return appeared(state, fact, at)
    case 'certainty-changed':
      state.certainty = fact.certainty
      return state
    case 'severity-changed':
      state.severity = fact.severity
      state.severityRule = fact.reason
      return state
    case 'hold-placed':
      state.holds.push({
        id: fact.holdId,
        placedAt: at,
        publications: fact.publications,
        ...(fact.byClient ? { byClient: true as const } : {}),
      })
      return state
    case 'hold-lifted':
      return withOne(
        state,
        state.holds.find((h) => h.id === fact.holdId),
        (hold) => {
          hold.liftedAt = at
        },
      )
    case 'paged':
      state.pages.push({ round: fact.round, hop: fact.hop, personId: fact.personId, person: fact.person, way: fact.way, at })
      state.ladderRound = Math.max(state.ladderRound, fact.round)
      return state
    case 'page-result':
      return withOne(
        state,
        state.pages.findLast(
          (p) => p.round === fact.round && p.hop === fact.hop && p.personId === fact.personId && p.way === fact.way,
        ),
        (page) => {
          page.result = fact.result
          if (fact.detail) page.detail = fact.detail
        },
      )
    case 'ladder-exhausted':
      state.ladderExhausted = true
      state.ladderRound = fact.round + 1
      return state
    case 'acknowledged':
    case 'handed-over':
      state.acknowledgedAt ??= at
      state.commander = { id: fact.personId, name: fact.person }
      state.leaseUntil = fact.leaseUntil
      state.ladderExhausted = false
      if (state.state === 'open') state.state = state.containedAt ? 'contained' : 'acknowledged'
      return state
    case 'lease-renewed':
      state.leaseUntil = fact.leaseUntil
      return state
    case 'lease-lapsed':
      delete state.leaseUntil
      state.ladderRound += 1
      return state
    case 'declined':
    case 'client-said':
    case 'client-stopped':
    case 'note':
    case 'update-missed':
      return state
    case 'step-started':
      return step(state, fact.step, (s) => {
        s.state = 'running'
      })
    case 'step-done':
      if (fact.answer === 'ours' && fact.step === 'ask-person') state.certainty = 'false-alarm'
      if (fact.answer === 'not-ours' && fact.step === 'ask-person') state.certainty = 'confirmed'
      return step(state, fact.step, (s) => {
        s.state = 'done'
        s.doneAt = at
        s.doneBy = by
        if (fact.receipt) s.receipt = fact.receipt
        if (fact.answer) s.answer = fact.answer
        state.doneSeq[s.key] = seq
      })
    case 'step-by-hand':
      return step(state, fact.step, (s) => {
        s.state = 'by-hand'
        s.problem = fact.problem
      })
    case 'step-skipped':
      state.exceptions++
      return step(state, fact.step, (s) => {
        s.state = 'skipped'
        s.doneAt = at
        s.doneBy = by
        s.reason = `${fact.reason}（同意人：${fact.agreedBy}）`
      })
    case 'step-moved':
      state.exceptions++
      return move(state, fact.step, fact.before)
    case 'step-added':
      state.exceptions++
      state.addedSteps.push({ key: fact.step, title: fact.title, owner: fact.owner })
      state.steps.push({ key: fact.step, position: state.steps.length + 1, state: 'by-hand', dueAt: fact.dueAt, round: 1 })
      return state
    case 'article-removed':
      return withOne(
        state,
        state.articles.find((a) => a.key === fact.key),
        (article) => {
          article.removedSeq = seq
          article.removedBy = fact.how
        },
      )
    case 'article-explained':
      return withOne(
        state,
        state.articles.find((a) => a.key === fact.key),
        (article) => {
          article.explained = fact.whose
        },
      )
    case 'menu-restored':
      state.menu = 'as-approved'
      return state
    case 'auto-reply-checked':
      state.autoReply = fact.drifted ? 'drifted' : 'as-approved'
      return state
    case 'auto-reply-restored':
      state.autoReply = 'as-approved'
      return state
    case 'evidence-added':
      state.evidence.push({
        id: fact.itemId,
        name: fact.name,
        hash: fact.hash,
        source: fact.source,
        at,
        by,
        ...(fact.step ? { step: fact.step } : {}),
        ...(fact.proof ? { proof: fact.proof } : {}),
      })
      return state
    case 'evidence-exported':
      state.packs.push({ hash: fact.packHash, at })
      return state
    case 'message-drafted':
      return drafted(state, fact, by)
    case 'message-released':
      return message(state, fact.messageId, (m) => {
        m.state = 'sending'
        // A person who sends again after every way failed begins a new round of ways.
        m.ways = []
        m.text = fact.text
        m.automatic = fact.automatic
        m.leavesAt = fact.leavesAt
        if (fact.nextUpdateAt) m.nextUpdateAt = fact.nextUpdateAt
        if (fact.chooseUntil) m.chooseUntil = fact.chooseUntil
      })
    case 'message-called-back':
      return message(state, fact.messageId, (m) => {
        m.state = 'draft'
        delete m.leavesAt
      })
    case 'message-asked-by-hand':
      return message(state, fact.messageId, (m) => {
        m.state = 'waiting-for-hand'
        m.handDueAt = fact.dueAt
      })
    case 'message-way':
      return message(state, fact.messageId, (m) => {
        m.ways.push({ way: fact.way, result: fact.result, at, ...(fact.detail ? { detail: fact.detail } : {}) })
        if (m.state === 'waiting-for-hand') m.state = 'sending'
      })
    case 'message-sent':
      return message(state, fact.messageId, (m) => {
        m.state = 'sent'
        // However late it arrived, the client has the whole agreed time to choose.
        if (!m.sentAt && m.chooseUntil) m.chooseUntil = [m.chooseUntil, after(at, state.policy.choose)].sort()[1]!
        m.sentAt ??= at
        m.way = fact.way
        if (m.nextUpdateAt) state.nextUpdateAt = m.nextUpdateAt
        const own = state.plan.steps.find((s) => s.message === m.kind)
        if (own)
          step(state, own.key, (s) => {
            s.state = 'done'
            s.doneAt = at
            s.doneBy = by
            state.doneSeq[s.key] = seq
          })
      })
    case 'message-undelivered':
      return undelivered(state, fact.messageId, fact.way)
    case 'message-failed':
      return message(state, fact.messageId, (m) => {
        m.state = 'failed'
      })
    case 'message-read':
      return message(state, fact.messageId, (m) => {
        m.readAt ??= at
      })
    case 'plan-chosen':
      state.choice = { plan: fact.plan, who: fact.who, at, byDefault: fact.byDefault, revision: fact.revision }
      return state
    case 'clock-met':
      return withOne(
        state,
        state.clocks.find((c) => c.key === fact.clock),
        (clock) => {
          clock.metAt ??= at
        },
      )
    case 'clock-missed':
      return withOne(
        state,
        state.clocks.find((c) => c.key === fact.clock),
        (clock) => {
          clock.missedAt ??= at
        },
      )
    case 'miss-explained':
      return withOne(
        state,
        state.clocks.find((c) => c.key === fact.clock),
        (clock) => {
          clock.explained = fact.reason
        },
      )
    case 'contained':
      state.containedAt ??= at
      if (state.state === 'acknowledged') state.state = 'contained'
      return state
    case 'restored':
      state.restoredAt = at
      state.state = 'restored'
      state.outcome = { cause: fact.cause, followUps: fact.followUps }
      return state
    case 'watching-since':
      state.state = 'watching'
      return state
    case 'reviewed':
      state.state = 'reviewed'
      state.closedAt = at
      return state
    case 'reopened':
      state.state = 'acknowledged'
      state.reopenedAt = at
      delete state.restoredAt
      delete state.closedAt
      delete state.containedAt
      if (state.certainty !== 'false-alarm') return state
      // What was held to be one of us is open again, and so is the question.
      state.certainty = 'single-sign'
      return step(state, 'ask-person', reset)
    default:
      return assertNever(fact)
  }
}

/**
 * A clock is met at the moment the last of the steps that meet it is finished, if at least one of them was really done. A step
 * that only waits for certainty is not finished, and nobody may read “controlled” while something of the thief is still there.
 */
function meetClocks(state: Snapshot, at: Instant): Snapshot {
  for (const clock of state.clocks) {
    if (clock.metAt) continue
    const plans = state.plan.steps.filter((s) => s.meets.includes(clock.key))
    const meeting = plans.map((s) => state.steps.find((x) => x.key === s.key)!)
    const undecided = state.certainty === 'single-sign' && plans.some((s) => s.when.certainty === 'confirmed')
    const unclean = isSomethingLive(state) && plans.some((s) => looksAtLiveThings(s.when))
    if (undecided || unclean) continue
    if (meeting.every((s) => isFinished(s.state)) && meeting.some((s) => s.state === 'done')) clock.metAt = at
  }
  return state
}

/** Something that is not ours can be read on the account at this moment: an article, the menu, the auto-reply. */
export const isSomethingLive = (state: Snapshot): boolean =>
  state.menu === 'drifted' ||
  state.autoReply === 'drifted' ||
  state.articles.some((a) => a.removedSeq === undefined && !a.explained)

type Drafted = Extract<Entry['fact'], { kind: 'message-drafted' }>

function drafted(state: Snapshot, fact: Drafted, by: string): Snapshot {
  const known = state.messages.find((m) => m.id === fact.messageId)
  // Postponing the automatic minute is not writing: only other words make it somebody's own text.
  const isOwnText = by !== '系统' && fact.text !== known?.text
  const { autoAt: _, ...kept } = known ?? {}
  const fresh: MessageStatus = {
    ways: [],
    ...kept,
    id: fact.messageId,
    kind: fact.message,
    revision: fact.revision,
    state: 'draft',
    text: fact.text,
    facts: fact.facts,
    ...(fact.plans ? { plans: fact.plans } : {}),
    ...(fact.nextUpdateAt ? { nextUpdateAt: fact.nextUpdateAt } : {}),
    ...(fact.autoAt ? { autoAt: fact.autoAt } : {}),
    ...(isOwnText ? { editedBy: by } : {}),
  }
  if (known) state.messages[state.messages.indexOf(known)] = fresh
  else state.messages.push(fresh)
  if (fact.message === 'first' && fact.dueAt)
    withOne(
      state,
      state.clocks.find((c) => c.key === 'first-word'),
      (clock) => {
        clock.dueAt = fact.dueAt!
      },
    )
  return state
}

/** A provider had taken it and the carrier could not deliver: then the client was not told, and the promise is open again. */
function undelivered(state: Snapshot, messageId: string, way: string): Snapshot {
  return message(state, messageId, (m) => {
    if (m.state !== 'sent' || m.way !== way) return
    m.state = 'sending'
    delete m.sentAt
    const own = state.plan.steps.find((s) => s.message === m.kind)
    if (!own) return
    step(state, own.key, (s) => {
      s.state = 'ready'
      delete s.doneAt
      delete s.doneBy
    })
    delete state.doneSeq[own.key]
    for (const clock of state.clocks) if (own.meets.includes(clock.key)) delete clock.metAt
  })
}

function move(state: Snapshot, key: string, before: string): Snapshot {
  const moving = state.steps.find((s) => s.key === key)
  const rest = state.steps.filter((s) => s.key !== key)
  const index = rest.findIndex((s) => s.key === before)
  if (!moving || index < 0) return state
  rest.splice(index, 0, moving)
  state.steps = rest.map((s, i) => ({ ...s, position: i + 1 }))
  return state
}

/** Something of the thief shows up. A step that was skipped was skipped for what was known then; for the new thing it is asked again. */
function appeared(state: Snapshot, fact: Extract<Entry['fact'], { kind: 'signal-joined' }>, at: Instant): Snapshot {
  const isNew = {
    articles: Boolean(fact.article && !state.articles.some((a) => a.key === fact.article!.key)),
    menu: Boolean(fact.menuDrifted && state.menu !== 'drifted'),
    autoReply: Boolean(fact.autoReplyDrifted && state.autoReply !== 'drifted'),
  }
  if (isNew.articles) state.articles.push({ ...fact.article!, foundAt: at })
  if (isNew.menu) state.menu = 'drifted'
  if (isNew.autoReply) state.autoReply = 'drifted'
  for (const { key, when } of state.plan.steps) {
    const status = state.steps.find((s) => s.key === key)
    if (
      status?.state === 'skipped' &&
      ((isNew.articles && when.articles) || (isNew.menu && when.menu) || (isNew.autoReply && when.autoReply))
    )
      reset(status)
  }
  return state
}

function withOne<T>(state: Snapshot, found: T | undefined, edit: (one: T) => void): Snapshot {
  if (found !== undefined) edit(found)
  return state
}
const step = (state: Snapshot, key: string, edit: (s: StepStatus) => void) =>
  withOne(
    state,
    state.steps.find((s) => s.key === key),
    edit,
  )
const message = (state: Snapshot, id: string, edit: (m: MessageStatus) => void) =>
  withOne(
    state,
    state.messages.find((m) => m.id === id),
    edit,
  )
