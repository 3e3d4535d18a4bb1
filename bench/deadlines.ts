import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { migrateAuth } from '../src/people/auth.ts'
import { asDispatch, type Database, openDatabase, openPool, withAgency } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrate.ts'
import { prepareDatabase } from '../src/platform/prepare-database.ts'
import { after, type Instant, seconds } from '../src/platform/time.ts'
import { durabilityOf } from './parts/durability.ts'
import { median, percentile, rounded } from './parts/figures.ts'
import { type BenchOptions, numberFlag, temporaryFolder } from './parts/options.ts'
import { databaseProcessorSeconds, processorSeconds, residentMb, startPartner, until } from './parts/processes.ts'
import { startProduct } from './parts/product.ts'

export const about = 'how late what falls due is done, with 100,000 other deadlines pending'

const AGENCIES = 50
type Round = { p50Ms: number; p99Ms: number; maxMs: number; lost: number; twice: number }

export async function run(options: BenchOptions): Promise<object> {
  const { quick, say, atEnd } = options
  const pending = numberFlag(options, 'pending', quick ? 2000 : 100_000, 5_000_000)
  const due = numberFlag(options, 'due', quick ? 100 : 1000, 20_000)
  const rounds = numberFlag(options, 'rounds', quick ? 1 : 3, 20)

  const home = temporaryFolder(options, 'deadlines')
  const cluster = await prepareDatabase(home)
  atEnd(() => cluster.stop())
  const pool = openPool({ connectionString: cluster.url })
  atEnd(() => pool.end())
  await migrate(pool)
  await migrateAuth(cluster.url)
  const database = openDatabase(pool)
  const durable = await durabilityOf(database)
  await sql`create table dx.bench_handled (subject_id text not null, late_ms float8 not null)`.execute(database)
  await sql`grant insert on dx.bench_handled to dx_app`.execute(database)

  say(`${pending} deadlines far ahead, ${due} due within a second, ${rounds} round(s)`)
  await fill(database, {
    subjects: 'later',
    count: pending,
    from: after(await databaseNow(database), seconds(30 * 86_400)),
    spreadMs: pending * 1000,
  })
  await sql`vacuum analyze dx.deadlines`.execute(database)

  const worker = startPartner<string, string>('deadline-worker.ts', options.flags)
  atEnd(() => worker.stop())
  await worker.ask(cluster.url)
  const measured: Round[] = []
  const spent = () => ({ worker: processorSeconds(worker.pid), database: databaseProcessorSeconds(home) })
  const before = spent()
  for (let round = 1; round <= rounds; round++) {
    const one = await measure(database, `round${round}`, due)
    say(
      `  round ${round}: p50 ${rounded(one.p50Ms)} ms, p99 ${rounded(one.p99Ms)} ms, max ${rounded(one.maxMs)} ms, lost ${one.lost}, twice ${one.twice}`,
    )
    measured.push(one)
  }
  const afterwards = spent()
  const perThousand = (part: 'worker' | 'database') => rounded(((afterwards[part] - before[part]) / (due * rounds)) * 1000, 2)
  await worker.stop()
  return {
    pending: await stillPending(database),
    due,
    p50Ms: rounded(median(measured.map((one) => one.p50Ms))),
    p99Ms: rounded(median(measured.map((one) => one.p99Ms))),
    maxMs: rounded(Math.max(...measured.map((one) => one.maxMs))),
    lost: measured.reduce((sum, one) => sum + one.lost, 0),
    twice: measured.reduce((sum, one) => sum + one.twice, 0),
    processorSecondsPerThousand: { worker: perThousand('worker'), database: perThousand('database') },
    memoryMb: await idleMemory(options, home, cluster.url),
    durable,
    rounds: measured,
  }
}

async function measure(database: Database, subjects: string, due: number): Promise<Round> {
  // Two seconds ahead, so that all are in place before the first is due and none is found late because it came late.
  const from = after(await databaseNow(database), seconds(2))
  await fill(database, { subjects, count: due, from, spreadMs: seconds(1) })
  const armed = await databaseNow(database)
  if (armed >= from) throw new Error(`arming took until ${armed}, after the first was due: this machine is too busy to measure`)
  await pause(seconds(3))
  // What is still not done after a minute is lost.
  await until('all deadlines done', async () => (await leftOf(database, subjects)) === 0, { withinMs: 60_000 }).catch(() => {})
  const { rows } = await sql<{ subject_id: string; late_ms: number }>`
    select subject_id, late_ms from dx.bench_handled where subject_id like ${`${subjects}-%`}`.execute(database)
  const late = rows.map((row) => row.late_ms)
  const distinct = new Set(rows.map((row) => row.subject_id)).size
  return {
    p50Ms: percentile(late, 0.5),
    p99Ms: percentile(late, 0.99),
    maxMs: percentile(late, 1),
    lost: due - distinct,
    twice: rows.length - distinct,
  }
}

type Filling = { subjects: string; count: number; from: Instant; spreadMs: number }
/** Spread evenly over agencies and over the time, neighbours in time belonging to different agencies. */
async function fill(database: Database, { subjects, count, from, spreadMs }: Filling): Promise<void> {
  for (let agency = 0; agency < AGENCIES; agency++)
    await withAgency(database, `bench-${agency}`, (tx) =>
      sql`insert into dx.deadlines (agency_id, kind, subject_id, due_at)
        select dx.agency(), 'bench', ${subjects}::text || '-' || i, ${from}::timestamptz + i * ${spreadMs / count}::float8 * interval '1 ms'
        from generate_series(${agency}::int, ${count - 1}::int, ${AGENCIES}::int) i`.execute(tx),
    )
}

async function leftOf(database: Database, subjects: string): Promise<number> {
  return asDispatch(database, async (tx) => {
    const soon = sql<{ n: number }>`select count(*)::int as n from dx.deadlines
      where due_at < dx.now() + interval '1 day' and subject_id like ${`${subjects}-%`}`
    return (await soon.execute(tx)).rows[0]!.n
  })
}

async function stillPending(database: Database): Promise<number> {
  return asDispatch(
    database,
    async (tx) =>
      (await sql<{ n: number }>`select count(*)::int as n from dx.deadlines where kind = 'bench'`.execute(tx)).rows[0]!.n,
  )
}

async function databaseNow(database: Database): Promise<Instant> {
  return (await sql<{ now: Instant }>`select dx.now() as now`.execute(database)).rows[0]!.now
}

/** The product itself over the same database, with all of them pending and nothing to do. */
async function idleMemory({ quick, say, atEnd }: BenchOptions, home: string, databaseUrl: string): Promise<number> {
  const product = await startProduct(path.join(home, 'server'), { settings: { DATABASE_URL: databaseUrl } })
  atEnd(() => product.stop())
  const idleMs = quick ? 500 : seconds(20)
  say(`  the server, idle for ${idleMs / 1000} s`)
  await pause(idleMs)
  const memory = rounded(residentMb(product.pid))
  await product.stop()
  return memory
}
