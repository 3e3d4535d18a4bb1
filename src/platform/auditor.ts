import { sql } from 'kysely'
import type { App } from './app.ts'
import { asDispatch, withAgency } from './database.ts'
import { jsonb, thisAgency } from './jsonb.ts'
import { type Duration, seconds } from './time.ts'

export type Overdue = { agencyId: string; kind: string; count: number; worstSeconds: number }

/**
 * Asks for what is past due with nothing done, beside the worker and trusting none of it. Anything found is an alarm of its
 * own: it is logged, noted in the agency's audit, and turns health red.
 */
export async function findOverdue(app: Pick<App, 'database'>, after: Duration = seconds(20)): Promise<Overdue[]> {
  const rows = await asDispatch(app.database, async (tx) => {
    const found = await sql<{ agency_id: string; kind: string; count: number; worst: number }>`
      select agency_id, kind, count(*)::int as count, max(extract(epoch from dx.now() - due_at))::float8 as worst from (
        select agency_id, kind, due_at from dx.deadlines where parked_at is null
        union all
        select agency_id, 'effect ' || kind, due_at from dx.effects where state in ('waiting', 'running') and parked_at is null
      ) waiting where due_at < dx.now() - make_interval(secs => ${after / 1000}) group by 1, 2 order by 4 desc`.execute(tx)
    return found.rows
  })
  return rows.map((row) => ({ agencyId: row.agency_id, kind: row.kind, count: row.count, worstSeconds: Math.round(row.worst) }))
}

/** Looks every 30 seconds for as long as the process lives. */
export function startAuditor(app: App, every: Duration = seconds(30)): { stop(): void } {
  const timer = setInterval(() => {
    look(app).catch((error: unknown) => app.log.error({ error: String(error) }, 'the auditor could not look'))
  }, every)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

async function look(app: App): Promise<void> {
  for (const overdue of await findOverdue(app)) {
    app.log.error(overdue, 'past due and nothing done')
    await withAgency(app.database, overdue.agencyId, (tx) =>
      tx
        .insertInto('dx.audit')
        .values({ agency_id: thisAgency, who: 'auditor', what: 'overdue', detail: jsonb(overdue) })
        .execute(),
    )
  }
}
