import { Link } from '@tanstack/react-router'
import { Table, type TableColumnsType, Tag } from 'antd'
import type { IncidentRow } from '../../../src/incidents/view.ts'
import { Countdown } from '../shell/countdown.tsx'
import { SeverityMark } from '../shell/severity.tsx'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { StateTag } from './state-tag.tsx'

export function IncidentTable({ rows, at, onOpen }: { rows: IncidentRow[]; at: number; onOpen: (row: IncidentRow) => void }) {
  const { t, pick } = useWords()
  const moment = useMoment()
  const columns: TableColumnsType<IncidentRow> = [
    { title: t('column.severity'), width: 110, render: (_, row) => <SeverityMark severity={row.severity} /> },
    {
      title: t('column.incident'),
      render: (_, row) => (
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
      title: t('column.account'),
      render: (_, row) => (
        <>
          {row.accountName}
          <small>{row.clientName}</small>
        </>
      ),
    },
    { title: t('column.state'), width: 116, render: (_, row) => <StateTag state={row.state} certainty={row.certainty} /> },
    { title: t('column.commander'), width: 96, render: (_, row) => row.commander ?? <b className="warn">{t('commander.nobody')}</b> },
    { title: t('column.next'), render: (_, row) => row.nextStep ?? <span className="mute">{t('next.none')}</span> },
    {
      title: t('column.nearest'),
      width: 168,
      render: (_, row) =>
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
    { title: t('column.client'), width: 96, render: (_, row) => <span className={row.clientKnows === 'no' ? 'warn' : ''}>{t(`knows.${row.clientKnows}`)}</span> },
  ]
  return (
    <Table<IncidentRow>
      className="incident-table"
      rowKey="id"
      columns={columns}
      dataSource={rows}
      pagination={rows.length > 50 ? { pageSize: 50 } : false}
      scroll={{ x: 960 }}
      rowClassName={(_, index) => (index === at ? 'row-at' : '')}
      onRow={(row) => ({ onClick: () => onOpen(row) })}
    />
  )
}
