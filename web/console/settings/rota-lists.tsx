import { Button, Popconfirm } from 'antd'
import type { Shift } from '../../../src/people/rota.ts'
import type { RotaView } from '../../../src/people/rota-commands.ts'
import { api } from '../api/client.ts'
import { meQuery, rotaQuery } from '../api/queries.ts'
import { useSave } from '../api/use-save.ts'
import { useMoment } from '../shell/use-now.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { inOrder, weekdayKey } from './rota-rules.ts'
import { timeOf } from './wall-time.ts'

const shownGaps = 4

export function Gaps({ view }: { view: RotaView }) {
  const s = useSetupWords()
  const moment = useMoment()
  if (view.gaps.length === 0) return <p className="ok">✓ {s('rota.noGaps')}</p>
  return (
    <section className="card setting" aria-labelledby="gaps">
      <h3 id="gaps" className="warn">
        ▲ {s('rota.gaps', { count: view.gaps.length })}
      </h3>
      <ul className="rows num">
        {view.gaps.slice(0, shownGaps).map((gap) => (
          <li key={gap.from}>
            <span>
              {s('set.range', { from: moment(gap.from), until: moment(gap.until) })}{' '}
              <b className={gap.missing === 'first' ? 'bad' : 'warn'}>{s(`rota.gap.${gap.missing}`)}</b>
            </span>
            <small>{s(`rota.because.${gap.because}`)}</small>
          </li>
        ))}
      </ul>
      {view.gaps.length > shownGaps && <p className="mute">{s('rota.gapsMore', { count: view.gaps.length - shownGaps })}</p>}
    </section>
  )
}

export function Shifts({ view, mayChange }: { view: RotaView; mayChange: boolean }) {
  const s = useSetupWords()
  const remove = useSave({
    save: (id: string) => api.rota.removeShift({ id }),
    changes: [rotaQuery.queryKey, meQuery.queryKey],
    said: s('set.saved'),
  })
  const nameOf = (id: string) => view.people.find((person) => person.id === id)?.name ?? s('set.nobody')
  const whenOf = ({ weekday, fromMinute, lengthMinutes }: Shift) => {
    const until = fromMinute + lengthMinutes
    const end = until > 1440 ? s('set.nextDay', { time: timeOf(until - 1440) }) : timeOf(until)
    return `${s(weekdayKey(weekday))} ${s('set.range', { from: timeOf(fromMinute), until: end })}`
  }
  return (
    <section className="card setting" aria-labelledby="shifts">
      <h3 id="shifts">{s('rota.plan')}</h3>
      {view.shifts.length === 0 && <p className="mute">{s('rota.planNone')}</p>}
      <ul className="rows num">
        {view.shifts.toSorted(inOrder).map((shift) => (
          <li key={shift.id}>
            <span>
              {whenOf(shift)} · {s(`rota.${shift.position}`)} · <b>{nameOf(shift.personId)}</b>
            </span>
            {mayChange && (
              <Popconfirm
                title={s('rota.removeSure', { when: whenOf(shift), name: nameOf(shift.personId) })}
                description={s('rota.removeText')}
                okText={s('rota.remove')}
                cancelText={s('rota.keep')}
                onConfirm={() => remove.mutate(shift.id)}
              >
                <Button type="text">{s('rota.remove')}</Button>
              </Popconfirm>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

export function Swaps({ view }: { view: RotaView }) {
  const s = useSetupWords()
  const moment = useMoment()
  return (
    <section className="card setting" aria-labelledby="swaps">
      <h3 id="swaps">{s('rota.swaps')}</h3>
      {view.overrides.length === 0 && <p className="mute">{s('rota.swapsNone')}</p>}
      <ul className="rows num">
        {view.overrides.map((swap) => (
          <li key={swap.id}>
            <span>
              {s('rota.swapLine', {
                from: moment(swap.startsAt),
                until: moment(swap.endsAt),
                position: s(`rota.${swap.position}`),
                name: view.people.find((person) => person.id === swap.personId)?.name ?? s('set.nobody'),
              })}
            </span>
            <small>{swap.reason}</small>
          </li>
        ))}
      </ul>
    </section>
  )
}
