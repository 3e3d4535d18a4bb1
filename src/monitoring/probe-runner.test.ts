import { expect, test } from 'vitest'
import { moveClock, setClock } from '../../scenarios/given-app.ts'
import { givenWeChatWorld } from '../accounts/given-wechat.ts'
import { disconnectAccount } from '../accounts/index.ts'
import { withAgency } from '../platform/database.ts'
import { runDueDeadlines } from '../platform/deadlines.ts'
import { seconds } from '../platform/time.ts'
import { monitoringDeadlines } from './jobs.ts'
import { makeProbeRunner, type ProbeJob, type ProbeRunner } from './probe-runner.ts'

const quiet = {
  slots: 2,
  onProblem: (problem: { error: unknown }) => {
    throw problem.error
  },
}
const inAgency = async (frozen: boolean) => {
  const world = await givenWeChatWorld()
  const { account } = await world.connect()
  if (frozen) await setClock(world.app, await withAgency(world.app.database, world.agency, async (_tx, now) => now))
  const deadlines = () =>
    withAgency(world.app.database, world.agency, (tx) =>
      tx.selectFrom('dx.deadlines').selectAll().where('kind', '=', 'probe').execute(),
    )
  const probes = () => withAgency(world.app.database, world.agency, (tx) => tx.selectFrom('dx.probes').selectAll().execute())
  const pass = (runner: ProbeRunner) => runDueDeadlines(world.app.database, monitoringDeadlines(world.app, { runner }), quiet)
  return { world, account, deadlines, probes, pass }
}

test('a process killed in the middle of a question leaves the probe due again', async () => {
  const { world, deadlines, probes, pass } = await inAgency(true)
  const killed: ProbeJob[] = []
  const dies: ProbeRunner = { add: (job) => void killed.push(job), idle: async () => {} }
  await pass(dies)
  await moveClock(world.app, seconds(1))
  await pass(dies)
  const planned = (await probes()).length
  expect(killed).toHaveLength(planned)
  expect(await pass(dies)).toBe(0)

  await moveClock(world.app, seconds(21))
  const lives = makeProbeRunner(world.app)
  await pass(lives)
  await lives.idle()

  expect((await probes()).every((probe) => probe.last_ok_at !== null)).toBe(true)
  expect(await deadlines()).toHaveLength(planned)
})

test('no call is made while a transaction of the deadline is open, and none leaves a row behind', async () => {
  const { world, pass, probes } = await inAgency(false)
  const runner = makeProbeRunner(world.app)
  await expect
    .poll(async () => {
      await pass(runner)
      await runner.idle()
      return (await probes()).filter((probe) => probe.last_ok_at !== null).length
    })
    .toBeGreaterThan(4)

  const effects = await withAgency(world.app.database, world.agency, (tx) => tx.selectFrom('dx.effects').select('id').execute())
  const before = await withAgency(world.app.database, world.agency, (tx) =>
    tx.selectFrom('dx.wechat_calls').select('id').execute(),
  )
  for (let i = 0; i < 3; i++) {
    runner.add({ agencyId: world.agency, accountId: (await probes())[0]!.account_id, kind: 'menu' })
    await runner.idle()
  }
  const afterwards = await withAgency(world.app.database, world.agency, (tx) =>
    tx.selectFrom('dx.wechat_calls').select('id').execute(),
  )
  expect(effects).toEqual([])
  expect(afterwards.length).toBe(before.length)
  const counted = (await probes()).find((probe) => probe.kind === 'menu')?.last_seen as {
    calls: { counts: Record<string, number> }
  }
  expect(counted.calls.counts['/cgi-bin/get_current_selfmenu_info']).toBeGreaterThanOrEqual(3)
})

test('when the account is disconnected its probes end', async () => {
  const { world, account, probes, deadlines, pass } = await inAgency(true)
  const runner = makeProbeRunner(world.app)
  await pass(runner)
  await runner.idle()
  await disconnectAccount(world.app, world.mei, account.id)

  await moveClock(world.app, seconds(200))
  await pass(runner)
  await pass(runner)
  await runner.idle()

  expect(await probes()).toEqual([])
  expect(await deadlines()).toEqual([])
})
