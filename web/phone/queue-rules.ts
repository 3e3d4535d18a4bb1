import { type Duration, epoch, type Instant, minutes } from '../../src/platform/time.ts'
import type { ActForm } from './pages.ts'

type Load =
  | { kind: 'act'; act: ActForm['act']; linkKey?: string }
  | { kind: 'upload'; file: Blob; fields: Record<string, string>; name: string }
export type Fresh = Load & { press: string; deviceAt: Instant }
/**
 * What waits on this device to reach the server. `number` keeps the order across reloads; `confirmed`: a person was asked again
 * about an old word to the client and said yes.
 */
export type Waiting = Fresh & { number: number; incident: string; confirmed?: true }

const STALE: Duration = minutes(2)

/** After two minutes a word to the client may no longer be true, so a person looks at it again (ux §4.3). */
export const isStale = (one: Waiting, deviceNow: Instant): boolean =>
  one.kind === 'act' && one.act.do === 'send' && !one.confirmed && epoch(deviceNow) - epoch(one.deviceAt) > STALE

export type NextSending = { what: 'nothing' } | { what: 'send'; one: Waiting } | { what: 'ask-again'; one: Waiting }

/** Strictly in order: nothing overtakes a word that a person must look at first. */
export function nextSending(queue: readonly Waiting[], deviceNow: Instant): NextSending {
  const one = [...queue].sort((a, b) => a.number - b.number)[0]
  if (!one) return { what: 'nothing' }
  return isStale(one, deviceNow) ? { what: 'ask-again', one } : { what: 'send', one }
}

/** What the server's answer means for the one that was sent. */
export type Answer = { kind: 'done' } | { kind: 'refused'; reason: string } | { kind: 'sign-in' } | { kind: 'later' }
export function readAnswer(status: number, body: { ok?: boolean; reason?: string } | undefined): Answer {
  if (status === 401) return { kind: 'sign-in' }
  if (body?.ok === true || (status >= 200 && status < 300 && !body)) return { kind: 'done' }
  if (body?.ok === false && body.reason !== undefined) return { kind: 'refused', reason: body.reason }
  if (status >= 500 || status === 429 || status === 408) return { kind: 'later' }
  return status >= 400 ? { kind: 'refused', reason: String(status) } : { kind: 'done' }
}
