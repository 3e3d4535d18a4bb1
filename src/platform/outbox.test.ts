import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { givenAgency, givenApp, moveClock, setClock, type TestApp } from '../../scenarios/given-app.ts'
import { withAgency } from './database.ts'
import { arm, type DeadlineHandlers, runDueDeadlines } from './deadlines.ts'
import { type AttemptResult, addEffect, type EffectKind, runDueEffects } from './outbox.ts'
import { after, type Instant, instant, minutes, seconds } from './time.ts'

const three = instant('2026-03-01T03:00:00+08:00')

async function given() {
  const app = await givenApp()
  const agency = await givenAgency(app)
  await setClock(app, three)
  return { app, agency }
}

const add = (app: TestApp, agency: string, key: string, more: object = {}) =>
  withAgency(app.database, agency, (tx) =>
    addEffect(tx, { id: randomUUID(), kind: 'ring', key, mode: 'real', payload: { to: 'Lao Zhou' }, ...more }),
  )

/** An effect kind whose answers are scripted, and which remembers the calls it received. */
function ringing(answers: AttemptResult[], more: Partial<EffectKind> = {}) {
  const calls: unknown[] = []
  const settled: string[] = []
  const kind: EffectKind = {
    reaches: 'staff',
    whenUnknown: 'again',
    carry: async (effect) => {
      calls.push(effect.payload)
      return answers.shift() ?? { result: 'done', receipt: 'ok' }
    },
    settled: async (_tx, _effect, result) => void settled.push(result.result),
    ...more,
  }
  return { kinds: { ring: kind }, calls, settled }
}
const quiet = {
  worker: 'w1',
  slots: 2,
  onProblem: (p: { error: unknown }) => {
    throw p.error
  },
}

test('an effect with the same key is carried out once, however often it is asked for', async () => {
  const { app, agency } = await given()
  const bell = ringing([])

  expect(await add(app, agency, 'page:1')).toBe(true)
  expect(await add(app, agency, 'page:1')).toBe(false)
  await runDueEffects(app.database, bell.kinds, quiet)
  await runDueEffects(app.database, bell.kinds, quiet)

  expect(bell.calls).toHaveLength(1)
  expect(bell.settled).toEqual(['done'])
})

test('a worker that falls silent after its call leaves an unknown outcome, and the next way is tried, not the same one', async () => {
  const { app, agency } = await given()
  const dies = ringing([], { whenUnknown: 'settle', carry: () => new Promise(() => {}) })
  const lives = ringing([], { whenUnknown: 'settle' })
  await add(app, agency, 'tell:1')

  void runDueEffects(app.database, dies.kinds, quiet) // never comes back: the process was killed here
  await expect.poll(async () => (await attempts(app, agency)).length).toBe(1)
  await moveClock(app, seconds(12))
  await runDueEffects(app.database, lives.kinds, { ...quiet, worker: 'w2' })

  expect(lives.calls).toHaveLength(0)
  expect(lives.settled).toEqual(['unknown'])
  expect((await attempts(app, agency))[0]?.result).toMatchObject({ result: 'unknown' })
})

test('an unknown outcome of a page is simply tried again: a second call is cheap', async () => {
  const { app, agency } = await given()
  const bell = ringing([{ result: 'unknown', reason: 'timed out' }])
  await add(app, agency, 'page:2')

  await runDueEffects(app.database, bell.kinds, quiet)
  await moveClock(app, minutes(1))
  await runDueEffects(app.database, bell.kinds, quiet)

  expect(bell.calls).toHaveLength(2)
  expect(bell.settled).toEqual(['done'])
})

test('after an unknown removal we look before we try again', async () => {
  const { app, agency } = await given()
  const looked: string[] = []
  const removal = ringing([{ result: 'unknown', reason: 'hung up' }], {
    reaches: 'wechat',
    whenUnknown: 'look',
    look: async () => {
      looked.push('looked')
      return { result: 'done', receipt: 'already gone' }
    },
  })
  await add(app, agency, 'remove:1')

  await runDueEffects(app.database, removal.kinds, quiet)
  await moveClock(app, seconds(20))
  await runDueEffects(app.database, removal.kinds, quiet)

  expect([removal.calls.length, looked.length, removal.settled]).toEqual([1, 1, ['done']])
})

test('an effect past its last useful moment is not carried out any more', async () => {
  const { app, agency } = await given()
  const bell = ringing([])
  await add(app, agency, 'remind:1', { usefulUntil: after(three, minutes(5)) })

  await moveClock(app, minutes(6))
  await runDueEffects(app.database, bell.kinds, quiet)

  expect(bell.calls).toHaveLength(0)
  expect(bell.settled).toEqual(['expired'])
})

test('a drill reaches staff with a mark, and neither WeChat nor the client', async () => {
  const { app, agency } = await given()
  const marked = ringing([], { asDrill: (payload) => ({ ...(payload as object), mark: '【演练】' }) })
  const wechat = ringing([], { reaches: 'wechat' })
  await add(app, agency, 'page:drill', { mode: 'drill' })
  await add(app, agency, 'remove:drill', { mode: 'drill', kind: 'remove' })

  await runDueEffects(app.database, { ...marked.kinds, remove: wechat.kinds.ring }, quiet)

  expect(marked.calls).toEqual([{ to: 'Lao Zhou', mark: '【演练】' }])
  expect(wechat.calls).toHaveLength(0)
  expect(wechat.settled).toEqual(['done'])
})

test('an effect whose bookkeeping throws steps aside and those behind it still go out', async () => {
  const { app, agency } = await given()
  const poison = ringing([], {
    settled: async () => {
      throw new Error('poison')
    },
  })
  const good = ringing([])
  await add(app, agency, 'a-poison', { kind: 'poison', lane: 1 })
  await add(app, agency, 'b-good', { lane: 2 })

  await runDueEffects(app.database, { poison: poison.kinds.ring, ...good.kinds }, { ...quiet, onProblem: () => {} })

  expect(good.settled).toEqual(['done'])
})

test('a deadline fires once, at its moment, and not before', async () => {
  const { app, agency } = await given()
  const fired: Instant[] = []
  const handlers: DeadlineHandlers = { tell: { misfire: 'run-once', run: async (due) => void fired.push(due.now) } }
  await withAgency(app.database, agency, (tx, now) => arm(tx, 'tell', 'incident-1', after(now, minutes(12))))
  const pass = () => runDueDeadlines(app.database, handlers, { slots: 2, onProblem: quiet.onProblem })

  await moveClock(app, minutes(11))
  expect(await pass()).toBe(0)
  const at = await moveClock(app, minutes(1))
  await Promise.all([pass(), pass(), pass()])
  await pass()

  expect(fired).toEqual([at])
})

test('a publication found late is not sent by itself: a person is asked', async () => {
  const { app, agency } = await given()
  const log: string[] = []
  const handlers: DeadlineHandlers = {
    'publication-due': {
      misfire: { grace: minutes(3), ask: async () => void log.push('asked') },
      run: async () => void log.push('sent'),
    },
  }
  await withAgency(app.database, agency, (tx, now) => arm(tx, 'publication-due', 'p1', after(now, minutes(1))))

  await moveClock(app, minutes(10))
  await runDueDeadlines(app.database, handlers, { slots: 1, onProblem: quiet.onProblem })

  expect(log).toEqual(['asked'])
})

test('a deadline whose handler throws keeps nothing of its work, waits, and is parked after eight tries', async () => {
  const { app, agency } = await given()
  let tries = 0
  const handlers: DeadlineHandlers = {
    bad: {
      misfire: 'run-once',
      run: async ({ tx }) => {
        tries++
        await addEffect(tx, { id: randomUUID(), kind: 'ring', key: 'from-bad', mode: 'real', payload: {} })
        throw new Error('broken')
      },
    },
  }
  await withAgency(app.database, agency, (tx, now) => arm(tx, 'bad', 'x', now))

  for (let i = 0; i < 12; i++) {
    await runDueDeadlines(app.database, handlers, { slots: 1, onProblem: () => {} })
    await moveClock(app, minutes(6))
  }

  expect(tries).toBe(8)
  expect(await withAgency(app.database, agency, (tx) => tx.selectFrom('dx.effects').select('id').execute())).toEqual([])
})

test('one agency sees nothing of another, not even by asking for everything', async () => {
  const { app, agency } = await given()
  await givenAgency(app, 'chen', '陈家托管')
  await add(app, agency, 'page:3')

  const seenByChen = await withAgency(app.database, 'chen', (tx) => tx.selectFrom('dx.effects').selectAll().execute())
  const seenByNobody = await app.database.selectFrom('dx.effects').selectAll().execute()

  expect([seenByChen, seenByNobody]).toEqual([[], []])
})

const attempts = (app: TestApp, agency: string) =>
  withAgency(app.database, agency, (tx) => tx.selectFrom('dx.attempts').selectAll().execute())
