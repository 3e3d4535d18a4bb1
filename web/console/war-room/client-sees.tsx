import type { Plan } from '../../../src/incidents/client-words.ts'
import type { MessageView } from '../../../src/incidents/view.ts'
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
        <span>{message?.state === 'draft' ? t('sees.draft') : message?.sentAt ? t('sees.sent', { time: moment(message.sentAt) }) : ''}</span>
      </div>
      {message ? (
        <div lang="zh-CN" className="sees-words">
          <p className="bubble">{text}</p>
          {message.plans && (
            <>
              <SeenPlan name="A" plan={message.plans.A} chosen={view.choice?.plan === 'A'} />
              <SeenPlan name="B" plan={message.plans.B} chosen={view.choice?.plan === 'B'} />
              {message.chooseUntil && <p className="bubble bubble-small num">如 {moment(message.chooseUntil)} 前暂未收到您的意见，我们先执行方案 A，可随时调整。</p>}
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

function SeenPlan({ name, plan, chosen }: { name: 'A' | 'B'; plan: Plan; chosen: boolean }) {
  return (
    <div className="seen-plan">
      <span className={`seen-choice${chosen ? ' seen-chosen' : ''}`} aria-hidden="true" />
      <div>
        <b>
          方案 {name}　{plan.title}
        </b>
        <dl>
          <dt>预计</dt>
          <dd>{plan.expect}</dd>
          <dt>把握</dt>
          <dd>{plan.odds}</dd>
          <dt>请您</dt>
          <dd>{plan.asks}</dd>
          <dt>留意</dt>
          <dd>{plan.cost}</dd>
        </dl>
      </div>
    </div>
  )
}
