import type { ComponentChildren } from 'preact'
import type { Instant } from '../../../src/platform/time.ts'
import type { Lang } from '../../shared/i18n.ts'
import { DeskContext, wordsIn } from '../desk.tsx'
import type { ErrorProps, Kept, Notice, SetupProps, SignedOutProps, SignInOnceProps, SignInProps } from '../pages.ts'
import { Field, Says } from '../pieces.tsx'

type Setting = { lang: Lang; now: Instant }

/** A plain page with one card: signing in, setting up, saying that something went wrong. */
function Door({
  lang,
  now,
  kept = {},
  notice,
  title,
  lead,
  children,
}: Setting & { kept?: Kept; notice?: Notice; title: string; lead?: string; children?: ComponentChildren }) {
  const t = wordsIn(lang)
  return (
    <DeskContext.Provider value={{ lang, t, path: '', self: '', press: '', kept, now }}>
      <main class="door">
        <p class="brand">
          <b>{t('brand')}</b> dingxin
        </p>
        <section class="card">
          <h1>{title}</h1>
          {lead && <p class="sub">{lead}</p>}
          <Says notice={notice} />
          {children}
        </section>
      </main>
    </DeskContext.Provider>
  )
}

const Next = ({ next }: { next?: string }) => (next ? <input type="hidden" name="next" value={next} /> : null)

export function SignIn({ stage, next, agencyName, notice, kept, lang, now }: SignInProps & Setting) {
  const t = wordsIn(lang)
  const totp = stage === 'totp'
  return (
    <Door
      lang={lang}
      now={now}
      kept={kept}
      notice={notice}
      title={t(totp ? 'totpTitle' : 'signInTitle')}
      lead={totp ? t('totpLead') : agencyName}
    >
      <form method="post" action="/signin">
        <input type="hidden" name="stage" value={stage} />
        <Next next={next} />
        {totp ? (
          <Field
            name="code"
            label={t('totpLabel')}
            inputMode="numeric"
            autocomplete="one-time-code"
            required
            maxLength={12}
            hint={t('totpHint')}
          />
        ) : (
          <>
            <Field name="email" label={t('email')} type="email" inputMode="email" autocomplete="username" required />
            <Field name="password" label={t('password')} type="password" autocomplete="current-password" required />
          </>
        )}
        <button type="submit" class="wide go">
          {t('signIn')}
        </button>
      </form>
      <p class="hint">{t(totp ? 'totpHelp' : 'signInHelp')}</p>
    </Door>
  )
}

/** The link only shows; the press signs in, because chat apps open links by themselves (ux §1.5). */
export function SignInOnce({ token, personName, agencyName, next, notice, lang, now }: SignInOnceProps & Setting) {
  const t = wordsIn(lang)
  return (
    <Door lang={lang} now={now} notice={notice} title={t('onceTitle', { name: personName })} lead={agencyName}>
      <form method="post" action={`/signin/once/${token}`}>
        <Next next={next} />
        <button type="submit" class="wide go">
          {t('onceSend')}
        </button>
      </form>
      <p class="hint">{t('onceHint', { name: personName })}</p>
    </Door>
  )
}

export function Setup({ token, notice, kept, lang, now }: SetupProps & Setting) {
  const t = wordsIn(lang)
  return (
    <Door lang={lang} now={now} kept={kept} notice={notice} title={t('setupTitle')} lead={t('setupLead')}>
      <form method="post" action={`/setup/${token}`}>
        <Field name="agency" label={t('agencyName')} autocomplete="organization" required maxLength={50} />
        <Field name="name" label={t('yourName')} autocomplete="name" required maxLength={50} />
        <Field name="email" label={t('email')} type="email" inputMode="email" autocomplete="username" required />
        <Field
          name="password"
          label={t('password')}
          type="password"
          autocomplete="new-password"
          required
          minLength={12}
          hint={t('passwordHint')}
        />
        <button type="submit" class="wide go">
          {t('setupSend')}
        </button>
      </form>
    </Door>
  )
}

export function SignedOut({ next, lang, now }: SignedOutProps & Setting) {
  const t = wordsIn(lang)
  return (
    <Door lang={lang} now={now} title={t('signedOut')} lead={t('signedOutLead')}>
      <a class="wide go button" href={next ? `/signin?next=${encodeURIComponent(next)}` : '/signin'}>
        {t('signIn')}
      </a>
    </Door>
  )
}

/** What happened, what is safe, what to do, and a code to read aloud (ux §12). */
export function ErrorPage({ happened, safe, todo, code, back, lang, now }: ErrorProps & Setting) {
  const t = wordsIn(lang)
  return (
    <Door lang={lang} now={now} title={happened}>
      <dl class="facts">
        <dt>{t('whatIsSafe')}</dt>
        <dd>{safe}</dd>
        <dt>{t('whatToDo')}</dt>
        <dd>{todo}</dd>
      </dl>
      <p class="hint num">{t('code', { code })}</p>
      {back && (
        <a class="wide quiet button" href={back.href}>
          {back.title}
        </a>
      )}
    </Door>
  )
}
