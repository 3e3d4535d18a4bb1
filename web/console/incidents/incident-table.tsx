import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import type { IncidentRow } from '../../../src/incidents/view.ts'
import { Countdown } from '../shell/countdown.tsx'
import { type Column, RowTable } from '../shell/row-table.tsx'
import { SeverityMark } from '../shell/severity.tsx'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { StateTag } from './state-tag.tsx'

export function IncidentTable({ rows, at, onOpen }: { rows: IncidentRow[]; at: number; onOpen: (row: IncidentRow) => void }) {
  const { t, pick } = useWords()
  const moment = useMoment()
  const columns: Column<IncidentRow>[] = [
    { key: 'severity', title: t('column.severity'), width: 110, cell: (row) => <SeverityMark severity={row.severity} /> },
    {
      key: 'incident',
      title: t('column.incident'),
      cell: (row) => (
        <>
          <Link to="/incidents/$id" params={{ id: row.id }} className="row-link" onClick={(event) => event.stopPropagation()}>
            {pick(row.title, row.titleEn)}
          </Link>{' '}
          {row.mode === 'drill' && <Tag className="drill-tag">{t('drill.word')}</Tag>}
          <small className="num">
            {row.number} · {t('column.found', { time: moment(row.detectedAt) })}
          </small>
        </>
      ),
    },
    {
      key: 'account',
      title: t('column.account'),
      cell: (row) => (
        <>
          {row.accountName}
          <small>{row.clientName}</small>
        </>
      ),
    },
    {
      key: 'state',
      title: t('column.state'),
      width: 116,
      cell: (row) => <StateTag state={row.state} certainty={row.certainty} />,
    },
    {
      key: 'commander',
      title: t('column.commander'),
      width: 96,
      cell: (row) => row.commander ?? <b className="warn">{t('commander.nobody')}</b>,
    },
    { key: 'next', title: t('column.next'), cell: (row) => row.nextStep ?? <span className="mute">{t('next.none')}</span> },
    {
      key: 'nearest',
      title: t('column.nearest'),
      width: 200,
      cell: (row) =>
        row.nearestDue ? (
          <span className="row-due">
            <Countdown dueAt={row.nearestDue.at} />
            <small>
              {row.nearestDue.title} · {t('time.before', { time: moment(row.nearestDue.at) })}
            </small>
          </span>
        ) : (
          <span className="mute">{row.closedAt ? t('column.closed', { time: moment(row.closedAt) }) : t('due.none')}</span>
        ),
    },
    {
      key: 'client',
      title: t('column.client'),
      width: 96,
      cell: (row) => <span className={row.clientKnows === 'no' ? 'warn' : ''}>{t(`knows.${row.clientKnows}`)}</span>,
    },
  ]
  return <RowTable name={t('page.incidents')} columns={columns} rows={rows} idOf={(row) => row.id} at={at} onOpen={onOpen} />
}
