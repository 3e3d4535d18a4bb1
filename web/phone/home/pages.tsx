import type { ComponentChildren } from 'preact'
import { clockTime } from '../../../src/platform/time.ts'
import { inLang } from '../../shared/format.ts'
import type { Lang } from '../../shared/i18n.ts'
import { at, DeskContext, useDesk, wordsIn } from '../desk.tsx'
import type { HomeProps, SessionsProps } from '../pages.ts'
import { Says } from '../pieces.tsx'
import { byDue, Due, isOpen, Row } from './rows.tsx'

type Tab = 'today' | 'incidents' | 'waiting' | 'more'
const places: Record<Tab, string> = { today: '/m', incidents: '/m/incidents', waiting: '/m/waiting', more: '/m/more' }
const tabWords = { today: 'tabToday', incidents: 'tabIncidents', waiting: 'tabWaiting', more: 'tabMore' } as const

type FrameProps = Pick<HomeProps, 'me' | 'notice' | 'kept'> & {
  lang: Lang
  tab: Tab
  version?: string
  counts?: Partial<Record<Tab, number>>
  press?: string
  children: ComponentChildren
}
function Frame({ me, notice, kept = {}, lang, tab, version, counts = {}, press = '', children }: FrameProps) {
  const t = wordsIn(lang)
  return (
    <DeskContext.Provider value={{ lang, t, path: places[tab], self: places[tab], press, kept, now: me.serverNow }}>
      <div class="home" data-now={me.serverNow} data-version={version}>
        <header>
          <h1>
            {t(tabWords[tab])}
            <small>
              {me.agency.name} · {me.person.name}
              {me.demo && ` · ${t('demo')}`}
            </small>
          </h1>
          <a class="live still num" href={places[tab]}>
            {clockTime(me.serverNow)}
            <small>{t('refresh')}</small>
          </a>
        </header>
        <main>
          <Says notice={notice} />
          {children}
        </main>
        <nav class="rail tabs" aria-label={t('places')}>
          {(Object.keys(places) as Tab[]).map((name) => (
            <a href={places[name]} aria-current={name === tab ? 'page' : undefined} key={name}>
              {t(tabWords[name])}
              {counts[name] ? <span class="count num">{counts[name]}</span> : null}
            </a>
          ))}
        </nav>
      </div>
    </DeskContext.Provider>
  )
}
/** Changes when a list would show something else. */
const versionOf = ({ rows, waiting, me }: HomeProps): string =>
  [
    me.duty.first,
    ...rows.map((r) => [r.id, r.state, r.commander, r.nextStep, r.nearestDue?.at, r.clientKnows, r.severity].join()),
    ...waiting.map((w) => w.href + w.title),
  ].join('|')
const countsOf = ({ rows, waiting }: HomeProps) => ({ incidents: rows.filter(isOpen).length, waiting: waiting.length })

/** Is anything wrong, and what must I do today. */
export function Today(props: HomeProps & { lang: Lang }) {
  const open = props.rows.filter(isOpen).sort(byDue)
  return (
    <Frame {...props} tab="today" version={versionOf(props)} counts={countsOf(props)}>
      {open.length === 0 ? <Quiet {...props} /> : <Rows rows={open} />}
      <Duty {...props} />
    </Frame>
  )
}

const Rows = ({ rows }: Pick<HomeProps, 'rows'>) => (
  <ul class="incidents">
    {rows.map((row) => (
      <Row row={row} key={row.id} />
    ))}
  </ul>
)

function Quiet({ lastCheckedAt }: Pick<HomeProps, 'lastCheckedAt'>) {
  const desk = useDesk()
  return (
    <section class="card quiet-state">
      <h2>{desk.t('allQuiet')}</h2>
      <p class="num">{lastCheckedAt ? desk.t('lastChecked', { time: at(desk, lastCheckedAt) }) : desk.t('neverChecked')}</p>
    </section>
  )
}

function Duty({ me }: Pick<HomeProps, 'me'>) {
  const { t } = useDesk()
  return (
    <section class="card" aria-labelledby="duty-title">
      <h2 id="duty-title">{t('duty')}</h2>
      <dl class="facts">
        <dt>{t('dutyFirst')}</dt>
        <dd>{me.duty.first ?? t('dutyNobody')}</dd>
        <dt>{t('dutyBackup')}</dt>
        <dd>{me.duty.backup ?? t('dutyNobody')}</dd>
      </dl>
    </section>
  )
}

export function Incidents(props: HomeProps & { lang: Lang }) {
  const t = wordsIn(props.lang)
  const open = props.rows.filter((row) => isOpen(row) && row.mode === 'real').sort(byDue)
  const watching = props.rows.filter((row) => !isOpen(row) && row.mode === 'real')
  const drills = props.rows.filter((row) => row.mode === 'drill')
  return (
    <Frame {...props} tab="incidents" version={versionOf(props)} counts={countsOf(props)}>
      <Group title={t('groupOpen')} rows={open} empty={t('groupOpenEmpty')} />
      {watching.length > 0 && <Group title={t('groupWatching')} rows={watching} />}
      {drills.length > 0 && <Group title={t('groupDrills')} rows={drills} />}
    </Frame>
  )
}

function Group({ title, rows, empty }: Pick<HomeProps, 'rows'> & { title: string; empty?: string }) {
  return (
    <section class="group">
      <h2>
        {title} <span class="num">{rows.length}</span>
      </h2>
      {rows.length > 0 ? <Rows rows={rows} /> : <p class="card">{empty}</p>}
    </section>
  )
}

const kinds = { step: 'waitStep', hand: 'waitHand', acknowledge: 'waitAcknowledge' } as const
export function Waiting(props: HomeProps & { lang: Lang }) {
  const t = wordsIn(props.lang)
  return (
    <Frame {...props} tab="waiting" version={versionOf(props)} counts={countsOf(props)}>
      {props.waiting.length === 0 && <p class="card">{t('nothingWaits')}</p>}
      <ul class="incidents">
        {props.waiting.map((item) => (
          <li class="incident" key={item.href + item.title}>
            <a href={item.href}>
              <span class="line small">
                <span class="state">{t(kinds[item.kind])}</span>
                <span>{item.about}</span>
              </span>
              <span class="line">
                <b>{inLang(props.lang, item.title, item.titleEn)}</b>
              </span>
              {item.dueAt && (
                <span class="line due num">
                  <span>{t('before', { time: clockTime(item.dueAt) })}</span>
                  <b>
                    <Due at={item.dueAt} />
                  </b>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </Frame>
  )
}

/** Language and look are one press each: POST /m/look with what to change, answered by 303 back here. */
export function More(props: HomeProps & { lang: Lang }) {
  const t = wordsIn(props.lang)
  return (
    <Frame {...props} tab="more" version={versionOf(props)} counts={countsOf(props)}>
      <section class="card">
        <h2>{t('language')}</h2>
        <Look
          name="lang"
          options={[
            ['zh', '中文'],
            ['en', 'English'],
          ]}
        />
      </section>
      <section class="card">
        <h2>{t('look')}</h2>
        <Look
          name="theme"
          options={[
            ['auto', t('lookAuto')],
            ['day', t('lookDay')],
            ['night', t('lookNight')],
          ]}
        />
        <p class="hint num">{t('lookHint')}</p>
      </section>
      <section class="card">
        <h2>{t('account')}</h2>
        <a class="link" href="/m/sessions">
          {t('sessions')}
        </a>
        <a class="link" href="/app">
          {t('desktop')}
        </a>
        <form method="post" action="/signout">
          <button type="submit" class="wide quiet">
            {t('signOut')}
          </button>
        </form>
      </section>
    </Frame>
  )
}

function Look({ name, options }: { name: 'lang' | 'theme'; options: readonly (readonly [string, string])[] }) {
  return (
    <form method="post" action="/m/look" class="segments">
      <input type="hidden" name="back" value="/m/more" />
      {options.map(([value, title]) => (
        <button
          type="submit"
          name={name}
          value={value}
          key={value}
          lang={value === 'zh' ? 'zh-CN' : value === 'en' ? 'en' : undefined}
        >
          {title}
        </button>
      ))}
    </form>
  )
}

export function Sessions({ me, press, sessions, notice, kept, lang }: SessionsProps & { lang: Lang }) {
  const t = wordsIn(lang)
  return (
    <Frame me={me} notice={notice} kept={kept} lang={lang} tab="more" press={press}>
      <h2>{t('sessions')}</h2>
      <ul class="incidents">
        {sessions.map((session) => (
          <li class="card" key={session.id}>
            <b>{session.device}</b> {session.current && <span class="tag">{t('thisDevice')}</span>}
            <p class="hint num">
              {session.ip} · {t('signedInAt', { time: clockTime(session.signedInAt) })} ·{' '}
              {t('seenAt', { time: clockTime(session.lastSeenAt) })}
            </p>
            {!session.current && (
              <form method="post" action={`/m/sessions/${session.id}/end`}>
                <input type="hidden" name="press" value={`${press}-end-${session.id}`} />
                <button type="submit" class="small quiet">
                  {t('endSession')}
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
    </Frame>
  )
}
