import type { EscalationPolicy } from '../people/escalation.ts'
import { after, type Duration, type Instant, minutes } from '../platform/time.ts'
import type { Severity } from './timeline.ts'

/** What the agency decided, copied into the incident when it opens. Durations in milliseconds, counted from detection. */
export type IncidentPolicy = {
  escalation: EscalationPolicy
  /** The prepared first word goes out by itself at this moment if no person has sent it (P1, P2). */
  autoTell: Duration
  /** Between pressing send and leaving, so that a person can call it back. */
  callBack: Duration
  /** How long the account manager has to send by hand before the next way is used. */
  byHand: Duration
  /** Without an answer to “是您发的吗” doubt counts as no. */
  silenceIsDoubt: Duration
  /** Promised distance between updates. */
  updateEvery: Duration
  /** How long the client may choose before the default plan begins. */
  choose: Duration
  /** After restoring, how long the account is watched. */
  watch: Duration
}

export function defaultPolicy(severity: Severity, escalation: EscalationPolicy, autoTellMinute = 12): IncidentPolicy {
  const updates = { P1: 20, P2: 30, P3: 24 * 60, P4: 7 * 24 * 60 }[severity]
  return {
    escalation,
    autoTell: minutes(autoTellMinute),
    callBack: 5_000,
    byHand: minutes(4),
    silenceIsDoubt: minutes(3),
    updateEvery: minutes(updates),
    choose: minutes(20),
    watch: minutes(24 * 60),
  }
}

/**
 * When the first word is due. P1 and P2 keep their time day and night; P3 and P4 respect the client's agreed quiet hours and
 * wait for their end, which the screen says (product promise 4).
 */
export function firstWordDue(
  severity: Severity,
  detectedAt: Instant,
  within: Duration,
  quiet: { fromMinute: number; untilMinute: number } | undefined,
  minuteOfDay: (at: Instant) => number,
): { dueAt: Instant; shifted?: string } {
  const dueAt = after(detectedAt, within)
  if (!quiet || severity === 'P1' || severity === 'P2') return { dueAt }
  const minute = minuteOfDay(detectedAt)
  const { fromMinute, untilMinute } = quiet
  // Equal ends mean no quiet hours, as for the agency's own night.
  if (fromMinute === untilMinute) return { dueAt }
  const isQuiet =
    fromMinute < untilMinute ? minute >= fromMinute && minute < untilMinute : minute >= fromMinute || minute < untilMinute
  if (!isQuiet) return { dueAt }
  const wait = (untilMinute - minute + 1440) % 1440
  const clock = `${String(Math.floor(untilMinute / 60)).padStart(2, '0')}:${String(untilMinute % 60).padStart(2, '0')}`
  return { dueAt: after(detectedAt, minutes(wait) + within), shifted: `按约定的安静时段，${clock} 后再告知` }
}
