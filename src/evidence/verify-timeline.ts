import { z } from 'zod'
import type { Instant } from '../platform/time.ts'
import { canonical, isSha256, type Json } from './canonical.ts'
import { genesis, type HashedEntry, verifyChain } from './chain.ts'
import { LIMITS, type Manifest, TIMELINE } from './pack-format.ts'
import type { Problem } from './verdict.ts'
import { beijing, printable } from './words.ts'

const lineShape = z.strictObject({
  seq: z.int().min(1),
  at: z.iso.datetime().transform((text) => text as Instant),
  kind: z.string(),
  by: z.string(),
  data: z.json().transform((value): Json => value),
  hash: z.string().refine(isSha256),
})

/** Walks the timeline from the first entry and names the first that does not fit, then the head, then the pins. */
export function checkTimeline(bytes: Uint8Array, manifest: Manifest): Problem[] {
  // Without the right incident nothing in the chain would fit, and the first entry would be blamed for it.
  if (manifest.chain.genesis !== genesis(manifest.incident.id)) return []
  const { entries, unreadable } = readLines(bytes)
  const chain = verifyChain(manifest.incident.id, entries)
  if (!chain.ok) return [misfit(chain.seq, chain.why, entries[chain.seq - 1])]
  if (unreadable !== undefined) {
    return [timelineProblem(unreadable, `时间线第 ${unreadable} 条读不出来，或不是原来的写法：这一行被改过。`)]
  }
  return [...headProblems(chain.head, entries, manifest), ...pinProblems(entries, manifest)]
}

function misfit(seq: number, why: string, entry: HashedEntry | undefined): Problem {
  const which = `时间线第 ${seq} 条${entry ? `（${beijing(entry.at)}，${printable(entry.kind).slice(0, 60)}）` : ''}`
  return why === 'out-of-sequence'
    ? timelineProblem(seq, `${which}的序号不对：这里少了、多了或调换了记录。`)
    : timelineProblem(seq, `${which}与哈希链对不上：这一条的内容在写下以后被改过，或它前面有记录被换掉。`)
}

function headProblems(head: string, entries: HashedEntry[], { chain }: Manifest): Problem[] {
  if (entries.length === chain.length && head === chain.head) return []
  const last = entries.at(-1)
  return [
    {
      what: 'chain-head',
      place: TIMELINE,
      sentence: `时间线的末尾与清单不符：清单写着 ${chain.length} 条，包里有 ${entries.length} 条${last ? `，最后一条在 ${beijing(last.at)}` : ''}。末尾有记录被删去、添上或改写。`,
    },
  ]
}

function pinProblems(entries: HashedEntry[], { pins, incident }: Manifest): Problem[] {
  return pins
    .filter(({ seq, head }) => (seq === 0 ? genesis(incident.id) : entries[seq - 1]?.hash) !== head)
    .map(({ seq, at, where }) => ({
      what: 'pin',
      place: `${TIMELINE}:${seq}`,
      sentence: `${beijing(at)} 曾把时间线第 ${seq} 条的哈希告知“${printable(where)}”，现在的第 ${seq} 条与当时的不同：在那之前的记录被改写过。`,
    }))
}

/** As many entries as can be read, and the number of the first line that cannot. */
function readLines(bytes: Uint8Array): { entries: HashedEntry[]; unreadable?: number } {
  const lines = Buffer.from(bytes).toString('utf8').split('\n')
  const entries: HashedEntry[] = []
  // Every line ends with a line feed, so the text after the last one is empty.
  const end = lines.pop()
  for (const line of lines) {
    const entry = readLine(line)
    if (!entry) return { entries, unreadable: entries.length + 1 }
    entries.push(entry)
  }
  return end === '' ? { entries } : { entries, unreadable: entries.length + 1 }
}

function readLine(line: string): HashedEntry | undefined {
  if (line.length > LIMITS.line) return undefined
  try {
    const value: unknown = JSON.parse(line)
    const entry = lineShape.parse(value)
    return canonical(value) === line ? entry : undefined
  } catch {
    return undefined
  }
}

const timelineProblem = (seq: number, sentence: string): Problem => ({ what: 'timeline', place: `${TIMELINE}:${seq}`, sentence })
