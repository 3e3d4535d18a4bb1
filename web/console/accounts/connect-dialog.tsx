import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { accountsQuery } from '../api/queries.ts'
import { useTellProblem } from '../api/use-act.ts'
import { useWords } from '../words/words.tsx'
import { Connected } from './connected.tsx'

export type ConnectFields = {
  appid: string
  secret: string
  name?: string
  baseUrl?: string
  reception: 'poll' | 'callback' | 'relay'
  relayUrl?: string
}

/** AppID and AppSecret in; out comes what works, what is there already, and what would be switched off. */
export default function ConnectDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const tellProblem = useTellProblem()
  const [used, setUsed] = useState<ConnectFields | undefined>()
  const connect = useMutation({
    mutationFn: (fields: ConnectFields) => api.accounts.connect(fields),
    onError: tellProblem,
    onSuccess: (_, fields) => {
      // Kept only while the dialog is open, so that another way of receiving needs no second typing.
      setUsed(fields)
      queries.invalidateQueries({ queryKey: accountsQuery.queryKey })
    },
  })
  return (
    <Modal open width={640} title={t('connect.title')} footer={null} mask={{ closable: false }} onCancel={onClose}>
      {connect.data && used ? (
        <Connected
          result={connect.data}
          busy={connect.isPending}
          onReceive={(reception, relayUrl) => connect.mutate({ ...used, reception, relayUrl })}
          onClose={onClose}
        />
      ) : (
        <ConnectForm busy={connect.isPending} onConnect={(fields) => connect.mutate(fields)} />
      )}
    </Modal>
  )
}

function ConnectForm({ busy, onConnect }: { busy: boolean; onConnect: (fields: ConnectFields) => void }) {
  const { t } = useWords()
  const [form] = Form.useForm<ConnectFields>()
  const reception = Form.useWatch('reception', form)
  return (
    <Form<ConnectFields>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ reception: 'poll' } satisfies Partial<ConnectFields>}
      onFinish={(fields) => onConnect(withoutEmpty(fields))}
    >
      <p className="dialog-note">{t('connect.where')}</p>
      <Form.Item
        name="appid"
        label="AppID"
        rules={[{ required: true, pattern: /^\s*wx[0-9a-f]{16}\s*$/, message: t('connect.appidWrong') }]}
      >
        <Input autoFocus autoComplete="off" spellCheck={false} placeholder="wx…" />
      </Form.Item>
      <Form.Item
        name="secret"
        label="AppSecret"
        extra={t('connect.secretNote')}
        rules={[{ required: true, min: 16, message: t('connect.secretShort') }]}
      >
        <Input.Password autoComplete="off" />
      </Form.Item>
      <Form.Item name="name" label={t('connect.name')}>
        <Input placeholder={t('connect.nameHint')} />
      </Form.Item>
      <Form.Item name="reception" label={t('connect.reception')}>
        <Radio.Group
          className="choices"
          options={(['poll', 'relay', 'callback'] as const).map((one) => ({
            value: one,
            label: (
              <>
                {t(`reception.${one}`)}
                <small>{t(`reception.${one}.text`)}</small>
              </>
            ),
          }))}
        />
      </Form.Item>
      {reception === 'relay' && (
        <Form.Item
          name="relayUrl"
          label={t('connect.relayUrl')}
          rules={[{ required: true, type: 'url', message: t('connect.urlWrong') }]}
        >
          <Input placeholder="https://" />
        </Form.Item>
      )}
      <Form.Item
        name="baseUrl"
        label={t('connect.baseUrl')}
        extra={t('connect.baseUrlNote')}
        rules={[{ type: 'url', message: t('connect.urlWrong') }]}
      >
        <Input placeholder="https://api.weixin.qq.com" />
      </Form.Item>
      <Button type="primary" size="large" block htmlType="submit" loading={busy}>
        {t('connect.does')}
      </Button>
    </Form>
  )
}

/** A field left empty is a field not given; the server would take '' for a wrong address. */
const withoutEmpty = (fields: ConnectFields): ConnectFields => ({
  ...fields,
  name: fields.name?.trim() || undefined,
  baseUrl: fields.baseUrl?.trim() || undefined,
  relayUrl: fields.relayUrl?.trim() || undefined,
})
