import { type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import { arm } from '../platform/deadlines.ts'
import type { Instant } from '../platform/time.ts'
import type { KeptPush } from './push-keeping.ts'

export type Arrival = {
  agencyId: string
  accountId: string | null
  kept: KeptPush | null
  raw: string | null
  /** What else this push changes, in the same transaction: a ticket, a withdrawn authorisation, the first push of all. */
  also?(tx: Tx, now: Instant): Promise<void>
}
export class DoorIsFull extends Error {}

const LARGEST_FLUSH = 500
const FLUSHES_IN_FLIGHT = 2
const LONGEST_QUEUE = 10_000

type Waiting = Arrival & { done(): void; failed(error: unknown): void }

/**
 * Group commit: whatever arrives while a flush is under way goes into the next one. The promise of an arrival is kept only
 * after the commit that holds it, and that is when WeChat gets its answer.
 */
export function makePushBatch(app: App) {
  const queues = new Map<string, Waiting[]>()
  let waiting = 0
  let inFlight = 0

  const pump = () => {
    while (inFlight < FLUSHES_IN_FLIGHT && queues.size > 0) {
      const [agencyId, queue] = queues.entries().next().value!
      const batch = queue.splice(0, LARGEST_FLUSH)
      // Taken out and put back at the end: a busy agency does not make another one wait for more than one flush.
      queues.delete(agencyId)
      if (queue.length > 0) queues.set(agencyId, queue)
      waiting -= batch.length
      inFlight++
      void flushBatch(app, agencyId, batch).finally(() => {
        inFlight--
        pump()
      })
    }
  }

  return {
    add(arrival: Arrival): Promise<void> {
      if (waiting >= LONGEST_QUEUE) return Promise.reject(new DoorIsFull('too many pushes wait for the database'))
      return new Promise<void>((done, failed) => {
        const queue = queues.get(arrival.agencyId)
        const mine: Waiting = { ...arrival, done, failed }
        if (queue) queue.push(mine)
        else queues.set(arrival.agencyId, [mine])
        waiting++
        pump()
      })
    },
  }
}

async function flushBatch(app: App, agencyId: string, batch: Waiting[]): Promise<void> {
  try {
    await write(app, agencyId, batch)
    for (const one of batch) one.done()
  } catch (error) {
    if (batch.length === 1 || !isAboutTheRow(error)) {
      for (const one of batch) one.failed(error)
      return
    }
    // One that cannot be written must not take the others with it: each on its own, in order.
    for (const one of batch) await flushBatch(app, agencyId, [one])
  }
}

/** SQLSTATE classes 22 and 23: something in the data. Anything else (the database is away) fails for all alike. */
const isAboutTheRow = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^2[23]/.test(error.code)

async function write(app: App, agencyId: string, batch: Arrival[]): Promise<void> {
  const rows = batch.flatMap(({ accountId, kept, raw }) =>
    accountId && kept ? [{ account_id: accountId, dedupe_key: kept.dedupeKey, kind: kept.kind, push: kept.push, raw }] : [],
  )
  if (batch.some(({ kept, also }) => also || kept?.wakes))
    return withAgency(app.database, agencyId, async (tx, now) => {
      const fresh =
        rows.length > 0
          ? (await sql<Fresh>`${insertOf(sql`${JSON.stringify(rows)}`)} returning account_id, dedupe_key`.execute(tx)).rows
          : []
      await wake(tx, now, batch, fresh)
      for (const { also } of batch) await also?.(tx, now)
    })
  // The flood is readers' pushes. One message to the database holds the whole transaction, where the above takes four.
  const { escapeLiteral } = pg
  const entering = sql.raw(`select set_config('role', 'dx_app', true), set_config('dx.agency', ${escapeLiteral(agencyId)}, true)`)
  await sql`${entering}; ${insertOf(sql.raw(escapeLiteral(JSON.stringify(rows))))}`.execute(app.database)
}

type Fresh = { account_id: string; dedupe_key: string }

/** Ordered, or two flushes that hold the same keys would wait for each other. */
const insertOf = (rows: RawBuilder<unknown>) => sql`
  insert into dx.pushes (agency_id, account_id, dedupe_key, kind, push, raw)
  select dx.agency(), account_id, dedupe_key, kind, push, raw
  from jsonb_to_recordset(${rows}::jsonb) as x(account_id uuid, dedupe_key text, kind text, push jsonb, raw text)
  order by account_id, dedupe_key on conflict do nothing`

async function wake(tx: Tx, now: Instant, batch: Arrival[], fresh: Fresh[]): Promise<void> {
  const isFresh = new Set(fresh.map((row) => `${row.account_id}:${row.dedupe_key}`))
  for (const { accountId, kept } of batch) {
    const subject = `${accountId}:${kept?.dedupeKey}`
    if (kept?.wakes && isFresh.delete(subject)) await arm(tx, 'push-received', subject, now, 1)
  }
}
