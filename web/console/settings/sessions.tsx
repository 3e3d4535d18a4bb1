import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Popconfirm, Tag } from 'antd'
import { api } from '../api/client.ts'
import { problemOf } from '../api/problem.ts'
import { sessionsQuery } from '../api/queries.ts'
import { useTellProblem } from '../api/use-act.ts'
import { Loading, ProblemCard } from '../shell/page-states.tsx'
import { useMoment } from '../shell/use-now.ts'
import { useWords } from '../words/words.tsx'

export function Sessions() {
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
