import type { Instant } from '../platform/time.ts'
import type { Playbook } from '../playbooks/playbook.ts'
import type { StepStatus } from '../playbooks/stepper.ts'
import type { Plans } from './client-words.ts'
import type { IncidentPolicy } from './policy.ts'
import type { Certainty, IncidentState, MessageKind, PlanKey, RogueArticle, Severity } from './timeline.ts'

export type ClockStatus = { key: string; dueAt: Instant; metAt?: Instant; missedAt?: Instant; explained?: string }
export type MessageStatus = {
  id: string
  kind: MessageKind
  revision: number
  state: 'draft' | 'sending' | 'waiting-for-hand' | 'sent' | 'failed'
  text: string
  plans?: Plans
  nextUpdateAt?: Instant
  autoAt?: Instant
  leavesAt?: Instant
  chooseUntil?: Instant
  automatic?: boolean
  handDueAt?: Instant
  sentAt?: Instant
  readAt?: Instant
  way?: string
  ways: { way: string; result: string; at: Instant; detail?: string }[]
  facts: number[]
  editedBy?: string
}
export type ArticleStatus = RogueArticle & {
  foundAt: Instant
  removedSeq?: number
  removedBy?: 'machine' | 'hand'
  explained?: string
}
export type PageStatus = {
  round: number
  hop: number
  personId: string
  person: string
  way: string
  at: Instant
  result?: string
  detail?: string
}

/** An incident as its timeline adds it up. Plain data: it is stored beside the timeline and compared with it by the checker. */
export type Snapshot = {
  number: number
  mode: 'real' | 'drill'
  accountId: string
  accountName: string
  clientId: string
  clientName: string
  accountMode: 'secret' | 'component'
  removal: 'agreed' | 'not-agreed'
  hasSpare: boolean
  title: string
  plan: Playbook
  policy: IncidentPolicy
  severity: Severity
  severityRule: string
  state: IncidentState
  certainty: Certainty
  detectedAt: Instant
  openedAt: Instant
  /** When the newest entry was added; entries never go back in time. */
  updatedAt: Instant
  acknowledgedAt?: Instant
  commander?: { id: string; name: string }
  leaseUntil?: Instant
  containedAt?: Instant
  restoredAt?: Instant
  closedAt?: Instant
  reopenedAt?: Instant
  nextUpdateAt?: Instant
  signals: { id: string; kind: string; sign: string; summary: string; at: Instant; article?: string }[]
  articles: ArticleStatus[]
  menu: 'drifted' | 'as-approved'
  autoReply: 'drifted' | 'as-approved'
  holds: { id: string; placedAt: Instant; liftedAt?: Instant; publications: number; byClient?: true }[]
  steps: StepStatus[]
  addedSteps: { key: string; title: string; owner: string }[]
  doneSeq: Record<string, number>
  clocks: ClockStatus[]
  messages: MessageStatus[]
  pages: PageStatus[]
  ladderRound: number
  ladderExhausted: boolean
  evidence: { id: string; name: string; hash: string; source: string; at: Instant; by: string; step?: string; proof?: string }[]
  packs: { hash: string; at: Instant }[]
  choice?: { plan: PlanKey; who: string; at: Instant; byDefault: boolean; revision: number }
  exceptions: number
  outcome?: { cause: string; followUps: { what: string; owner: string; dueOn: string }[] }
}
