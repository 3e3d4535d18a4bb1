import type { WarRoomView } from '../../../src/incidents/view.ts'
import { useDesk } from '../desk.tsx'
import { ActForm, Because, Field } from '../pieces.tsx'

/** Closing asks for the cause and for what will be done so that it does not happen again. */
export function Resolve({ view }: { view: WarRoomView }) {
  const { t } = useDesk()
  return (
    <section class="card now" id="now" aria-labelledby="now-title" tabIndex={-1}>
      <div class="eyebrow">
        <span>{t('now')}</span>
      </div>
      <h2 id="now-title">{view.certainty === 'false-alarm' ? t('closeFalseAlarm') : t('closeTitle')}</h2>
      <ul class="plain" lang="zh-CN">
        {view.certainty !== 'false-alarm' && view.playbook.exit.map((line) => <li key={line}>{line}</li>)}
      </ul>
      <ActForm act="resolve" id="resolve">
        <Field act="resolve" name="cause" label={t('cause')} hint={t('causeHint')} rows={2} required />
        {[0, 1].map((n) => (
          <fieldset key={n}>
            <legend>{t('followUp', { n: n + 1 })}</legend>
            <Field act="resolve" name={`followUps.${n}.what`} label={t('followWhat')} />
            <Field act="resolve" name={`followUps.${n}.owner`} label={t('followOwner')} value={view.commander?.name} />
            <Field act="resolve" name={`followUps.${n}.dueOn`} label={t('followDue')} type="date" />
          </fieldset>
        ))}
      </ActForm>
    </section>
  )
}

export function Closed({ view }: { view: WarRoomView }) {
  const { t } = useDesk()
  const words = {
    restored: 'closedRestored',
    watching: 'closedWatching',
    reviewed: 'closedReviewed',
    merged: 'closedMerged',
  } as const
  const state = view.state
  if (state !== 'restored' && state !== 'watching' && state !== 'reviewed' && state !== 'merged') return null
  return (
    <section class="card now" id="now" aria-labelledby="now-title" tabIndex={-1}>
      <div class="eyebrow calm">
        <span>{t(`state-${state}`)}</span>
      </div>
      <h2 id="now-title">{t(words[state])}</h2>
      {view.outcome && (
        <dl class="facts" lang="zh-CN">
          <dt>{t('cause')}</dt>
          <dd>{view.outcome.cause}</dd>
          {view.outcome.followUps.map((task) => (
            <>
              <dt>{task.dueOn}</dt>
              <dd>
                {task.what}，{task.owner}
              </dd>
            </>
          ))}
        </dl>
      )}
      {view.me.mayDecide && state !== 'merged' && (
        <div class="links">
          {state === 'watching' && (
            <ActForm act="review">
              <button type="submit" class="small">
                {t('review')}
              </button>
            </ActForm>
          )}
          <details>
            <summary class="link">{t('reopen')}</summary>
            <ActForm act="reopen">
              <Because act="reopen" />
              <button type="submit" class="small">
                {t('reopenSend')}
              </button>
            </ActForm>
          </details>
        </div>
      )}
    </section>
  )
}
