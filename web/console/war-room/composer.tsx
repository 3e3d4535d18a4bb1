import { Button, Segmented } from 'antd'
import type { MessageKind } from '../../../src/incidents/timeline.ts'
import { useWords } from '../words/words.tsx'
import { ClientSees } from './client-sees.tsx'
import { DraftEditor } from './draft-editor.tsx'
import { MessageFate } from './message-fate.tsx'
import { latestOf, messageKinds } from './message-rules.ts'
import { PlanCards } from './plan-cards.tsx'
import { useRoom } from './room-context.ts'
import { useTyped } from './use-typed.ts'

/** What the client is told: the words on the left, exactly what they will see on the right. */
export function Composer() {
  const { t } = useWords()
  const { view, telling, tell } = useRoom()
  const message = latestOf(view.messages, telling)
  const typed = useTyped(message)
  return (
    <section className="card composer" aria-labelledby="composer">
      <div className="composer-words">
        <div className="card-head">
          <h2 id="composer">{t('message.title')}</h2>
          <Segmented
            size="small"
            value={telling}
            onChange={tell}
            aria-label={t('message.which')}
            options={messageKinds.map((kind) => ({ value: kind, label: <TabLabel kind={kind} /> }))}
          />
        </div>
        {message ? (
          <>
            {message.plans && <PlanCards plans={message.plans} />}
            {message.state === 'draft' || message.state === 'failed' ? (
              <DraftEditor message={message} typed={typed} />
            ) : (
              <p className="sent-text">{message.text}</p>
            )}
            <MessageFate message={message} typed={typed} />
          </>
        ) : (
          <NoMessage />
        )}
      </div>
      <ClientSees message={message} text={typed.text} />
    </section>
  )
}

function TabLabel({ kind }: { kind: MessageKind }) {
  const { t } = useWords()
  const state = latestOf(useRoom().view.messages, kind)?.state
  const mark = state === 'sent' ? '✓' : state === 'sending' || state === 'waiting-for-hand' || state === 'failed' ? '●' : ''
  return (
    <>
      {t(`message.${kind}`)}
      {mark && <span aria-hidden="true"> {mark}</span>}
      {state && <span className="only-read"> {t(`message.state.${state}`)}</span>}
    </>
  )
}

function NoMessage() {
  const { t } = useWords()
  const { view, telling, doAct, busy } = useRoom()
  const canDraft = telling === 'progress' || telling === 'restored'
  return (
    <div className="no-message">
      <p className="mute">{t(canDraft ? 'message.noneYet' : 'message.prepared')}</p>
      {canDraft && view.me.maySend && (
        <Button loading={busy} onClick={() => doAct({ do: 'draft', message: telling })}>
          {t(`message.draft.${telling}`)}
        </Button>
      )}
    </div>
  )
}
