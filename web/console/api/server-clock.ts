import type { Instant } from '../../../src/platform/time.ts'
import { better, measure, type Offset, type Sample, serverTime } from '../../shared/clock.ts'

let known: Offset | undefined

/** Every answer that carries the server's time is one more measurement of how wrong this device's clock is. */
export function noteServerTime(sample: Sample): void {
  const measured = measure(sample)
  known = known ? better(known, measured) : measured
}

export const serverNow = (): Instant => serverTime(Date.now(), known ?? { offset: 0, uncertainty: Number.POSITIVE_INFINITY })

/** Asks, and measures on the way. */
export async function timed<T extends { serverNow: Instant }>(ask: () => Promise<T>): Promise<T> {
  const sentAt = Date.now()
  const view = await ask()
  noteServerTime({ serverNow: view.serverNow, sentAt, receivedAt: Date.now() })
  return view
}
