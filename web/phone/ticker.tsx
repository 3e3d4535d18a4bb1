import { createContext } from 'preact'
import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import type { Instant } from '../../src/platform/time.ts'
import { announcement, countdown, elapsedText } from '../shared/clock.ts'
import { useDesk } from './desk.tsx'

/** The server's time as it runs on this device; without a browser it stands still at the moment of rendering. */
export type Ticker = { now: () => Instant; each: (tick: () => void) => () => void }
export const TickerContext = createContext<Ticker | undefined>(undefined)

/** The first drawing uses the server's moment, or hydration would disagree with the page that was sent. */
export function useNow(): Instant {
  const ticker = useContext(TickerContext)
  const [now, setNow] = useState(useDesk().now)
  useEffect(() => ticker?.each(() => setNow(ticker.now())), [ticker])
  return now
}

/** Time left, or by how much it is over; `word` stands before it only while there is time. */
export function Left({ dueAt, word }: { dueAt: Instant; word?: string }) {
  const { t } = useDesk()
  const { text, late } = countdown(dueAt, useNow())
  return <span class="num">{late ? t('over', { time: text }) : word ? `${word} ${text}` : text}</span>
}

export function Since({ start }: { start: Instant }) {
  return <span class="num">{elapsedText(start, useNow())}</span>
}

/** A running limit. It speaks only at 10, 5 and 1 minutes and when it is missed; the digits themselves stay silent. */
export function Timer({ dueAt, label }: { dueAt: Instant; label: string }) {
  const { t } = useDesk()
  const now = useNow()
  const before = useRef(now)
  const [said, say] = useState({ text: '', assertive: false })
  useEffect(() => {
    const news = announcement(dueAt, before.current, now)
    before.current = now
    if (news?.kind === 'missed') say({ text: t('saidMissed', { what: label }), assertive: true })
    if (news?.kind === 'minutes-left') say({ text: t('saidLeft', { what: label, n: news.minutes }), assertive: false })
  }, [now, dueAt, label, t])
  const { text, late } = countdown(dueAt, now)
  return (
    <div class={late ? 'big num late' : 'big num'}>
      <span role="timer" aria-label={`${label} ${late ? t('over', { time: text }) : t('left', { time: text })}`}>
        {late && <small>{t('overWord')}</small>}
        {text}
      </span>
      <span class="unseen" aria-live={said.assertive ? 'assertive' : 'polite'}>
        {said.text}
      </span>
    </div>
  )
}
