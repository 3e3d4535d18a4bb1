import { Form, Input } from 'antd'
import { useWords } from '../../words/words.tsx'

/** Reason of an exception: long enough that the review understands it. The server asks for the same six characters. */
export function ReasonField({ label }: { label?: string }) {
  const { t } = useWords()
  return (
    <Form.Item
      name="reason"
      label={label ?? t('field.reason')}
      rules={[
        {
          validator: (_, value: unknown) =>
            typeof value === 'string' && value.trim().length >= 6
              ? Promise.resolve()
              : Promise.reject(new Error(t('field.reasonShort'))),
        },
      ]}
    >
      <Input.TextArea rows={3} autoFocus maxLength={500} />
    </Form.Item>
  )
}

export function AgreedByField() {
  const { t } = useWords()
  return (
    <Form.Item
      name="agreedBy"
      label={t('field.agreedBy')}
      rules={[{ required: true, whitespace: true, message: t('field.agreedByMissing') }]}
    >
      <Input maxLength={50} />
    </Form.Item>
  )
}

export function WordsField({
  name,
  label,
  rows = 2,
  autoFocus = false,
}: {
  name: string
  label: string
  rows?: number
  autoFocus?: boolean
}) {
  const { t } = useWords()
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, whitespace: true, message: t('field.missing') }]}>
      <Input.TextArea rows={rows} maxLength={2000} autoFocus={autoFocus} />
    </Form.Item>
  )
}
