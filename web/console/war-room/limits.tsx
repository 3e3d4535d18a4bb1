import type { ClockView } from '../../../src/incidents/view.ts'
import { Countdown } from '../shell/countdown.tsx'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { ExplainMiss } from './main-clock.tsx'
import { useRoom } from './room-context.ts'

/** Every limit of the incident with its moment; met ones show when, missed ones stay until somebody says why. */
export function Limits() {
  const { t } = useWords()
  const { view } = useRoom()
  return (
    <section className="card" aria-labelledby="limits">
      <div className="card-head">
        <h2 id="limits">{t('limits.title')}</h2>
        <small>{t('limits.from')}</small>
      </div>
      <ul className="limits num">
        {view.clocks.map((clock) => (
          <Limit key={clock.key} clock={clock} isMain={clock.key === view.mainClock?.key} />
        ))}
        {view.nextUpdateAt && (
          <li>
            <div>
              {t('clock.nextUpdate')}
              <small>{t('limits.promised')}</small>
            </div>
            <NextUpdate at={view.nextUpdateAt} />
          </li>
        )}
      </ul>
    </section>
  )
}

function NextUpdate({ at }: { at: NonNullable<ClockView['dueAt']> }) {
  const moment = useMoment()
  return (
    <span className="limit-left">
      <Countdown dueAt={at} />
      <small>{moment(at)}</small>
    </span>
  )
}

function Limit({ clock, isMain }: { clock: ClockView; isMain: boolean }) {
  const { t, pick } = useWords()
  const moment = useMoment(useRoom().view.detectedAt)
  const within = t('limits.within', { minutes: clock.withinMinutes })
  return (
    <li className={isMain ? 'limit-main' : ''}>
      <div>
        {pick(clock.title, clock.titleEn)}
        <small>
          {clock.tookMinutes === undefined
            ? `${within}${t('comma')}${moment(clock.dueAt)}`
            : `${within}${t('comma')}${t('limits.took', { minutes: clock.tookMinutes })}`}
        </small>
        {clock.missedAt &&
          (clock.explained ? <small>{t('limits.explained', { reason: clock.explained })}</small> : <ExplainMiss clock={clock} />)}
      </div>
      {clock.metAt ? (
        <span className={clock.missedAt ? 'limit-left warn' : 'limit-left ok'}>
          <span aria-hidden="true">✓ </span>
          <span className="only-read">{t('limits.met')}</span>
          {moment(clock.metAt)}
        </span>
      ) : (
        <span className="limit-left">
          <Countdown dueAt={clock.dueAt} />
        </span>
      )}
    </li>
  )
}
