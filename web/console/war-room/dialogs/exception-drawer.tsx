import { Button, Drawer, Form, Input, InputNumber, Segmented, Select } from 'antd'
import { useState } from 'react'
import type { Act } from '../../../../src/incidents/acts.ts'
import { useWords } from '../../words/words.tsx'
import { useRoom } from '../room-context.ts'
import { AgreedByField, ReasonField } from './fields.tsx'

type Kind = 'skip' | 'move' | 'add'
type Fields = { step: string; before: string; title: string; owner: string; minutes: number; reason: string; agreedBy: string }

/** The plan does not fit: any step can be skipped, moved or added, with a reason and who agreed. Nothing is locked. */
export default function ExceptionDrawer() {
  const { t } = useWords()
  const { view, doAct, busy, open } = useRoom()
  const [kind, choose] = useState<Kind>('skip')
  const finish = async (fields: Fields) => {
    if (await doAct(actOf(kind, fields))) open(undefined)
  }
  return (
    <Drawer open size={440} title={t('exception.title')} onClose={() => open(undefined)}>
      <p className="dialog-note">{t('exception.text')}</p>
      <Segmented
        block
        value={kind}
        onChange={choose}
        aria-label={t('exception.kind')}
        options={(['skip', 'move', 'add'] as const).map((one) => ({ value: one, label: t(`exception.${one}`) }))}
      />
      <Form<Fields>
        key={kind}
        layout="vertical"
        requiredMark={false}
        className="exception-form"
        onFinish={finish}
        initialValues={{ step: view.now?.key, minutes: 15, owner: view.commander?.name }}
      >
        {kind === 'add' ? (
          <>
            <Form.Item
              name="title"
              label={t('exception.newStep')}
              rules={[{ required: true, whitespace: true, message: t('field.missing') }]}
            >
              <Input />
            </Form.Item>
            <Form.Item name="owner" label={t('exception.owner')} rules={[{ required: true, message: t('field.missing') }]}>
              <Select options={view.people.map((person) => ({ value: person.name, label: person.name }))} />
            </Form.Item>
            <Form.Item name="minutes" label={t('exception.minutes')} rules={[{ required: true, message: t('field.missing') }]}>
              <InputNumber min={1} max={10_080} />
            </Form.Item>
          </>
        ) : (
          <StepField name="step" label={t('exception.step')} />
        )}
        {kind === 'move' && <StepField name="before" label={t('exception.before')} />}
        <ReasonField />
        <AgreedByField />
        <Button type="primary" block size="large" htmlType="submit" loading={busy}>
          {t('exception.does')}
        </Button>
      </Form>
      <Button type="link" onClick={() => open('hand-over')}>
        {t('exception.otherPerson')}
      </Button>
    </Drawer>
  )
}

function StepField({ name, label }: { name: 'step' | 'before'; label: string }) {
  const { t, pick } = useWords()
  const { view } = useRoom()
  const open = view.steps.filter((step) => step.state !== 'done' && step.state !== 'skipped' && step.state !== 'not-needed')
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, message: t('field.missing') }]}>
      <Select options={open.map((step) => ({ value: step.key, label: pick(step.title, step.titleEn) }))} />
    </Form.Item>
  )
}

function actOf(kind: Kind, { step, before, title, owner, minutes, reason, agreedBy }: Fields): Act {
  switch (kind) {
    case 'skip':
      return { do: 'skip', step, reason, agreedBy }
    case 'move':
      return { do: 'move', step, before, reason, agreedBy }
    case 'add':
      return { do: 'add', title, owner, minutes, reason, agreedBy }
  }
}
