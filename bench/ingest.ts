import { sql } from 'kysely'
import { withAgency } from '../src/platform/database.ts'
import { compare } from './parts/arrivals.ts'
import { durabilityOf } from './parts/durability.ts'
import { median, rounded } from './parts/figures.ts'
import { AGENCY, type GivenDoor, givenDoor } from './parts/given-door.ts'
import type { Order, Report } from './parts/load.ts'
import { type BenchOptions, numberFlag, temporaryFolder } from './parts/options.ts'
import { databaseProcessorSeconds, processorSeconds, startPartner, until } from './parts/processes.ts'
import { startProduct } from './parts/product.ts'

export const about = 'callbacks a second that are on disk before WeChat hears “success”, beside a server that only says it'

const LONGEST_ROUND_MS = 20_000

export async function run(options: BenchOptions): Promise<object> {
  const { quick, say, atEnd } = options
  const count = numberFlag(options, 'count', quick ? 500 : 20_000, 200_000)
  const rounds = numberFlag(options, 'rounds', quick ? 1 : 3, 20)
  const connections = numberFlag(options, 'connections', 128, 500)

  const home = temporaryFolder(options, 'ingest')
  // `all` is what `npm start` runs: the pushes are also handled, by the worker in the same process, while more come in.
  const role = options.flags.role ?? 'all'
  const product = await startProduct(home, { settings: { DINGXIN_ROLE: role }, flags: options.flags })
  atEnd(() => product.stop())
  const door = await givenDoor(options, home, product)
  const constant = startPartner<string, string>('constant-server.ts', options.flags)
  atEnd(() => constant.stop())
  const load = startPartner<Order, Report>('load.ts', options.flags)
  atEnd(() => load.stop())
  const constantUrl = await constant.ask('start')
  say(`${count} messages a round over ${connections} connections, ${rounds} round(s)`)

  const all: Report[] = []
  let from = 0
  const deliver = async (url: string, many: number) => {
    const batch = { from, to: from + many }
    const report = await load.ask({ url, sender: door.sender, batch, connections, longestMs: LONGEST_ROUND_MS })
    if (url === product.url) {
      from += many
      all.push(report)
    }
    return report
  }
  const warmUp = Math.ceil(count / 10)
  await deliver(constantUrl, warmUp)
  await deliver(product.url, warmUp)
  const measured: { limit: Report; ours: Report }[] = []
  const spent = { server: 0, database: 0, constant: 0 }
  for (let round = 1; round <= rounds; round++) {
    // The thefts of the round before must not slow the limit down.
    await until('nothing left to handle', async () => (await waitingPushes(door)) === 0, {
      withinMs: 30_000,
      everyMs: 200,
    }).catch(() => {})
    const before = {
      server: processorSeconds(product.pid),
      database: databaseProcessorSeconds(home),
      constant: processorSeconds(constant.pid),
    }
    const limit = await deliver(constantUrl, count)
    spent.constant += processorSeconds(constant.pid) - before.constant
    const ours = await deliver(product.url, count)
    spent.server += processorSeconds(product.pid) - before.server
    spent.database += databaseProcessorSeconds(home) - before.database
    say(`  round ${round}: ${rate(ours)}/s of ${rate(limit)}/s, p99 ${rounded(ours.p99Ms)} ms (limit ${rounded(limit.p99Ms)} ms)`)
    measured.push({ limit, ours })
  }
  const requests = measured.reduce((sum, { ours }) => sum + ours.requests, 0)
  const microseconds = (part: keyof typeof spent) => rounded((spent[part] / requests) * 1e6, 0)
  const perSecond = median(measured.map(({ ours }) => rate(ours)))
  const limitPerSecond = median(measured.map(({ limit }) => rate(limit)))
  const refusal = all.find((one) => one.firstRefusal)?.firstRefusal
  return {
    perSecond,
    limitPerSecond,
    share: rounded(median(measured.map(({ ours, limit }) => rate(ours) / rate(limit))), 3),
    p50Ms: rounded(median(measured.map(({ ours }) => ours.p50Ms))),
    p99Ms: rounded(median(measured.map(({ ours }) => ours.p99Ms))),
    maxMs: rounded(Math.max(...measured.map(({ ours }) => ours.maxMs))),
    limitP99Ms: rounded(median(measured.map(({ limit }) => limit.p99Ms))),
    deliveries: all.reduce((sum, one) => sum + one.requests, 0),
    refused: all.reduce((sum, one) => sum + one.refused, 0),
    ...(refusal ? { firstRefusal: refusal } : {}),
    processorMicroseconds: {
      server: microseconds('server'),
      database: microseconds('database'),
      constant: microseconds('constant'),
    },
    ...(await whatIsThere(door, all)),
    connections,
    role,
    durable: await durabilityOf(door.database),
    rounds: measured.map(({ limit, ours }) => ({
      perSecond: rate(ours),
      limitPerSecond: rate(limit),
      p99Ms: ours.p99Ms,
      limitP99Ms: limit.p99Ms,
    })),
  }
}

const rate = ({ requests, seconds }: Report): number => Math.round(requests / seconds)

async function waitingPushes({ database }: GivenDoor): Promise<number> {
  return withAgency(database, AGENCY, async (tx) => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from dx.deadlines where kind = 'push-received'`.execute(
      tx,
    )
    return rows[0]!.n
  })
}

/** Looks into the database for every message that was answered `success`. */
async function whatIsThere({ database, accountId, sender }: GivenDoor, reports: readonly Report[]) {
  const rows = await withAgency(database, AGENCY, async (tx) => {
    const found = sql<{ kind: string; platform_id: string | null }>`
      select kind, coalesce(push ->> 'msgId', push ->> 'publishId') as platform_id from dx.pushes where account_id = ${accountId}`
    return (await found.execute(tx)).rows
  })
  const accepted = reports.flatMap((report) => report.accepted)
  const sent = reports.flatMap((report) => report.sent)
  return { accepted: accepted.length, rows: rows.length, ...compare({ accepted, sent, sender }, rows) }
}
