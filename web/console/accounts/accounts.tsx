import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { AccountRow } from '../../../src/contract.ts'
import { instant } from '../../../src/platform/time.ts'
import { problemOf } from '../api/problem.ts'
import { accountsQuery, meQuery } from '../api/queries.ts'
import { Empty, Loading, ProblemCard, StaleNote } from '../shell/page-states.tsx'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { byTrouble, healthOf } from './account-rules.ts'
import { AccountTable } from './account-table.tsx'
import './accounts.css'

const ConnectDialog = lazy(() => import('./connect-dialog.tsx'))
const AccountDrawer = lazy(() => import('./account-drawer.tsx'))

export function Accounts() {
  const { t } = useWords()
  const moment = useMoment()
  const navigate = useNavigate()
  const connecting = useSearch({ from: '/accounts' }).connect === true
  const asked = useQuery(accountsQuery)
  const mayConnect = useQuery(meQuery).data?.person.role === 'admin'
  const [chosen, choose] = useState<string | undefined>()
  const rows = asked.data?.toSorted(byTrouble)
  const account = rows?.find((row) => row.id === chosen)
  const connect = (on: boolean) => navigate({ to: '/accounts', search: on ? { connect: true } : {} })
  return (
    <div className="page-body">
      <div className="page-head">
        <h1>{t('page.accounts')}</h1>
        {rows && <Summary rows={rows} />}
        <span className="space" />
        {mayConnect ? (
          <Button type="primary" onClick={() => connect(true)}>
            {t('connect.title')}
          </Button>
        ) : (
          <span className="mute">{t('connect.onlyAdmin')}</span>
        )}
      </div>
      {asked.isError && asked.data && <StaleNote at={moment(instant(asked.dataUpdatedAt))} />}
      {!rows && asked.isError ? (
        <ProblemCard problem={problemOf(asked.error)} onRetry={() => asked.refetch()} />
      ) : !rows ? (
        <Loading />
      ) : rows.length === 0 ? (
        <Empty title={t('empty.accounts.title')} text={t('empty.accounts.text')}>
          {mayConnect && <Button onClick={() => connect(true)}>{t('connect.title')}</Button>}
        </Empty>
      ) : (
        <AccountTable rows={rows} onOpen={(row) => choose(row.id)} />
      )}
      <Suspense>
        {connecting && mayConnect && <ConnectDialog onClose={() => connect(false)} />}
        {account && <AccountDrawer account={account} onClose={() => choose(undefined)} />}
      </Suspense>
    </div>
  )
}

function Summary({ rows }: { rows: AccountRow[] }) {
  const { t } = useWords()
  const count = (health: string) => rows.filter((row) => healthOf(row) === health).length
  return (
    <p className="mute num">{t('accounts.summary', { well: count('well'), todo: count('todo'), urgent: count('urgent') })}</p>
  )
}
