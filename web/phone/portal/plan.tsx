import type { Plan } from '../../../src/incidents/client-words.ts'
import { useDesk } from '../desk.tsx'

/** One plan as the client reads it; the war room draws the very same piece. */
export function PlanFacts({ plan, name }: { plan: Plan; name: 'A' | 'B' }) {
  const { t } = useDesk()
  return (
    <div class="plan-facts">
      <div class="plan-head">
        <b>
          {t('plan', { name })}
          <br />
          {plan.title}
        </b>
        <span class="plan-tag">{plan.tag}</span>
      </div>
      <dl class="num">
        <dt>{t('planDoes')}</dt>
        <dd>{plan.does}</dd>
        <dt>{t('planExpect')}</dt>
        <dd>{plan.expect}</dd>
        <dt>{t('planOdds')}</dt>
        <dd>{plan.odds}</dd>
        <dt>{t('planAsks')}</dt>
        <dd>{plan.asks}</dd>
        <dt>{t('planCost')}</dt>
        <dd>{plan.cost}</dd>
      </dl>
    </div>
  )
}
