import type { Plan } from '../../../src/incidents/client-words.ts'
import type { MessageView } from '../../../src/incidents/view.ts'
import { clockTime } from '../../../src/platform/time.ts'
import { clientZh } from '../../phone/words/client.ts'
import { planZh } from '../../phone/words/plan.ts'
import { fill } from '../../shared/i18n.ts'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'
import { useRoom } from './room-context.ts'

/** The client's own view of it, in the client's language: the same words, character by character. */
export function ClientSees({ message, text }: { message: MessageView | undefined; text: string }) {
  const { t } = useWords()
  const { view } = useRoom()
  const moment = useMoment()
  return (
    <aside className="sees" aria-labelledby="sees">
      <div className="sees-head">
        <h3 id="sees">{t('sees.title')}</h3>
        <span>
          {message?.state === 'draft' ? t('sees.draft') : message?.sentAt ? t('sees.sent', { time: moment(message.sentAt) }) : ''}
        </span>
      </div>
      {message ? (
        <div lang="zh-CN" className="sees-words">
          <p className="bubble">{text}</p>
          {message.plans && (
            <>
              <SeenPlan name="A" plan={message.plans.A} chosen={view.choice?.plan === 'A'} />
              <SeenPlan name="B" plan={message.plans.B} chosen={view.choice?.plan === 'B'} />
              {message.chooseUntil && (
                <p className="bubble bubble-small num">{fill(clientZh.planDefault, { time: clockTime(message.chooseUntil) })}</p>
              )}
            </>
          )}
        </div>
      ) : (
        <p className="mute">{t('sees.nothing')}</p>
      )}
      {view.choice && message?.plans && (
        <p className="sees-choice num">
          {view.choice.byDefault
            ? t('choice.byDefault', { plan: view.choice.plan, time: moment(view.choice.at) })
            : t('choice.chosen', { who: view.choice.who, plan: view.choice.plan, time: moment(view.choice.at) })}
        </p>
      )}
    </aside>
  )
}

/** The portal's own words and order, from the same catalogue, so that both read the same character by character. */
function SeenPlan({ name, plan, chosen }: { name: 'A' | 'B'; plan: Plan; chosen: boolean }) {
  const facts = [
    [planZh.planDoes, plan.does],
    [planZh.planExpect, plan.expect],
    [planZh.planOdds, plan.odds],
    [planZh.planAsks, plan.asks],
    [planZh.planCost, plan.cost],
  ]
  return (
    <div className="seen-plan">
      <span className={`seen-choice${chosen ? ' seen-chosen' : ''}`} aria-hidden="true" />
      <div>
        <div className="plan-head">
          <b>
            {fill(planZh.plan, { name })}
            <br />
            {plan.title}
          </b>
          <em>{plan.tag}</em>
        </div>
        <dl>
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  )
}
