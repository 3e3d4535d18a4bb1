import type { ActionView } from '../../../src/incidents/view.ts'
import { CheckIcon } from '../shell/icons.tsx'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { useRoom } from './room-context.ts'

export function Actions() {
  const { t } = useWords()
  const { view } = useRoom()
  const done = view.actions.filter((action) => action.state === 'done').length
  return (
    <section className="card" aria-labelledby="actions">
      <div className="card-head">
        <h2 id="actions">{t('actions.title', { count: view.actions.length })}</h2>
        <small className="num">
          {done} / {view.actions.length}
        </small>
      </div>
      <ol className="actions">
        {view.actions.map((action) => (
          <Action key={action.number} action={action} />
        ))}
      </ol>
    </section>
  )
}

function Action({ action }: { action: ActionView }) {
  const { t, pick } = useWords()
  const moment = useMoment(useRoom().view.detectedAt)
  const done = action.state === 'done'
  return (
    <li className={`action-${action.state}`} aria-current={action.state === 'current' ? 'step' : undefined}>
      <span className="dot">{done ? <CheckIcon /> : action.number}</span>
      <div>
        {pick(action.title, action.titleEn)}
        {done && action.doneAt && (
          <small className="num">
            {action.doneBy} {moment(action.doneAt)}
          </small>
        )}
        {action.state === 'running' && <small>{t('actions.running')}</small>}
        <span className="only-read"> {t(`actions.${action.state}`)}</span>
      </div>
    </li>
  )
}
