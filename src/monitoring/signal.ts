import type { Json } from '../platform/json.ts'
import type { Instant } from '../platform/time.ts'

export type SignalKind =
  | 'unknown-publication'
  | 'unknown-mass-send'
  | 'menu-drift'
  | 'auto-reply-drift'
  | 'token-killed'
  | 'authorisation-withdrawn'
  | 'standing-changed'
  | 'quota-beyond-ledger'
  | 'article-gone'

/** Something observed that is not ours. Whether a person must answer it is for incidents to say. */
export type Signal = {
  kind: SignalKind
  /** The same observation, seen twice or in two ways, is one signal. */
  dedupeKey: string
  facts: { [name: string]: Json }
  /** When it happened at WeChat, where that is known; when we saw it is the row's own column. */
  happenedAt: Instant | null
}
