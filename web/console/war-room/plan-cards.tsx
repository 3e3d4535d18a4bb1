import type { Plan, Plans } from '../../../src/incidents/client-words.ts'
import { useWords } from '../words/words.tsx'

export function PlanCards({ plans }: { plans: Plans }) {
  return (
    <div className="plans">
      <PlanCard name="A" plan={plans.A} />
      <PlanCard name="B" plan={plans.B} />
    </div>
  )
}

function PlanCard({ name, plan }: { name: 'A' | 'B'; plan: Plan }) {
  const { t } = useWords()
  const rows = [
    [t('plan.does'), plan.does],
    [t('plan.expect'), plan.expect],
    [t('plan.odds'), plan.odds],
    [t('plan.asks'), plan.asks],
    [t('plan.cost'), plan.cost],
  ]
  return (
    <article className="plan">
      <div className="plan-head">
        <span>{t('plan.name', { name })}</span>
        <em>{plan.tag}</em>
      </div>
      <h3>{plan.title}</h3>
      <dl>
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </article>
  )
}
