import { after, type Instant, parseDuration } from '../platform/time.ts'
import type { Condition, Playbook, PlaybookStep } from './playbook.ts'

/**
 * `by-hand`: the machine could not (refused, unknown, not agreed) and a person takes over with the same step.
 * `not-needed`: its condition does not hold now; it comes back should the condition hold later.
 */
export type StepState = 'waiting' | 'ready' | 'running' | 'by-hand' | 'done' | 'skipped' | 'not-needed'
export type StepStatus = {
  key: string
  position: number
  state: StepState
  dueAt: Instant
  /** Counts starts, so that a step which becomes needed again is asked for again. */
  round: number
  doneAt?: Instant
  doneBy?: string
  receipt?: string
  answer?: string
  problem?: string
  reason?: string
}
/** What the conditions of steps ask about, as the timeline knows it at this moment. */
export type Situation = {
  mode: 'secret' | 'component'
  certainty: 'single-sign' | 'confirmed' | 'false-alarm'
  removal: 'agreed' | 'not-agreed'
  articles: { removable: boolean; byHand: boolean }
  menu: 'drifted' | 'as-approved'
  autoReply: 'drifted' | 'as-approved'
}

export function holds(when: Condition, situation: Situation): boolean {
  if (when.mode && when.mode !== situation.mode) return false
  if (when.certainty && when.certainty !== situation.certainty) return false
  if (when.removal && when.removal !== situation.removal) return false
  if (when.articles === 'removable' && !situation.articles.removable) return false
  if (when.articles === 'by-hand' && !situation.articles.byHand) return false
  if (when.menu && when.menu !== situation.menu) return false
  if (when.autoReply && when.autoReply !== situation.autoReply) return false
  return true
}

/** The steps of a plan at its start, in the order of the account's mode; deadlines count from detection. */
export function begin(playbook: Playbook, situation: Situation, detectedAt: Instant): StepStatus[] {
  const order = playbook.order[situation.mode]
  const steps = playbook.steps
    .map(
      (step): StepStatus => ({
        key: step.key,
        position: order.indexOf(step.key) + 1,
        state: 'waiting',
        dueAt: after(detectedAt, parseDuration(step.within)),
        round: 0,
      }),
    )
    .sort((a, b) => a.position - b.position)
  return refresh(playbook, steps, situation)
}

export const isFinished = (state: StepState): boolean => state === 'done' || state === 'skipped' || state === 'not-needed'

/** Brings the open steps in line with the situation. Finished by a person stays finished, unless the need is there again. */
export function refresh(playbook: Playbook, steps: readonly StepStatus[], situation: Situation): StepStatus[] {
  const known = new Map(playbook.steps.map((step) => [step.key, step]))
  const judged = steps.map((status) => {
    const step = known.get(status.key)
    if (!step) return status
    const { state } = need(step, status, situation)
    return status.state === 'done' && state === 'waiting' ? reset({ ...status }) : { ...status, state }
  })
  const finished = new Set(judged.filter((s) => isFinished(s.state)).map((s) => s.key))
  return judged.map((status) => {
    const step = known.get(status.key)
    if (!step || (status.state !== 'waiting' && status.state !== 'ready')) return status
    const mayStart = step.after.every((key) => finished.has(key))
    if (status.state === 'ready') return mayStart ? status : { ...status, state: 'waiting' as const }
    return mayStart ? { ...status, state: 'ready' as const, round: status.round + 1 } : status
  })
}

/** Asked for again: nobody has done it yet this time. */
export function reset(status: StepStatus): StepStatus {
  status.state = 'waiting'
  for (const key of ['doneAt', 'doneBy', 'receipt', 'answer', 'problem', 'reason'] as const) delete status[key]
  return status
}

function need(step: PlaybookStep, status: StepStatus, situation: Situation): { state: StepState } {
  const needed = holds(step.when, situation)
  switch (status.state) {
    case 'waiting':
    case 'ready':
      return { state: needed ? status.state : 'not-needed' }
    case 'by-hand':
      return { state: needed || !looksAtLiveThings(step.when) ? 'by-hand' : 'not-needed' }
    case 'not-needed':
      return { state: needed ? 'waiting' : 'not-needed' }
    case 'done':
      return { state: needed && looksAtLiveThings(step.when) ? 'waiting' : 'done' }
    case 'running':
    case 'skipped':
      return { state: status.state }
  }
}
/** A rogue article or a changed menu that shows up later makes a finished step necessary once more. */
export const looksAtLiveThings = (when: Condition) => Boolean(when.articles || when.menu || when.autoReply)

/** The one next act for people: the first open step that waits for a person, in the plan's order. */
export function nowFor(playbook: Playbook, steps: readonly StepStatus[]): StepStatus | undefined {
  const kinds = new Map(playbook.steps.map((step) => [step.key, step.kind]))
  return steps.find((s) => s.state === 'by-hand' || (s.state === 'ready' && kinds.get(s.key) !== 'automatic'))
}
