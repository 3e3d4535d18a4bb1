import { useEffect, useState } from 'react'
import { serverNow } from '../api/server-clock.ts'
import type { Instant } from '../../../src/platform/time.ts'
import { moment } from '../../shared/format.ts'
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

/** Writes a moment as people read it; the day is judged when the screen is drawn. */
export function useMoment(): (at: Instant) => string {
  const { lang } = useWords()
  return (at) => moment(at, serverNow(), lang)
}
