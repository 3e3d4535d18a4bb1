import { percentile } from './figures.ts'
import { type Batch, type Prepared, prepare, type Sender } from './requests.ts'
import { openLine } from './wire.ts'

export type Order = { url: string; sender: Sender; batch: Batch; connections: number; longestMs: number }
export type Report = {
  requests: number
  seconds: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  /** Message numbers that were answered `success` at least once, and those that were sent at all. */
  accepted: number[]
  sent: number[]
  /** Deliveries answered with anything else, or not at all. */
  refused: number
  firstRefusal: string | undefined
}

// The load generator, in a process of its own: prepares a batch, sends it over all connections, tells what came back.
process.on('message', (order: Order) => void send(order).then((report) => process.send!(report)))
process.once('disconnect', () => process.exit(0))
process.once('SIGTERM', () => process.exit(0))

async function send({ url, sender, batch, connections, longestMs }: Order): Promise<Report> {
  const queue = prepare(sender, batch)
  const port = Number(new URL(url).port)
  const lines = await Promise.all(Array.from({ length: connections }, () => openLine(port)))
  const latencies: number[] = []
  const accepted = new Set<number>()
  const sent = new Set<number>()
  let firstRefusal: string | undefined
  let refused = 0
  let next = 0
  const started = performance.now()
  const take = (): Prepared | undefined => (performance.now() - started < longestMs ? queue[next++] : undefined)

  const work = async (slot: number) => {
    for (let request = take(); request; request = take()) {
      const { number, bytes } = request
      sent.add(number)
      const sentAt = performance.now()
      try {
        const answer = await lines[slot]!.send(bytes)
        latencies.push(performance.now() - sentAt)
        if (answer.status === 200 && answer.body.includes('success')) accepted.add(number)
        else {
          refused++
          firstRefusal ??= `${answer.status} ${answer.body}`
        }
      } catch (error) {
        refused++
        firstRefusal ??= String(error)
        lines[slot] = await openLine(port)
      }
    }
  }
  await Promise.all(lines.map((_, slot) => work(slot)))
  const seconds = (performance.now() - started) / 1000
  for (const line of lines) line.close()
  return {
    requests: latencies.length,
    seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    maxMs: percentile(latencies, 1),
    accepted: [...accepted],
    sent: [...sent],
    refused,
    firstRefusal,
  }
}
