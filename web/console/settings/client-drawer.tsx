import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Form, Input, Select } from 'antd'
import type { ClientRow } from '../../../src/contract.ts'
import { api } from '../api/client.ts'
import { accountsQuery, clientsQuery, peopleQuery } from '../api/queries.ts'
import { useSave } from '../api/use-save.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { type ClientFields, clientFrom, clientWays, fieldsOf } from './client-rules.ts'
import { ChoiceField, EmailField, ListField, PhoneField, TextField } from './fields.tsx'

export default function ClientDrawer({ client, onClose }: { client: ClientRow | undefined; onClose: () => void }) {
  const s = useSetupWords()
  const people = useQuery(peopleQuery).data ?? []
  const save = useSave({
    save: (fields: ClientFields) =>
      client ? api.clients.change({ id: client.id, ...clientFrom(fields) }) : api.clients.create(clientFrom(fields)),
    changes: [clientsQuery.queryKey, accountsQuery.queryKey],
    said: s('set.saved'),
    onDone: onClose,
  })
  return (
    <Drawer open size={520} title={client?.name ?? s('clients.add')} onClose={onClose}>
      <Form<ClientFields>
        layout="vertical"
        requiredMark={false}
        initialValues={client ? fieldsOf(client) : { ways: [{ way: 'account-manager' }] }}
        onFinish={(fields) => save.mutate(fields)}
      >
        <TextField name="name" label={s('clients.name')} required />
        <TextField name="contactName" label={s('clients.contactName')} required max={50} />
        <TextField name="salutation" label={s('clients.salutation')} extra={s('clients.salutationNote')} required max={20} />
        <PhoneField label={s('clients.phone')} />
        <EmailField label={s('clients.email')} />
        <ClientWays />
        <QuietHours />
        <ChoiceField
          name="accountManagerId"
          label={s('clients.manager')}
          options={people.map((person) => ({ value: person.id, label: person.name }))}
        />
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {s('set.save')}
        </Button>
      </Form>
    </Drawer>
  )
}

function ClientWays() {
  const s = useSetupWords()
  return (
    <ListField
      name="ways"
      label={s('clients.ways')}
      extra={s('clients.toNote')}
      add={s('clients.addWay')}
      fresh={{ way: 'sms' }}
      ordered
      atLeastOne={s('clients.wayNeeded')}
    >
      {(index) => (
        <>
          <Form.Item name={[index, 'way']}>
            <Select aria-label={s('clients.way')} options={clientWays.map((way) => ({ value: way, label: s(`way.${way}`) }))} />
          </Form.Item>
          <Form.Item noStyle shouldUpdate>
            {({ getFieldValue }) =>
              getFieldValue(['ways', index, 'way']) !== 'account-manager' && (
                <Form.Item name={[index, 'to']}>
                  <Input aria-label={s('clients.to')} placeholder={s('clients.to')} maxLength={100} />
                </Form.Item>
              )
            }
          </Form.Item>
        </>
      )}
    </ListField>
  )
}

function QuietHours() {
  const s = useSetupWords()
  return (
    <fieldset className="list-field">
      <legend>{s('clients.quiet')}</legend>
      <p className="mute">{s('clients.quietNote')}</p>
      <div className="list-parts">
        {(['quietFrom', 'quietUntil'] as const).map((name) => (
          <Form.Item
            key={name}
            name={name}
            dependencies={[name === 'quietFrom' ? 'quietUntil' : 'quietFrom']}
            rules={[
              ({ getFieldsValue }) => ({
                validator: () => {
                  const { quietFrom, quietUntil } = getFieldsValue(['quietFrom', 'quietUntil'])
                  return Boolean(quietFrom) === Boolean(quietUntil)
                    ? Promise.resolve()
                    : Promise.reject(new Error(s('clients.quietBoth')))
                },
              }),
            ]}
          >
            <Input type="time" aria-label={s(name === 'quietFrom' ? 'rota.from' : 'rota.until')} />
          </Form.Item>
        ))}
      </div>
    </fieldset>
  )
}
