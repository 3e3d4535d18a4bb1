import { useEffect, useState } from 'react'
import type { Instant } from '../../../src/platform/time.ts'
import { moment } from '../../shared/format.ts'
import { serverNow } from '../api/server-clock.ts'
import { useWords } from '../words/words.tsx'

/** The server's time, looked at once a second: the device's clock corrected as measured, never a counter of our own. */
export function useNow(): Instant {
  const [now, look] = useState(serverNow)
  useEffect(() => {
    const lookNow = () => look(serverNow())
    const timer = window.setInterval(lookNow, 1000)
    document.addEventListener('visibilitychange', lookNow)
    return () => {
      window.clearInterval(timer)
      document.removeEventListener('visibilitychange', lookNow)
    }
  }, [])
  return now
}

/** Writes a moment as people read it: with its date unless it lies on the same day as `beside` (today, when not given). */
export function useMoment(beside?: Instant): (at: Instant) => string {
  const { lang } = useWords()
  return (at) => moment(at, beside ?? serverNow(), lang)
}
