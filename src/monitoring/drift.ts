import type { BaselineKind } from '../accounts/index.ts'
import type { Json } from '../platform/json.ts'
import type { Instant } from '../platform/time.ts'
import type { Signal } from './signal.ts'

export type Drift = { hash: string; since: Instant }

/**
 * A departure from the baseline is told once, however often it is seen; going back and departing again is a new one.
 * Answers what to remember, and the signal when there is news.
 */
export function judgeDrift(
  kind: BaselineKind,
  known: { drift: Drift | null; isNormal: boolean },
  seen: { hash: string; content: Json; baseline: Json },
  now: Instant,
): { drift: Drift | null; signal: Signal | null } {
  if (known.isNormal) return { drift: null, signal: null }
  if (known.drift?.hash === seen.hash) return { drift: known.drift, signal: null }
  const before = linksIn(seen.baseline)
  const after = linksIn(seen.content)
  const signal: Signal = {
    kind: kind === 'menu' ? 'menu-drift' : 'auto-reply-drift',
    dedupeKey: `${kind}:${seen.hash.slice(0, 16)}:${now}`,
    facts: {
      hash: seen.hash,
      newLinks: after.filter((link) => !before.includes(link)),
      lostLinks: before.filter((link) => !after.includes(link)),
      names: namesIn(seen.content),
      content: seen.content,
    },
    happenedAt: null,
  }
  return { drift: { hash: seen.hash, since: now }, signal }
}

/** Every address a reader could be led to, wherever it stands. */
export const linksIn = (content: Json): string[] =>
  collect(content, (text) => text.match(/https?:\/\/[^\s"'<>\\，。）)]+/g) ?? [])
const namesIn = (content: Json): string[] =>
  collect(content, (text, name) => (name === 'name' || name === 'rule_name' ? [text] : []))

function collect(value: Json, pick: (text: string, name: string) => string[], name = ''): string[] {
  if (typeof value === 'string') return pick(value, name)
  if (Array.isArray(value)) return unique(value.flatMap((item) => collect(item, pick, name)))
  if (value === null || typeof value !== 'object') return []
  return unique(Object.entries(value).flatMap(([key, item]) => collect(item, pick, key)))
}
const unique = (texts: string[]) => [...new Set(texts)]
