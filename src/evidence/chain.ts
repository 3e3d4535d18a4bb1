import type { Instant } from '../platform/time.ts'
import { canonical, type Json, sha256 } from './canonical.ts'

export type ChainEntry = { seq: number; at: Instant; kind: string; by: string; data: Json }
/** An entry together with the hash it was stored under. */
export type HashedEntry = ChainEntry & { hash: string }

export type ChainVerdict =
  | { ok: true; head: string }
  | { ok: false; seq: number; why: 'out-of-sequence' | 'altered' }
  | { ok: false; seq: number; why: 'other-head'; head: string }

/** What the first entry of an incident is chained to, so that an entry cannot be moved to another incident. */
export const genesis = (incidentId: string): string => sha256(canonical({ format: 'dingxin-timeline-1', incidentId }))

/** The hash of an entry covers everything in it, its incident, and through `previousHash` all entries before it. */
export function entryHash(previousHash: string, incidentId: string, entry: ChainEntry): string {
  const { seq, at, kind, by, data } = entry
  return sha256(canonical({ entry: { seq, at, kind, by, data }, incidentId, previous: previousHash }))
}

/** Chains entries from the beginning, as they are stored: each with its hash. */
export function chained(incidentId: string, entries: readonly ChainEntry[]): HashedEntry[] {
  let previous = genesis(incidentId)
  return entries.map((entry) => {
    previous = entryHash(previous, incidentId, entry)
    return { ...entry, hash: previous }
  })
}

/**
 * Finds the first entry that does not fit. Entries are numbered from 1 without gaps.
 *
 * Where entries carry the hash they were stored under, the altered one is named. Without these, or when everything after
 * it was hashed anew, only the head can tell, and `other-head` names the last entry.
 */
export function verifyChain(
  incidentId: string,
  entries: readonly (ChainEntry & { hash?: string })[],
  head?: string,
): ChainVerdict {
  let previous = genesis(incidentId)
  for (const [index, entry] of entries.entries()) {
    if (entry.seq !== index + 1) return { ok: false, seq: index + 1, why: 'out-of-sequence' }
    const hash = entryHash(previous, incidentId, entry)
    if (entry.hash !== undefined && entry.hash !== hash) return { ok: false, seq: entry.seq, why: 'altered' }
    previous = hash
  }
  if (head !== undefined && head !== previous) return { ok: false, seq: entries.length, why: 'other-head', head: previous }
  return { ok: true, head: previous }
}
