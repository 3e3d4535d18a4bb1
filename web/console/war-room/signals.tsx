import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { useRoom } from './room-context.ts'

export function Signals() {
  const { t } = useWords()
  const { view } = useRoom()
  const moment = useMoment()
  if (view.signals.length === 0) return null
  return (
    <section className="card" aria-labelledby="signals">
      <div className="card-head">
        <h2 id="signals">{t('signals.title')}</h2>
        <small className="num">{t('signals.count', { count: view.signals.length })}</small>
      </div>
      <ul className="plain-list">
        {view.signals.map((signal) => (
          <li key={`${signal.kind} ${signal.at} ${signal.summary}`}>
            {signal.summary}
            <small className="num">{moment(signal.at)}</small>
          </li>
        ))}
      </ul>
    </section>
  )
}
