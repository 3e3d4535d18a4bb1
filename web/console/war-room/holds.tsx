import { Button, Popconfirm } from 'antd'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { useRoom } from './room-context.ts'

/** Publishing that stands still because of this incident; only a person with a name lets it go on. */
export function Holds() {
  const { t } = useWords()
  const { view, doAct, busy } = useRoom()
  const moment = useMoment()
  if (view.holds.length === 0) return null
  return (
    <section className="card" aria-labelledby="holds">
      <div className="card-head">
        <h2 id="holds">{t('holds.title')}</h2>
      </div>
      <ul className="rows">
        {view.holds.map((hold) => (
          <li key={hold.id}>
            <span className="num">
              {t('holds.since', { time: moment(hold.placedAt), count: hold.publications })}
              {hold.liftedAt && <span className="mute"> {t('holds.lifted', { time: moment(hold.liftedAt) })}</span>}
            </span>
            {!hold.liftedAt && view.me.mayDecide && (
              <Popconfirm
                title={t('holds.sure')}
                description={t('holds.sureText')}
                okText={t('holds.lift')}
                cancelText={t('holds.keep')}
                onConfirm={() => doAct({ do: 'lift-hold', hold: hold.id })}
              >
                <Button disabled={busy}>{t('holds.lift')}</Button>
              </Popconfirm>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
