import { Button, Drawer, Form, Input, Radio, Select } from 'antd'
import type { Position } from '../../../src/people/rota.ts'
import type { RotaView } from '../../../src/people/rota-commands.ts'
import { api } from '../api/client.ts'
import { meQuery, rotaQuery } from '../api/queries.ts'
import { serverNow } from '../api/server-clock.ts'
import { useSave } from '../api/use-save.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { ChoiceField, TextField } from './fields.tsx'
import { positions, weekdayKey } from './rota-rules.ts'
import { beijingInstant, beijingLocal, lengthOf, minuteOf } from './wall-time.ts'

const changes = [rotaQuery.queryKey, meQuery.queryKey]
type Parts = { view: RotaView; onClose: () => void }

export default function RotaDrawer({ what, ...parts }: Parts & { what: 'shift' | 'swap' }) {
  const s = useSetupWords()
  return (
    <Drawer open size={440} title={s(what === 'shift' ? 'rota.add' : 'rota.swap')} onClose={parts.onClose}>
      {what === 'shift' ? <ShiftForm {...parts} /> : <SwapForm {...parts} />}
    </Drawer>
  )
}

type ShiftFields = { weekdays: number[]; from: string; until: string; position: Position; personId: string }

function ShiftForm({ view, onClose }: Parts) {
  const s = useSetupWords()
  const add = useSave({
    // One after the other: a refusal leaves the days before it saved and says which person cannot serve.
    save: async ({ weekdays, from, until, position, personId }: ShiftFields) => {
      const [fromMinute, untilMinute] = [minuteOf(from) ?? 0, minuteOf(until) ?? 0]
      const lengthMinutes = lengthOf(fromMinute, untilMinute)
      for (const weekday of weekdays) await api.rota.addShift({ weekday, fromMinute, lengthMinutes, position, personId })
    },
    changes,
    said: s('set.saved'),
    onDone: onClose,
  })
  return (
    <Form<ShiftFields>
      layout="vertical"
      requiredMark={false}
      initialValues={{ weekdays: [1, 2, 3, 4, 5], from: '09:00', until: '21:00', position: 'first' }}
      onFinish={(fields) => add.mutate(fields)}
    >
      <Form.Item name="weekdays" label={s('rota.weekday')} rules={[{ required: true, message: s('set.missing') }]}>
        <Select mode="multiple" options={[1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: day, label: s(weekdayKey(day)) }))} />
      </Form.Item>
      <TextField name="from" label={s('rota.from')} type="time" required />
      <TextField name="until" label={s('rota.until')} type="time" required extra={s('rota.untilNote')} />
      <WhoFields view={view} />
      <Button type="primary" htmlType="submit" loading={add.isPending}>
        {s('rota.add')}
      </Button>
    </Form>
  )
}

type SwapFields = { from: string; until: string; position: Position; personId: string; reason: string }

function SwapForm({ view, onClose }: Parts) {
  const s = useSetupWords()
  const add = useSave({
    save: ({ from, until, ...rest }: SwapFields) =>
      api.rota.override({ ...rest, startsAt: beijingInstant(from) ?? '', endsAt: beijingInstant(until) ?? '' }),
    changes,
    said: s('set.saved'),
    onDone: onClose,
  })
  return (
    <Form<SwapFields>
      layout="vertical"
      requiredMark={false}
      initialValues={{ from: beijingLocal(serverNow()), position: 'first' }}
      onFinish={(fields) => add.mutate(fields)}
    >
      <TextField name="from" label={s('rota.from')} type="datetime-local" required />
      <Form.Item
        name="until"
        label={s('rota.until')}
        dependencies={['from']}
        rules={[
          { required: true, message: s('set.missing') },
          ({ getFieldValue }) => ({
            validator: (_, until?: string) =>
              !until || until > getFieldValue('from') ? Promise.resolve() : Promise.reject(new Error(s('set.timesWrong'))),
          }),
        ]}
      >
        <Input type="datetime-local" />
      </Form.Item>
      <WhoFields view={view} />
      <TextField name="reason" label={s('rota.reason')} required max={200} />
      <Button type="primary" htmlType="submit" loading={add.isPending}>
        {s('rota.swap')}
      </Button>
    </Form>
  )
}

function WhoFields({ view }: { view: RotaView }) {
  const s = useSetupWords()
  return (
    <>
      <Form.Item name="position" label={s('rota.position')}>
        <Radio.Group options={positions.map((position) => ({ value: position, label: s(`rota.${position}`) }))} />
      </Form.Item>
      <ChoiceField
        name="personId"
        label={s('rota.person')}
        required
        options={view.people.map((person) => ({ value: person.id, label: person.name }))}
      />
    </>
  )
}
