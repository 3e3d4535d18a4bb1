import type { ClockView, MessageView, StepView, WarRoomView } from '../../src/incidents/view.ts'
import type { Instant } from '../../src/platform/time.ts'

/** Which face of the war room a person sees. */
export type Phase = 'to-acknowledge' | 'mine' | 'following' | 'closed'
export function phaseOf(view: WarRoomView): Phase {
  if (view.state === 'restored' || view.state === 'watching' || view.state === 'reviewed' || view.state === 'merged')
    return 'closed'
  if (!view.commander) return 'to-acknowledge'
  return view.me.isCommander ? 'mine' : 'following'
}

const finished = new Set<StepView['state']>(['done', 'skipped', 'not-needed'])
/** Nothing is left to do but to say what it was. A false alarm may be closed at any time. */
export const mayResolve = (view: WarRoomView): boolean =>
  view.me.mayDecide &&
  phaseOf(view) !== 'closed' &&
  (view.certainty === 'false-alarm' || (!view.now && view.steps.every((step) => finished.has(step.state))))

export const openSteps = (view: WarRoomView): StepView[] => view.steps.filter((step) => !finished.has(step.state))
export const missingPictures = (step: StepView) =>
  step.proof.filter((proof) => proof.kind === 'picture' && proof.have.length === 0)
/** Proof that is typed and travels with completing the step. */
export const typedProof = (step: StepView) => step.proof.find((proof) => proof.kind !== 'picture')

/** The true next act: what the right button of the bar does (ux §4.1). */
export type NextAct =
  | { act: 'upload'; proof: string; title: string; missing: number }
  | { act: 'complete'; step: StepView }
  | { act: 'answer'; step: StepView }
  | { act: 'tell' }
  | { act: 'resolve' }
  | { act: 'wait' }
export function nextAct(view: WarRoomView): NextAct {
  const step = view.now
  if (!step) return mayResolve(view) ? { act: 'resolve' } : { act: 'wait' }
  if (step.kind === 'decision') return { act: 'answer', step }
  if (step.kind === 'message') return { act: 'tell' }
  const missing = missingPictures(step)
  const first = missing[0]
  return first ? { act: 'upload', proof: first.key, title: first.title, missing: missing.length } : { act: 'complete', step }
}

/** The word to the client that matters now: one on its way, one waiting for a hand, one that failed, or the next draft. */
export function currentMessage(view: WarRoomView): MessageView | undefined {
  const newest = [...view.messages].reverse()
  return (
    newest.find((message) => message.state === 'sending' || message.state === 'waiting-for-hand') ??
    newest.find((message) => message.state === 'failed') ??
    newest.find((message) => message.state === 'draft' && message.kind === view.tellNext) ??
    newest.find((message) => message.state === 'draft')
  )
}
export const lastSent = (view: WarRoomView): MessageView | undefined =>
  [...view.messages].reverse().find((message) => message.state === 'sent')

const clockOf: Partial<Record<MessageView['kind'], string>> = { first: 'first-word', plans: 'plans' }
/** By when this message is owed: its own promise, else the update the client was told to expect. */
export const owedAt = (view: WarRoomView, message: MessageView): Instant | undefined =>
  view.clocks.find((clock) => clock.key === clockOf[message.kind] && !clock.metAt)?.dueAt ?? view.nextUpdateAt

/** A message may leave when no check blocks it. */
export const blocked = (message: MessageView): boolean => message.findings.some((finding) => finding.level === 'block')

/** All limits but the big one: those kept, then the running ones, nearest first. */
export function otherClocks(view: WarRoomView): ClockView[] {
  const others = view.clocks.filter((clock) => clock.key !== view.mainClock?.key)
  return others.sort((a, b) => Number(Boolean(b.metAt)) - Number(Boolean(a.metAt)) || (a.dueAt < b.dueAt ? -1 : 1))
}
export const unexplained = (view: WarRoomView): ClockView[] => view.clocks.filter((clock) => clock.missedAt && !clock.explained)
export const liveArticles = (view: WarRoomView) => view.articles.filter((article) => article.state === 'live')
