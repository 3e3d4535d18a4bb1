import type { ComponentChildren } from 'preact'
import type { WarRoomView } from '../../../src/incidents/view.ts'
import { clockTime } from '../../../src/platform/time.ts'
import { useDesk } from '../desk.tsx'
import { ActForm } from '../pieces.tsx'
import { Left } from '../ticker.tsx'
import { currentMessage, nextAct, owedAt, phaseOf } from '../war-room-rules.ts'
import { CallBack } from './tell.tsx'

/** Always in reach: more, tell the client, and the true next act. */
export function Bar({ view, outbox }: { view: WarRoomView; outbox?: ComponentChildren }) {
  const phase = phaseOf(view)
  return (
    <Rail>
      {outbox}
      {phase === 'to-acknowledge' && <Acknowledge view={view} />}
      {phase === 'mine' && (
        <div class="bar">
          <More />
          <Tell view={view} />
          <Go view={view} />
        </div>
      )}
      {phase === 'following' && (
        <div class="bar two">
          <More />
          <Tell view={view} />
        </div>
      )}
      {phase === 'closed' && <Back />}
    </Rail>
  )
}

function Rail({ children }: { children: ComponentChildren }) {
  const { t } = useDesk()
  return (
    <nav class="rail" aria-label={t('acts')}>
      {children}
    </nav>
  )
}

function Back() {
  const { t } = useDesk()
  return (
    <div class="bar one">
      <a class="quiet" href="/m">
        {t('backToAll')}
      </a>
    </div>
  )
}

function Acknowledge({ view }: { view: WarRoomView }) {
  const { t } = useDesk()
  const { ladder } = view
  return (
    <>
      <ActForm act="decline">
        <button type="submit" class="decline">
          {t('decline')}
        </button>
      </ActForm>
      {ladder.nextPerson && ladder.nextAt && (
        <p class="hint num">
          {t('ladderNext', { time: clockTime(ladder.nextAt), who: ladder.nextPerson })} <Left dueAt={ladder.nextAt} />
        </p>
      )}
      <div class="bar one">
        <ActForm act="acknowledge">
          <button type="submit" class="go">
            {t('acknowledge')}
          </button>
        </ActForm>
      </div>
    </>
  )
}

function More() {
  const { t } = useDesk()
  return (
    <a class="more" href="#more">
      <span class="unseen">{t('moreLabel')}</span>
      <svg
        width="24"
        height="24"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        stroke-width="3.4"
        stroke-linecap="round"
        aria-hidden="true"
      >
        <path d="M5 12h.01M12 12h.01M19 12h.01" />
      </svg>
    </a>
  )
}

function Tell({ view }: { view: WarRoomView }) {
  const { t } = useDesk()
  const message = currentMessage(view)
  if (message?.state === 'sending') return <CallBack message={message} />
  if (message?.state === 'waiting-for-hand')
    return (
      <a class="tell" href="#hand-title">
        {t('handShort')}
        {message.handDueAt && <small class="num">{t('before', { time: clockTime(message.handDueAt) })}</small>}
      </a>
    )
  const due = message && owedAt(view, message)
  if (message)
    return (
      <a class="tell" href="#tell">
        {message.state === 'failed' ? t('sendAgain') : t('tellClient')}
        {due && (
          <small>
            <Left dueAt={due} word={t('leftWord')} />
          </small>
        )}
      </a>
    )
  return (
    <a class="tell calm" href="#tell">
      {view.nextUpdateAt ? t('nextUpdate') : t('tellClient')}
      {view.nextUpdateAt && <small class="num">{clockTime(view.nextUpdateAt)}</small>}
    </a>
  )
}

function Go({ view }: { view: WarRoomView }) {
  const { t } = useDesk()
  const next = nextAct(view)
  switch (next.act) {
    case 'upload':
      return (
        <a class="go" href={`#proof-${next.proof}`} data-pick={`proof-${next.proof}`}>
          {t('uploadPicture')}
          <small>{t('stillMissing', { n: next.missing, what: next.title })}</small>
        </a>
      )
    case 'complete':
      return (
        <button type="submit" class="go" form="complete">
          {t('completeStep')}
          {view.nowNumber && <small class="num">{t('stepOf', { n: view.nowNumber, of: view.ofNumber })}</small>}
        </button>
      )
    case 'answer':
      return (
        <a class="go" href="#now">
          {t('answerAbove')}
        </a>
      )
    case 'tell':
      return (
        <a class="go" href="#tell">
          {t('tellNow')}
        </a>
      )
    case 'resolve':
      return (
        <button type="submit" class="go" form="resolve">
          {t('resolve')}
        </button>
      )
    case 'wait':
      return <span class="go busy">{t('waiting')}</span>
  }
}
