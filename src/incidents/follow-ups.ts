import { after, elapsed, type Instant, minutes, seconds } from '../platform/time.ts'
import { composeFirst, composePlans, type Draft, type OwnRecord } from './client-words.ts'
import { isSomethingLive } from './replay.ts'
import type { MessageStatus, Snapshot } from './snapshot.ts'
import type { Fact, MessageKind } from './timeline.ts'

export type Surroundings = {
  now: Instant
  salutation: string
  firstWord: { dueAt: Instant; shifted?: string }
  record: { A: OwnRecord; B: OwnRecord }
  newId(): string
}

/**
 * What follows by itself from a state: automatic steps that became ready start, two independent signs make it certain,
 * drafts keep up with the facts. Answers the next facts; the caller adds them and asks again until there are none.
 */
export function followUps(state: Snapshot, around: Surroundings): Fact[] {
  if (state.state === 'reviewed' || state.state === 'merged') return []
  const certainty = certaintyFollows(state)
  if (certainty) return [certainty]
  return [...stepsToStart(state), ...containment(state), ...drafts(state, around), ...watching(state)]
}

/** Signs count once per kind of thing: three strange posts are one sign, a strange post and a changed menu are two. One that was explained is none. */
export const independentSigns = (state: Snapshot): number => new Set(countingSignals(state).map((s) => s.sign)).size
const countingSignals = (state: Snapshot) =>
  state.signals.filter((s) => !s.article || !state.articles.find((a) => a.key === s.article)?.explained)

function certaintyFollows(state: Snapshot): Fact | undefined {
  if (state.certainty !== 'single-sign' || independentSigns(state) < state.plan.signs) return undefined
  const signs = [...new Set(countingSignals(state).map((s) => s.summary))].slice(0, 3).join('；')
  return { kind: 'certainty-changed', certainty: 'confirmed', because: `${independentSigns(state)} 个互相独立的迹象：${signs}` }
}

function stepsToStart(state: Snapshot): Fact[] {
  if (state.certainty === 'false-alarm') return []
  return state.steps
    .filter((status) => status.state === 'ready' && state.plan.steps.find((s) => s.key === status.key)?.kind === 'automatic')
    .filter((status) => status.key !== 'sweep' || state.restoredAt !== undefined || hasTime(state, status.key))
    .map((status) => ({ kind: 'step-started', step: status.key, round: status.round }))
}
/** The second sweep looks again later, not at once: its deadline job starts it. */
const hasTime = (state: Snapshot, key: string) => state.steps.find((s) => s.key === key)?.problem === 'due'

/** Controlled follows from what was done. After it was opened again the former deeds do not answer for the new trouble. */
function containment(state: Snapshot): Fact[] {
  const contain = state.clocks.find((clock) => clock.key === 'contain')
  if (!contain?.metAt || state.containedAt || state.certainty !== 'confirmed' || isSomethingLive(state)) return []
  const meeting = state.plan.steps.filter((s) => s.meets.includes('contain')).map((s) => s.key)
  const since = state.reopenedAt
  const isDone = !since || state.steps.some((s) => meeting.includes(s.key) && s.state === 'done' && s.doneAt! >= since)
  return isDone ? [{ kind: 'contained' }] : []
}

function watching(state: Snapshot): Fact[] {
  const told = state.messages.some((m) => m.kind === 'restored' && m.state === 'sent')
  if (state.state !== 'restored' || !told) return []
  // Of a false alarm nothing remains to be watched once the client knows.
  return [state.certainty === 'false-alarm' ? { kind: 'reviewed' } : { kind: 'watching-since' }]
}

function drafts(state: Snapshot, around: Surroundings): Fact[] {
  if (state.certainty === 'false-alarm') return []
  const first = state.messages.find((m) => m.kind === 'first')
  const facts: Fact[] = []
  // A single sign: the promise is a word about the check; certain: two plans within their time.
  const promised = state.clocks.find((c) => c.key === 'plans')?.dueAt ?? after(state.detectedAt, minutes(30))
  const next = promised > around.now ? promised : after(around.now, state.policy.updateEvery)
  if (!first || isUntouched(first)) {
    const draft = composeFirst(state, around.salutation, next, around.now)
    const autoAt = autoMoment(state, around, first)
    const dueAt = state.clocks.find((c) => c.key === 'first-word')?.dueAt
    if (!first || differs(first, draft) || first.autoAt !== autoAt || (dueAt && dueAt !== around.firstWord.dueAt)) {
      facts.push(
        draftFact('first', first, draft, around, {
          ...(autoAt ? { autoAt } : {}),
          dueAt: around.firstWord.dueAt,
          ...(around.firstWord.shifted ? { shifted: around.firstWord.shifted } : {}),
        }),
      )
    }
  }
  const plans = state.messages.find((m) => m.kind === 'plans')
  if (state.certainty === 'confirmed' && (!plans || isUntouched(plans))) {
    const update = after(nextTenMinutes(around.now), state.policy.updateEvery)
    const nextUpdate = plans?.nextUpdateAt && elapsed(around.now, plans.nextUpdateAt) > minutes(10) ? plans.nextUpdateAt : update
    const draft = composePlans(state, around.salutation, nextUpdate, around.now, around.record)
    if (!plans || differs(plans, draft)) facts.push(draftFact('plans', plans, draft, around, {}))
  }
  return facts
}

/** P1 and P2 go by themselves at the agency's minute, never after the promise; a person may have put it off with a reason. */
function autoMoment(state: Snapshot, around: Surroundings, known: MessageStatus | undefined): Instant | undefined {
  if (state.severity !== 'P1' && state.severity !== 'P2') return undefined
  const usual = [after(state.detectedAt, state.policy.autoTell), around.firstWord.dueAt].sort()[0]!
  return known?.autoAt && known.autoAt > usual ? known.autoAt : usual
}

const isUntouched = (m: MessageStatus) => m.state === 'draft' && !m.editedBy
const differs = (m: MessageStatus, draft: Draft) =>
  m.text !== draft.text || JSON.stringify(m.plans ?? null) !== JSON.stringify(draft.plans ?? null)
const nextTenMinutes = (at: Instant): Instant => {
  const ten = minutes(10)
  return after('1970-01-01T00:00:00.000Z' as Instant, Math.ceil((Date.parse(at) + seconds(1)) / ten) * ten)
}

function draftFact(
  message: MessageKind,
  known: MessageStatus | undefined,
  draft: Draft,
  around: Surroundings,
  more: object,
): Fact {
  return {
    kind: 'message-drafted',
    messageId: known?.id ?? around.newId(),
    message,
    revision: (known?.revision ?? 0) + 1,
    text: draft.text,
    facts: draft.facts,
    nextUpdateAt: draft.nextUpdateAt,
    ...(draft.plans ? { plans: draft.plans } : {}),
    ...more,
  } as Fact
}
