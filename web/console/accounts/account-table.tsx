import { Link } from '@tanstack/react-router'
import type { AccountRow } from '../../../src/contract.ts'
import { type Column, RowTable } from '../shell/row-table.tsx'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { healthOf } from './account-rules.ts'

const marks = { urgent: '▲', todo: '▲', well: '✓' } as const

export function AccountTable({ rows, onOpen }: { rows: AccountRow[]; onOpen: (row: AccountRow) => void }) {
  const { t } = useWords()
  const moment = useMoment()
  const columns: Column<AccountRow>[] = [
    {
      key: 'account',
      title: t('column.account'),
      width: 220,
      cell: (row) => (
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
    { key: 'wrong', title: t('accounts.wrong'), cell: (row) => <Wrong row={row} /> },
    { key: 'baseline', title: t('accounts.baseline'), width: 190, cell: (row) => <Baseline row={row} /> },
    { key: 'people', title: t('accounts.people'), width: 150, cell: (row) => <PeopleOf row={row} /> },
    {
      key: 'reception',
      title: t('accounts.reception'),
      width: 150,
      cell: (row) => (
        <>
          {t(`reception.${row.reception}`)}
          <small className="num">
            {row.lastCheckedAt ? t('accounts.checked', { time: moment(row.lastCheckedAt) }) : t('accounts.neverChecked')}
          </small>
        </>
      ),
    },
  ]
  return <RowTable name={t('page.accounts')} columns={columns} rows={rows} idOf={(row) => row.id} />
}

/** Never a single score: what is wrong, the oldest first. */
function Wrong({ row }: { row: AccountRow }) {
  const { t, pick } = useWords()
  const moment = useMoment()
  const health = healthOf(row)
  if (health === 'well') return <span className="ok">✓ {t('accounts.well')}</span>
  return (
    <ul className="wrongs">
      {row.problems.map((problem) => (
        <li key={`${problem.since} ${problem.text}`} className={`wrong-${problem.level}`}>
          <span aria-hidden="true">{marks[problem.level]} </span>
          {pick(problem.text, problem.textEn)}
          <small className="num">
            {t(`accounts.level.${problem.level}`)} · {t('accounts.since', { time: moment(problem.since) })}
          </small>
        </li>
      ))}
      {row.openIncidentId && (
        <li>
          <Link to="/incidents/$id" params={{ id: row.openIncidentId }} className="wrong-link">
            {t('accounts.openIncident')}
          </Link>
        </li>
      )}
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
      {row.personB ? (
        <small>{t('accounts.backup', { name: row.personB })}</small>
      ) : (
        <small className="warn">{t('accounts.noBackup')}</small>
      )}
    </>
  )
}
