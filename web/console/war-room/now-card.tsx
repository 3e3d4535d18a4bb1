import { Button } from 'antd'
import { useId, useState } from 'react'
import type { StepView } from '../../../src/incidents/view.ts'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { messageOfStep } from './message-rules.ts'
import { canCompleteByKey, missingPieces, typedProof } from './now-rules.ts'
import { ProofPieces } from './proof-pieces.tsx'
import { useRoom } from './room-context.ts'

/** The one next act for people. */
export function NowCard() {
  const { view } = useRoom()
  return view.now ? <NowStep key={view.now.key} step={view.now} /> : <NothingNow />
}

function NowStep({ step }: { step: StepView }) {
  const { t, pick } = useWords()
  const { view, open } = useRoom()
  const moment = useMoment()
  const [receipt, setReceipt] = useState('')
  return (
    <section className="card now" id="now" aria-labelledby="now-title">
      <div className="now-text">
        <p className="now-eyebrow num">
          {t('now.title')}
          {view.nowNumber !== undefined && ` · ${t('now.number', { number: view.nowNumber, of: view.ofNumber })}`} ·{' '}
          {t('time.before', { time: moment(step.dueAt) })}
        </p>
        <h2 id="now-title">{pick(step.title, step.titleEn)}</h2>
        {step.problem && <p className="now-problem">{t('now.byHand', { problem: step.problem })}</p>}
        {step.question ? <p className="now-question">{step.question}</p> : <How step={step} />}
        {step.where && <p className="now-where">{t('now.where', { where: step.where })}</p>}
      </div>
      {view.me.mayAct && (
        <div className="now-acts">
          <MainAct step={step} receipt={receipt} />
          <Button onClick={() => open('cannot')}>
            {t('now.cannot')} <kbd>X</kbd>
          </Button>
        </div>
      )}
      <ProofPieces step={step} receipt={receipt} setReceipt={setReceipt} />
    </section>
  )
}

function How({ step }: { step: StepView }) {
  const [only, ...more] = step.how
  if (!only) return null
  if (more.length === 0) return <p>{only}</p>
  return (
    <ol className="now-how">
      {step.how.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ol>
  )
}

function MainAct({ step, receipt }: { step: StepView; receipt: string }) {
  const { t } = useWords()
  const { doAct, busy } = useRoom()
  const note = useId()
  if (step.kind === 'decision') {
    return step.answers.map((answer) => (
      <Button
        key={answer.key}
        type="primary"
        ghost
        size="large"
        className="now-answer"
        loading={busy}
        onClick={() => doAct({ do: 'complete', step: step.key, answer: answer.key })}
      >
        {answer.title}
      </Button>
    ))
  }
  if (step.kind === 'message') return <TellAct />
  const missing = missingPieces(step).filter((piece) => piece !== typedProof(step) || !receipt.trim())
  return (
    <>
      <Button
        type="primary"
        size="large"
        loading={busy}
        aria-describedby={missing.length > 0 ? note : undefined}
        onClick={() => doAct({ do: 'complete', step: step.key, receipt: receipt.trim() || undefined })}
      >
        {t('now.complete')} {canCompleteByKey(step) && <kbd>Enter</kbd>}
      </Button>
      {missing.length > 0 && (
        <p className="now-missing" id={note}>
          {t('now.missing', { count: missing.length })}
        </p>
      )}
    </>
  )
}

/** Sending, or what comes after it: a person still has to bring the words to the client. */
function TellAct() {
  const { t } = useWords()
  const { view, open, tell, doAct, busy } = useRoom()
  const message = messageOfStep(view)
  if (!message) {
    // The first word and the plans are drafted by themselves; that it is restored is for a person to say.
    return (
      <Button
        type="primary"
        size="large"
        loading={busy}
        onClick={async () => {
          if (await doAct({ do: 'draft', message: 'restored' })) tell('restored')
        }}
      >
        {t('message.draft.restored')}
      </Button>
    )
  }
  if (message.state === 'waiting-for-hand') {
    return (
      <Button type="primary" size="large" loading={busy} onClick={() => doAct({ do: 'sent-by-hand', messageId: message.id })}>
        {t('hand.sent')}
      </Button>
    )
  }
  return (
    <Button
      type="primary"
      size="large"
      disabled={message.state === 'sending'}
      onClick={() => {
        tell(message.kind)
        open('send')
      }}
    >
      {t(message.state === 'sending' ? 'fate.onItsWay' : 'message.send')} <kbd>Enter</kbd>
    </Button>
  )
}

function NothingNow() {
  const { t, pick } = useWords()
  const { view, open, doAct, busy } = useRoom()
  const running = view.steps.filter((step) => step.state === 'running')
  const waiting = view.messages.find((message) => message.state === 'waiting-for-hand')
  const over = view.state === 'restored' || view.state === 'watching' || view.state === 'reviewed'
  return (
    <section className="card now now-quiet" aria-labelledby="now-title">
      <div className="now-text">
        <p className="now-eyebrow">{t(over ? 'after.title' : 'now.title')}</p>
        <h2 id="now-title">
          {over ? t(`after.${view.state === 'reviewed' ? 'reviewed' : 'watching'}`) : waiting ? t('now.hand') : t('now.nothing')}
        </h2>
        {running.length > 0 && (
          <p>{t('now.running', { steps: running.map((step) => pick(step.title, step.titleEn)).join(t('list')) })}</p>
        )}
        {!over && running.length === 0 && (
          <>
            <p>{t('now.exit')}</p>
            <ul className="now-how">
              {view.playbook.exit.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </>
        )}
        {view.outcome && <Outcome />}
      </div>
      {view.me.mayDecide && (
        <div className="now-acts">
          {!over && (
            <Button type="primary" size="large" onClick={() => open('resolve')}>
              {t('resolve.title')}
            </Button>
          )}
          {over && view.state !== 'reviewed' && (
            <Button type="primary" size="large" loading={busy} onClick={() => doAct({ do: 'review' })}>
              {t('review.title')}
            </Button>
          )}
          {over && <Button onClick={() => open('reopen')}>{t('reopen.title')}</Button>}
        </div>
      )}
    </section>
  )
}

function Outcome() {
  const { t } = useWords()
  const outcome = useRoom().view.outcome
  if (!outcome) return null
  return (
    <>
      <p>{t('resolve.causeWas', { cause: outcome.cause })}</p>
      <ul className="now-how">
        {outcome.followUps.map((item) => (
          <li key={item.what}>{t('resolve.followUp', item)}</li>
        ))}
      </ul>
    </>
  )
}
