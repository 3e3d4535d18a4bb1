import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Form, Input, Popconfirm } from 'antd'
import type { AccountRow } from '../../../src/contract.ts'
import { api } from '../api/client.ts'
import { accountsQuery, meQuery } from '../api/queries.ts'
import { useTellProblem } from '../api/use-act.ts'
import { useWords } from '../words/words.tsx'
import { AccountKeeping } from './account-keeping.tsx'

export default function AccountDrawer({ account, onClose }: { account: AccountRow; onClose: () => void }) {
  const { t } = useWords()
  const facts: [string, string][] = [
    ['AppID', account.appid],
    [t('accounts.mode'), t(`mode.${account.mode}`)],
    [t('accounts.reception'), t(`reception.${account.reception}`)],
    [t('accounts.menu'), t(`baseline.${account.menu}`)],
    [t('accounts.autoReply'), t(`baseline.${account.autoReply}`)],
    [t('accounts.custodians'), account.custodians.join(t('list')) || t('accounts.nobody')],
    [t('accounts.spare'), account.spareAccountName ?? t('accounts.noSpare')],
  ]
  return (
    <Drawer open size={560} title={`${account.name} · ${account.clientName}`} onClose={onClose}>
      <dl className="facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <AccountKeeping account={account} />
      <RemovalAgreement account={account} />
      {(account.reception === 'callback' || account.reception === 'relay') && <GiveBack account={account} />}
    </Drawer>
  )
}

/** Removing is irreversible, so the client's word for it is kept with the name of who gave it (promise: nothing is removed without a name). */
function RemovalAgreement({ account }: { account: AccountRow }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const tellProblem = useTellProblem()
  const { message } = App.useApp()
  const role = useQuery(meQuery).data?.person.role
  const record = useMutation({
    mutationFn: (fields: { agreed: boolean; by: string; text: string }) =>
      api.accounts.agreeRemoval({ id: account.id, ...fields }),
    onError: tellProblem,
    onSuccess: () => {
      queries.invalidateQueries({ queryKey: accountsQuery.queryKey })
      message.success(t('agreement.recorded'))
    },
  })
  const agreed = account.removalAgreedBy !== undefined
  return (
    <section className="drawer-part">
      <h2>{t('agreement.title')}</h2>
      <p>{agreed ? t('agreement.by', { name: account.removalAgreedBy ?? '' }) : t('agreement.none')}</p>
      <p className="mute">{t('agreement.text')}</p>
      {role === 'admin' || role === 'lead' ? (
        <Form<{ by: string; text?: string }>
          layout="vertical"
          requiredMark={false}
          onFinish={({ by, text = '' }) => record.mutate({ agreed: !agreed, by, text })}
        >
          <Form.Item
            name="by"
            label={t(agreed ? 'agreement.withdrawnBy' : 'agreement.who')}
            rules={[{ required: true, whitespace: true, message: t('field.missing') }]}
          >
            <Input maxLength={50} />
          </Form.Item>
          <Form.Item name="text" label={t('agreement.words')}>
            <Input.TextArea rows={2} maxLength={500} />
          </Form.Item>
          <Button htmlType="submit" danger={agreed} loading={record.isPending}>
            {t(agreed ? 'agreement.withdraw' : 'agreement.record')}
          </Button>
        </Form>
      ) : (
        <p className="mute">{t('agreement.ask')}</p>
      )}
    </section>
  )
}

function GiveBack({ account }: { account: AccountRow }) {
  const { t } = useWords()
  const release = useRelease(account.id)
  return (
    <section className="drawer-part">
      <h2>{t('release.title')}</h2>
      <p className="mute">{t('release.text')}</p>
      <Popconfirm
        title={t('release.sure')}
        okText={t('release.title')}
        cancelText={t('dialog.leave')}
        onConfirm={() => release.mutate()}
      >
        <Button loading={release.isPending}>{t('release.title')}</Button>
      </Popconfirm>
    </section>
  )
}

export function useRelease(id: string) {
  const { t } = useWords()
  const queries = useQueryClient()
  const tellProblem = useTellProblem()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: () => api.accounts.releaseCallback({ id }),
    onError: tellProblem,
    onSuccess: () => {
      queries.invalidateQueries({ queryKey: accountsQuery.queryKey })
      message.success(t('release.done'))
    },
  })
}
