import { useState } from 'preact/hooks'
import type { MessageView, WarRoomView } from '../../../src/incidents/view.ts'
import { clockTime, epoch } from '../../../src/platform/time.ts'
import { initialOf, inLang } from '../../shared/format.ts'
import { at, useDesk } from '../desk.tsx'
import { ActForm, Because, Field, Sheet, Tick } from '../pieces.tsx'
import { PlanFacts } from '../portal/plan.tsx'
import { Left, useNow } from '../ticker.tsx'
import { blocked, currentMessage, lastSent } from '../war-room-rules.ts'
import { wordFindings } from '../word-check.ts'

const stateWord = {
  draft: 'msgDraft',
  sending: 'msgSending',
  'waiting-for-hand': 'msgHand',
  sent: 'msgSent',
  failed: 'msgFailed',
} as const

/** What the client will read, word by word, and whether it may leave. */
export function WillSee({ view }: { view: WarRoomView }) {
  const { t } = useDesk()
  const message = currentMessage(view) ?? lastSent(view)
  if (!message) return null
  return (
    <section class="card" aria-labelledby="see-title">
      <div class="h3">
        <h2 id="see-title">{message.state === 'sent' ? t('clientSaw') : t('clientWillSee')}</h2>
        <span class={`tag ${message.state}`}>{t(stateWord[message.state])}</span>
      </div>
      <Bubble view={view} message={message} />
      <Checks message={message} />
      {view.choice && <Chosen view={view} />}
    </section>
  )
}

export function Bubble({ view, message }: { view: WarRoomView; message: MessageView }) {
  return (
    <div class="chat" lang="zh-CN">
      <div class="from">
        <i aria-hidden="true">{initialOf(view.agencyName)}</i>
        {view.agencyName} → {view.clientName} {view.recipient.salutation}
      </div>
      <div class="bubble num">{message.text}</div>
      {message.plans && (
        <div class="bubble-plans">
          <PlanFacts plan={message.plans.A} name="A" />
          <PlanFacts plan={message.plans.B} name="B" />
        </div>
      )}
    </div>
  )
}

function Checks({ message }: { message: MessageView }) {
  const desk = useDesk()
  const { t } = desk
  if (message.state === 'sent')
    return (
      <p class="checks num">
        <span>
          <Tick /> {t('sentAt', { time: message.sentAt ? at(desk, message.sentAt) : '' })}
        </span>
        <span>{message.readAt ? t('readAt', { time: at(desk, message.readAt) }) : t('notReadYet')}</span>
      </p>
    )
  if (message.findings.length > 0)
    return (
      <ul class="findings" lang="zh-CN">
        {message.findings.map((finding) => (
          <li class={finding.level} key={finding.text}>
            {finding.level === 'block' ? '▲ ' : '△ '}
            {finding.text}
          </li>
        ))}
      </ul>
    )
  return (
    <p class="checks">
      {(['checkFacts', 'checkNext', 'checkWords'] as const).map((key) => (
        <span key={key}>
          <Tick /> {t(key)}
        </span>
      ))}
    </p>
  )
}

function Chosen({ view }: { view: WarRoomView }) {
  const desk = useDesk()
  const { plan, who, at: when, byDefault } = view.choice!
  return <p class="chosen num">{desk.t(byDefault ? 'choseByDefault' : 'chose', { plan, who, time: at(desk, when) })}</p>
}

/** Five seconds in which nothing has left yet. */
export function CallBack({ message }: { message: MessageView }) {
  const { t } = useDesk()
  const now = useNow()
  const left = message.leavesAt ? Math.ceil((epoch(message.leavesAt) - epoch(now)) / 1000) : 0
  if (left <= 0) return <span class="tell busy">{t('leaving')}</span>
  return (
    <ActForm act="call-back" about={message.id} fields={{ messageId: message.id }}>
      <button type="submit" class="tell">
        {t('callBack')}
        <small class="num">{t('callBackLeft', { n: left })}</small>
      </button>
    </ActForm>
  )
}

/** Two taps: the bar opens this, and this sends. */
export function TellSheet({ view }: { view: WarRoomView }) {
  const { t, lang, kept, path } = useDesk()
  const message = currentMessage(view)
  const refused = ['send', 'change-message', 'postpone', 'draft'].includes(kept.do ?? '')
  if (!message || message.state === 'sending')
    return (
      <Sheet id="tell" title={t('tellClient')} open={refused}>
        <p>{view.nextUpdateAt ? t('nothingToTell', { time: clockTime(view.nextUpdateAt) }) : t('nothingToTellYet')}</p>
        {view.me.maySend && (
          <div class="pair">
            <ActForm act="draft" about="progress" fields={{ message: 'progress' }}>
              <button type="submit" class="wide go">
                {t('draftProgress')}
              </button>
            </ActForm>
            <ActForm act="draft" about="restored" fields={{ message: 'restored' }}>
              <button type="submit" class="wide quiet">
                {t('draftRestored')}
              </button>
            </ActForm>
          </div>
        )}
      </Sheet>
    )
  return (
    <Sheet id="tell" title={`${t('tellClient')} · ${inLang(lang, message.title, message.titleEn)}`} open={refused}>
      <Bubble view={view} message={message} />
      <Checks message={message} />
      <dl class="facts">
        <dt>{t('to')}</dt>
        <dd>
          {view.clientName} {view.recipient.salutation}
        </dd>
        <dt>{t('ways')}</dt>
        <dd>{view.recipient.ways.join('，') || t('noWay')}</dd>
        {message.autoAt && message.state === 'draft' && (
          <>
            <dt>{t('auto')}</dt>
            <dd class="num">{t('autoLeaves', { time: clockTime(message.autoAt) })}</dd>
          </>
        )}
      </dl>
      {view.me.maySend ? (
        <>
          <ActForm act="send" about={`${message.id}-${message.revision}`} fields={{ messageId: message.id }} class="stays">
            <button type="submit" class="wide go" disabled={blocked(message)}>
              {message.state === 'failed' ? t('sendAgain') : t('confirmSend')}
            </button>
          </ActForm>
          <p class="hint">{blocked(message) ? t('sendBlocked') : t('sendHint')}</p>
          <Change message={message} />
          {message.autoAt && message.state === 'draft' && <Postpone message={message} />}
        </>
      ) : (
        <a class="wide go button" href={`/signin?next=${encodeURIComponent(`${path}#tell`)}`}>
          {t('signInToSend')}
        </a>
      )}
    </Sheet>
  )
}

function Change({ message }: { message: MessageView }) {
  const { t, kept } = useDesk()
  const [findings, find] = useState<string[]>([])
  return (
    <details open={kept.do === 'change-message'}>
      <summary class="link">{t('changeText')}</summary>
      <ActForm act="change-message" about={`${message.id}-${message.revision}`} fields={{ messageId: message.id }}>
        <Field
          act="change-message"
          name="text"
          label={t('clientText')}
          rows={6}
          value={message.text}
          required
          onText={(text) => find(wordFindings(text))}
        />
        <ul class="findings" aria-live="polite" lang="zh-CN">
          {findings.map((finding) => (
            <li class="warn" key={finding}>
              △ {finding}
            </li>
          ))}
        </ul>
        <Field
          act="change-message"
          name="nextUpdateTime"
          type="time"
          label={t('nextWordBy')}
          value={message.nextUpdateAt && clockTime(message.nextUpdateAt)}
          required
        />
        <button type="submit" class="small">
          {t('saveText')}
        </button>
      </ActForm>
    </details>
  )
}

function Postpone({ message }: { message: MessageView }) {
  const { t, kept } = useDesk()
  return (
    <details open={kept.do === 'postpone'}>
      <summary class="link">{t('postpone')}</summary>
      <ActForm act="postpone" about={message.id} fields={{ messageId: message.id }}>
        <Field act="postpone" name="minutes" label={t('postponeMinutes')} type="number" inputMode="numeric" value="3" required />
        <Because act="postpone" />
        <button type="submit" class="small">
          {t('postponeSend')}
        </button>
      </ActForm>
    </details>
  )
}

/** The account manager sends it from their own WeChat; the tool prepares the words and watches the clock. */
export function HandTask({ view }: { view: WarRoomView }) {
  const { t, path, linkKey } = useDesk()
  const message = currentMessage(view)
  if (message?.state !== 'waiting-for-hand') return null
  return (
    <section class="card hand" aria-labelledby="hand-title">
      <div class="eyebrow warn">
        <span>{t('handTask')}</span>
        {message.handDueAt && (
          <span class="num">
            {t('before', { time: clockTime(message.handDueAt) })} <Left dueAt={message.handDueAt} />
          </span>
        )}
      </div>
      <h2 id="hand-title">{t('handTitle', { who: view.recipient.salutation })}</h2>
      <textarea class="copy-text" readOnly rows={5} aria-label={t('clientText')} lang="zh-CN" value={message.text} />
      <button type="button" class="wide quiet script-only" data-copy={t('copied')}>
        {t('copy')}
      </button>
      {view.me.maySend && (
        <ActForm act="sent-by-hand" about={message.id} fields={{ messageId: message.id }}>
          <button type="submit" class="wide go">
            {t('sentByHand')}
          </button>
        </ActForm>
      )}
      <details>
        <summary class="link">{t('handPicture')}</summary>
        <form method="post" action={`${path}/evidence`} encType="multipart/form-data" class="upload">
          <input type="hidden" name="step" value={stepOf(view, message)} />
          {linkKey && <input type="hidden" name="k" value={linkKey} />}
          <label for="hand-file">{t('takeOrPick')}</label>
          <input type="file" id="hand-file" name="file" accept="image/*" required />
          <button type="submit" class="small">
            {t('upload')}
          </button>
        </form>
      </details>
      <p class="hint">{t('handHint')}</p>
    </section>
  )
}
const stepOf = (view: WarRoomView, message: MessageView) =>
  view.steps.find((step) => step.kind === 'message' && step.title === message.title)?.key ?? ''
