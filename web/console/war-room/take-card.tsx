import { Button } from 'antd'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { useRoom } from './room-context.ts'

/** Nobody has it yet: the escalation keeps running until the server says that somebody has. */
export function TakeCard() {
  const { t } = useWords()
  const { view, doAct, busy } = useRoom()
  const moment = useMoment()
  const { ladder } = view
  return (
    <section className="card take" aria-labelledby="take">
      <div>
        <h2 id="take">{t('take.title')}</h2>
        <p className="mute num">
          {ladder.exhausted
            ? t('take.exhausted')
            : ladder.nextPerson && ladder.nextAt
              ? t('take.next', { time: moment(ladder.nextAt), name: ladder.nextPerson, way: ladder.nextWay ?? '' })
              : t('take.waiting')}
        </p>
      </div>
      {view.me.mayAct && (
        <div className="take-acts">
          <Button onClick={() => doAct({ do: 'decline' })} disabled={busy}>
            {t('take.decline')}
          </Button>
          <Button type="primary" size="large" onClick={() => doAct({ do: 'acknowledge' })} loading={busy}>
            {t('take.take')}
          </Button>
        </div>
      )}
    </section>
  )
}
