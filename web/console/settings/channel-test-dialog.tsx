import { Button, Form, Modal } from 'antd'
import type { ChannelKind } from '../../../src/comms/channels/channel.ts'
import { api } from '../api/client.ts'
import { channelsQuery, meQuery } from '../api/queries.ts'
import { useSave } from '../api/use-save.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { TextField } from './fields.tsx'

/** Sends one real message and shows what the provider answered, in its own words. */
export default function ChannelTestDialog({ kind, onClose }: { kind: ChannelKind; onClose: () => void }) {
  const s = useSetupWords()
  const test = useSave({
    save: ({ to }: { to: string }) => api.channels.test({ kind, to }),
    changes: [channelsQuery.queryKey, meQuery.queryKey],
  })
  return (
    <Modal open title={`${s('channels.test')} · ${s(`kind.${kind}`)}`} footer={null} onCancel={onClose}>
      <p className="dialog-note">{s('channels.testText')}</p>
      <Form<{ to: string }> layout="vertical" requiredMark={false} onFinish={(fields) => test.mutate(fields)}>
        <TextField name="to" label={s('channels.testTo')} required />
        <Button type="primary" htmlType="submit" loading={test.isPending}>
          {s('channels.testDoes')}
        </Button>
      </Form>
      <div role="status" className="test-result">
        {test.data && (
          <>
            <b>{s('channels.testResult', { result: test.data.result })}</b>
            <p className="mute">{s('channels.testDetail', { detail: test.data.detail })}</p>
          </>
        )}
      </div>
    </Modal>
  )
}
