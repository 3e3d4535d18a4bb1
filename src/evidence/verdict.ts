import type { Instant } from '../platform/time.ts'
import type { Timestamp } from './timestamp-token.ts'

/** In the order in which we name them: what points at one line comes before what only says "something changed". */
export const PROBLEM_ORDER = [
  'not-a-pack',
  'timeline',
  'manifest',
  'manifest-signature',
  'key',
  'file-changed',
  'file-missing',
  'file-extra',
  'item',
  'chain-head',
  'pin',
  'timestamp',
  'file-name',
  'appended',
  'zip',
  'seal',
] as const

export type Problem = {
  what: (typeof PROBLEM_ORDER)[number] /** a file in the pack, `timeline.jsonl:3`, or the pack */
  place: string
  sentence: string
}

/** What the pack says about itself. To be believed only when the verdict is ok, and then on the word of its key. */
export type PackFacts = {
  agency: string
  incident: { number: string; title: string; isDrill: boolean }
  exportedAt: Instant
  product: string
  fingerprint: string
  /** Whether the caller said which key they expect. Without that, anyone's key would do. */
  keyCompared: boolean
  entries: number
  head: string
  items: number
  pins: { at: Instant; seq: number; head: string; where: string }[]
  timestamp: Timestamp | null
}

export type Verdict =
  | { ok: true; facts: PackFacts }
  | { ok: false; problem: Problem; problems: Problem[]; facts: PackFacts | null }

export function verdictOf(problems: Problem[], facts: PackFacts | null): Verdict {
  const inOrder = problems.toSorted((a, b) => PROBLEM_ORDER.indexOf(a.what) - PROBLEM_ORDER.indexOf(b.what))
  const [first] = inOrder
  if (first) return { ok: false, problem: first, problems: inOrder, facts }
  if (!facts) throw new Error('a pack without problems has facts')
  return { ok: true, facts }
}
