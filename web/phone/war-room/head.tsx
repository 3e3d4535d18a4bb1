import type { WarRoomView } from '../../../src/incidents/view.ts'
import { clockTime } from '../../../src/platform/time.ts'
import { usedShare } from '../../shared/clock.ts'
import { inLang } from '../../shared/format.ts'
import { at, useDesk } from '../desk.tsx'
import type { Connection } from '../live-rules.ts'
import { ActForm, Because, SeverityMark, Tick } from '../pieces.tsx'
import { Left, Since, Timer, useNow } from '../ticker.tsx'
import { currentMessage, otherClocks, unexplained } from '../war-room-rules.ts'

export function Head({ view, connection }: { view: WarRoomView; connection: Connection }) {
  const desk = useDesk()
  const { t, lang } = desk
  return (
    <header>
      <SeverityMark severity={view.severity} />
      <h1>
        {view.mode === 'drill' && <span class="drill-word">{t('drill')} · </span>}
        {inLang(lang, view.title, view.titleEn)} · {view.accountName}
        <small class="num">
          {t('foundAt', { time: at(desk, view.detectedAt) })} ·{' '}
          {view.commander ? t('leads', { name: view.commander.name }) : t('nobodyYet')} · {t('forTime')}{' '}
          <Since start={view.detectedAt} />
        </small>
      </h1>
      <Badge view={view} connection={connection} />
    </header>
  )
}

/** Never claims to be live before it is: the page as sent shows its time and a way to refresh. */
function Badge({ view, connection }: { view: WarRoomView; connection: Connection }) {
  const { t, self } = useDesk()
  const time = clockTime(view.serverNow)
  if (connection === 'still')
    return (
      <a class="live still num" href={self}>
        {time}
        <small>{t('refresh')}</small>
      </a>
    )
  const words = { live: t('live'), polling: t('polling'), reconnecting: t('reconnecting'), offline: t('offline', { time }) }
  return (
    <span class={`live ${connection} num`} role="status">
      <i aria-hidden="true" />
      {words[connection]}
    </span>
  )
}

/** A chip has room for one word; playbooks give a short title in Chinese only. */
const shortEn: Record<string, string> = {
  contain: 'Contain',
  'first-word': 'Tell',
  evidence: 'Proof',
  platform: 'WeChat',
  plans: 'Plans',
  'second-sweep': 'Sweep',
}

export function Clocks({ view }: { view: WarRoomView }) {
  const { t, lang } = useDesk()
  const main = view.mainClock
  const auto = currentMessage(view)
  const chips = otherClocks(view)
  return (
    <section class="card clock" aria-label={t('limits')}>
      {main ? (
        <>
          <div class="top">
            <div class="lab">
              {inLang(lang, main.title, main.titleEn)}
              <small class="num">
                {t('before', { time: clockTime(main.dueAt) })}
                {auto?.state === 'draft' &&
                  auto.autoAt &&
                  main.key === 'first-word' &&
                  t('autoAt', { time: clockTime(auto.autoAt) })}
              </small>
            </div>
            <Timer dueAt={main.dueAt} label={inLang(lang, main.title, main.titleEn)} />
          </div>
          <Used view={view} />
        </>
      ) : (
        <div class="top">
          <div class="lab calm">
            {view.nextUpdateAt ? t('nextUpdate') : t('allLimitsKept')}
            {view.nextUpdateAt && <small class="num">{t('before', { time: clockTime(view.nextUpdateAt) })}</small>}
          </div>
          {view.nextUpdateAt && <Timer dueAt={view.nextUpdateAt} label={t('nextUpdate')} />}
        </div>
      )}
      <ul class={chips.length > 5 ? 'limits thirds num' : 'limits num'}>
        {chips.map((clock) => (
          <li key={clock.key} class={clock.metAt ? 'done' : clock.missedAt ? 'late' : ''}>
            <span>{inLang(lang, clock.short, shortEn[clock.key] ?? clock.titleEn)}</span>
            <b>
              {clock.metAt ? (
                <>
                  <Tick /> {clockTime(clock.metAt)}
                </>
              ) : (
                <Left dueAt={clock.dueAt} />
              )}
            </b>
            {!clock.metAt && <small>{t('by', { time: clockTime(clock.dueAt) })}</small>}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Used({ view }: { view: WarRoomView }) {
  const share = usedShare(view.detectedAt, view.mainClock!.dueAt, useNow())
  return (
    <svg class="used" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="all" width="100" height="6" />
      <rect class="part" width={(share * 100).toFixed(1)} height="6" />
    </svg>
  )
}

/** A missed limit stays factual: by how much, why, and tell now (ux §4.3). */
export function Missed({ view }: { view: WarRoomView }) {
  const { t, lang } = useDesk()
  return (
    <>
      {unexplained(view).map((clock) => (
        <section class="card missed" key={clock.key}>
          <h2>{t('missedTitle', { what: inLang(lang, clock.title, clock.titleEn), time: clockTime(clock.dueAt) })}</h2>
          <p>{clock.metAt ? t('missedMet', { time: clockTime(clock.metAt) }) : t('missedOpen')}</p>
          {view.me.maySend && (
            <details>
              <summary class="link">{t('explainMiss')}</summary>
              <ActForm act="explain-miss" about={clock.key} fields={{ clock: clock.key }}>
                <Because act="explain-miss" />
                <button type="submit" class="small">
                  {t('saveReason')}
                </button>
              </ActForm>
            </details>
          )}
        </section>
      ))}
    </>
  )
}
