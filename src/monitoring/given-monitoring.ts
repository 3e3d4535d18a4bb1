import { randomUUID } from 'node:crypto'
import { expect, onTestFinished } from 'vitest'
import { givenWeChatWorld, type WeChatWorld } from '../accounts/given-wechat.ts'
import type { Account } from '../accounts/index.ts'
import { withAgency } from '../platform/database.ts'
import { thisAgency } from '../platform/jsonb.ts'
import { type Instant, instant } from '../platform/time.ts'
import { runWorker } from '../platform/worker.ts'
import { type MonitoringOptions, monitoringDeadlines } from './jobs.ts'
import { makeProbeRunner, runProbe } from './probe-runner.ts'
import type { ProbeKind } from './probes.ts'
import type { SignalKind } from './signal.ts'

export type SeenSignal = {
  kind: SignalKind
  facts: Record<string, unknown>
  seen_at: Instant
  happened_at: Instant | null
  dedupe_key: string
  id: string
}
export type MonitoringWorld = WeChatWorld & {
  account: Account
  signals(): Promise<SeenSignal[]>
  kinds(): Promise<SignalKind[]>
  /** An account's row of dx.probes. */
  probe(
    kind: string,
  ): Promise<{ due_at: Instant; every_ms: number; last_run_at: Instant | null; last_problem: string | null; last_seen: unknown }>
  /** Asks WeChat everything once, now. */
  lookAtEverything(): Promise<void>
  publication(
    row: Partial<{ title: string; state: string; publish_id: string; msg_id: string; article_id: string }>,
  ): Promise<string>
  console(act: string, body?: object): Promise<Record<string, unknown>>
  problems: unknown[]
}

/** A connected account with the real worker running over it. */
export async function givenMonitoring(
  options: { accountIndex?: number; monitoring?: MonitoringOptions; before?(world: WeChatWorld): Promise<void> } = {},
): Promise<MonitoringWorld> {
  const world = await givenWeChatWorld(options.accountIndex ?? 0)
  await options.before?.(world)
  const { account } = await world.connect()
  return watchOver(world, account, options.monitoring)
}

export async function watchOver(world: WeChatWorld, account: Account, monitoring?: MonitoringOptions): Promise<MonitoringWorld> {
  const { app, agency } = world
  const problems: unknown[] = []
  app.log.error = (fields, text) => void problems.push({ ...fields, text })
  const runner = makeProbeRunner(app)
  const handlers = monitoringDeadlines(app, { runner, ...monitoring })
  const worker = runWorker({
    database: app.database,
    name: 'w1',
    handlers,
    kinds: {},
    onProblem: (problem) => problems.push(problem),
    listen: app.listen,
  })
  onTestFinished(async () => {
    await worker.stop()
    await runner.idle()
  })
  const inAgency = <T>(work: Parameters<typeof withAgency<T>>[2]) => withAgency(app.database, agency, work)
  const signals = () =>
    inAgency(
      async (tx) => (await tx.selectFrom('dx.signals').selectAll().orderBy('seen_at').execute()) as unknown as SeenSignal[],
    )
  const probes = () => inAgency((tx) => tx.selectFrom('dx.probes').selectAll().where('account_id', '=', account.id).execute())
  const ranAfter = async (moment: Instant) => {
    const rows = await probes()
    return rows.length > 0 && rows.every((row) => row.last_run_at !== null && row.last_run_at > moment)
  }
  const until = async (condition: () => Promise<boolean>, what: string) => {
    await expect.poll(condition, { timeout: 10_000, interval: 20, message: what }).toBe(true)
  }
  const result: MonitoringWorld = {
    ...world,
    account,
    problems,
    signals,
    kinds: async () => (await signals()).map((signal) => signal.kind).sort(),
    async probe(kind) {
      const row = (await probes()).find((one) => one.kind === kind)
      if (!row) throw new Error(`there is no probe ${kind}`)
      return row
    },
    async lookAtEverything() {
      // Run here rather than waited for: a run already under way may have looked before what the test just did.
      for (const { kind } of await probes())
        await runProbe(app, { agencyId: agency, accountId: account.id, kind: kind as ProbeKind })
    },
    async publication(row) {
      const id = randomUUID()
      await inAgency((tx) =>
        tx
          .insertInto('dx.publications')
          .values({ agency_id: thisAgency, id, account_id: account.id, title: '我们的文章', state: 'submitting', ...row })
          .execute(),
      )
      return id
    },
    console: (act, body = {}) => world.sim(`/accounts/${world.card.appid}/console/${act}`, body),
  }
  await until(() => ranAfter(instant(0)), 'the first round of probes has run')
  return result
}
