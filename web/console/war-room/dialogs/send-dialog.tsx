import { Modal } from 'antd'
import { useWords } from '../../words/words.tsx'
import { FindingList } from '../finding-list.tsx'
import { latestOf, mayGo } from '../message-rules.ts'
import { PlanCards } from '../plan-cards.tsx'
import { useRoom } from '../room-context.ts'
import { useTyped } from '../use-typed.ts'

/** The last look: the whole text, to whom, by which ways. After it five seconds remain to take it back. */
export default function SendDialog() {
  const { t } = useWords()
  const { view, telling, tell, doAct, busy, open } = useRoom()
  const message = latestOf(view.messages, telling)
  const typed = useTyped(message)
  const sendable = message !== undefined && (message.state === 'draft' || message.state === 'failed')
  const clean = sendable && mayGo(message.findings) && !typed.changed && view.me.maySend
  const send = async () => {
    if (!message || !(await doAct({ do: 'send', messageId: message.id }))) return
    tell(undefined)
    open(undefined)
  }
  return (
    <Modal
      open
      width={560}
      title={t('send.title', { name: view.recipient.salutation, client: view.clientName })}
      okText={t('send.does')}
      cancelText={t('dialog.leave')}
      okButtonProps={{ disabled: !clean, loading: busy, autoFocus: clean }}
      onOk={send}
      onCancel={() => open(undefined)}
    >
      {message && sendable ? (
        <>
          <p className="bubble send-text" lang="zh-CN">
            {message.text}
          </p>
          {message.plans && <PlanCards plans={message.plans} />}
          <p className="send-ways">
            {t('message.to')} <b>{view.recipient.ways.join(' + ') || t('message.noWay')}</b>
          </p>
          <FindingList findings={message.findings} />
          {typed.changed && <p className="warn">{t('send.unsaved')}</p>}
          <p className="mute">{view.mode === 'drill' ? t('send.drill') : t('send.callBack')}</p>
        </>
      ) : (
        <p>{t(message ? 'send.already' : 'send.nothing')}</p>
      )}
    </Modal>
  )
}
