import { Button, Input, Popover } from 'antd'
import { useState } from 'react'
import type { ClockView } from '../../../src/incidents/view.ts'
import { Countdown, SpokenLimit } from '../shell/countdown.tsx'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { draftForClock, latestOf } from './message-rules.ts'
import { useRoom } from './room-context.ts'

/** The nearest promise that is not kept yet: by when, how long is left, and the one button for it. */
export function MainClock() {
  const { t, pick } = useWords()
  const { view } = useRoom()
  const moment = useMoment()
  const clock = view.mainClock
  const first = latestOf(view.messages, 'first')
  if (!clock) {
    if (!view.nextUpdateAt) return <p className="main-clock main-clock-quiet">{t('clock.allMet')}</p>
    return (
      <section className="main-clock main-clock-quiet" aria-label={t('clock.nextUpdate')}>
        <div className="main-clock-title">
          {t('clock.nextUpdate')}
          <small className="num">{t('time.before', { time: moment(view.nextUpdateAt) })}</small>
        </div>
        <Countdown dueAt={view.nextUpdateAt} className="main-clock-left" />
        <TellButton />
      </section>
    )
  }
  const title = pick(clock.title, clock.titleEn)
  return (
    <section className={`main-clock${clock.missedAt ? ' main-clock-late' : ''}`} aria-label={t('clock.main')}>
      <div className="main-clock-title">
        {title}
        <small className="num">
          {t('time.before', { time: moment(clock.dueAt) })}
          {first?.sentAt && clock.key !== 'first-word' && `${t('comma')}${t('clock.firstSent', { time: moment(first.sentAt) })}`}
        </small>
      </div>
      <Countdown dueAt={clock.dueAt} className="main-clock-left" />
      <SpokenLimit title={title} dueAt={clock.dueAt} />
      {clock.missedAt && !clock.explained && <ExplainMiss clock={clock} />}
      <TellButton />
    </section>
  )
}

function TellButton() {
  const { t } = useWords()
  const { view, open, tell } = useRoom()
  const next = draftForClock(view)
  if (!next || !view.me.maySend) return null
  return (
    <Button
      className="button-warn"
      size="large"
      onClick={() => {
        tell(next.kind)
        open('send')
      }}
    >
      {t('message.send')}
    </Button>
  )
}

/** A missed promise stays factual: how far over, and why (ux §4.3). */
export function ExplainMiss({ clock }: { clock: ClockView }) {
  const { t } = useWords()
  const { doAct, busy, view } = useRoom()
  const [reason, setReason] = useState('')
  const [shown, setShown] = useState(false)
  if (!view.me.maySend) return null
  return (
    <Popover
      trigger="click"
      open={shown}
      onOpenChange={setShown}
      title={t('miss.title', { title: clock.title })}
      content={
        <form
          className="small-form"
          onSubmit={async (event) => {
            event.preventDefault()
            if (await doAct({ do: 'explain-miss', clock: clock.key, reason })) setShown(false)
          }}
        >
          <Input.TextArea
            rows={3}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            aria-label={t('miss.reason')}
            placeholder={t('miss.hint')}
          />
          <Button htmlType="submit" type="primary" loading={busy} disabled={reason.trim().length < 6}>
            {t('miss.save')}
          </Button>
        </form>
      }
    >
      <Button size="small">{t('miss.explain')}</Button>
    </Popover>
  )
}
