import { App, Button } from 'antd'
import { useRef } from 'react'
import type { MessageView } from '../../../src/incidents/view.ts'
import { countdown } from '../../shared/clock.ts'
import { Countdown } from '../shell/countdown.tsx'
import { useMoment, useNow } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { useRoom } from './room-context.ts'
import type { TypedMessage } from './use-typed.ts'

/** Where a message stands on its way to the client. */
export function MessageFate({ message, typed }: { message: MessageView; typed: TypedMessage }) {
  switch (message.state) {
    case 'draft':
      return null
    case 'sending':
      return <Leaving message={message} />
    case 'waiting-for-hand':
      return <HandTask message={message} text={typed.text} />
    case 'sent':
      return <Sent message={message} />
    case 'failed':
      return <Failed message={message} />
  }
}

/** Nothing leaves before the five seconds are over. */
function Leaving({ message }: { message: MessageView }) {
  const { t } = useWords()
  const { doAct, busy, view } = useRoom()
  const now = useNow()
  const left = message.leavesAt ? countdown(message.leavesAt, now) : undefined
  const mayCallBack = left !== undefined && !left.late && left.left > 0
  return (
    <div className="fate fate-leaving" role="status">
      <b>{mayCallBack ? t('fate.leaving', { seconds: Math.ceil(left.left / 1000) }) : t('fate.onItsWay')}</b>
      {mayCallBack && view.me.maySend && (
        <Button className="button-warn" loading={busy} onClick={() => doAct({ do: 'call-back', messageId: message.id })}>
          {t('fate.callBack')}
        </Button>
      )}
    </div>
  )
}

/** A person brings it to the client by hand; it counts as told only once they say that they did. */
function HandTask({ message, text }: { message: MessageView; text: string }) {
  const { t } = useWords()
  const { doAct, busy, view, upload } = useRoom()
  const { message: toast } = App.useApp()
  const moment = useMoment()
  const field = useRef<HTMLInputElement>(null)
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast.success(t('copy.done')),
      () => toast.warning(t('copy.failed')),
    )
  return (
    <div className="fate fate-hand">
      <div className="fate-line">
        <b>{t('hand.title', { name: view.recipient.salutation })}</b>
        {message.handDueAt && (
          <span className="num">
            {t('time.before', { time: moment(message.handDueAt) })} · <Countdown dueAt={message.handDueAt} />
          </span>
        )}
      </div>
      <div className="fate-acts">
        <Button type="primary" onClick={copy}>
          {t('hand.copy')}
        </Button>
        <Button loading={busy} onClick={() => doAct({ do: 'sent-by-hand', messageId: message.id })}>
          {t('hand.sent')}
        </Button>
        <Button type="text" onClick={() => field.current?.click()}>
          {t('hand.picture')}
        </Button>
        <input
          ref={field}
          type="file"
          accept="image/*"
          hidden
          aria-label={t('hand.picture')}
          onChange={(event) => {
            for (const file of event.target.files ?? []) upload({ file })
          }}
        />
      </div>
    </div>
  )
}

function Sent({ message }: { message: MessageView }) {
  const { t } = useWords()
  const { view } = useRoom()
  const moment = useMoment()
  return (
    <div className="fate">
      <p className="ok num">
        ✓ {message.sentAt && t(message.automatic ? 'fate.sentByItself' : 'fate.sent', { time: moment(message.sentAt) })}
        {message.readAt && ` · ${t('fate.read', { time: moment(message.readAt) })}`}
      </p>
      <Ways message={message} />
      {view.nextUpdateAt && <p className="num">{t('fate.next', { time: moment(view.nextUpdateAt) })}</p>}
    </div>
  )
}

function Failed({ message }: { message: MessageView }) {
  const { t } = useWords()
  return (
    <div className="fate" role="alert">
      <p className="bad">{t('fate.failed')}</p>
      <Ways message={message} />
    </div>
  )
}

const results = ['done', 'refused', 'unknown', 'expired'] as const

function Ways({ message }: { message: MessageView }) {
  const { t } = useWords()
  const moment = useMoment()
  const resultWord = (result: string) => {
    const known = results.find((one) => one === result)
    return known ? t(`way.${known}`) : result
  }
  return (
    <ul className="ways num">
      {message.ways.map((way) => (
        <li key={`${way.way} ${way.at} ${way.result}`}>
          {moment(way.at)} {way.way} · {resultWord(way.result)}
          {way.detail && <span className="mute"> {way.detail}</span>}
        </li>
      ))}
    </ul>
  )
}
