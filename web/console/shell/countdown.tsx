import { useRef } from 'react'
import type { Instant } from '../../../src/platform/time.ts'
import { announcement, countdown } from '../../shared/clock.ts'
import { useWords } from '../words/words.tsx'
import { useNow } from './use-now.ts'

/** Time left until a moment; the moment itself belongs beside it (ux §1, rule 2). */
export function Countdown({ dueAt, className = '' }: { dueAt: Instant; className?: string }) {
  const { t } = useWords()
  const left = countdown(dueAt, useNow())
  return (
    <span className={`num ${left.late ? 'late' : ''} ${className}`} role="timer" aria-live="off">
      {left.late ? t('time.over', { time: left.text }) : left.text}
    </span>
  )
}

/** The one limit that is read out, at ten, five and one minute and when missed. */
export function SpokenLimit({ title, dueAt }: { title: string; dueAt: Instant }) {
  const { t } = useWords()
  const now = useNow()
  const last = useRef({ dueAt, at: now, said: '', urgent: false })
  if (last.current.dueAt !== dueAt) last.current = { dueAt, at: now, said: '', urgent: false }
  const passed = announcement(dueAt, last.current.at, now)
  if (passed) {
    last.current.said =
      passed.kind === 'missed' ? t('time.spokenMissed', { title }) : t('time.spokenLeft', { title, minutes: passed.minutes })
    last.current.urgent = passed.kind === 'missed'
  }
  last.current.at = now
  return (
    <span className="only-read" aria-live={last.current.urgent ? 'assertive' : 'polite'}>
      {last.current.said}
    </span>
  )
}
