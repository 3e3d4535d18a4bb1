import { Kysely, type Kysely as KyselyType, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { Actor } from './access.ts'
import type { DB } from './database-types.ts'
import { type Instant, instant } from './time.ts'

export type Database = KyselyType<DB>
export type Tx = Transaction<DB>

// Moments stay moments and long counters stay exact, the same in code, tables and JSON.
const TIMESTAMPTZ = 1184
const INT8 = 20
pg.types.setTypeParser(TIMESTAMPTZ, (text) => instant(text))
pg.types.setTypeParser(INT8, Number)

/** Every pool needs an error listener, or a database restart kills the process. */
export function openPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ max: 12, idle_in_transaction_session_timeout: 10_000, ...config })
  pool.on('error', () => {})
  // A connection that is lent out has no listener of the pool's: without one of its own it would end the process too.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

export const openDatabase = (pool: pg.Pool): Database => new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })

/**
 * Runs `work` in one transaction of one agency: row-level security shows and accepts that agency's rows only.
 * `now` is the database's clock, the only one that decides; it is the same through the whole transaction.
 */
export function withAgency<T>(database: Database, agencyId: string, work: (tx: Tx, now: Instant) => Promise<T>): Promise<T> {
  return database.transaction().execute(async (tx) => {
    const opened = await sql<{ now: Instant }>`
      select set_config('role', 'dx_app', true), set_config('dx.agency', ${agencyId}, true), dx.now() as now`.execute(tx)
    return work(tx, opened.rows[0]!.now)
  })
}

/**
 * The same for a person's request: an editor is shown their own clients only, by the database itself. Whoever was woken for an
 * incident (duty, or a personal link to it) sees that incident whatever their accounts are.
 */
export function asActor<T>(
  database: Database,
  actor: Pick<Actor, 'agencyId' | 'personId' | 'role' | 'via'>,
  work: (tx: Tx, now: Instant) => Promise<T>,
): Promise<T> {
  if (actor.role !== 'editor' || actor.via === 'link') return withAgency(database, actor.agencyId, work)
  return withAgency(database, actor.agencyId, async (tx, now) => {
    await sql`select set_config('dx.viewer', ${actor.personId}, true)`.execute(tx)
    return work(tx, now)
  })
}

/** The few look-ups that must cross agencies (what is due, whose door is this): sees ids and times, never contents. */
export function asDispatch<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.transaction().execute(async (tx) => {
    await sql`select set_config('role', 'dx_dispatch', true)`.execute(tx)
    return work(tx)
  })
}
