import type { Instant } from '../platform/time.ts'

export type AccountId = string
export type AccountKind = 'SUB' | 'SVC'
/** How we hear of things: by asking, at WeChat's one callback address, there with everything passed on, or as a component. */
export type Reception = 'poll' | 'callback' | 'relay' | 'component'
export type Ability = 'self-menu' | 'auto-reply' | 'drafts' | 'menu' | 'publish' | 'mass-send' | 'comments' | 'statistics'
/** `unknown`: WeChat gave no clear answer when we asked; nothing is built on it. */
export type Abilities = {
  calls: Partial<Record<Ability, 'yes' | 'no' | 'unknown'>>
  /** Set by the first sealed push: from then on an open one is no longer taken, its text would be unsigned. */
  sealedPushes?: boolean
}
export type Custodian = { name: string; phone?: string; device?: string }
/** The client agreed beforehand, by name, that a machine may remove what is certainly not theirs (promise 11). */
export type RemovalAgreement = { by: string; at: Instant; text: string }

export type Account = {
  id: AccountId
  agencyId: string
  clientId: string
  name: string
  appid: string
  userName: string | null
  kind: AccountKind | null
  verified: boolean | null
  mode: 'secret' | 'component'
  baseUrl: string
  reception: Reception
  relayUrl: string | null
  abilities: Abilities
  standing: string
  authorised: boolean
  personA: string | null
  personB: string | null
  custodians: Custodian[]
  spareAccountId: AccountId | null
  removalAgreement: RemovalAgreement | null
  outsiders: Outsider[]
  connectedAt: Instant
  disconnectedAt: Instant | null
}

/**
 * Somebody or something that publishes besides us, and when: days 1 (Monday) … 7, minutes of the agency's day. A window
 * may pass midnight. Without days it is any day; without minutes the whole day.
 */
export type Outsider = {
  name: string
  kind: 'person' | 'system'
  days?: number[]
  fromMinute?: number
  untilMinute?: number
}

export const mayCall = (account: Account, ability: Ability): boolean => account.abilities.calls[ability] === 'yes'

/** Whose window is open at that moment; the first one registered wins. */
export function outsiderAt(outsiders: readonly Outsider[], at: Instant, zone: string): Outsider | undefined {
  const { weekday, minute } = localMinute(at, zone)
  const yesterday = weekday === 1 ? 7 : weekday - 1
  return outsiders.find((one) => {
    const from = one.fromMinute ?? 0
    const until = one.untilMinute ?? 1440
    const on = (day: number) => !one.days || one.days.length === 0 || one.days.includes(day)
    if (from < until) return on(weekday) && minute >= from && minute < until
    return (on(weekday) && minute >= from) || (on(yesterday) && minute < until)
  })
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
function localMinute(at: Instant, zone: string): { weekday: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(Date.parse(at))
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return { weekday: weekdays.indexOf(part('weekday')) + 1, minute: Number(part('hour')) * 60 + Number(part('minute')) }
}
