import { Button, Input } from 'antd'
import { type KeyboardEvent, useState } from 'react'
import type { MessageView } from '../../../src/incidents/view.ts'
import { clockTime } from '../../../src/platform/time.ts'
import { dayOf } from '../../shared/format.ts'
import { useMoment, useNow } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { FindingList } from './finding-list.tsx'
import { findingsWhileTyping, mayGo, movedTo, withNextTime } from './message-rules.ts'
import { useRoom } from './room-context.ts'
import type { TypedMessage } from './use-typed.ts'

export function DraftEditor({ message, typed }: { message: MessageView; typed: TypedMessage }) {
  const { t } = useWords()
  const { view, doAct, busy, open } = useRoom()
  const now = useNow()
  const findings = typed.changed ? findingsWhileTyping(typed, message, now, view.certainty) : message.findings
  const clean = mayGo(findings)
  const editable = view.me.maySend
  const save = async () => {
    if (await doAct({ do: 'change-message', messageId: message.id, text: typed.text, nextUpdateAt: typed.nextUpdateAt }))
      typed.forget()
  }
  const send = () => clean && !typed.changed && open('send')
  return (
    <div className="draft">
      <Input.TextArea
        id="client-words"
        aria-label={t('message.words')}
        aria-describedby="client-findings"
        value={typed.text}
        readOnly={!editable}
        autoSize={{ minRows: 3, maxRows: 8 }}
        onChange={(event) => typed.set({ text: event.target.value, nextUpdateAt: typed.nextUpdateAt })}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          event.stopPropagation()
          if (typed.changed) save()
          else send()
        }}
      />
      <div className="draft-facts num">
        <NextTime typed={typed} editable={editable} />
        {message.chooseUntil && <span>{t('message.silent', { time: clockTime(message.chooseUntil) })}</span>}
        <span>
          {t('message.to')} <b>{view.recipient.ways.join(' + ') || t('message.noWay')}</b>
        </span>
      </div>
      <FindingList id="client-findings" findings={findings} />
      {editable && (
        <div className="draft-acts">
          {typed.changed ? (
            <>
              <Button type="primary" loading={busy} onClick={save}>
                {t('message.save')} <kbd>Ctrl Enter</kbd>
              </Button>
              <Button onClick={typed.forget}>{t('message.undo')}</Button>
              <span className="mute">{t('message.saveNote')}</span>
            </>
          ) : (
            <>
              <Button type="primary" disabled={!clean} onClick={send}>
                {t(message.state === 'failed' ? 'message.again' : 'message.send')} <kbd>Ctrl Enter</kbd>
              </Button>
              {message.autoAt && message.state === 'draft' && <AutoNote message={message} />}
            </>
          )}
        </div>
      )}
    </div>
  )
}

function AutoNote({ message }: { message: MessageView }) {
  const { t } = useWords()
  const { open } = useRoom()
  const moment = useMoment()
  if (!message.autoAt) return null
  return (
    <>
      <span className="mute num">{t('message.auto', { time: moment(message.autoAt) })}</span>
      <Button type="link" onClick={() => open('postpone')}>
        {t('postpone.title')}
      </Button>
    </>
  )
}

/** A text field on purpose: the browser's own time field follows the computer's 12-hour clock. */
function NextTime({ typed, editable }: { typed: TypedMessage; editable: boolean }) {
  const { t, lang } = useWords()
  const now = useNow()
  const [field, setField] = useState<string | undefined>()
  const day = typed.nextUpdateAt && dayOf(typed.nextUpdateAt, lang)
  const shown = field ?? (typed.nextUpdateAt ? clockTime(typed.nextUpdateAt) : '')
  return (
    <label>
      {t('message.next')} {day !== dayOf(now, lang) && day}{' '}
      <input
        className="time-field"
        inputMode="numeric"
        maxLength={5}
        placeholder="03:50"
        readOnly={!editable}
        value={shown}
        onChange={(event) => {
          setField(event.target.value)
          const at = movedTo(event.target.value, typed.nextUpdateAt, now)
          if (at) typed.set({ text: withNextTime(typed.text, typed.nextUpdateAt, at), nextUpdateAt: at })
        }}
        onBlur={() => setField(undefined)}
      />
    </label>
  )
}
