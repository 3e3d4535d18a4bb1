import { type Duration, days, epoch, hours, type Instant, instant } from '../../platform/time.ts'
import type { ChannelKind } from './channel.ts'
import { type Limit, limits, type Window } from './limits.ts'

/** One attempt, counted from the moment it was made: providers count failures too. */
export type PastSend = {
  kind: ChannelKind
  /** Which robot, app or account it went through. */
  supplier: string
  to: string
  at: Instant
  /** The template or the words, where a limit is about sameness. */
  content?: string
  /** Set when the provider told us to wait: nothing through this supplier helps before. */
  heldUntil?: Instant
}

export type NextSend = Pick<PastSend, 'kind' | 'supplier' | 'to' | 'content'> & { urgent: boolean }

export type SendBudget = { may: true; left: number } | { may: false; at: Instant; why: string }

/**
 * May this go out now, and if not, when? A ladder asks before every rung: a provider that is asked too often goes deaf, some
 * (WeCom) without telling. `raised` replaces the defaults of an account whose limits were raised by ticket.
 */
export function maySend(next: NextSend, past: readonly PastSend[], now: Instant, raised?: readonly Limit[]): SendBudget {
  const own = past.filter((send) => send.kind === next.kind && send.supplier === next.supplier)
  let blocked: { at: Instant; why: string } | undefined
  let left = Number.POSITIVE_INFINITY
  const hold = (at: Instant, why: string) => {
    if (!blocked || at > blocked.at) blocked = { at, why }
  }
  for (const send of own) {
    if (send.heldUntil && send.heldUntil > now) hold(send.heldUntil, '对方要求等待')
  }
  for (const limit of raised ?? limits[next.kind]) {
    const times = own
      .filter((send) => counts(limit, send, next))
      .map((send) => epoch(send.at))
      .sort((a, b) => a - b)
    const allowed = limit.count - (next.urgent ? 0 : (limit.reserve ?? 0))
    const room = roomIn(limit.window, allowed, times, epoch(now))
    left = Math.min(left, room.left)
    if (room.left <= 0) hold(instant(room.opensAt), limit.why)
  }
  return blocked ? { may: false, ...blocked } : { may: true, left }
}

function counts(limit: Limit, send: PastSend, next: NextSend): boolean {
  if (limit.per === 'supplier') return true
  if (send.to !== next.to) return false
  // A send whose words nobody noted may have been the same ones.
  return limit.per === 'person' || send.content === undefined || next.content === undefined || send.content === next.content
}

type Room = { left: number; opensAt: number }

function roomIn(window: Window, allowed: number, times: number[], now: number): Room {
  switch (window.runs) {
    case 'sliding': {
      const inside = times.filter((at) => at > now - window.length)
      const oldest = inside[Math.max(0, inside.length - Math.max(1, allowed))] ?? now
      return { left: allowed - inside.length, opensAt: oldest + window.length }
    }
    case 'from-first':
      return roomFromFirst(window.length, allowed, times, now)
    case 'day': {
      const start = startOfBeijingDay(now)
      return { left: allowed - times.filter((at) => at >= start).length, opensAt: start + days(1) }
    }
    case 'night':
      return roomAtNight(allowed, times, now)
  }
}

/** The window opens with the first send; the first send after it closed opens the next one. */
function roomFromFirst(length: Duration, allowed: number, times: number[], now: number): Room {
  let openedAt = Number.NEGATIVE_INFINITY
  let used = 0
  for (const at of times) {
    if (at - openedAt >= length) {
      openedAt = at
      used = 0
    }
    used++
  }
  if (now - openedAt >= length) return { left: Math.max(allowed, 0), opensAt: now + length }
  return { left: allowed - used, opensAt: openedAt + length }
}

const BEIJING_OFFSET = hours(8)
const startOfBeijingDay = (now: number) => Math.floor((now + BEIJING_OFFSET) / days(1)) * days(1) - BEIJING_OFFSET

/** 22:00–08:00 Beijing time, one night across midnight. By day the rule says nothing. */
function roomAtNight(allowed: number, times: number[], now: number): Room {
  // Two hours on, the night lies within a single day: 00:00–10:00.
  const shifted = startOfBeijingDay(now + hours(2)) - hours(2)
  const ends = shifted + hours(10)
  if (now >= ends) return { left: Number.POSITIVE_INFINITY, opensAt: now }
  return { left: allowed - times.filter((at) => at >= shifted).length, opensAt: ends }
}

/** The soonest moment at which any of several channels may be used; undefined when there is none to ask. */
export function soonest(budgets: readonly SendBudget[], now: Instant): Instant | undefined {
  return budgets.map((budget) => (budget.may ? now : budget.at)).sort()[0]
}
