import { useQuery } from '@tanstack/react-query'
import { Button, Tag } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { PersonRow } from '../../../src/contract.ts'
import { admins } from '../../../src/platform/access.ts'
import { peopleQuery, rotaQuery } from '../api/queries.ts'
import { Empty } from '../shell/page-states.tsx'
import { type Column, RowTable } from '../shell/row-table.tsx'
import { useMoment } from '../shell/use-now.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { useWords } from '../words/words.tsx'
import { isChannelKind } from './channel-fields.ts'
import { AskForChange, useMay } from './may.tsx'
import { Answered, SettingPage } from './page.tsx'

const ColleagueDrawer = lazy(() => import('./colleague-drawer.tsx'))

export function Colleagues() {
  const { t } = useWords()
  const s = useSetupWords()
  const asked = useQuery(peopleQuery)
  const mayChange = useMay(admins)
  const [open, setOpen] = useState<string | 'new' | undefined>()
  const add = mayChange && (
    <Button type="primary" onClick={() => setOpen('new')}>
      {s('colleagues.add')}
    </Button>
  )
  return (
    <SettingPage title={t('settings.people')} text={s('colleagues.text')} act={add}>
      <AskForChange need={admins} />
      <Answered asked={asked}>
        {(people) => (
          <>
            {people.length === 0 ? (
              <Empty title={s('colleagues.none.title')} text={s('colleagues.none.text')}>
                {add}
              </Empty>
            ) : (
              <People people={people} onOpen={setOpen} />
            )}
            <Suspense>
              {open && (
                <ColleagueDrawer
                  key={open}
                  person={people.find((person) => person.id === open)}
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

function People({ people, onOpen }: { people: PersonRow[]; onOpen: (id: string) => void }) {
  const { t } = useWords()
  const s = useSetupWords()
  const columns: Column<PersonRow>[] = [
    {
      key: 'name',
      title: s('colleagues.name'),
      width: 190,
      cell: (person) => (
        <>
          <button type="button" className="row-button" onClick={() => onOpen(person.id)}>
            {person.name}
          </button>
          <OnLeave person={person} />
        </>
      ),
    },
    { key: 'role', title: s('colleagues.role'), width: 110, cell: (person) => t(`role.${person.role}`) },
    {
      key: 'contact',
      title: s('colleagues.contact'),
      width: 210,
      cell: (person) => (
        <span className="num">
          {person.phone}
          <small>{person.email}</small>
        </span>
      ),
    },
    { key: 'ways', title: s('colleagues.ways'), cell: (person) => <Ways person={person} /> },
  ]
  return <RowTable name={t('settings.people')} columns={columns} rows={people} idOf={(person) => person.id} />
}

function Ways({ person }: { person: PersonRow }) {
  const s = useSetupWords()
  if (person.channels.length === 0) return <span className="warn">▲ {s('colleagues.noWay')}</span>
  return (
    <ol className="ways num">
      {person.channels.map(({ kind, to }) => (
        <li key={`${kind} ${to}`}>
          {isChannelKind(kind) ? s(`kind.${kind}`) : kind} <span className="mute">{to}</span>
        </li>
      ))}
    </ol>
  )
}

/** The dates come with the rota; the list of people only knows about now. */
function OnLeave({ person }: { person: PersonRow }) {
  const s = useSetupWords()
  const moment = useMoment()
  const dates = useQuery(rotaQuery).data?.people.find((one) => one.id === person.id)
  const [from, until] = [dates?.awayFrom, dates?.awayUntil]
  return (
    <>
      {person.away && (
        <>
          {' '}
          <Tag>{s('colleagues.away')}</Tag>
        </>
      )}
      {from && (
        <small className="num">
          {until
            ? s('colleagues.awayUntil', { from: moment(from), until: moment(until) })
            : s('colleagues.awayFrom', { from: moment(from) })}
        </small>
      )}
    </>
  )
}
