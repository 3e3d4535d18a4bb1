import { Link } from '@tanstack/react-router'
import { Table, type TableColumnsType } from 'antd'
import type { AccountRow } from '../../../src/contract.ts'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { healthOf } from './account-rules.ts'

const marks = { urgent: '▲', todo: '▲', well: '✓' } as const

export function AccountTable({ rows, onOpen }: { rows: AccountRow[]; onOpen: (row: AccountRow) => void }) {
  const { t } = useWords()
  const moment = useMoment()
  const columns: TableColumnsType<AccountRow> = [
    {
      title: t('column.account'),
      width: 220,
      render: (_, row) => (
        <>
          <button type="button" className="row-button" onClick={() => onOpen(row)}>
            {row.name}
          </button>
          <small>
            {row.clientName}
            {row.kind && ` · ${t(`kind.${row.kind}`)}`}
            {row.verified === false && ` · ${t('accounts.unverified')}`}
          </small>
        </>
      ),
    },
    { title: t('accounts.wrong'), render: (_, row) => <Wrong row={row} /> },
    { title: t('accounts.baseline'), width: 190, render: (_, row) => <Baseline row={row} /> },
    { title: t('accounts.people'), width: 150, render: (_, row) => <PeopleOf row={row} /> },
    {
      title: t('accounts.reception'),
      width: 150,
      render: (_, row) => (
        <>
          {t(`reception.${row.reception}`)}
          <small className="num">{row.lastCheckedAt ? t('accounts.checked', { time: moment(row.lastCheckedAt) }) : t('accounts.neverChecked')}</small>
        </>
      ),
    },
  ]
  return <Table<AccountRow> className="account-table" rowKey="id" columns={columns} dataSource={rows} pagination={rows.length > 50 ? { pageSize: 50 } : false} scroll={{ x: 900 }} />
}

/** Never a single score: what is wrong, the oldest first. */
function Wrong({ row }: { row: AccountRow }) {
  const { t, pick } = useWords()
  const moment = useMoment()
  const health = healthOf(row)
  if (health === 'well') return <span className="ok">✓ {t('accounts.well')}</span>
  return (
    <ul className="wrongs">
      {row.openIncidentId && (
        <li>
          <Link to="/incidents/$id" params={{ id: row.openIncidentId }} className="wrong-urgent">
            {t('accounts.openIncident')}
          </Link>
        </li>
      )}
      {row.problems.map((problem) => (
        <li key={`${problem.since} ${problem.text}`} className={`wrong-${problem.level}`}>
          <span aria-hidden="true">{marks[problem.level]} </span>
          {pick(problem.text, problem.textEn)}
          <small className="num">
            {t(`accounts.level.${problem.level}`)} · {t('accounts.since', { time: moment(problem.since) })}
          </small>
        </li>
      ))}
    </ul>
  )
}

function Baseline({ row }: { row: AccountRow }) {
  const { t } = useWords()
  return (
    <span className="baseline">
      <span className={row.menu === 'drifted' ? 'warn' : ''}>
        {t('accounts.menu')} {t(`baseline.${row.menu}`)}
      </span>
      <span className={row.autoReply === 'drifted' ? 'warn' : ''}>
        {t('accounts.autoReply')} {t(`baseline.${row.autoReply}`)}
      </span>
      {row.heldPublications > 0 && <span className="warn num">{t('accounts.held', { count: row.heldPublications })}</span>}
    </span>
  )
}

function PeopleOf({ row }: { row: AccountRow }) {
  const { t } = useWords()
  if (!row.personA && !row.personB) return <span className="warn">{t('accounts.nobody')}</span>
  return (
    <>
      {row.personA ?? '—'}
      {row.personB ? <small>{t('accounts.backup', { name: row.personB })}</small> : <small className="warn">{t('accounts.noBackup')}</small>}
    </>
  )
}
