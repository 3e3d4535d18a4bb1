import { App, Button, Form, Input } from 'antd'
import { admins } from '../../../src/platform/access.ts'
import { api } from '../api/client.ts'
import { useSave } from '../api/use-save.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { OnlyFor } from './may.tsx'

export function FirstWord() {
  return (
    <OnlyFor need={admins}>
      <Minute />
    </OnlyFor>
  )
}

function Minute() {
  const s = useSetupWords()
  const { message } = App.useApp()
  const change = useSave({
    save: (minutes: number) => api.settings.firstWord({ minutes }),
    changes: [],
    onDone: ({ minutes }) => void message.success(s('firstWord.saved', { minutes })),
  })
  return (
    <section className="card setting" aria-labelledby="first-word">
      <h2 id="first-word">{s('firstWord.title')}</h2>
      <p>{s('firstWord.text')}</p>
      <Form<{ minutes: string }>
        layout="vertical"
        requiredMark={false}
        onFinish={({ minutes }) => change.mutate(Number(minutes))}
      >
        <Form.Item
          name="minutes"
          label={s('firstWord.minutes')}
          extra={s('firstWord.note')}
          rules={[{ required: true, pattern: /^([1-9]|1[0-4])$/, message: s('firstWord.wrong') }]}
        >
          <Input inputMode="numeric" maxLength={2} className="short-input" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {s('set.save')}
        </Button>
      </Form>
    </section>
  )
}
