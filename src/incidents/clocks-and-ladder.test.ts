import { expect, test } from 'vitest'
import { after, hours, minutes, seconds } from '../platform/time.ts'
import { checkIncident } from './checker.ts'
import { givenIncidents, type IncidentWorld, withProviders } from './given-incident.ts'
import { aMenuDrift, aPost, threeInTheMorning } from './given-story.ts'

const paged = async (world: IncidentWorld, id: string) => (await world.facts(id, 'paged')).map((p) => `${p.person} ${p.way}`)

test('nobody answers: duty, backup, lead and everyone are tried in turn, then it is said and begins again', async () => {
  const world = await givenIncidents()
  const providers = await withProviders(world)
  const id = await world.open()

  await world.pass(minutes(12))

  const people = await paged(world, id)
  expect(people[0]).toBe('老周 wecom-app')
  expect(people).toEqual(
    expect.arrayContaining(['老周 sms-aliyun', '老周 voice-aliyun', 'Mei wecom-app', '吴桐 sms-aliyun', '赵敏 wecom-app']),
  )
  expect(await world.facts(id, 'ladder-exhausted')).toMatchObject([{ round: 0, at: after(threeInTheMorning, minutes(11)) }])
  expect((await world.facts(id, 'paged')).filter((p) => p.round === 1).map((p) => p.person)).toContain('老周')
  const messages = await providers.seen('wecom-app')
  expect(messages.every((m) => !m.text.includes('演练'))).toBe(true)
  expect(world.problems).toEqual([])
})

test('with nobody to reach at all that is said within a second, and again at the agency’s pace, not every second', async () => {
  const world = await givenIncidents({ people: false })
  const id = await world.open()

  await world.pass(seconds(2))
  expect(await world.facts(id, 'ladder-exhausted')).toHaveLength(1)
  await world.pass(minutes(11))

  expect(await world.facts(id, 'ladder-exhausted')).toHaveLength(3)
})

test('once somebody has it nobody else is woken', async () => {
  const world = await givenIncidents()
  await withProviders(world)
  const id = await world.open()
  await world.pass(seconds(40))
  await world.press(id, { do: 'acknowledge' })
  const before = await paged(world, id)

  await world.pass(minutes(9))

  expect(await paged(world, id)).toEqual(before)
  expect(before).toEqual(['老周 wecom-app', '老周 sms-aliyun'])
})

test('taking over is a lease: without a sign of work it lapses after ten minutes and the ladder begins again', async () => {
  const world = await givenIncidents()
  await withProviders(world)
  const id = await world.open()
  await world.run()
  await world.press(id, { do: 'acknowledge' })

  await world.pass(minutes(10) + seconds(1))

  expect(await world.facts(id, 'lease-lapsed')).toMatchObject([{ person: '老周' }])
  expect((await world.facts(id, 'paged')).at(-1)).toMatchObject({ round: 1, person: '老周' })
  expect((await world.press(id, { do: 'acknowledge' }, world.people.mei)).ok).toBe(true)
  expect((await world.state(id)).commander?.name).toBe('Mei')
})

test('who works keeps it: the lease does not lapse under their hands', async () => {
  const world = await givenIncidents()
  const id = await world.open()
  await world.press(id, { do: 'acknowledge' })
  for (let round = 0; round < 4; round++) {
    await world.pass(minutes(6))
    await world.press(id, { do: 'note', text: '还在处理' })
  }
  expect(await world.facts(id, 'lease-lapsed')).toEqual([])
})

test('of two who press at the same moment exactly one has it, and the other is told who', async () => {
  const world = await givenIncidents()
  const id = await world.open()

  const both = await Promise.all([
    world.press(id, { do: 'acknowledge' }, world.people.zhou),
    world.press(id, { do: 'acknowledge' }, world.people.mei),
  ])

  expect(both.filter((o) => o.ok)).toHaveLength(1)
  expect(both.find((o) => !o.ok)).toMatchObject({ reason: expect.stringMatching(/^(老周|Mei) 已接手/) })
  expect(await world.facts(id, 'acknowledged')).toHaveLength(1)
})

test('a press that the network sends twice acts once, also at the same moment', async () => {
  const world = await givenIncidents()
  const id = await world.open()
  const add = () =>
    world.press(
      id,
      { do: 'add', title: '通知商城', owner: 'duty', minutes: 10, reason: '商城也用这个账号', agreedBy: '吴桐' },
      world.people.zhou,
      { press: 'same' },
    )

  expect((await Promise.all([add(), add()])).every((o) => o.ok)).toBe(true)
  expect((await add()).ok).toBe(true)

  expect(await world.facts(id, 'step-added')).toHaveLength(1)
})

test('a press that was refused may be pressed again with the same key', async () => {
  const world = await givenIncidents()
  const id = await world.open(aPost())
  const answer = (answer?: string) =>
    world.press(id, { do: 'complete', step: 'ask-person', ...(answer ? { answer } : {}) }, world.people.zhou, { press: 'same' })
  expect((await answer()).ok).toBe(false)

  expect((await answer('not-ours')).ok).toBe(true)

  expect((await world.state(id)).certainty).toBe('confirmed')
})

test('a personal link takes over and completes steps of its own incident, and sends nothing to a client', async () => {
  const world = await givenIncidents()
  const id = await world.open()
  const other = await world.open(aPost(), { accountId: world.ids.foreign })
  const byLink = { ...world.people.zhou, via: 'link' as const, incidentId: id }

  expect((await world.press(id, { do: 'acknowledge' }, byLink)).ok).toBe(true)
  const { id: first } = await world.message(id, 'first')
  expect(await world.press(id, { do: 'send', messageId: first }, byLink)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('登录'),
  })
  expect((await world.press(other, { do: 'acknowledge' }, byLink)).ok).toBe(false)
  expect((await world.press(id, { do: 'severity', severity: 'P3', reason: '看起来没那么严重' }, world.people.mei)).ok).toBe(false)
})

test('a promise that is not kept is noted at its minute, once', async () => {
  const world = await givenIncidents({ ways: [] })
  const id = await world.open(aPost())

  await world.pass(minutes(70))

  const missed = await world.facts(id, 'clock-missed')
  expect(missed.map((m) => [m.clock, m.at])).toEqual(
    expect.arrayContaining([
      ['contain', '2026-11-21T19:17:00.000Z'],
      ['first-word', '2026-11-21T19:17:00.000Z'],
      ['plans', '2026-11-21T19:32:00.000Z'],
    ]),
  )
  expect(new Set(missed.map((m) => m.clock)).size).toBe(missed.length)
})

test('three minutes of silence count as doubt: held, asked further, nothing removed', async () => {
  const world = await givenIncidents({ removal: true })
  await withProviders(world)
  const publication = await world.publication()
  const id = await world.open(aPost())

  await world.pass(minutes(3))

  expect((await world.facts(id, 'note')).map((n) => n.text)).toContainEqual(expect.stringContaining('没有人回答'))
  expect((await world.facts(id, 'step-started')).map((s) => s.step)).not.toContain('remove-articles')
  expect((await world.publicationState(publication)).state).toBe('held')
  expect((await world.effects('page')).map((e) => (e.payload as { purpose: string }).purpose)).toContain('help')
})

test('an editing of the level at night does not ring for what can wait until the morning', async () => {
  const world = await givenIncidents()
  await withProviders(world)
  const id = await world.open()
  await world.run()
  await world.press(id, { do: 'acknowledge' })
  await world.press(id, { do: 'severity', severity: 'P3', reason: '读者没有看到，明早处理' }, world.people.wu)
  const before = (await paged(world, id)).length

  await world.pass(minutes(60))

  expect(await world.facts(id, 'lease-lapsed')).toHaveLength(1)
  expect((await paged(world, id)).length).toBe(before)
  expect((await world.message(id, 'first')).state).toBe('draft')
})

test('what was one of us ends the alarm: holds lifted, schedule running again, nobody woken any more', async () => {
  const world = await givenIncidents()
  await withProviders(world)
  const publication = await world.publication()
  const id = await world.open(aPost())
  await world.run()

  await world.press(id, { do: 'complete', step: 'ask-person', answer: 'ours' })

  expect(await world.state(id)).toMatchObject({ state: 'reviewed', certainty: 'false-alarm' })
  expect((await world.publicationState(publication)).state).toBe('scheduled')
  const before = (await world.timeline(id)).length
  await world.pass(minutes(45))
  expect(
    (await world.timeline(id)).slice(before).filter((e) => e.fact.kind === 'paged' || e.fact.kind === 'clock-missed'),
  ).toEqual([])
  expect(await world.inside((tx) => checkIncident(tx, id))).toEqual({ ok: true })
})

test('opened again it is held again and somebody has it', async () => {
  const world = await givenIncidents()
  const publication = await world.publication()
  const id = await world.open(aPost())
  await world.press(id, { do: 'complete', step: 'ask-person', answer: 'ours' })

  expect(await world.press(id, { do: 'reopen', reason: '客户说不是他们发的' }, world.people.wu)).toMatchObject({ ok: true })

  expect((await world.publicationState(publication)).state).toBe('held')
  expect(await world.state(id)).toMatchObject({ state: 'acknowledged', certainty: 'single-sign', commander: { name: '吴桐' } })
  await world.pass(minutes(10) + seconds(1))
  expect(await world.facts(id, 'lease-lapsed')).toHaveLength(1)
})

test('opening an old one again beside a new one is refused with the number of the new one', async () => {
  const world = await givenIncidents()
  const old = await world.open(aPost())
  await world.press(old, { do: 'complete', step: 'ask-person', answer: 'ours' })
  const fresh = await world.open(aMenuDrift())
  expect(fresh).not.toBe(old)

  const again = await world.press(old, { do: 'reopen', reason: '客户说不是他们发的' }, world.people.wu)

  expect(again).toMatchObject({ ok: false, reason: expect.stringContaining(`INC-${(await world.state(fresh)).number}`) })
})

test('sending to a client and setting publications free ask for a sign-in within twelve hours', async () => {
  const world = await givenIncidents()
  const id = await world.open()
  const { id: messageId } = await world.message(id, 'first')
  const [hold] = (await world.state(id)).holds
  const yesterday = { signedInAt: new Date(Date.now() - hours(12)).toISOString() }

  for (const [act, who] of [
    [{ do: 'send', messageId }, world.people.zhou],
    [{ do: 'lift-hold', hold: hold!.id }, world.people.wu],
  ] as const)
    expect(await world.press(id, act, { ...who, ...yesterday })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('重新登录'),
    })

  expect((await world.message(id, 'first')).state).toBe('draft')
  expect((await world.press(id, { do: 'acknowledge' }, { ...world.people.zhou, ...yesterday })).ok).toBe(true)
})
