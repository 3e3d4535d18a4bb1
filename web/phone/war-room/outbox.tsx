import type { Lang } from '../../shared/i18n.ts'
import { wordsIn } from '../desk.tsx'
import type { Queue, QueueState } from '../queue.ts'

type Props = { state: QueueState; queue?: Queue; lang: Lang; path: string }

/** What is still on this device, and the one question only a person can answer. */
export function Outbox({ state, queue, lang, path }: Props) {
  const t = wordsIn(lang)
  const { askAgain, waiting, signIn } = state
  if (askAgain)
    return (
      <div class="outbox" role="alert">
        {t('queueConfirm')}
        <div>
          <button type="button" onClick={() => queue?.confirm(askAgain)}>
            {t('queueSend')}
          </button>
          <button type="button" onClick={() => queue?.drop(askAgain)}>
            {t('queueDrop')}
          </button>
        </div>
      </div>
    )
  if (signIn)
    return (
      <div class="outbox" role="alert">
        {t('queueSignIn')} <a href={`/signin?next=${encodeURIComponent(path)}`}>{t('signIn')}</a>
      </div>
    )
  if (waiting.length === 0) return null
  const uploads = waiting.flatMap((one) => (one.kind === 'upload' ? [one.name] : []))
  return (
    <div class="outbox num" role="status">
      {t('queueWaiting', { n: waiting.length })}
      {uploads[0] && ` · ${t('uploading', { name: uploads[0] })}`}
    </div>
  )
}
