import type { Position } from '../../../src/people/rota.ts'
import type { RotaView } from '../../../src/people/rota-commands.ts'
import { dayOf } from '../../shared/format.ts'
import { useNow } from '../shell/use-now.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { useWords } from '../words/words.tsx'
import { type DayRow, isAwayAt, type Piece, positions, weekdayKey, weekRows } from './rota-rules.ts'
import { timeOf } from './wall-time.ts'

/** Seven days as two tracks each; scrolls sideways on a small screen rather than becoming unreadable. */
export function RotaWeek({ view }: { view: RotaView }) {
  const s = useSetupWords()
  const rows = weekRows(view, useNow())
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="card rota" tabIndex={0} aria-label={s('rota.week')}>
      <div className="rota-hours num" aria-hidden="true">
        {[0, 6, 12, 18, 24].map((hour) => (
          <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
            {hour}
          </span>
        ))}
      </div>
      {rows.map((row) => (
        <Day key={row.start} row={row} view={view} />
      ))}
    </section>
  )
}

function Day({ row, view }: { row: DayRow; view: RotaView }) {
  const { lang } = useWords()
  const s = useSetupWords()
  return (
    <div className="rota-day">
      <div className="rota-label">
        <b>{s(weekdayKey(row.weekday))}</b>
        <small className="num">{dayOf(row.start, lang)}</small>
      </div>
      {positions.map((position) => (
        <div className="rota-track" key={position}>
          <span className="rota-position">{s(`rota.${position}`)}</span>
          <ul className="rota-line">
            {row.tracks[position].map((piece) => (
              <Bar key={`${piece.key} ${piece.fromMinute}`} piece={piece} position={position} row={row} view={view} />
            ))}
          </ul>
        </div>
      ))}
    </div>
  )
}

function Bar({ piece, position, row, view }: { piece: Piece; position: Position; row: DayRow; view: RotaView }) {
  const s = useSetupWords()
  const hours = s('set.range', { from: timeOf(piece.fromMinute), until: timeOf(piece.untilMinute) })
  const person = piece.is === 'gap' ? undefined : view.people.find((one) => one.id === piece.personId)
  const away = person && isAwayAt(person, row.start, piece)
  const words =
    piece.is === 'gap'
      ? s(`rota.gap.${position}`)
      : [person?.name ?? '', piece.is === 'swap' ? s('rota.swapMark') : '', away ? s('rota.onLeave') : '']
          .filter(Boolean)
          .join(' · ')
  return (
    <li
      className={`rota-bar rota-${piece.is}${away ? ' rota-away' : ''}`}
      style={{ left: `${piece.fromMinute / 14.4}%`, width: `${(piece.untilMinute - piece.fromMinute) / 14.4}%` }}
      title={`${hours} ${words}`}
    >
      <span>{words}</span>
      <span className="only-read"> {hours}</span>
    </li>
  )
}
