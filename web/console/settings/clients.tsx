import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { ClientRow } from '../../../src/contract.ts'
import { clientsQuery, peopleQuery } from '../api/queries.ts'
import { Empty } from '../shell/page-states.tsx'
import { type Column, RowTable } from '../shell/row-table.tsx'
import { useSetupWords } from '../words/setup-words.ts'
import { useWords } from '../words/words.tsx'
import { clientKeepers } from './client-rules.ts'
import { AskForChange, useMay } from './may.tsx'
import { Answered, SettingPage } from './page.tsx'
import { timeOf } from './wall-time.ts'

const ClientDrawer = lazy(() => import('./client-drawer.tsx'))

export function Clients() {
  const { t } = useWords()
  const s = useSetupWords()
  const asked = useQuery(clientsQuery)
  const mayChange = useMay(clientKeepers)
  const [open, setOpen] = useState<string | 'new' | undefined>()
  const add = mayChange && (
    <Button type="primary" onClick={() => setOpen('new')}>
      {s('clients.add')}
    </Button>
  )
  return (
    <SettingPage title={t('settings.clients')} text={s('clients.text')} act={add}>
      <AskForChange need={clientKeepers} />
      <Answered asked={asked}>
        {(clients) => (
          <>
            {clients.length === 0 ? (
              <Empty title={s('clients.none.title')} text={s('clients.none.text')}>
                {add}
              </Empty>
            ) : (
              <ClientTable clients={clients} onOpen={mayChange ? setOpen : undefined} />
            )}
            <Suspense>
              {open && (
                <ClientDrawer
                  key={open}
                  client={clients.find((client) => client.id === open)}
                  onClose={() => setOpen(undefined)}
                />
              )}
            </Suspense>
          </>
        )}
      </Answered>
    </SettingPage>
  )
}

function ClientTable({ clients, onOpen }: { clients: ClientRow[]; onOpen: ((id: string) => void) | undefined }) {
  const { t } = useWords()
  const s = useSetupWords()
  const people = useQuery(peopleQuery).data ?? []
  const columns: Column<ClientRow>[] = [
    {
      key: 'client',
      title: s('clients.client'),
      width: 190,
      cell: (client) => (
        <>
          {onOpen ? (
            <button type="button" className="row-button" onClick={() => onOpen(client.id)}>
              {client.name}
            </button>
          ) : (
            <b>{client.name}</b>
          )}
          <small>{s('clients.accounts', { count: client.accounts })}</small>
        </>
      ),
    },
    {
      key: 'contact',
      title: s('clients.contactName'),
      width: 190,
      cell: (client) => (
        <>
          {client.salutation} · {client.contactName}
          <small className="num">{[client.phone, client.email].filter(Boolean).join(' · ')}</small>
        </>
      ),
    },
    {
      key: 'ways',
      title: s('clients.ways'),
      cell: (client) => (
        <ol className="ways num">
          {client.ways.map(({ way, to }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the order is what the list says
            <li key={index}>
              {s(`way.${way}`)} <span className="mute">{to}</span>
            </li>
          ))}
        </ol>
      ),
    },
    {
      key: 'quiet',
      title: s('clients.quiet'),
      width: 120,
      cell: ({ quietHours }) => (
        <span className="num">
          {quietHours
            ? s('set.range', { from: timeOf(quietHours.fromMinute), until: timeOf(quietHours.untilMinute) })
            : s('clients.noQuiet')}
        </span>
      ),
    },
    {
      key: 'manager',
      title: s('clients.manager'),
      width: 110,
      cell: (client) => people.find((person) => person.id === client.accountManagerId)?.name ?? s('set.nobody'),
    },
  ]
  return <RowTable name={t('settings.clients')} columns={columns} rows={clients} idOf={(client) => client.id} />
}
