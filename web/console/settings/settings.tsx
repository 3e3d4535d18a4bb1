import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Popconfirm, Segmented, Tag } from 'antd'
import { api } from '../api/client.ts'
import { problemOf } from '../api/problem.ts'
import { peopleQuery, sessionsQuery } from '../api/queries.ts'
import { useTellProblem } from '../api/use-act.ts'
import { Loading, ProblemCard } from '../shell/page-states.tsx'
import { useMoment } from '../shell/use-now.ts'
import { useAppearance } from '../theme/appearance.tsx'
import { useWords } from '../words/words.tsx'
import './settings.css'

export function Settings() {
  const { t } = useWords()
  return (
    <div className="page-body settings">
      <div className="page-head">
        <h1>{t('page.settings')}</h1>
      </div>
      <Looks />
      <Sessions />
      <People />
    </div>
  )
}

function Looks() {
  const { t, lang, setLang } = useWords()
  const { appearance, setAppearance } = useAppearance()
  return (
    <section className="card setting" aria-labelledby="looks">
      <h2 id="looks">{t('settings.looks')}</h2>
      <div className="setting-row">
        <span id="looks-lang">{t('settings.language')}</span>
        <Segmented
          aria-labelledby="looks-lang"
          value={lang}
          onChange={setLang}
          options={[
            { value: 'zh', label: <span lang="zh-CN">中文</span> },
            { value: 'en', label: <span lang="en">English</span> },
          ]}
        />
      </div>
      <div className="setting-row">
        <span id="looks-theme">{t('settings.theme')}</span>
        <Segmented
          aria-labelledby="looks-theme"
          value={appearance}
          onChange={setAppearance}
          options={(['auto', 'day', 'night'] as const).map((one) => ({ value: one, label: t(`appearance.${one}`) }))}
        />
      </div>
    </section>
  )
}

function Sessions() {
  const { t } = useWords()
  const moment = useMoment()
  const queries = useQueryClient()
  const tellProblem = useTellProblem()
  const asked = useQuery(sessionsQuery)
  const end = useMutation({
    mutationFn: (id: string) => api.me.endSession({ id }),
    onError: tellProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  })
  return (
    <section className="card setting" aria-labelledby="sessions">
      <h2 id="sessions">{t('sessions.title')}</h2>
      <p className="mute">{t('sessions.text')}</p>
      {asked.isError && !asked.data && <ProblemCard problem={problemOf(asked.error)} onRetry={() => asked.refetch()} />}
      {asked.isPending && <Loading rows={3} />}
      <ul className="rows">
        {asked.data?.map((session) => (
          <li key={session.id}>
            <div>
              <b>{session.device}</b> {session.current && <Tag>{t('sessions.current')}</Tag>}
              <small className="num">
                {t('sessions.line', { ip: session.ip, since: moment(session.signedInAt), seen: moment(session.lastSeenAt) })}
              </small>
            </div>
            {!session.current && (
              <Popconfirm
                title={t('sessions.sure')}
                okText={t('sessions.end')}
                cancelText={t('dialog.leave')}
                onConfirm={() => end.mutate(session.id)}
              >
                <Button danger>{t('sessions.end')}</Button>
              </Popconfirm>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

const suppliers = ['wecom', 'dingtalk', 'feishu', 'sms', 'voice', 'email'] as const

function People() {
  const { t } = useWords()
  const asked = useQuery(peopleQuery)
  const wayWord = (kind: string) => {
    const known = suppliers.find((supplier) => kind.startsWith(supplier))
    return known ? t(`channel.${known}`) : kind
  }
  return (
    <section className="card setting" aria-labelledby="people">
      <h2 id="people">{t('people.title')}</h2>
      {asked.isError && !asked.data && <ProblemCard problem={problemOf(asked.error)} onRetry={() => asked.refetch()} />}
      {asked.isPending && <Loading rows={3} />}
      <ul className="rows">
        {asked.data?.map((person) => (
          <li key={person.id}>
            <div>
              <b>{person.name}</b> <Tag>{t(`role.${person.role}`)}</Tag> {person.away && <Tag>{t('people.away')}</Tag>}
              <small className="num">{[person.phone, person.email].filter(Boolean).join(' · ')}</small>
            </div>
            {person.channels.length > 0 ? (
              <small className="num">
                {person.channels.map((channel) => `${wayWord(channel.kind)} ${channel.to}`).join(' · ')}
              </small>
            ) : (
              <span className="warn">{t('people.noWay')}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
