import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { instant } from '../../../src/platform/time.ts'
import { problemOf } from '../api/problem.ts'
import { Loading, ProblemCard, StaleNote } from '../shell/page-states.tsx'
import { useMoment } from '../shell/use-now.ts'

/** One page of the settings: title, what it is for, the one thing to add, and below it what is there. */
export function SettingPage({
  title,
  text,
  act,
  children,
}: {
  title: string
  text?: string
  act?: ReactNode
  children: ReactNode
}) {
  return (
    <>
      <div className="setting-head">
        <h2>{title}</h2>
        <span className="space" />
        {act}
      </div>
      {text && <p className="mute">{text}</p>}
      {children}
    </>
  )
}

/** What was asked for, or the state it is in: coming, old, or not to be had. */
export function Answered<T>({ asked, children }: { asked: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const moment = useMoment()
  if (asked.data === undefined)
    return asked.isError ? <ProblemCard problem={problemOf(asked.error)} onRetry={() => asked.refetch()} /> : <Loading rows={4} />
  return (
    <>
      {asked.isError && <StaleNote at={moment(instant(asked.dataUpdatedAt))} />}
      {children(asked.data)}
    </>
  )
}
