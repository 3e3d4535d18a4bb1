import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import type { MeView } from '../../../src/contract.ts'
import { problemOf } from '../api/problem.ts'
import { meQuery } from '../api/queries.ts'
import { CheckIcon } from '../shell/icons.tsx'
import { Loading, ProblemCard } from '../shell/page-states.tsx'
import { useWords } from '../words/words.tsx'
import { useDrill } from './use-drill.ts'
import './first-run.css'

export function FirstRun() {
  const { t } = useWords()
  const asked = useQuery(meQuery)
  if (asked.data) return <Welcome me={asked.data} />
  if (asked.isError) return <ProblemCard problem={problemOf(asked.error)} onRetry={() => asked.refetch()} />
  return (
    <div className="page-body">
      <h1 className="only-read">{t('page.home')}</h1>
      <Loading />
    </div>
  )
}

function Welcome({ me }: { me: MeView }) {
  const { t } = useWords()
  const navigate = useNavigate()
  return (
    <div className="page-body welcome">
      <h1>{me.demo ? t('firstRun.title') : t('firstRun.titleReal', { agency: me.agency.name })}</h1>
      <p className="mute">{me.demo ? t('firstRun.text') : t('firstRun.textReal')}</p>
      <div className="welcome-doors">
        {me.demo && <DrillDoor />}
        <section className="card door">
          <h2>{t('firstRun.connect')}</h2>
          <p className="mute">{t('firstRun.connectText')}</p>
          <Button
            size="large"
            type={me.demo ? 'default' : 'primary'}
            onClick={() => navigate({ to: '/accounts', search: { connect: true } })}
          >
            {t('firstRun.connect')}
          </Button>
        </section>
      </div>
      <Checklist me={me} />
    </div>
  )
}

function DrillDoor() {
  const { t } = useWords()
  const { state, start } = useDrill()
  const busy = state.at === 'starting' || state.at === 'waiting' || state.at === 'found'
  return (
    <section className="card door door-first">
      <h2>{t('firstRun.drill')}</h2>
      <p className="mute">{t('firstRun.drillText')}</p>
      <Button size="large" type="primary" onClick={start} loading={busy}>
        {busy ? t('drill.busy') : t('firstRun.drill')}
      </Button>
      <ol className="drill-progress" aria-live="polite">
        {state.at !== 'idle' && (
          <li className={state.at === 'starting' ? 'doing' : 'done'}>
            {state.at === 'starting' ? t('drill.starting') : t('drill.started')}
          </li>
        )}
        {(state.at === 'waiting' || state.at === 'found') && (
          <li className={state.at === 'waiting' ? 'doing' : 'done'}>
            {state.at === 'waiting' ? t('drill.waiting', { seconds: state.seconds }) : t('drill.found', { number: state.number })}
          </li>
        )}
        {state.at === 'not-found' && <li className="failed">{t('drill.notFound')}</li>}
        {state.at === 'failed' && <li className="failed">{t('drill.failed', { reason: state.reason })}</li>}
      </ol>
    </section>
  )
}

function Checklist({ me }: { me: MeView }) {
  const { t, pick } = useWords()
  if (me.setup.length === 0) return null
  const proven = me.setup.filter((item) => item.done).length
  return (
    <section className="card checklist">
      <h2>
        {t('setup.title')} <small className="num">{t('setup.count', { done: proven, all: me.setup.length })}</small>
      </h2>
      <ul>
        {me.setup.map((item) => (
          <li key={item.key} className={item.done ? 'done' : ''}>
            <span className="dot">{item.done && <CheckIcon />}</span>
            <div>
              {pick(item.title, item.titleEn)}
              <span className="only-read"> {item.done ? t('setup.done') : t('setup.open')}</span>
              <small>{item.detail}</small>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
