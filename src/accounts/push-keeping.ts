import { hash } from 'node:crypto'
import type { Json } from '../platform/json.ts'
import type { Push } from '../wechat/index.ts'

/** What of a push is written down. */
export type KeptPush = {
  dedupeKey: string
  kind: Push['kind']
  push: Json
  /** The request as received, as evidence; only where no reader is in it. */
  keepsRaw: boolean
  /** Somebody waits for this one: it wakes `push-received`. */
  wakes: boolean
}

/** What the platform says about the account or our own work. Everything else is about a reader. */
export const platformKinds = new Set<Push['kind']>(['mass-send-finished', 'publish-finished', 'standing', 'unauthorized'])

/**
 * Of readers nothing is kept but that something came: the kind, and in place of the key that would name them a digest
 * nobody can recompute without the secret `pepper`. Who unfollows must be forgotten (docs/wechat, section c.2), and what they wrote is not ours to store.
 */
export function keptOf(push: Push, pepper: string): KeptPush {
  if (platformKinds.has(push.kind))
    return { dedupeKey: push.dedupeKey, kind: push.kind, push: cleaned(push), keepsRaw: true, wakes: true }
  return {
    dedupeKey: `reader:${hash('sha256', `${pepper}/${push.dedupeKey}`)}`,
    kind: push.kind,
    push: {},
    keepsRaw: false,
    wakes: false,
  }
}

/** jsonb refuses NUL and half characters; one such push must not hold up those beside it. */
const cleaned = (push: Push): Json =>
  JSON.parse(JSON.stringify(push, (_, value: unknown) => (typeof value === 'string' ? cleanText(value) : value))) as Json
export const cleanText = (text: string): string => text.toWellFormed().replaceAll('\0', '')
