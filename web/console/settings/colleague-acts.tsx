import { useQuery } from '@tanstack/react-query'
import { Button, Form, Popconfirm } from 'antd'
import { useState } from 'react'
import type { PersonRow } from '../../../src/contract.ts'
import { api } from '../api/client.ts'
import { meQuery, peopleQuery, rotaQuery } from '../api/queries.ts'
import { serverNow } from '../api/server-clock.ts'
import { useSave } from '../api/use-save.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { CopyText } from './copy-text.tsx'
import { TextField } from './fields.tsx'
import { beijingInstant, beijingLocal } from './wall-time.ts'

const changes = [peopleQuery.queryKey, rotaQuery.queryKey, meQuery.queryKey]

export function OnLeaveForm({ person }: { person: PersonRow }) {
  const s = useSetupWords()
  const dates = useQuery(rotaQuery).data?.people.find((one) => one.id === person.id)
  const save = useSave({
    save: ({ from, until }: { from: string; until?: string }) =>
      api.people.away({ id: person.id, from: beijingInstant(from) ?? null, until: beijingInstant(until ?? '') ?? null }),
    changes,
    said: s('away.saved'),
  })
  const end = useSave({
    save: () => api.people.away({ id: person.id, from: null, until: null }),
    changes,
    said: s('away.ended'),
  })
  return (
    <section className="drawer-part">
      <h2>{s('away.title')}</h2>
      <p className="mute">{s('away.text')}</p>
      <Form<{ from: string; until?: string }>
        key={dates?.awayFrom}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          from: beijingLocal(dates?.awayFrom ?? serverNow()),
          until: dates?.awayUntil && beijingLocal(dates.awayUntil),
        }}
        onFinish={(fields) => save.mutate(fields)}
      >
        <TextField name="from" label={s('away.from')} type="datetime-local" required />
        <TextField name="until" label={s('away.until')} type="datetime-local" extra={s('away.untilNote')} />
        <Button htmlType="submit" loading={save.isPending}>
          {s('away.does')}
        </Button>{' '}
        {(person.away || dates?.awayFrom) && (
          <Button loading={end.isPending} onClick={() => end.mutate()}>
            {s('away.end')}
          </Button>
        )}
      </Form>
    </section>
  )
}

export function SignInLink({ person }: { person: PersonRow }) {
  const s = useSetupWords()
  const [made, show] = useState<{ url: string; minutes: number } | undefined>()
  const make = useSave({ save: () => api.people.signInLink({ id: person.id }), changes: [], onDone: show })
  return (
    <section className="drawer-part">
      <h2>{s('link.title')}</h2>
      <p className="mute">{s('link.text')}</p>
      {made ? (
        <CopyText label={s('link.made', { minutes: made.minutes })} text={made.url} />
      ) : (
        <p>
          <Button loading={make.isPending} onClick={() => make.mutate()}>
            {s('link.does')}
          </Button>
        </p>
      )}
    </section>
  )
}

export function LeaveTeam({ person, onDone }: { person: PersonRow; onDone: () => void }) {
  const s = useSetupWords()
  const leave = useSave({
    save: () => api.people.leave({ id: person.id }),
    changes,
    said: s('leave.done', { name: person.name }),
    onDone,
  })
  return (
    <section className="drawer-part">
      <h2>{s('leave.title')}</h2>
      <p className="mute">{s('leave.text')}</p>
      <p>
        <Popconfirm
          title={s('leave.sure', { name: person.name })}
          description={s('leave.sureText')}
          okText={s('leave.does')}
          okButtonProps={{ danger: true }}
          cancelText={s('leave.keep')}
          onConfirm={() => leave.mutate()}
        >
          <Button danger loading={leave.isPending}>
            {s('leave.does')}
          </Button>
        </Popconfirm>
      </p>
    </section>
  )
}
