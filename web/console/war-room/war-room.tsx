import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useCallback } from 'react'
import { problemOf } from '../api/problem.ts'
import { warRoomQuery } from '../api/queries.ts'
import { useLive } from '../api/use-live.ts'
import { useTellLive } from '../shell/page-live.tsx'
import { Loading, ProblemCard } from '../shell/page-states.tsx'
import { useWords } from '../words/words.tsx'
import { Room } from './room.tsx'
import './war-room.css'

export function WarRoomPage() {
  const { t } = useWords()
  const { id } = useParams({ from: '/incidents/$id' })
  const asked = useQuery(warRoomQuery(id))
  const { refetch } = asked
  const refresh = useCallback(() => refetch({ throwOnError: true }), [refetch])
  const live = useLive(`/api/v1/incidents/${id}/events`, refresh)
  useTellLive(live.mode, asked.dataUpdatedAt || undefined)

  if (asked.data) return <Room key={id} view={asked.data} />
  return (
    <div className="page-body">
      <h1 className="only-read">{t('page.warRoom')}</h1>
      {asked.isError ? <ProblemCard problem={problemOf(asked.error)} onRetry={() => asked.refetch()} /> : <Loading rows={12} />}
    </div>
  )
}
