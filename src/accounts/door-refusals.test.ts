import { expect, test } from 'vitest'
import { givenAgency, givenApp, moveClock, setClock } from '../../scenarios/given-app.ts'
import { withAgency } from '../platform/database.ts'
import { runDueDeadlines } from '../platform/deadlines.ts'
import { thisAgency } from '../platform/jsonb.ts'
import { days, hours, minutes } from '../platform/time.ts'
import { makeDoorRefusals } from './door-refusals.ts'
import { accountDeadlines, armForgetting } from './reader-pushes.ts'

test('whoever knocks all night leaves one row a minute, with how often he knocked', async () => {
  const app = await givenApp()
  const agencyId = await givenAgency(app)
  let clock = 0
  const refusals = makeDoorRefusals(app, () => clock)
  const knock = () => refusals.note({ agencyId, doorId: 'd', code: 'wrong-signature' })

  for (let i = 0; i < 50; i++) await knock()
  clock += minutes(1)
  await knock()

  const rows = await withAgency(app.database, agencyId, (tx) =>
    tx.selectFrom('dx.audit').select('detail').orderBy('id').execute(),
  )
  expect(rows).toMatchObject([{ detail: { unrecordedBefore: 0 } }, { detail: { unrecordedBefore: 49 } }])
})

test('a door that does not exist is logged and written nowhere', async () => {
  const app = await givenApp()
  const logged: object[] = []
  app.log.warn = (fields) => void logged.push(fields)

  for (const doorId of ['a', 'b', 'c']) await makeDoorRefusals(app).note({ doorId, code: 'unknown-door' })

  expect(logged).toHaveLength(3)
})

test('marks of what readers sent are forgotten after a day; what the platform said stays', async () => {
  const app = await givenApp()
  const agencyId = await givenAgency(app)
  await setClock(app, '2026-03-01T03:00:00+08:00')
  const accountId = '00000000-0000-4000-8000-000000000001'
  await withAgency(app.database, agencyId, async (tx, now) => {
    for (const kind of ['text', 'mass-send-finished'])
      await tx
        .insertInto('dx.pushes')
        .values({ agency_id: thisAgency, account_id: accountId, dedupe_key: kind, kind, push: '{}' })
        .execute()
    await armForgetting(tx, now)
  })

  await moveClock(app, days(1) + hours(2))
  await runDueDeadlines(app.database, accountDeadlines(), {
    slots: 1,
    onProblem: (problem) => expect.fail(String(problem.error)),
  })

  const left = await withAgency(app.database, agencyId, (tx) => tx.selectFrom('dx.pushes').select('kind').execute())
  expect(left).toEqual([{ kind: 'mass-send-finished' }])
})
