import { after, type Duration, elapsed, type Instant, minutes, seconds } from '../platform/time.ts'
import { withinCallLimits } from './call-limits.ts'
import type { PersonChannel, PersonId } from './people.ts'
import { awakeAfter, type QuietHours } from './quiet-hours.ts'
import { type Way, wayOf } from './ways.ts'

export type Severity = 'P1' | 'P2' | 'P3' | 'P4'
export const everySeverity: readonly Severity[] = ['P1', 'P2', 'P3', 'P4']
export type Whom = 'first' | 'backup' | 'lead' | 'account-manager' | 'everyone'
export const everyWhom: readonly Whom[] = ['first', 'backup', 'lead', 'account-manager', 'everyone']
export const whomNames: Record<Whom, string> = {
  first: '值班',
  backup: '后备',
  lead: '运营负责人',
  'account-manager': '客户经理',
  everyone: '所有人',
}

export type Hop = { after: Duration; whom: Whom; ways: Way[] }
export type EscalationPolicy = {
  hops: Hop[]
  /** When nobody answered: how often the whole ladder is climbed again, and how long after its last hop. */
  repeat: { times: number; every: Duration }
  /** An acknowledgement holds this long without a sign of work; then the ladder begins again. */
  acknowledgementLease: Duration
}

export type OnCallPerson = {
  id: PersonId
  name: string
  channels: PersonChannel[]
  phone?: string
  email?: string
  drillConsent: boolean
}
export type Roster = {
  first?: OnCallPerson
  backup?: OnCallPerson
  leads: OnCallPerson[]
  accountManagers: OnCallPerson[]
  everyone: OnCallPerson[]
}

/** One thing to send. `fallback` is the second supplier, for when the first refuses or does not answer. */
export type PlannedPage = {
  hop: number
  round: number
  personId: PersonId
  way: Way
  channelKind: string
  to: string
  dueAt: Instant
  fallback?: { channelKind: string; to: string }
}

/** What a person must know about the ladder before relying on it. */
export type LadderFact =
  | { kind: 'nobody-reachable'; hop: number; whom: Whom; because: 'nobody-on-duty' | 'no-channel' | 'no-drill-consent' }
  | { kind: 'other-way-used'; hop: number; personId: PersonId; way: Way }
  | { kind: 'calls-spent'; hop: number; round: number; personId: PersonId }
  | { kind: 'waits-for-morning'; until: Instant }
  /** Not one page in the whole ladder: that is an alarm of its own. */
  | { kind: 'nobody-at-all' }

export type Ladder = { pages: PlannedPage[]; facts: LadderFact[] }

export type LadderSetting = {
  /** Kinds of channels the agency has set up and switched on. */
  configured: readonly string[]
  /** While these last, the ladder stands still. */
  quiet?: QuietHours
  /** Only those who agreed to drills are rung. */
  drill?: boolean
}

/**
 * Who is to be reached, by what and when, from one moment on until somebody acknowledges.
 *
 * A hop that reaches nobody does not cost its time: the next one takes its place, or an agency without anyone on duty would wait
 * three minutes for nothing. Whoever lacks the wished ways is reached by any other way they have. Nothing is dropped in silence.
 */
export function ladder(policy: EscalationPolicy, roster: Roster, now: Instant, setting: LadderSetting): Ladder {
  const facts: LadderFact[] = []
  const rungs = policy.hops.map((hop, index) => rung(hop, index, roster, setting, facts))
  const offsets = withoutLostTime(policy.hops, rungs)
  const span = (offsets.at(-1) ?? 0) + policy.repeat.every
  const due = (offset: Duration) => (setting.quiet ? awakeAfter(now, offset, setting.quiet) : after(now, offset))

  const planned: PlannedPage[] = []
  for (let round = 0; round <= policy.repeat.times; round++) {
    for (const [hop, targets] of rungs.entries()) {
      const dueAt = due(round * span + offsets[hop]!)
      planned.push(...targets.map((target) => ({ hop, round, dueAt, ...target })))
    }
  }
  const { pages, spent } = withinCallLimits(planned)
  facts.push(...spent.map(({ hop, round, personId }) => ({ kind: 'calls-spent' as const, hop, round, personId })))
  if (pages.length === 0) facts.push({ kind: 'nobody-at-all' })
  else if (elapsed(now, due(0)) > 0) facts.push({ kind: 'waits-for-morning', until: due(0) })
  return { pages, facts }
}

type Target = Omit<PlannedPage, 'hop' | 'round' | 'dueAt'>

function rung(hop: Hop, index: number, roster: Roster, setting: LadderSetting, facts: LadderFact[]): Target[] {
  const meant = peopleOf(roster, hop.whom)
  const willing = setting.drill ? meant.filter((person) => person.drillConsent) : meant
  const targets = willing.flatMap((person) => {
    const wished = [...new Set(hop.ways)].flatMap((way) => target(person, way, setting.configured) ?? [])
    if (wished.length > 0) return wished
    const other = anyTarget(person, setting.configured)
    if (other) facts.push({ kind: 'other-way-used', hop: index, personId: person.id, way: other.way })
    return other ?? []
  })
  if (targets.length === 0) {
    const because = meant.length === 0 ? 'nobody-on-duty' : willing.length === 0 ? 'no-drill-consent' : 'no-channel'
    facts.push({ kind: 'nobody-reachable', hop: index, whom: hop.whom, because })
  }
  return onceInEachGroup(targets)
}

function peopleOf(roster: Roster, whom: Whom): OnCallPerson[] {
  switch (whom) {
    case 'first':
      return roster.first ? [roster.first] : []
    case 'backup':
      return roster.backup ? [roster.backup] : []
    case 'lead':
      return roster.leads
    case 'account-manager':
      return roster.accountManagers
    case 'everyone':
      return roster.everyone
  }
}

/**
 * A person's address for one way: their own channels in their order, then what their number or mailbox allows.
 * The next supplier of the same way is the fallback.
 */
function target(person: OnCallPerson, way: Way, configured: readonly string[]): Target | undefined {
  const own = person.channels.filter((channel) => wayOf(channel.kind) === way && configured.includes(channel.kind))
  const address = way === 'sms' || way === 'voice' ? (own[0]?.to ?? person.phone) : way === 'email' ? person.email : undefined
  const kinds = address === undefined ? [] : configured.filter((kind) => wayOf(kind) === way)
  const [best, second] = [
    ...own,
    ...kinds.filter((kind) => !own.some((o) => o.kind === kind)).map((kind) => ({ kind, to: address! })),
  ]
  if (!best) return undefined
  const fallback = second && { channelKind: second.kind, to: second.to }
  return { personId: person.id, way, channelKind: best.kind, to: best.to, ...(fallback ? { fallback } : {}) }
}

function anyTarget(person: OnCallPerson, configured: readonly string[]): Target | undefined {
  const inTheirOrder = person.channels.map((channel) => wayOf(channel.kind))
  const ways: (Way | undefined)[] = [...inTheirOrder, 'app', 'sms', 'voice', 'email', 'group']
  for (const way of ways) {
    const found = way && target(person, way, configured)
    if (found) return found
  }
  return undefined
}

/** A group is told once, however many of its members the hop means. */
function onceInEachGroup(targets: Target[]): Target[] {
  const told = new Set<string>()
  return targets.filter((each) => {
    if (each.way !== 'group') return true
    const group = `${each.channelKind} ${each.to}`
    return told.has(group) ? false : told.add(group)
  })
}

/** When each hop comes, with the time of hops that reach nobody taken out. */
function withoutLostTime(hops: Hop[], rungs: Target[][]): Duration[] {
  let lost = 0
  return hops.map((hop, index) => {
    const offset = hop.after - lost
    const next = hops[index + 1]
    if (rungs[index]!.length === 0 && next) lost += next.after - hop.after
    return offset
  })
}

/**
 * What an agency starts with: message, call, backup, lead (ux.md §17), acknowledged within 3, 5 and 15 minutes by severity and
 * P1 and P2 also at night (handbook §1).
 */
export const defaultPolicies: Record<Severity, EscalationPolicy> = {
  P1: {
    hops: [
      { after: 0, whom: 'first', ways: ['app', 'group'] },
      { after: seconds(30), whom: 'first', ways: ['sms'] },
      { after: seconds(60), whom: 'first', ways: ['voice'] },
      { after: minutes(3), whom: 'backup', ways: ['app', 'sms', 'voice'] },
      { after: minutes(5), whom: 'lead', ways: ['app', 'sms', 'voice'] },
      { after: minutes(8), whom: 'account-manager', ways: ['app', 'sms', 'voice'] },
      { after: minutes(10), whom: 'everyone', ways: ['app', 'group'] },
    ],
    repeat: { times: 3, every: minutes(5) },
    acknowledgementLease: minutes(10),
  },
  P2: {
    hops: [
      { after: 0, whom: 'first', ways: ['app', 'group'] },
      { after: seconds(60), whom: 'first', ways: ['sms'] },
      { after: minutes(2), whom: 'first', ways: ['voice'] },
      { after: minutes(5), whom: 'backup', ways: ['app', 'sms', 'voice'] },
      { after: minutes(8), whom: 'lead', ways: ['app', 'sms', 'voice'] },
    ],
    repeat: { times: 3, every: minutes(10) },
    acknowledgementLease: minutes(20),
  },
  P3: {
    hops: [
      { after: 0, whom: 'first', ways: ['app'] },
      { after: minutes(5), whom: 'first', ways: ['sms'] },
      { after: minutes(15), whom: 'backup', ways: ['app'] },
      { after: minutes(30), whom: 'lead', ways: ['app'] },
    ],
    repeat: { times: 1, every: minutes(60) },
    acknowledgementLease: minutes(60),
  },
  P4: {
    hops: [{ after: 0, whom: 'first', ways: ['app'] }],
    repeat: { times: 0, every: minutes(60) },
    acknowledgementLease: minutes(24 * 60),
  },
}
