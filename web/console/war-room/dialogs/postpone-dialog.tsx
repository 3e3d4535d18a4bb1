import { Form, InputNumber } from 'antd'
import { useMoment } from '../../shell/use-now.ts'
import { useWords } from '../../words/words.tsx'
import { latestOf } from '../message-rules.ts'
import { useRoom } from '../room-context.ts'
import { ActDialog } from './act-dialog.tsx'
import { ReasonField } from './fields.tsx'

export default function PostponeDialog() {
  const { t } = useWords()
  const moment = useMoment()
  const { view, telling } = useRoom()
  const message = latestOf(view.messages, telling)
  if (!message?.autoAt) return null
  return (
    <ActDialog<{ minutes: number; reason: string }>
      title={t('postpone.title')}
      note={t('postpone.note', { time: moment(message.autoAt) })}
      does={t('postpone.does')}
      initial={{ minutes: 5 }}
      act={(fields) => ({ do: 'postpone', messageId: message.id, ...fields })}
    >
      <Form.Item name="minutes" label={t('postpone.minutes')} rules={[{ required: true, message: t('field.missing') }]}>
        <InputNumber min={1} max={30} />
      </Form.Item>
      <ReasonField />
    </ActDialog>
  )
}
