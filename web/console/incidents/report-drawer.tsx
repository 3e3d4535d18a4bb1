import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, DatePicker, Drawer, Form, Input, Radio, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import { instant } from '../../../src/platform/time.ts'
import { api } from '../api/client.ts'
import { accountsQuery, warRoomQuery } from '../api/queries.ts'
import { timed } from '../api/server-clock.ts'
import { useTellProblem } from '../api/use-act.ts'
import { useWords } from '../words/words.tsx'

type Fields = { accountId: string; playbook: 'stolen'; words: string; detectedAt?: Dayjs }

/** From “something is wrong” to a running clock: which account, what, and a sentence. */
export default function ReportDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const tellProblem = useTellProblem()
  const accounts = useQuery(accountsQuery).data ?? []
  const report = useMutation({
    mutationFn: (fields: Fields) =>
      timed(() =>
        api.incidents.report({
          accountId: fields.accountId,
          playbook: fields.playbook,
          words: fields.words,
          detectedAt: fields.detectedAt ? instant(fields.detectedAt.valueOf()) : undefined,
        }),
      ),
    onError: tellProblem,
    onSuccess: (view) => {
      queries.setQueryData(warRoomQuery(view.id).queryKey, view)
      onClose()
      navigate({ to: '/incidents/$id', params: { id: view.id } })
    },
  })
  return (
    <Drawer open size={440} title={t('report.title')} onClose={onClose}>
      <Form<Fields>
        layout="vertical"
        requiredMark={false}
        initialValues={{ playbook: 'stolen' }}
        onFinish={(fields) => report.mutate(fields)}
      >
        <Form.Item name="accountId" label={t('report.account')} rules={[{ required: true, message: t('report.accountMissing') }]}>
          <Select
            autoFocus
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t('report.accountHint')}
            options={accounts.map((row) => ({ value: row.id, label: `${row.name} · ${row.clientName}` }))}
          />
        </Form.Item>
        <Form.Item name="playbook" label={t('report.what')}>
          <Radio.Group options={[{ value: 'stolen', label: t('report.stolen') }]} />
        </Form.Item>
        <Form.Item
          name="words"
          label={t('report.words')}
          rules={[{ required: true, whitespace: true, message: t('report.wordsMissing') }]}
        >
          <Input.TextArea rows={4} maxLength={500} showCount placeholder={t('report.wordsHint')} />
        </Form.Item>
        <Form.Item name="detectedAt" label={t('report.since')} extra={t('report.sinceNote')}>
          <DatePicker
            showTime={{ format: 'HH:mm' }}
            format="MM-DD HH:mm"
            placeholder={t('report.now')}
            style={{ width: '100%' }}
          />
        </Form.Item>
        <Button type="primary" size="large" block htmlType="submit" loading={report.isPending}>
          {t('report.start')}
        </Button>
      </Form>
    </Drawer>
  )
}
