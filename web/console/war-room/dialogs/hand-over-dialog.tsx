import { Form, Select } from 'antd'
import { useWords } from '../../words/words.tsx'
import { useRoom } from '../room-context.ts'
import { ActDialog } from './act-dialog.tsx'
import { WordsField } from './fields.tsx'

export default function HandOverDialog() {
  const { t } = useWords()
  const { view } = useRoom()
  const others = view.people.filter((person) => person.id !== view.commander?.id)
  return (
    <ActDialog<{ to: string; now: string; next: string; mind: string }>
      title={t('handOver.title')}
      note={t('handOver.note')}
      does={t('handOver.does')}
      act={(fields) => ({ do: 'hand-over', ...fields })}
    >
      <Form.Item name="to" label={t('handOver.to')} rules={[{ required: true, message: t('field.missing') }]}>
        <Select options={others.map((person) => ({ value: person.id, label: `${person.name} · ${t(`role.${person.role}`)}` }))} />
      </Form.Item>
      <WordsField name="now" label={t('handOver.now')} />
      <WordsField name="next" label={t('handOver.next')} />
      <WordsField name="mind" label={t('handOver.mind')} />
    </ActDialog>
  )
}
