import { expect, test } from 'vitest'
import { moveClock, setClock } from '../../scenarios/given-app.ts'
import { givenWeChatWorld, must } from '../accounts/given-wechat.ts'
import { withAgency } from '../platform/database.ts'
import { runDueDeadlines } from '../platform/deadlines.ts'
import { runDueEffects } from '../platform/outbox.ts'
import { after, minutes, seconds } from '../platform/time.ts'
import { schedulePublication } from './commands.ts'
import { publishingEffects } from './effects.ts'
import { placeHold } from './holds.ts'
import { publishingDeadlines } from './jobs.ts'

/** A connected account with one article due now; `before(path)` runs in the moment before our call of that path leaves. */
async function givenDueArticle(before: (path: string, accountId: string) => Promise<void> = async () => {}) {
  const world = await givenWeChatWorld()
  const { app, agency } = world
  const { account } = await world.connect()
  const paths: string[] = []
  const send = app.fetch
  app.fetch = (async (input: string | URL | Request, init?: RequestInit) => {
    const path = new URL(typeof input === 'object' && 'url' in input ? input.url : String(input)).pathname
    await before(path, account.id)
    paths.push(path)
    return send(input, init)
  }) as typeof fetch
  await setClock(app, '2026-11-22T02:00:00Z')
  const { id } = await withAgency(app.database, agency, async (tx, now) =>
    must(
      await schedulePublication(
        tx,
        app,
        { accountId: account.id, title: '春季上新', content: '<p>正文</p>', goesOutAt: after(now, minutes(1)) },
        now,
      ),
    ),
  )
  await moveClock(app, minutes(1))
  const problems: unknown[] = []
  const onProblem = (problem: unknown) => void problems.push(problem)
  const run = async () => {
    await runDueDeadlines(app.database, publishingDeadlines(app), { slots: 1, onProblem })
    await runDueEffects(app.database, publishingEffects(app), { worker: 'w1', slots: 1, onProblem })
  }
  const state = () =>
    withAgency(app.database, agency, (tx) =>
      tx.selectFrom('dx.publications').select('state').where('id', '=', id).executeTakeFirstOrThrow(),
    )
  const stop = (accountId: string) =>
    withAgency(app.database, agency, (tx, now) =>
      placeHold(tx, app, { scope: 'account', scopeId: accountId, reason: '紧急停发', by: '老周' }, now),
    )
  const submissions = () => paths.filter((path) => path.includes('freepublish/submit')).length
  return { world, account, run, state, stop, submissions, problems, app }
}

test('without a stop the article is submitted once and followed', async () => {
  const { run, state, submissions, problems, app } = await givenDueArticle()
  await run()
  await moveClock(app, seconds(1))
  await run()

  expect(submissions()).toBe(1)
  expect(['confirming', 'published']).toContain((await state()).state)
  expect(problems).toEqual([])
})

test('a stop between the schedule and the submission wins', async () => {
  const due = await givenDueArticle()
  await runDueDeadlines(due.app.database, publishingDeadlines(due.app), { slots: 1, onProblem: () => {} })
  await due.stop(due.account.id)

  await due.run()

  expect(due.submissions()).toBe(0)
  expect((await due.state()).state).toBe('held')
})

test('a stop while the draft is being put in place wins: what has not reached WeChat does not', async () => {
  let stop = async (_: string) => {}
  const due = await givenDueArticle(async (path, accountId) => {
    if (path.includes('draft/add')) await stop(accountId)
  })
  stop = async (accountId) => void (await due.stop(accountId))

  await due.run()
  await moveClock(due.app, minutes(1))
  await due.run()

  expect(due.submissions()).toBe(0)
  expect((await due.state()).state).toBe('held')
})

test('when WeChat hangs up after taking the submission we look, and nothing goes out twice', async () => {
  const due = await givenDueArticle()
  await due.world.sim('/faults', { path: 'freepublish/submit', fault: 'hangup-after', times: 1 })

  for (let turn = 0; turn < 8; turn++) {
    await due.run()
    await moveClock(due.app, seconds(61))
  }

  expect(due.submissions()).toBe(1)
  expect(['published', 'confirming', 'unknown']).toContain((await due.state()).state)
  expect(due.problems).toEqual([])
})
