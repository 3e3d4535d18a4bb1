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
type Waiting = { agency_id: string; kind: string; subject_id: string; due_at: Instant; lane: number }

export type DeadlineProblem = { agencyId: string; kind: string; subjectId: string; error: unknown }

/** Carries out what is due, at most `slots` at once; answers how many were taken. One pass; the worker calls it again. */
export async function runDueDeadlines(
  database: Database,
  handlers: DeadlineHandlers,
  options: { slots: number; onProblem(problem: DeadlineProblem): void },
): Promise<number> {
  const due = await asDispatch(database, async (tx) => {
    const found = await sql<Waiting>`select agency_id, kind, subject_id, due_at, lane from dx.deadlines
      where due_at <= dx.now() and parked_at is null order by lane, due_at limit 200`.execute(tx)
    return found.rows
  })
  const queue = batchesOf(due.filter((row) => handlers[row.kind]))
  let taken = 0
  const slot = async () => {
    for (let batch = queue.shift(); batch; batch = queue.shift())
      taken += await takeAll(database, handlers, batch, options.onProblem)
  }
  await Promise.all(Array.from({ length: options.slots }, slot))
  return taken
}

const LARGEST_BATCH = 20

/** Neighbours of one agency and one kind together: that is what one transaction may see, and no urgent one waits for a dull one. */
function batchesOf(due: readonly Waiting[]): Waiting[][] {
  const batches: Waiting[][] = []
  const open = new Map<string, Waiting[]>()
  for (const row of due) {
    const name = `${row.agency_id} ${row.lane} ${row.kind}`
    const batch = open.get(name)
    if (batch && batch.length < LARGEST_BATCH) batch.push(row)
    else {
      const fresh = [row]
      batches.push(fresh)
      open.set(name, fresh)
    }
  }
  return batches
}

/**
 * Several in one transaction: opening, taking and committing cost more than most handlers do. One that throws must not take
 * the others with it: then nothing has happened, and each is done on its own.
 */
async function takeAll(
  database: Database,
  handlers: DeadlineHandlers,
  batch: readonly Waiting[],
  onProblem: (problem: DeadlineProblem) => void,
): Promise<number> {
  const { agency_id: agencyId } = batch[0]!
  if (batch.length > 1) {
    const together = await withAgency(database, agencyId, (tx, now) => carryOut(handlers, { tx, now, agencyId }, batch)).catch(
      () => undefined,
    )
    if (together !== undefined) return together
  }
  let taken = 0
  for (const row of batch) {
    try {
      taken += await withAgency(database, agencyId, (tx, now) => carryOut(handlers, { tx, now, agencyId }, [row]))
    } catch (error) {
      onProblem({ agencyId, kind: row.kind, subjectId: row.subject_id, error })
      await stepAside(database, row, error)
    }
  }
  return taken
}

/** The row locks are the lease: a crash lets go of them at once, a stalled transaction is ended by the database after 10 s. */
async function carryOut(
  handlers: DeadlineHandlers,
  around: Pick<Due, 'tx' | 'now' | 'agencyId'>,
  batch: readonly Waiting[],
): Promise<number> {
  const { kind } = batch[0]!
  const handler = handlers[kind]!
  const subjects = batch.map((row) => row.subject_id)
  const mine = await sql<{ subject_id: string; due_at: Instant }>`
    delete from dx.deadlines where agency_id = dx.agency() and kind = ${kind} and subject_id in (
      select subject_id from dx.deadlines where agency_id = dx.agency() and kind = ${kind} and subject_id = any(${subjects}::text[])
        and due_at <= dx.now() and parked_at is null order by subject_id for update skip locked) returning subject_id, due_at`.execute(
    around.tx,
  )
  const dueAt = new Map(mine.rows.map((row) => [row.subject_id, row.due_at]))
  for (const subjectId of subjects) {
    const at = dueAt.get(subjectId)
    if (!at) continue
    const due: Due = { ...around, subjectId, dueAt: at }
    const { misfire } = handler
    if (typeof misfire === 'object' && elapsed(at, around.now) > misfire.grace) await misfire.ask(due)
    else await handler.run(due)
  }
  return mine.rows.length
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
