import { Form, type FormProps, Modal } from 'antd'
import type { ReactNode } from 'react'
import type { Act } from '../../../../src/incidents/acts.ts'
import { useWords } from '../../words/words.tsx'
import { useRoom } from '../room-context.ts'

type Parts<Fields extends object> = {
  title: string
  /** The button: what will happen, never 确定. */
  does: string
  act: (fields: Fields) => Act
  note?: string
  initial?: Partial<Fields>
  danger?: boolean
  children?: ReactNode
}

/** A question in front of one act: a few fields, one button that says what it does. */
export function ActDialog<Fields extends object>({ title, does, act, note, initial, danger = false, children }: Parts<Fields>) {
  const { t } = useWords()
  const { doAct, busy, open } = useRoom()
  const [form] = Form.useForm<Fields>()
  const finish: FormProps<Fields>['onFinish'] = async (fields) => {
    if (await doAct(act(fields))) open(undefined)
  }
  return (
    <Modal
      open
      title={title}
      okText={does}
      cancelText={t('dialog.leave')}
      okButtonProps={{ danger, loading: busy, htmlType: 'submit' }}
      onOk={form.submit}
      onCancel={() => open(undefined)}
    >
      {note && <p className="dialog-note">{note}</p>}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={finish} initialValues={initial}>
        {children}
      </Form>
    </Modal>
  )
}
