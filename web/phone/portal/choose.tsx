import type { PortalView } from '../../../src/incidents/view.ts'
import { clockTime } from '../../../src/platform/time.ts'
import { at, useDesk } from '../desk.tsx'
import { PlanFacts } from './plan.tsx'

export const known = (view: PortalView): boolean => view.identity.stage === 'known'

/** Two plans, neither chosen beforehand. Until the client has proven who they are the plans can be read but not chosen. */
export function Plans({ view, press }: { view: PortalView; press: string }) {
  const desk = useDesk()
  const { t, path } = desk
  if (!view.plans) return null
  const { A, B } = view.plans
  return (
    <section class="card" aria-labelledby="plans-title" id="plans">
      <h2 id="plans-title">{view.choice ? t('planChosenTitle') : t('choosePlan')}</h2>
      {view.choice ? (
        <p class="chosen num">
          {t(view.choice.byDefault ? 'planByDefault' : 'planChosen', { plan: view.choice.plan, time: at(desk, view.choice.at) })}
        </p>
      ) : (
        <p class="sub">{t('choosePlanHint')}</p>
      )}
      {known(view) ? (
        <form method="post" action={`${path}/choose`} id="choose" data-choice={view.choice?.plan}>
          <input type="hidden" name="press" value={`${press}-choose`} />
          <input type="hidden" name="revision" value={String(view.revision ?? 1)} />
          <fieldset>
            <legend class="unseen">{t('choosePlan')}</legend>
            {(['A', 'B'] as const).map((name) => (
              <div class="plan" key={name}>
                <input type="radio" name="plan" value={name} id={`plan-${name}`} required />
                <label for={`plan-${name}`}>
                  <PlanFacts plan={name === 'A' ? A : B} name={name} />
                </label>
              </div>
            ))}
          </fieldset>
        </form>
      ) : (
        <>
          <div class="plan still">
            <PlanFacts plan={A} name="A" />
          </div>
          <div class="plan still">
            <PlanFacts plan={B} name="B" />
          </div>
        </>
      )}
      {known(view) && <Say press={press} />}
      {view.chooseUntil && !view.choice && <p class="note num">{t('planDefault', { time: clockTime(view.chooseUntil) })}</p>}
    </section>
  )
}

function Say({ press }: { press: string }) {
  const { t, path, kept } = useDesk()
  return (
    <details open={Boolean(kept.words)}>
      <summary class="link">{t('say')}</summary>
      <form method="post" action={`${path}/say`}>
        <input type="hidden" name="press" value={`${press}-say`} />
        <div class="field">
          <label for="words">{t('sayLabel')}</label>
          <textarea id="words" name="words" rows={4} required maxLength={2000} defaultValue={kept.words} />
        </div>
        <button type="submit" class="wide quiet">
          {t('saySend')}
        </button>
      </form>
    </details>
  )
}

/** The fixed bar: one button that says what is still missing. */
export function ChooseBar({ view }: { view: PortalView }) {
  const { t } = useDesk()
  if (!view.plans) return null
  const { salutation, lastDigits } = view.identity
  if (!known(view))
    return (
      <section class="rail" aria-label={t('confirmArea')}>
        <a class="go wide" href="#identity">
          {t('proveFirst')}
        </a>
      </section>
    )
  return (
    <section class="rail" aria-label={t('confirmArea')}>
      <p class="num">{t('asWhom', { who: salutation, digits: lastDigits })}</p>
      <button
        type="submit"
        class="go wide"
        form="choose"
        data-none={t('chooseFirst')}
        data-one={t('confirmPlan', { plan: '{plan}' })}
      >
        {view.choice ? t('changePlan') : t('chooseFirst')}
      </button>
    </section>
  )
}
