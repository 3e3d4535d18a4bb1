import type { Role } from '../platform/access.ts'
import type { Instant } from '../platform/time.ts'
import type { StepState } from '../playbooks/stepper.ts'
import type { MessageFinding, Plans } from './client-words.ts'
import type { Certainty, IncidentState, MessageKind, PlanKey, Severity } from './timeline.ts'

/** What the screens show: plain data, made by present.ts on the server, drawn by the phone page, the console and the portal. */
export type ClockView = {
  key: string
  title: string
  titleEn: string
  short: string
  dueAt: Instant
  metAt?: Instant
  missedAt?: Instant
  explained?: string
  promise: boolean
  withinMinutes: number
  tookMinutes?: number
}
export type ProofView = {
  key: string
  title: string
  kind: 'picture' | 'number' | 'text'
  have: { id: string; name: string; at: Instant }[]
}
export type StepView = {
  key: string
  action?: number
  title: string
  titleEn: string
  kind: 'automatic' | 'manual' | 'decision' | 'message'
  owner: string
  state: StepState
  dueAt: Instant
  doneAt?: Instant
  doneBy?: string
  how: string[]
  where?: string
  proof: ProofView[]
  /** For a telling step: which words. */
  message?: MessageKind
  /** Pieces of proof still missing before it counts as complete. */
  missing: number
  question?: string
  answers: { key: string; title: string }[]
  answer?: string
  problem?: string
  reason?: string
}
export type ActionView = {
  number: number
  title: string
  titleEn: string
  state: 'done' | 'current' | 'running' | 'waiting'
  doneAt?: Instant
  doneBy?: string
}
export type MessageView = {
  id: string
  kind: MessageKind
  title: string
  titleEn: string
  revision: number
  state: 'draft' | 'sending' | 'waiting-for-hand' | 'sent' | 'failed'
  text: string
  plans?: Plans
  nextUpdateAt?: Instant
  autoAt?: Instant
  leavesAt?: Instant
  handDueAt?: Instant
  chooseUntil?: Instant
  sentAt?: Instant
  readAt?: Instant
  automatic?: boolean
  ways: { way: string; result: string; at: Instant; detail?: string }[]
  findings: MessageFinding[]
}
export type TimelineView = {
  seq: number
  at: Instant
  by: string
  title: string
  detail?: string
  tone: 'alarm' | 'done' | 'client' | 'plain'
  group: 'decision' | 'client' | 'other'
}
export type WarRoomView = {
  id: string
  number: string
  serverNow: Instant
  mode: 'real' | 'drill'
  severity: Severity
  severityRule: string
  title: string
  titleEn: string
  accountName: string
  clientName: string
  agencyName: string
  state: IncidentState
  certainty: Certainty
  detectedAt: Instant
  acknowledgedAt?: Instant
  commander?: { id: string; name: string }
  /** Nearest unmet promise; the one big clock. */
  mainClock?: ClockView
  clocks: ClockView[]
  now?: StepView
  /** Which of the seven actions the present step belongs to, and how many there are. */
  nowNumber?: number
  ofNumber: number
  actions: ActionView[]
  steps: StepView[]
  messages: MessageView[]
  /** The message that is next to be told, if any. */
  tellNext?: MessageKind
  nextUpdateAt?: Instant
  recipient: { salutation: string; ways: string[] }
  /** Whom one tap may call: the client, the backup, the lead. */
  calls: { who: string; name: string; phone: string }[]
  choice?: { plan: PlanKey; who: string; at: Instant; byDefault: boolean }
  articles: {
    key: string
    title: string
    url?: string
    removable: boolean
    state: 'live' | 'removed' | 'explained'
    by?: string
  }[]
  signals: { kind: string; summary: string; at: Instant }[]
  holds: { id: string; placedAt: Instant; liftedAt?: Instant; publications: number }[]
  evidence: { id: string; name: string; hash: string; at: Instant; by: string; source: string; step?: string }[]
  packs: { hash: string; at: Instant }[]
  timeline: TimelineView[]
  ladder: { nextPerson?: string; nextWay?: string; nextAt?: Instant; exhausted: boolean }
  onDuty: { first?: string; backup?: string }
  people: { id: string; name: string; role: Role }[]
  me: {
    id: string
    name: string
    role: Role
    isCommander: boolean
    signedIn: boolean
    maySend: boolean
    mayDecide: boolean
    mayAct: boolean
  }
  playbook: { title: string; version: number; exit: string[] }
  chain: { seq: number; hash: string }
  outcome?: { cause: string; followUps: { what: string; owner: string; dueOn: string }[] }
}

export type IncidentRow = {
  id: string
  number: string
  severity: Severity
  title: string
  titleEn: string
  accountName: string
  clientName: string
  state: IncidentState
  certainty: Certainty
  mode: 'real' | 'drill'
  detectedAt: Instant
  commander?: string
  nextStep?: string
  nextStepEn?: string
  nearestDue?: { title: string; titleEn: string; at: Instant }
  clientKnows: 'no' | 'told' | 'read' | 'chose'
  closedAt?: Instant
}

export type PortalView = {
  agencyName: string
  agencyInitial: string
  clientName: string
  accountName: string
  serverNow: Instant
  call?: { name: string; phone: string }
  statusWord: '已发现' | '正在核实' | '正在控制' | '已控制住' | '正在恢复' | '已恢复'
  updatedAt: Instant
  headline: string
  sentences: string[]
  nextUpdateAt?: Instant
  done: { title: string; at: Instant }[]
  plans?: Plans
  planText?: string
  revision?: number
  choice?: { plan: PlanKey; at: Instant; byDefault: boolean }
  chooseUntil?: Instant
  promises: { title: string; state: 'met' | 'running' | 'missed'; tookMinutes?: number; dueAt: Instant }[]
  identity: { salutation: string; lastDigits: string; stage: 'digits' | 'code' | 'known' }
  mayStop: boolean
  expiresAt: Instant
}
/** What anyone without the client's identity sees: status words only. */
export type PortalGlimpse = Pick<PortalView, 'agencyName' | 'agencyInitial' | 'statusWord' | 'updatedAt'>
