import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../platform/time.ts'
import { type ChainEntry, chained, entryHash, genesis, verifyChain } from './chain.ts'
import { entries } from './given-pack.ts'

test('an untouched timeline fits, and its head is the hash of its last entry', () => {
  const stored = chained('inc-1', entries)

  expect(verifyChain('inc-1', stored, stored[2]!.hash)).toEqual({ ok: true, head: stored[2]!.hash })
  expect(stored[0]!.hash).toBe(entryHash(genesis('inc-1'), 'inc-1', entries[0]!))
})

test('an empty timeline ends where it begins', () => {
  expect(verifyChain('inc-1', [], genesis('inc-1'))).toEqual({ ok: true, head: genesis('inc-1') })
})

test.each<[string, Partial<ChainEntry>]>([
  ['what was done', { data: { step: '什么也没做' } }],
  ['when', { at: instant('2026-11-21T19:07:13Z') }],
  ['by whom', { by: 'mei' }],
  ['the kind', { kind: 'step-skipped' }],
])('an entry whose record of %s was altered is named', (_, change) => {
  const stored = chained('inc-1', entries)
  const altered = stored.map((entry) => (entry.seq === 2 ? { ...entry, ...change } : entry))

  expect(verifyChain('inc-1', altered)).toEqual({ ok: false, seq: 2, why: 'altered' })
})

test('a removed or exchanged entry is named by its place', () => {
  const [first, second, third] = chained('inc-1', entries)

  expect(verifyChain('inc-1', [first!, third!])).toEqual({ ok: false, seq: 2, why: 'out-of-sequence' })
  expect(verifyChain('inc-1', [second!, first!, third!])).toEqual({ ok: false, seq: 1, why: 'out-of-sequence' })
})

test('rewriting everything from an entry on shows at the head', () => {
  const { hash: head } = chained('inc-1', entries)[2]!
  const rewritten = chained('inc-1', [entries[0]!, { ...entries[1]!, by: 'mei' }, entries[2]!])

  expect(verifyChain('inc-1', rewritten, head)).toMatchObject({ ok: false, seq: 3, why: 'other-head' })
  expect(verifyChain('inc-1', entries.slice(0, 2), head)).toMatchObject({ ok: false, seq: 2, why: 'other-head' })
})

test('entries of one incident do not fit into another', () => {
  expect(verifyChain('inc-2', chained('inc-1', entries))).toEqual({ ok: false, seq: 1, why: 'altered' })
})

test('whatever is recorded, any change to any entry is found at that entry', () => {
  const recorded = fc.array(fc.record({ kind: fc.string(), by: fc.string(), text: fc.string() }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(recorded, fc.nat(), (rows, pick) => {
      const list = rows.map(
        ({ kind, by, text }, index): ChainEntry => ({ seq: index + 1, at: entries[0]!.at, kind, by, data: { text } }),
      )
      const stored = chained('inc-1', list)
      const at = pick % stored.length
      const altered = stored.map((entry, index) => (index === at ? { ...entry, by: `${entry.by}!` } : entry))

      expect(verifyChain('inc-1', stored).ok).toBe(true)
      expect(verifyChain('inc-1', altered)).toEqual({ ok: false, seq: at + 1, why: 'altered' })
    }),
    { seed: 42 },
  )
})
