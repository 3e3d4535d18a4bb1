import { Button, Skeleton } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import type { Problem } from '../api/problem.ts'
import { useWords } from '../words/words.tsx'

/** Nothing for the first 300 ms, then grey lines; never a spinner over the whole page (ux §12). */
export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useWords()
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(true), 300)
    return () => window.clearTimeout(timer)
  }, [])
  return (
    <div className="loading" role="status" aria-label={t('state.loading')}>
      {late && <Skeleton active title={{ width: '30%' }} paragraph={{ rows }} />}
    </div>
  )
}

/** What happened, what is safe, what to do, and a code to read aloud. */
export function ProblemCard({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const { t } = useWords()
  return (
    <section className="problem" role="alert">
      <h2>{t(`problem.${problem.kind}.what`)}</h2>
      <p>{t(`problem.${problem.kind}.safe`)}</p>
      <p>{problem.kind === 'refused' ? problem.reason : t(`problem.${problem.kind}.do`)}</p>
      {problem.kind === 'broken' && <p className="mute">{t('problem.code', { code: problem.code })}</p>}
      <p>
        {problem.kind === 'signed-out' ? (
          <Button type="primary" href={signInAddress()}>
            {t('problem.signIn')}
          </Button>
        ) : (
          onRetry && <Button onClick={onRetry}>{t('problem.retry')}</Button>
        )}
      </p>
    </section>
  )
}

export const signInAddress = (): string => `/signin?back=${encodeURIComponent(window.location.pathname + window.location.search)}`

/** Says why it is empty and what normal looks like, with one thing to do. */
export function Empty({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  )
}

/** Old data stays on the screen, with its time. */
export function StaleNote({ at }: { at: string }) {
  const { t } = useWords()
  return (
    <p className="stale" role="status">
      {t('state.stale', { time: at })}
    </p>
  )
}
