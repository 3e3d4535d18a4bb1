import type { Instant } from '../platform/time.ts'
import type { Playbook, SignalKind } from '../playbooks/playbook.ts'
import type { Plans } from './client-words.ts'
import type { IncidentPolicy } from './policy.ts'

export type Severity = 'P1' | 'P2' | 'P3' | 'P4'
export type IncidentState = 'open' | 'acknowledged' | 'contained' | 'restored' | 'watching' | 'reviewed' | 'merged'
export type Certainty = 'single-sign' | 'confirmed' | 'false-alarm'
export type MessageKind = 'first' | 'plans' | 'progress' | 'restored'
export type PlanKey = 'A' | 'B'

/** An article found on the account that is not ours. `removable`: the API can delete it (freepublish). */
export type RogueArticle = { key: string; title: string; url?: string; removable: boolean }

/**
 * Everything that can happen in an incident. The timeline of these is the truth: `replay` adds them up to the state,
 * and nothing else changes it. Only add kinds; never change what an old one means.
 */
export type Fact =
  | {
      kind: 'opened'
      number: number
      mode: 'real' | 'drill'
      accountId: string
      accountName: string
      clientId: string
      clientName: string
      accountMode: 'secret' | 'component'
      removal: 'agreed' | 'not-agreed'
      title: string
      severity: Severity
      severityRule: string
      detectedAt: Instant
      plan: Playbook
      policy: IncidentPolicy
      hasSpare: boolean
    }
  | {
      kind: 'signal-joined'
      signalId: string
      signal: SignalKind
      summary: string
      happenedAt?: Instant
      sign: string
      article?: RogueArticle
      menuDrifted?: true
      autoReplyDrifted?: true
    }
  | { kind: 'certainty-changed'; certainty: Certainty; because: string }
  | { kind: 'severity-changed'; severity: Severity; reason: string }
  | { kind: 'hold-placed'; holdId: string; publications: number; byClient?: true }
  | { kind: 'hold-lifted'; holdId: string }
  | { kind: 'paged'; round: number; hop: number; personId: string; person: string; way: string }
  | {
      kind: 'page-result'
      round: number
      hop: number
      personId: string
      person: string
      way: string
      result: string
      detail?: string
    }
  | { kind: 'ladder-exhausted'; round: number; reason: string }
  | { kind: 'acknowledged'; personId: string; person: string; leaseUntil: Instant }
  | { kind: 'lease-renewed'; leaseUntil: Instant }
  | { kind: 'lease-lapsed'; personId: string; person: string }
  | {
      kind: 'handed-over'
      fromPerson: string
      personId: string
      person: string
      leaseUntil: Instant
      now: string
      next: string
      mind: string
    }
  | { kind: 'declined'; personId: string; person: string }
  | { kind: 'step-started'; step: string; round: number }
  | { kind: 'step-done'; step: string; receipt?: string; answer?: string }
  | { kind: 'step-by-hand'; step: string; problem: string }
  | { kind: 'step-skipped'; step: string; reason: string; agreedBy: string }
  | { kind: 'step-moved'; step: string; before: string; reason: string; agreedBy: string }
  | { kind: 'step-added'; step: string; title: string; owner: string; dueAt: Instant; reason: string; agreedBy: string }
  | { kind: 'article-removed'; key: string; title: string; how: 'machine' | 'hand' }
  | { kind: 'article-explained'; key: string; whose: string }
  | { kind: 'menu-restored'; rid?: string; degraded: string[] }
  | { kind: 'auto-reply-checked'; drifted: boolean }
  | { kind: 'auto-reply-restored' }
  | {
      kind: 'evidence-added'
      itemId: string
      name: string
      hash: string
      source: string
      step?: string
      proof?: string
      deviceAt?: Instant
    }
  | { kind: 'evidence-exported'; packHash: string; items: number }
  | {
      kind: 'message-drafted'
      messageId: string
      message: MessageKind
      revision: number
      text: string
      plans?: Plans
      nextUpdateAt?: Instant
      autoAt?: Instant
      facts: number[]
      dueAt?: Instant
      shifted?: string
    }
  | {
      kind: 'message-released'
      messageId: string
      message: MessageKind
      text: string
      automatic: boolean
      leavesAt: Instant
      nextUpdateAt?: Instant
      chooseUntil?: Instant
    }
  | { kind: 'message-called-back'; messageId: string; message: MessageKind }
  | { kind: 'message-asked-by-hand'; messageId: string; message: MessageKind; person: string; dueAt: Instant }
  | { kind: 'message-way'; messageId: string; message: MessageKind; way: string; result: string; detail?: string }
  | { kind: 'message-sent'; messageId: string; message: MessageKind; way: string }
  | { kind: 'message-undelivered'; messageId: string; message: MessageKind; way: string; detail: string }
  | { kind: 'message-failed'; messageId: string; message: MessageKind; reason: string }
  | { kind: 'message-read'; messageId: string; message: MessageKind }
  | { kind: 'plan-chosen'; plan: PlanKey; who: string; revision: number; byDefault: boolean }
  | { kind: 'client-said'; who: string; words: string }
  | { kind: 'client-stopped'; who: string }
  | { kind: 'clock-met'; clock: string }
  | { kind: 'clock-missed'; clock: string }
  | { kind: 'update-missed' }
  | { kind: 'miss-explained'; clock: string; reason: string }
  | { kind: 'contained' }
  | { kind: 'restored'; cause: string; followUps: { what: string; owner: string; dueOn: string }[] }
  | { kind: 'watching-since' }
  | { kind: 'reviewed' }
  | { kind: 'reopened'; reason: string }
  | { kind: 'note'; text: string }

export type FactKind = Fact['kind']
/** One row: what happened, when, and who did it (a person's name, 系统, or 客户 …). */
export type Entry = { seq: number; at: Instant; by: string; fact: Fact }
