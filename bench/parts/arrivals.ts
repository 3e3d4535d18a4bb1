import { messageOf, type Receiver } from './messages.ts'

export type Arrived = { kind: string; platform_id: string | null }
export type Delivered = {
  /** Message numbers that were answered `success`, and those that were sent at all: one without an answer may be there. */
  accepted: readonly number[]
  sent: readonly number[]
  sender: Receiver
}

/**
 * Of readers the product keeps no name and no number, so their messages are counted, kind by kind; each report about the
 * account is looked for by its id. Every message was sent once or twice and differs from all others.
 */
export function compare({ accepted, sent, sender }: Delivered, rows: readonly Arrived[]): { lost: number; twice: number } {
  const nameOf = (number: number) => {
    const { kind, platformId } = messageOf(number, sender)
    return platformId ? `${kind} ${platformId}` : kind
  }
  const there = countBy(rows.map((row) => (row.platform_id ? `${row.kind} ${row.platform_id}` : row.kind)))
  const promised = countBy(accepted.map(nameOf))
  const possible = countBy(sent.map(nameOf))
  return { lost: excess(promised, there), twice: excess(there, possible) }
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** How many of `some` have nothing in `others` to stand against them. */
function excess(some: Map<string, number>, others: Map<string, number>): number {
  let sum = 0
  for (const [name, count] of some) sum += Math.max(0, count - (others.get(name) ?? 0))
  return sum
}
