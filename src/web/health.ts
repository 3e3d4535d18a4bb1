import { sql } from 'kysely'
import type { Services } from '../app.ts'
import type { HealthView } from '../contract.ts'
import { asDispatch } from '../platform/database.ts'

/** Proves that work is flowing: not that a port answers, but that nothing due lies about and that the database writes. */
export async function health({ app }: Pick<Services, 'app'>): Promise<HealthView> {
  const checks: HealthView['checks'] = []
  const add = (key: string, title: string, ok: boolean, detail: string) => checks.push({ key, title, ok, detail })
  try {
    const { rows } = await asDispatch(app.database, (tx) =>
      sql<{ late: number | null; parked: number; waiting: number | null; stuck: number }>`select
        (select extract(epoch from dx.now() - min(due_at)) from dx.deadlines where parked_at is null and due_at <= dx.now())::float8 as late,
        (select count(*) from dx.deadlines where parked_at is not null)::int as parked,
        (select extract(epoch from dx.now() - min(due_at)) from dx.effects where state in ('waiting', 'running') and parked_at is null and due_at <= dx.now())::float8 as waiting,
        (select count(*) from dx.effects where parked_at is not null and state in ('waiting', 'running'))::int as stuck`.execute(
        tx,
      ),
    )
    const found = rows[0]!
    add('database', '数据库', true, '可读')
    add(
      'deadlines',
      '到点的事',
      (found.late ?? 0) < 15,
      found.late === null ? '没有积压' : `最早的已晚 ${found.late.toFixed(1)} 秒`,
    )
    add(
      'effects',
      '对外的事',
      (found.waiting ?? 0) < 60,
      found.waiting === null ? '没有积压' : `最早的已等 ${found.waiting.toFixed(1)} 秒`,
    )
    add('parked', '搁置的事', found.parked + found.stuck === 0, `${found.parked + found.stuck} 件`)
  } catch {
    add('database', '数据库', false, '连不上，正在自动重连；已经记下的不会丢')
  }
  return { ok: checks.every((check) => check.ok), checks }
}
