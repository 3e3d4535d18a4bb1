import type { PortalGlimpse, PortalView } from '../../../src/incidents/view.ts'
import { clockTime, type Instant } from '../../../src/platform/time.ts'
import type { Lang } from '../../shared/i18n.ts'
import { at, DeskContext, useDesk, wordsIn } from '../desk.tsx'
import type { LinkClosedProps, PortalProps } from '../pages.ts'
import { Phone, Says, Tick } from '../pieces.tsx'
import { ChooseBar, known, Plans } from './choose.tsx'
import { Identity } from './identity.tsx'

const isWhole = (view: PortalView | PortalGlimpse): view is PortalView => 'sentences' in view
const settled: readonly string[] = ['已控制住', '已恢复']

/** What a client opens from a message: how it stands, what was done, what to decide, what was promised. */
export function Portal({ view, token, press, ask, notice, kept = {}, lang }: PortalProps & { lang: Lang }) {
  const t = wordsIn(lang)
  const now: Instant = isWhole(view) ? view.serverNow : view.updatedAt
  return (
    <DeskContext.Provider value={{ lang, t, path: `/c/${token}`, self: `/c/${token}`, press, kept, now }}>
      <div class="portal" data-version={versionOf(view)} data-seen={isWhole(view) ? `${press}-seen` : undefined}>
        <header>
          <i aria-hidden="true">{view.agencyInitial}</i>
          <div>
            <b>{isWhole(view) ? t('accountOf', { name: view.accountName }) : view.agencyName}</b>
            <small>{isWhole(view) ? t('handledBy', { name: view.agencyName }) : t('handling')}</small>
          </div>
          {isWhole(view) && view.call && <Call call={view.call} />}
        </header>
        <main>
          <Says notice={notice} />
          {isWhole(view) ? <Whole view={view} press={press} /> : <Glimpse view={view} ask={ask} />}
        </main>
        {isWhole(view) && <ChooseBar view={view} />}
      </div>
    </DeskContext.Provider>
  )
}

/** Changes when the client would see something else; the script looks for it before it draws the page anew. */
const versionOf = (view: PortalView | PortalGlimpse): string =>
  isWhole(view)
    ? [view.updatedAt, view.statusWord, view.revision ?? 0, view.choice?.at ?? '', view.identity.stage].join('|')
    : `${view.updatedAt}|${view.statusWord}`

export function Call({ call }: { call: { name: string; phone: string } }) {
  const { t } = useDesk()
  return (
    <a class="call" href={`tel:${call.phone}`}>
      <Phone />
      {t('callWho', { name: call.name })}
    </a>
  )
}

function Whole({ view, press }: { view: PortalView; press: string }) {
  return (
    <>
      <Status view={view} />
      <Plans view={view} press={press} />
      {view.identity.stage !== 'known' && (view.plans || view.mayStop) && (
        <Identity stage={view.identity.stage} digits={view.identity.lastDigits} />
      )}
      <Promises view={view} />
      {view.mayStop && known(view) && <Stop press={press} />}
      <Until view={view} />
    </>
  )
}

function Pill({ word, updatedAt }: { word: string; updatedAt: Instant }) {
  const desk = useDesk()
  const done = settled.includes(word)
  return (
    <span class={done ? 'pill num' : 'pill going num'}>
      {done && <Tick />}
      <span lang="zh-CN">{word}</span> · {desk.t('updated', { time: at(desk, updatedAt) })}
    </span>
  )
}

function Status({ view }: { view: PortalView }) {
  const { t } = useDesk()
  return (
    <section class="card status">
      <Pill word={view.statusWord} updatedAt={view.updatedAt} />
      <h1 lang="zh-CN">{view.headline}</h1>
      {view.sentences.map((sentence) => (
        <p lang="zh-CN" key={sentence}>
          {sentence}
        </p>
      ))}
      {view.nextUpdateAt && (
        <p class="num">
          {t('nextWord')} <b>{t('before', { time: clockTime(view.nextUpdateAt) })}</b>
        </p>
      )}
      {view.done.length > 0 && (
        <ul class="did num">
          {view.done.map((item) => (
            <li key={item.title}>
              <Tick />
              <span lang="zh-CN">{item.title}</span>
              <time dateTime={item.at}>{clockTime(item.at)}</time>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Promises({ view }: { view: PortalView }) {
  const { t } = useDesk()
  if (view.promises.length === 0) return null
  return (
    <section class="card" aria-labelledby="promises-title">
      <h2 id="promises-title">{t('promises')}</h2>
      <p class="sub">{t('promisesHint')}</p>
      <ul class="promises num">
        {view.promises.map((promise) => (
          <li class={promise.state} key={promise.title}>
            <span lang="zh-CN">{promise.title}</span>
            <b>
              {promise.state === 'met' && (
                <>
                  <Tick /> {promise.tookMinutes === undefined ? t('kept') : t('took', { n: promise.tookMinutes })}
                </>
              )}
              {promise.state === 'running' && t('runningUntil', { time: clockTime(promise.dueAt) })}
              {promise.state === 'missed' &&
                (promise.tookMinutes === undefined ? t('notKept') : t('notKeptTook', { n: promise.tookMinutes }))}
            </b>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Stopping takes two taps and says first what it does. */
function Stop({ press }: { press: string }) {
  const { t, path } = useDesk()
  return (
    <section class="card">
      <details class="stop">
        <summary>{t('stop')}</summary>
        <p>{t('stopHint')}</p>
        <form method="post" action={`${path}/stop`}>
          <input type="hidden" name="press" value={`${press}-stop`} />
          <button type="submit" class="wide danger">
            {t('stopSend')}
          </button>
        </form>
      </details>
    </section>
  )
}

function Until({ view }: { view: PortalView }) {
  const desk = useDesk()
  return <p class="until num">{desk.t('until', { time: at(desk, view.expiresAt) })}</p>
}

function Glimpse({ view, ask }: { view: PortalGlimpse; ask?: 'digits' | 'code' }) {
  const { t } = useDesk()
  return (
    <>
      <section class="card status">
        <Pill word={view.statusWord} updatedAt={view.updatedAt} />
        <h1 lang="zh-CN">{t('glimpseTitle', { word: view.statusWord })}</h1>
        <p>{ask ? t('glimpseAsk') : t('glimpseOnly')}</p>
      </section>
      {ask && <Identity stage={ask} />}
    </>
  )
}

/** A link that no longer opens says why, that nothing happened, and whom to call. */
export function LinkClosed({ why, agencyName, call, lang, now }: LinkClosedProps & { lang: Lang; now: Instant }) {
  const t = wordsIn(lang)
  const words = { expired: 'linkExpired', revoked: 'linkRevoked', altered: 'linkAltered' } as const
  const hints = { expired: 'linkExpiredHint', revoked: 'linkRevokedHint', altered: 'linkAlteredHint' } as const
  return (
    <DeskContext.Provider value={{ lang, t, path: '', self: '', press: '', kept: {}, now }}>
      <main class="door">
        <section class="card">
          <h1>{t(words[why])}</h1>
          <p>{t('linkSafe')}</p>
          <p>{t(hints[why], { name: agencyName ?? t('yourAgency') })}</p>
          {call && <Call call={call} />}
        </section>
      </main>
    </DeskContext.Provider>
  )
}
