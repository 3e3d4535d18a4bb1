import { describe, expect, test } from 'vitest'
import { givenIncidents, type IncidentWorld } from '../incidents/given-incident.ts'
import { after, minutes, seconds } from '../platform/time.ts'
import { schedulePublication } from './commands.ts'
import { type HoldScope, isStoppable, liftHold, liveHolds, placeHold } from './holds.ts'

const hold = (world: IncidentWorld, scope: HoldScope['scope'], scopeId: string, reason = '核实中') =>
  world.inside((tx, now) => placeHold(tx, world.app, { scope, scopeId, reason, by: '老周' }, now))
const lift = (world: IncidentWorld, id: string) => world.inside((tx, now) => liftHold(tx, id, '吴桐', now))
const due = (world: IncidentWorld) =>
  world.inside((tx) => tx.selectFrom('dx.deadlines').select('subject_id').where('kind', '=', 'publication-due').execute())

describe('what a hold reaches', () => {
  test.each([
    ['account', ['held', 'scheduled', 'scheduled']],
    ['client', ['held', 'held', 'scheduled']],
    ['agency', ['held', 'held', 'held']],
  ] as const)('of the %s, and nothing beyond', async (scope, expected) => {
    const world = await givenIncidents()
    const ids = [
      await world.publication(),
      await world.publication({ accountId: world.ids.second }),
      await world.publication({ accountId: world.ids.foreign }),
    ]

    await hold(world, scope, { account: world.ids.account, client: world.ids.client, agency: world.agency }[scope])

    expect(await Promise.all(ids.map(async (id) => (await world.publicationState(id)).state))).toEqual(expected)
    expect((await due(world)).length).toBe(expected.filter((state) => state === 'scheduled').length)
  })

  test.each(['published', 'removed', 'submitting', 'drafted', 'cancelled', 'failed'])(
    'what is %s is left as it is',
    async (state) => {
      const world = await givenIncidents()
      const id = await world.publication({ state })
      expect(await hold(world, 'account', world.ids.account)).toMatchObject({ publications: 0 })
      expect((await world.publicationState(id)).state).toBe(state)
    },
  )
})

describe('lifting', () => {
  test('does not revive what another hold stops, and the last one does', async () => {
    const world = await givenIncidents()
    const id = await world.publication()
    const account = await hold(world, 'account', world.ids.account)
    const client = await hold(world, 'client', world.ids.client, '客户按下紧急停发')

    expect(await lift(world, account.id)).toEqual({ revived: 0, stillHeld: 1 })
    expect(await world.publicationState(id)).toMatchObject({ state: 'held', note: '还有其他暂停' })
    expect(await lift(world, client.id)).toEqual({ revived: 1, stillHeld: 0 })

    expect(await world.publicationState(id)).toMatchObject({ state: 'scheduled', note: null, held_from: null })
    expect(await due(world)).toEqual([{ subject_id: id }])
  })

  test('of a client’s hold leaves held what only its account’s hold stops', async () => {
    const world = await givenIncidents()
    const [first, second] = [await world.publication(), await world.publication({ accountId: world.ids.second })]
    await hold(world, 'account', world.ids.account)
    const client = await hold(world, 'client', world.ids.client)

    await lift(world, client.id)

    expect((await world.publicationState(first)).state).toBe('held')
    expect((await world.publicationState(second)).state).toBe('scheduled')
  })

  test('leaves held what should have gone out meanwhile: a person decides', async () => {
    const world = await givenIncidents()
    const id = await world.publication({ goesOutAt: after(await world.now(), minutes(10)) })
    const placed = await hold(world, 'account', world.ids.account)
    await world.pass(minutes(10))

    expect(await lift(world, placed.id)).toEqual({ revived: 0, stillHeld: 1 })

    expect(await world.publicationState(id)).toMatchObject({ state: 'held', note: '原定时间已过，请重新安排' })
    await world.pass(minutes(60))
    expect(await world.effects('publish')).toEqual([])
  })

  test('twice is once', async () => {
    const world = await givenIncidents()
    const placed = await hold(world, 'account', world.ids.account)
    expect(await lift(world, placed.id)).toEqual({ revived: 0, stillHeld: 0 })
    expect(await lift(world, placed.id)).toBeUndefined()
    expect(await world.inside((tx) => liveHolds(tx, world.ids.account))).toEqual([])
  })

  test('of two at the same moment revives once', async () => {
    const world = await givenIncidents()
    const id = await world.publication()
    const [one, other] = [await hold(world, 'account', world.ids.account), await hold(world, 'client', world.ids.client)]

    await Promise.all([lift(world, one.id), lift(world, other.id)])

    expect(await world.inside((tx) => liveHolds(tx, world.ids.account))).toEqual([])
    expect((await world.publicationState(id)).state).toBe('scheduled')
  })
})

test('an article scheduled on a held account is held from the start, visibly, and goes on when the hold ends', async () => {
  const world = await givenIncidents()
  const placed = await hold(world, 'account', world.ids.account)
  const scheduled = await world.inside((tx, now) =>
    schedulePublication(
      tx,
      world.app,
      { accountId: world.ids.account, title: '春季上新', content: '正文', goesOutAt: after(now, minutes(30)) },
      now,
    ),
  )
  const id = scheduled.ok ? scheduled.value.id : ''
  expect(await world.publicationState(id)).toMatchObject({ state: 'held', held_from: 'scheduled' })

  await lift(world, placed.id)

  expect((await world.publicationState(id)).state).toBe('scheduled')
})

test('a time that has passed is refused with what to do', async () => {
  const world = await givenIncidents()
  const late = await world.inside((tx, now) =>
    schedulePublication(tx, world.app, { accountId: world.ids.account, title: '春季上新', content: '', goesOutAt: now }, now),
  )
  expect(late).toEqual({ ok: false, reason: '时间已经过去，没有排上。请选一个之后的时间。' })
})

describe('when its time comes', () => {
  test('it is handed to the dispatcher once', async () => {
    const world = await givenIncidents()
    const id = await world.publication({ goesOutAt: after(await world.now(), minutes(5)) })
    await world.pass(minutes(5) - seconds(1))
    expect((await world.publicationState(id)).state).toBe('scheduled')
    await world.pass(minutes(2))
    expect((await world.publicationState(id)).state).toBe('submitting')
    expect((await world.effects('publish')).map((e) => e.key)).toEqual([`publish:${id}`])
  })

  test('three minutes late it still goes; later it is held and a person is asked', async () => {
    const world = await givenIncidents()
    const [inTime, late] = [
      await world.publication({ goesOutAt: after(await world.now(), minutes(7)) }),
      await world.publication({ goesOutAt: after(await world.now(), minutes(6)) }),
    ]

    await world.down(minutes(10))
    await world.run()

    expect((await world.publicationState(inTime)).state).toBe('submitting')
    expect(await world.publicationState(late)).toMatchObject({ state: 'held', note: '系统恢复时已过点，请决定是否补发' })
  })

  test('a hold that the schedule does not know of stops it all the same', async () => {
    const world = await givenIncidents()
    await hold(world, 'client', world.ids.client)
    // As a row that slipped in beside the hold: the moment of going out looks once more.
    const id = await world.publication({ goesOutAt: after(await world.now(), minutes(1)) })

    await world.pass(minutes(2))

    expect((await world.publicationState(id)).state).toBe('held')
    expect(await world.effects('publish')).toEqual([])
  })
})

test('only what has not left for WeChat can be stopped without asking WeChat', () => {
  expect(['scheduled', 'staged', 'approved'].every(isStoppable)).toBe(true)
  expect(['submitting', 'confirming', 'published', 'unknown', 'held'].some(isStoppable)).toBe(false)
})
