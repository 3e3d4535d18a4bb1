import { expect, test } from 'vitest'
import { givenAgency, givenApp, moveClock, setClock } from '../../scenarios/given-app.ts'
import { armSchedule, cronDeadlines, nextMoment, type Schedule } from './cron.ts'
import { withAgency } from './database.ts'
import { runDueDeadlines } from './deadlines.ts'
import { hours, instant } from './time.ts'

test('eight in the morning is eight on the wall of the agency, whatever zone the server runs in', () => {
  const now = instant('2026-03-01T01:00:00Z') // nine in the morning in Beijing

  expect(nextMoment('0 8 * * *', 'Asia/Shanghai', now)).toBe('2026-03-02T00:00:00.000Z')
  expect(nextMoment('0 8 * * *', 'America/New_York', now)).toBe('2026-03-01T13:00:00.000Z')
})

test('a daily round missed twice while we were down runs once and comes again by the clock', async () => {
  const app = await givenApp()
  const agency = await givenAgency(app)
  await setClock(app, '2026-03-01T07:00:00+08:00')
  await withAgency(app.database, agency, (tx) =>
    tx.insertInto('dx.people').values({ agency_id: agency, id: app.newId(), name: 'Mei', role: 'admin' }).execute(),
  )
  let runs = 0
  const schedule: Schedule = { daily: { pattern: '0 8 * * *', run: async () => void runs++ } }
  await armSchedule(app.database, schedule)
  const pass = () =>
    runDueDeadlines(app.database, cronDeadlines(app, schedule), {
      slots: 1,
      onProblem: ({ error }) => {
        throw error
      },
    })

  await pass()
  expect(runs).toBe(0)
  await moveClock(app, hours(50))
  await pass()
  await pass()

  expect(runs).toBe(1)
  const { due_at } = await withAgency(app.database, agency, (tx) =>
    tx.selectFrom('dx.deadlines').select('due_at').where('kind', '=', 'cron').executeTakeFirstOrThrow(),
  )
  expect(due_at).toBe('2026-03-04T00:00:00.000Z')
})
