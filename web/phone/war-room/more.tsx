import type { WarRoomView } from '../../../src/incidents/view.ts'
import { at, useDesk } from '../desk.tsx'
import { ActForm, Because, Choice, Field, Sheet } from '../pieces.tsx'
import { phaseOf } from '../war-room-rules.ts'

/** Help, handing over, calling, severity, a note: everything that is not the next act. */
export function MoreSheet({ view }: { view: WarRoomView }) {
  const { t, kept, path } = useDesk()
  const refused = ['hand-over', 'call-help', 'severity', 'note', 'lift-hold'].includes(kept.do ?? '')
  return (
    <Sheet id="more" title={t('more')} open={refused}>
      <ActForm act="call-help">
        <button type="submit" class="wide quiet">
          {t('callHelp')}
        </button>
      </ActForm>
      {view.calls.map((call) => (
        <a class="wide quiet button" href={`tel:${call.phone}`} key={call.phone}>
          {t('callPerson', { who: call.who, name: call.name })}
        </a>
      ))}
      <Ladder view={view} />
      {view.me.signedIn ? (
        <details open={kept.do === 'hand-over'}>
          <summary class="link">{t('handOver')}</summary>
          <ActForm act="hand-over">
            <Choice
              act="hand-over"
              name="to"
              label={t('handOverTo')}
              options={view.people.filter((p) => p.id !== view.commander?.id).map((p) => ({ value: p.id, title: p.name }))}
            />
            <Field act="hand-over" name="now" label={t('handOverNow')} required />
            <Field act="hand-over" name="next" label={t('handOverNext')} required />
            <Field act="hand-over" name="mind" label={t('handOverMind')} required />
            <button type="submit" class="small">
              {t('handOverSend')}
            </button>
          </ActForm>
        </details>
      ) : (
        <a class="link" href={`/signin?next=${encodeURIComponent(path)}`}>
          {t('signInForMore')}
        </a>
      )}
      <details open={kept.do === 'note'}>
        <summary class="link">{t('note')}</summary>
        <ActForm act="note">
          <Field act="note" name="text" label={t('noteText')} rows={3} required />
          <button type="submit" class="small">
            {t('noteSend')}
          </button>
        </ActForm>
      </details>
      {view.me.mayDecide && phaseOf(view) !== 'closed' && <Deciding view={view} />}
    </Sheet>
  )
}

function Ladder({ view }: { view: WarRoomView }) {
  const desk = useDesk()
  const { onDuty, ladder } = view
  const names = [onDuty.first, onDuty.backup].filter(Boolean).join('，')
  return (
    <p class="hint num">
      {names && desk.t('onDuty', { names })}
      {ladder.exhausted && ` ${desk.t('ladderExhausted')}`}
      {!ladder.exhausted &&
        ladder.nextAt &&
        ladder.nextPerson &&
        ` ${desk.t('ladderNext', { time: at(desk, ladder.nextAt), who: ladder.nextPerson })}`}
    </p>
  )
}

function Deciding({ view }: { view: WarRoomView }) {
  const { t, kept } = useDesk()
  const held = view.holds.filter((hold) => !hold.liftedAt)
  return (
    <>
      <details open={kept.do === 'severity'}>
        <summary class="link">{t('severity')}</summary>
        <p class="hint" lang="zh-CN">
          {view.severityRule}
        </p>
        <ActForm act="severity">
          <Choice
            act="severity"
            name="severity"
            label={t('severityTo')}
            options={(['P1', 'P2', 'P3', 'P4'] as const)
              .filter((s) => s !== view.severity)
              .map((s) => ({ value: s, title: `${s} ${t(`sev${s}`)}` }))}
          />
          <Because act="severity" />
          <button type="submit" class="small">
            {t('severitySend')}
          </button>
        </ActForm>
      </details>
      {held.map((hold) => (
        <details key={hold.id}>
          <summary class="link">{t('liftHold', { n: hold.publications })}</summary>
          <ActForm act="lift-hold" about={hold.id} fields={{ hold: hold.id }}>
            <p>{t('liftHoldHint')}</p>
            <button type="submit" class="small">
              {t('liftHoldSend')}
            </button>
          </ActForm>
        </details>
      ))}
    </>
  )
}
