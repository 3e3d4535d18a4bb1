import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import type { IncidentRow } from '../../../src/incidents/view.ts'
import { instant } from '../../../src/platform/time.ts'
import { problemOf } from '../api/problem.ts'
import { type IncidentTab, incidentsQuery } from '../api/queries.ts'
import { useLive } from '../api/use-live.ts'
import { useKeys } from '../shell/keyboard.ts'
import { useTellLive } from '../shell/page-live.tsx'
import { Empty, Loading, ProblemCard, StaleNote } from '../shell/page-states.tsx'
import { useReport } from '../shell/report-context.ts'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { IncidentTable } from './incident-table.tsx'
import { incidentTabs, nearestFirst } from './tabs.ts'
import './incidents.css'

export function Incidents() {
  const { t } = useWords()
  const moment = useMoment()
  const navigate = useNavigate()
  const report = useReport()
  const tab: IncidentTab = useSearch({ from: '/incidents' }).tab ?? 'open'
  const asked = useQuery(incidentsQuery(tab))
  const [at, setAt] = useState(-1)
  const queries = useQueryClient()
  const live = useLive('/api/v1/live', () =>
    queries.refetchQueries({ queryKey: ['incidents'], type: 'active' }, { throwOnError: true }),
  )
  useTellLive(live.mode, asked.dataUpdatedAt || undefined)
  const rows = asked.data?.toSorted(tab === 'closed' ? latestFirst : nearestFirst)
  const open = (row: IncidentRow | undefined) => row && navigate({ to: '/incidents/$id', params: { id: row.id } })
  useKeys({
    j: () => setAt((n) => Math.min(n + 1, (rows?.length ?? 0) - 1)),
    k: () => setAt((n) => Math.max(n - 1, 0)),
    enter: () => open(rows?.[at]),
  })
  return (
    <div className="page-body">
      <div className="page-head">
        <h1>{t('page.incidents')}</h1>
        <Button type="primary" onClick={report}>
          {t('report.title')} <kbd>N</kbd>
        </Button>
      </div>
      <Tabs
        activeKey={tab}
        onChange={(key) => {
          setAt(-1)
          navigate({ to: '/incidents', search: { tab: incidentTabs.find((known) => known === key) ?? 'open' } })
        }}
        items={incidentTabs.map((key) => ({ key, label: t(`tab.${key}`) }))}
      />
      {asked.isError && asked.data && <StaleNote at={moment(instant(asked.dataUpdatedAt))} />}
      {!rows && asked.isError ? (
        <ProblemCard problem={problemOf(asked.error)} onRetry={() => asked.refetch()} />
      ) : !rows ? (
        <Loading />
      ) : rows.length === 0 ? (
        <Empty title={t(`empty.${tab}.title`)} text={t(`empty.${tab}.text`)}>
          {tab === 'open' && <Button onClick={report}>{t('report.title')}</Button>}
          {tab === 'drill' && <Button onClick={() => navigate({ to: '/' })}>{t('firstRun.drill')}</Button>}
        </Empty>
      ) : (
        <IncidentTable rows={rows} at={at} onOpen={open} />
      )}
    </div>
  )
}

const latestFirst = (a: IncidentRow, b: IncidentRow): number =>
  (a.closedAt ?? a.detectedAt) > (b.closedAt ?? b.detectedAt) ? -1 : 1
