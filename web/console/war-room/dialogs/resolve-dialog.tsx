import { Button, Form, Input } from 'antd'
import { useWords } from '../../words/words.tsx'
import { useRoom } from '../room-context.ts'
import { ActDialog } from './act-dialog.tsx'
import { WordsField } from './fields.tsx'

type FollowUp = { what: string; owner: string; dueOn: string }

/** Ending the handling: the cause (unknown is an answer), and who does what by when so that it does not come back. */
export default function ResolveDialog() {
  const { t } = useWords()
  const { view } = useRoom()
  const missed = view.clocks.filter((clock) => clock.missedAt && !clock.explained)
  const told = view.messages.some((message) => message.kind === 'restored' && message.state === 'sent')
  return (
    <ActDialog<{ cause: string; followUps?: FollowUp[] }>
      title={t('resolve.title')}
      note={t('resolve.note')}
      does={t('resolve.does')}
      act={({ cause, followUps = [] }) => ({ do: 'resolve', cause, followUps })}
    >
      {!told && <p className="warn">{t('resolve.notTold')}</p>}
      {missed.length > 0 && (
        <p className="warn">{t('resolve.missed', { clocks: missed.map((clock) => clock.title).join(t('list')) })}</p>
      )}
      <WordsField name="cause" label={t('resolve.cause')} rows={3} autoFocus />
      <Form.List name="followUps">
        {(fields, { add, remove }) => (
          <fieldset className="follow-ups">
            <legend>{t('resolve.followUps')}</legend>
            {fields.map(({ key, name }) => (
              <div key={key} className="follow-up">
                <Form.Item name={[name, 'what']} rules={[{ required: true, whitespace: true, message: t('field.missing') }]}>
                  <Input placeholder={t('resolve.what')} aria-label={t('resolve.what')} />
                </Form.Item>
                <Form.Item name={[name, 'owner']} rules={[{ required: true, whitespace: true, message: t('field.missing') }]}>
                  <Input placeholder={t('resolve.owner')} aria-label={t('resolve.owner')} />
                </Form.Item>
                <Form.Item name={[name, 'dueOn']} rules={[{ required: true, message: t('field.missing') }]}>
                  <Input type="date" aria-label={t('resolve.dueOn')} />
                </Form.Item>
                <Button type="text" onClick={() => remove(name)} aria-label={t('resolve.remove')}>
                  ×
                </Button>
              </div>
            ))}
            <Button onClick={() => add({})}>{t('resolve.add')}</Button>
          </fieldset>
        )}
      </Form.List>
    </ActDialog>
  )
}
