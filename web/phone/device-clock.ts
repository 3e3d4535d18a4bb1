import { type Instant, instant } from '../../src/platform/time.ts'
import { better, measure, type Offset, type Sample, serverTime } from '../shared/clock.ts'
import type { Ticker } from './ticker.tsx'

/** The device's clock, put right by what the server says. */
export type DeviceClock = Ticker & { learn(sample: Sample): void }

/** The document itself is the first sample: it was written between the request and its first byte. */
export function startClock(serverNow: Instant): DeviceClock {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  const origin = Date.now() - performance.now()
  let offset: Offset = measure({
    serverNow,
    sentAt: origin + (navigation?.requestStart ?? 0),
    receivedAt: origin + (navigation?.responseStart ?? performance.now()),
  })
  const listeners = new Set<() => void>()
  const tick = () => {
    for (const listener of listeners) listener()
  }
  setInterval(tick, 500)
  document.addEventListener('visibilitychange', () => !document.hidden && tick())
  return {
    now: () => serverTime(Date.now(), offset),
    each: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    learn: (sample) => {
      offset = better(offset, measure(sample))
      tick()
    },
  }
}
export const deviceNow = (): Instant => instant(Date.now())
