import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import type { IncidentRow } from '../../../src/incidents/view.ts'
import { instant } from '../../../src/platform/time.ts'
import { problemOf } from '../api/problem.ts'
import { incidentsQuery, type IncidentTab } from '../api/queries.ts'
import { useKeys } from '../shell/keyboard.ts'
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
  const rows = asked.data?.toSorted(tab === 'closed' ? latestFirst : nearestFirst)
  const open = (row: IncidentRow | undefined) => row && navigate({ to: '/incidents/$id', params: { id: row.id } })
  useKeys({
    J: () => setAt((n) => Math.min(n + 1, (rows?.length ?? 0) - 1)),
    K: () => setAt((n) => Math.max(n - 1, 0)),
    Enter: () => open(rows?.[at]),
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

const latestFirst = (a: IncidentRow, b: IncidentRow): number => ((a.closedAt ?? a.detectedAt) > (b.closedAt ?? b.detectedAt) ? -1 : 1)
