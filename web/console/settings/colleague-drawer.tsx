import { Button, Drawer, Form, Input, Select } from 'antd'
import type { PersonRow } from '../../../src/contract.ts'
import { wayOf } from '../../../src/people/ways.ts'
import { admins, deciders, everyRole, type Role } from '../../../src/platform/access.ts'
import { api } from '../api/client.ts'
import { meQuery, peopleQuery, rotaQuery } from '../api/queries.ts'
import { useSave } from '../api/use-save.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { useWords } from '../words/words.tsx'
import { channelKinds } from './channel-fields.ts'
import { LeaveTeam, OnLeaveForm, SignInLink } from './colleague-acts.tsx'
import { ChoiceField, EmailField, ListField, PhoneField, TextField } from './fields.tsx'
import { AskForChange, useMay } from './may.tsx'

type Fields = { name: string; role: Role; phone?: string; email?: string; channels?: { kind: string; to: string }[] }

/** One colleague: who they are, how they are reached, when they are away, how they get in, and how they leave. */
export default function ColleagueDrawer({ person, onClose }: { person: PersonRow | undefined; onClose: () => void }) {
  const s = useSetupWords()
  const mayChange = useMay(admins)
  const maySendAway = useMay(deciders)
  return (
    <Drawer open size={520} title={person?.name ?? s('colleagues.add')} onClose={onClose}>
      {mayChange ? <PersonForm person={person} onDone={onClose} /> : <AskForChange need={admins} />}
      {person && maySendAway && <OnLeaveForm person={person} />}
      {person && mayChange && <SignInLink person={person} />}
      {person && mayChange && <LeaveTeam person={person} onDone={onClose} />}
    </Drawer>
  )
}

function PersonForm({ person, onDone }: { person: PersonRow | undefined; onDone: () => void }) {
  const { t } = useWords()
  const s = useSetupWords()
  const save = useSave<Fields>({
    // Empty means “nothing entered”: the server would read an empty text as a wrong number.
    save: ({ name, role, phone, email, channels = [] }) => {
      const fields = { name, role, phone: phone || undefined, email: email || undefined, channels }
      return person ? api.people.change({ id: person.id, ...fields }) : api.people.add(fields)
    },
    changes: [peopleQuery.queryKey, rotaQuery.queryKey, meQuery.queryKey],
    said: s('set.saved'),
    onDone,
  })
  return (
    <Form<Fields>
      layout="vertical"
      requiredMark={false}
      initialValues={person ?? { role: 'duty', channels: [] }}
      onFinish={(fields) => save.mutate(fields)}
    >
      <TextField name="name" label={s('colleagues.name')} required max={40} />
      <ChoiceField
        name="role"
        label={s('colleagues.role')}
        required
        options={everyRole.map((role) => ({ value: role, label: t(`role.${role}`) }))}
      />
      <PhoneField label={s('colleagues.phone')} />
      <EmailField label={s('colleagues.email')} extra={s('colleagues.emailNote')} />
      <StaffWays />
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {s('set.save')}
      </Button>
    </Form>
  )
}

/** Only the kinds that reach one of us; clients are reached by their own. */
function StaffWays() {
  const s = useSetupWords()
  const missing = [{ required: true, whitespace: true, message: s('set.missing') }]
  const options = channelKinds.filter((kind) => wayOf(kind)).map((kind) => ({ value: kind, label: s(`kind.${kind}`) }))
  return (
    <ListField name="channels" label={s('colleagues.ways')} add={s('colleagues.addWay')} fresh={{ kind: 'wecom-app' }} ordered>
      {(index) => (
        <>
          <Form.Item name={[index, 'kind']} rules={missing}>
            <Select aria-label={s('colleagues.way')} options={options} />
          </Form.Item>
          <Form.Item name={[index, 'to']} rules={missing}>
            <Input aria-label={s('colleagues.to')} placeholder={s('colleagues.to')} maxLength={200} />
          </Form.Item>
        </>
      )}
    </ListField>
  )
}
