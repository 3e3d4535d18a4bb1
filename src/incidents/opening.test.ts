import { expect, test } from 'vitest'
import { givenAgency } from '../../scenarios/given-app.ts'
import { withAgency } from '../platform/database.ts'
import { minutes } from '../platform/time.ts'
import { checkIncident } from './checker.ts'
import { openOrJoin } from './commands.ts'
import { givenIncidents } from './given-incident.ts'
import { aMenuDrift, aPost } from './given-story.ts'

test('opening holds every scheduled publication of the account in the same transaction, and no other account’s', async () => {
  const world = await givenIncidents({ people: false })
  const [ours, second, foreign, sent] = [
    await world.publication(),
    await world.publication({ accountId: world.ids.second }),
    await world.publication({ accountId: world.ids.foreign }),
    await world.publication({ state: 'published' }),
  ]

  const id = await world.open()

  expect(await world.publicationState(ours)).toMatchObject({ state: 'held', held_from: 'scheduled' })
  for (const other of [second, foreign]) expect((await world.publicationState(other)).state).toBe('scheduled')
  expect((await world.publicationState(sent)).state).toBe('published')
  expect(await world.facts(id, 'hold-placed')).toMatchObject([{ publications: 1 }])
  await world.pass(minutes(61))
  expect((await world.publicationState(ours)).state).toBe('held')
  expect(await world.effects('publish')).toHaveLength(2)
})

test('an opening that fails before its commit leaves neither an incident nor a hold behind', async () => {
  const world = await givenIncidents()
  const publication = await world.publication()

  const opening = world.inside(async (tx, now) => {
    await openOrJoin(world.app, tx, now, world.library, { ...world.opening, detectedAt: now, signal: aPost() })
    throw new Error('the power failed before the commit')
  })

  await expect(opening).rejects.toThrow('power failed')
  expect(await world.inside((tx) => tx.selectFrom('dx.incidents').select('id').execute())).toEqual([])
  expect(await world.inside((tx) => tx.selectFrom('dx.holds').select('id').execute())).toEqual([])
  expect((await world.publicationState(publication)).state).toBe('scheduled')
})

test('two signals at the same moment open one incident with both in it', async () => {
  const world = await givenIncidents()

  const [one, other] = await Promise.all([world.open(aPost()), world.open(aMenuDrift())])

  expect(one).toBe(other)
  expect((await world.facts(one, 'signal-joined')).map((f) => f.signal).sort()).toEqual(['menu-drift', 'unknown-publication'])
  expect((await world.state(one)).certainty).toBe('confirmed')
  expect(await world.facts(one, 'hold-placed')).toHaveLength(1)
  expect(await world.inside((tx) => checkIncident(tx, one))).toEqual({ ok: true })
})

test('a burst of ten signals through the deadlines ends in one incident, each signal pointing to it', async () => {
  const world = await givenIncidents()
  for (let n = 0; n < 9; n++) await world.signal('unknown-publication', { articleId: `a${n}`, title: `陌生 ${n}` })
  await world.signal('menu-drift', { newLinks: ['https://bad.example'] })

  await world.run()

  const signals = await world.inside((tx) => tx.selectFrom('dx.signals').select('incident_id').execute())
  expect(new Set(signals.map((s) => s.incident_id)).size).toBe(1)
  const state = await world.state(signals[0]!.incident_id!)
  expect(state.articles).toHaveLength(9)
  expect(state.certainty).toBe('confirmed')
  expect(world.problems).toEqual([])
})

test('a signal that no plan knows is marked for a person instead of vanishing', async () => {
  const world = await givenIncidents()
  const id = await world.signal('something-nobody-planned-for')

  await world.run()

  const row = await world.inside((tx) =>
    tx.selectFrom('dx.signals').select(['judged', 'incident_id']).where('id', '=', id).executeTakeFirstOrThrow(),
  )
  expect(row).toEqual({ judged: 'no-playbook', incident_id: null })
})

test('a running incident keeps the plan and the policy it began with', async () => {
  const world = await givenIncidents({ settings: { autoTellMinute: 7 } })
  const id = await world.open()

  await world.inside((tx) =>
    tx
      .updateTable('dx.agencies')
      .set({ settings: JSON.stringify({ autoTellMinute: 14 }) })
      .execute(),
  )
  await world.say(id, aMenuDrift())

  expect((await world.message(id, 'first')).autoAt).toBe('2026-11-21T19:09:00.000Z')
})

test('another agency sees nothing of it, by whatever door', async () => {
  const world = await givenIncidents()
  const id = await world.open()
  const chens = await givenAgency(world.app, 'chen', '陈记托管')
  const chen = { ...world.people.wu, agencyId: chens, name: 'Chen' }

  expect(await world.press(id, { do: 'acknowledge' }, chen)).toEqual({ ok: false, reason: '没有找到这起事件。' })
  expect(await withAgency(world.app.database, chens, (tx) => tx.selectFrom('dx.timeline').selectAll().execute())).toEqual([])
  expect((await world.state(id)).commander).toBeUndefined()
})
