import { sql } from 'kysely'
import { asDispatch, type Database, type Tx, withAgency } from './database.ts'
import { type Duration, elapsed, type Instant, seconds } from './time.ts'

/**
 * What to do with a deadline found late (we were down, the database was away):
 * run-once: late is better than never, and once is enough (a page);
 * coalesce: the handler looks from `now` on, missed rounds are not made up (a reminder, a probe);
 * ask: past `grace` nothing is done by itself, `ask` hands it to a person (a publication).
 */
export type DeadlineHandler = {
  misfire: 'run-once' | 'coalesce' | { grace: Duration; ask(due: Due): Promise<void> }
  run(due: Due): Promise<void>
}
export type Due = { tx: Tx; now: Instant; agencyId: string; subjectId: string; dueAt: Instant }
export type DeadlineHandlers = Record<string, DeadlineHandler>

/**
 * Sets or moves the wake-up of `subjectId`. The thing itself keeps its own column with the moment, written in this same
 * transaction; the handler reads the thing again and trusts nothing but it.
 */
export async function arm(tx: Tx, kind: string, subjectId: string, dueAt: Instant, lane = 5): Promise<void> {
  await sql`insert into dx.deadlines (agency_id, kind, subject_id, due_at, lane) values (dx.agency(), ${kind}, ${subjectId}, ${dueAt}, ${lane})
    on conflict (agency_id, kind, subject_id) do update set due_at = excluded.due_at, lane = excluded.lane, tries = 0, parked_at = null, last_error = null`.execute(
    tx,
  )
}
export async function disarm(tx: Tx, kind: string, subjectId: string): Promise<void> {
  await sql`delete from dx.deadlines where agency_id = dx.agency() and kind = ${kind} and subject_id = ${subjectId}`.execute(tx)
}

const TRIES = 8
type Waiting = { agency_id: string; kind: string; subject_id: string; due_at: Instant }

export type DeadlineProblem = { agencyId: string; kind: string; subjectId: string; error: unknown }

/** Carries out what is due, at most `slots` at once; answers how many were taken. One pass; the worker calls it again. */
export async function runDueDeadlines(
  database: Database,
  handlers: DeadlineHandlers,
  options: { slots: number; onProblem(problem: DeadlineProblem): void },
): Promise<number> {
  const due = await asDispatch(database, async (tx) => {
    const found = await sql<Waiting>`select agency_id, kind, subject_id, due_at from dx.deadlines
      where due_at <= dx.now() and parked_at is null order by lane, due_at limit 200`.execute(tx)
    return found.rows
  })
  const queue = due.filter((row) => handlers[row.kind])
  let taken = 0
  const slot = async () => {
    for (let row = queue.shift(); row; row = queue.shift())
      if (await take(database, handlers[row.kind]!, row, options.onProblem)) taken++
  }
  await Promise.all(Array.from({ length: options.slots }, slot))
  return taken
}

/** The row lock is the lease: a crash lets go of it at once, a stalled transaction is ended by the database after 10 s. */
async function take(
  database: Database,
  handler: DeadlineHandler,
  row: Waiting,
  onProblem: (p: DeadlineProblem) => void,
): Promise<boolean> {
  const { agency_id: agencyId, kind, subject_id: subjectId } = row
  try {
    return await withAgency(database, agencyId, async (tx, now) => {
      const mine = await sql<{ due_at: Instant }>`delete from dx.deadlines where (agency_id, kind, subject_id) in (
        select agency_id, kind, subject_id from dx.deadlines where agency_id = ${agencyId} and kind = ${kind} and subject_id = ${subjectId}
          and due_at <= dx.now() and parked_at is null for update skip locked) returning due_at`.execute(tx)
      const dueAt = mine.rows[0]?.due_at
      if (!dueAt) return false
      const due: Due = { tx, now, agencyId, subjectId, dueAt }
      const { misfire } = handler
      if (typeof misfire === 'object' && elapsed(dueAt, now) > misfire.grace) await misfire.ask(due)
      else await handler.run(due)
      return true
    })
  } catch (error) {
    onProblem({ agencyId, kind, subjectId, error })
    await stepAside(database, row, error)
    return false
  }
}

/** One that throws waits longer each time and is parked after eight tries, so that those behind it still run. */
async function stepAside(database: Database, row: Waiting, error: unknown) {
  const text = error instanceof Error ? error.message : String(error)
  await withAgency(database, row.agency_id, async (tx) => {
    await sql`update dx.deadlines set tries = tries + 1, last_error = ${text.slice(0, 500)},
      due_at = dx.now() + make_interval(secs => least(power(2, tries), 300)),
      parked_at = case when tries + 1 >= ${TRIES} then dx.now() end
      where agency_id = ${row.agency_id} and kind = ${row.kind} and subject_id = ${row.subject_id}`.execute(tx)
  }).catch(() => {})
}

/** When the next deadline or effect falls due, in milliseconds from now; undefined when nothing waits within `within`. */
export async function untilNextDue(database: Database, within: Duration = seconds(60)): Promise<Duration | undefined> {
  const ms = await asDispatch(database, async (tx) => {
    const found = await sql<{ ms: number | null }>`select (extract(epoch from least(
        (select min(due_at) from dx.deadlines where parked_at is null),
        (select min(due_at) from dx.effects where state in ('waiting', 'running') and parked_at is null)) - dx.now()) * 1000)::float8 as ms`.execute(
      tx,
    )
    return found.rows[0]!.ms
  })
  return ms === null || ms > within ? undefined : Math.max(0, ms)
}
