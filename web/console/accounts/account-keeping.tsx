import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Popconfirm, Select } from 'antd'
import type { ClientRow, PersonRow } from '../../../src/contract.ts'
import { deciders } from '../../../src/platform/access.ts'
import { api } from '../api/client.ts'
import { accountsQuery, clientsQuery, peopleQuery } from '../api/queries.ts'
import { useSave } from '../api/use-save.ts'
import { ChoiceField, ListField } from '../settings/fields.tsx'
import { AskForChange, useMay } from '../settings/may.tsx'
import { weekdayKey } from '../settings/rota-rules.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { useWords } from '../words/words.tsx'
import { changeFrom, fieldsOf, type KeepingFields, type KeptAccount } from './keeping-rules.ts'

/** Whose account it is and who keeps it. The form waits for all three lists, or it would begin with holes. */
export function AccountKeeping({ account }: { account: KeptAccount }) {
  const s = useSetupWords()
  const mayChange = useMay(deciders)
  const [people, clients] = [useQuery(peopleQuery).data, useQuery(clientsQuery).data]
  return (
    <>
      <section className="drawer-part">
        <h2>{s('keeping.title')}</h2>
        {mayChange && people && clients && <KeepingForm account={account} people={people} clients={clients} />}
        <AskForChange need={deciders} />
      </section>
      {mayChange && <Baselines account={account} />}
    </>
  )
}

function KeepingForm({ account, people, clients }: { account: KeptAccount; people: PersonRow[]; clients: ClientRow[] }) {
  const s = useSetupWords()
  const accounts = (useQuery(accountsQuery).data ?? []).filter((other) => other.id !== account.id)
  const before = fieldsOf(account, { people, clients, accounts })
  const save = useSave({
    save: (fields: KeepingFields) => api.accounts.change({ id: account.id, ...changeFrom(before, fields) }),
    changes: [accountsQuery.queryKey],
    said: s('set.saved'),
  })
  const named = (all: { id: string; name: string }[]) => all.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <Form<KeepingFields> layout="vertical" requiredMark={false} initialValues={before} onFinish={(fields) => save.mutate(fields)}>
      <ChoiceField name="clientId" label={s('keeping.client')} required options={named(clients)} />
      <ChoiceField name="personA" label={s('keeping.personA')} options={named(people)} />
      <PersonB options={named(people)} />
      <ChoiceField name="spareAccountId" label={s('keeping.spare')} options={named(accounts)} />
      <Custodians seen={account.keeping?.custodians !== undefined} />
      <Outsiders seen={account.keeping?.outsiders !== undefined} />
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {s('set.save')}
      </Button>
    </Form>
  )
}

function PersonB({ options }: { options: { value: string; label: string }[] }) {
  const s = useSetupWords()
  return (
    <Form.Item
      name="personB"
      label={s('keeping.personB')}
      dependencies={['personA']}
      rules={[
        ({ getFieldValue }) => ({
          validator: (_, id?: string) =>
            id && id === getFieldValue('personA') ? Promise.reject(new Error(s('keeping.same'))) : Promise.resolve(),
        }),
      ]}
    >
      <Select allowClear placeholder={s('set.nobody')} options={options} showSearch={{ optionFilterProp: 'label' }} />
    </Form.Item>
  )
}

function Custodians({ seen }: { seen: boolean }) {
  const s = useSetupWords()
  return (
    <ListField
      name="custodians"
      label={s('keeping.custodians')}
      extra={seen ? s('keeping.custodiansText') : `${s('keeping.custodiansText')}${s('keeping.unseenCustodians')}`}
      add={s('keeping.addCustodian')}
      fresh={{}}
    >
      {(index) => (
        <>
          <Form.Item name={[index, 'name']} rules={[{ required: true, whitespace: true, message: s('set.missing') }]}>
            <Input aria-label={s('keeping.custodianName')} placeholder={s('keeping.custodianName')} maxLength={50} />
          </Form.Item>
          <Form.Item name={[index, 'phone']}>
            <Input type="tel" aria-label={s('keeping.custodianPhone')} placeholder={s('keeping.custodianPhone')} maxLength={30} />
          </Form.Item>
          <Form.Item name={[index, 'device']}>
            <Input aria-label={s('keeping.custodianDevice')} placeholder={s('keeping.custodianDevice')} maxLength={100} />
          </Form.Item>
        </>
      )}
    </ListField>
  )
}

function Outsiders({ seen }: { seen: boolean }) {
  const s = useSetupWords()
  return (
    <ListField
      name="outsiders"
      label={s('keeping.outsiders')}
      extra={seen ? s('keeping.outsidersText') : `${s('keeping.outsidersText')}${s('keeping.unseenOutsiders')}`}
      add={s('keeping.addOutsider')}
      fresh={{ kind: 'person' }}
    >
      {(index) => (
        <>
          <Form.Item name={[index, 'name']} rules={[{ required: true, whitespace: true, message: s('set.missing') }]}>
            <Input aria-label={s('keeping.outsiderName')} placeholder={s('keeping.outsiderName')} maxLength={100} />
          </Form.Item>
          <Form.Item name={[index, 'kind']}>
            <Select
              aria-label={s('keeping.outsiderKind')}
              options={(['person', 'system'] as const).map((kind) => ({ value: kind, label: s(`keeping.${kind}`) }))}
            />
          </Form.Item>
          <Form.Item name={[index, 'days']}>
            <Select
              mode="multiple"
              aria-label={s('keeping.days')}
              placeholder={s('keeping.everyDay')}
              options={[1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: day, label: s(weekdayKey(day)) }))}
            />
          </Form.Item>
          <Form.Item name={[index, 'from']}>
            <Input type="time" aria-label={s('keeping.fromTime')} />
          </Form.Item>
          <Form.Item name={[index, 'until']}>
            <Input type="time" aria-label={s('keeping.untilTime')} />
          </Form.Item>
        </>
      )}
    </ListField>
  )
}

/** Approving what an intruder left would silence the alarm for good, hence the question. */
function Baselines({ account }: { account: KeptAccount }) {
  const { t } = useWords()
  const s = useSetupWords()
  const approve = useSave({
    save: (kind: 'menu' | 'auto-reply') => api.accounts.approveBaseline({ id: account.id, kind }),
    changes: [accountsQuery.queryKey],
    said: s('keeping.approved'),
  })
  return (
    <section className="drawer-part">
      <h2>{s('keeping.baseline')}</h2>
      <p className="mute">{s('keeping.baselineText')}</p>
      <p className="row-acts">
        {(['menu', 'auto-reply'] as const).map((kind) => (
          <Popconfirm
            key={kind}
            title={s('keeping.approveSure')}
            description={s('keeping.approveText')}
            okText={s(`keeping.approve.${kind}`)}
            cancelText={t('dialog.leave')}
            onConfirm={() => approve.mutate(kind)}
          >
            <Button loading={approve.isPending && approve.variables === kind}>{s(`keeping.approve.${kind}`)}</Button>
          </Popconfirm>
        ))}
      </p>
    </section>
  )
}
