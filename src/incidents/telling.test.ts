import { expect, test } from 'vitest'
import type { ProvidersWorld } from '../comms/channels/given-providers.ts'
import { after, minutes, seconds } from '../platform/time.ts'
import { givenIncidents, type IncidentWorld, withProviders } from './given-incident.ts'
import { aMenuDrift, aPost, threeInTheMorning } from './given-story.ts'

const ways = async (world: IncidentWorld, id: string, kind = 'first') =>
  (await world.message(id, kind)).ways.map((w) => `${w.way} ${w.result}`)
const toClient = async (providers: ProvidersWorld, provider: string) =>
  (await providers.seen(provider)).filter((m) => m.to.endsWith('13900006021'))
/** Somebody has it, so that the ladder keeps still while we look at the messages. */
const inHands = async (options: Parameters<typeof givenIncidents>[0] = {}) => {
  const world = await givenIncidents(options)
  const id = await world.open()
  await world.press(id, { do: 'acknowledge' })
  return { world, id, first: await world.message(id, 'first') }
}

test('if nobody sends it, the prepared first word goes by itself at minute 12, by a way that needs no hand', async () => {
  const world = await givenIncidents({ people: false })
  const providers = await withProviders(world)
  const id = await world.open(aPost())

  await world.pass(minutes(12) - seconds(1))
  expect(await toClient(providers, 'sms-aliyun')).toEqual([])
  await world.pass(seconds(1))

  const sms = await toClient(providers, 'sms-aliyun')
  expect(sms).toHaveLength(1)
  expect(sms[0]!.text).toMatch(/03:02发现公众号有一处改动，已暂停全部待发内容，正在核实/)
  expect(await ways(world, id)).toEqual(['sms done'])
  expect(await world.facts(id, 'message-asked-by-hand')).toEqual([])
  expect((await world.state(id)).clocks.find((c) => c.key === 'first-word')).toMatchObject({
    metAt: after(threeInTheMorning, minutes(12)),
  })
})

test('after an outage over the promised minute the word still goes, with a time that lies ahead', async () => {
  const world = await givenIncidents({ people: false })
  const providers = await withProviders(world)
  const id = await world.open(aPost())
  await world.run()

  await world.down(minutes(45))
  await world.run()

  expect(await toClient(providers, 'sms-aliyun')).toHaveLength(1)
  const first = await world.message(id, 'first')
  expect(first.state).toBe('sent')
  expect(first.nextUpdateAt! > (await world.now())).toBe(true)
  expect(first.text).not.toContain('03:32')
})

test('words of a person that may not be said do not leave the client without any', async () => {
  const world = await givenIncidents({ people: false })
  const providers = await withProviders(world)
  const id = await world.open(aPost())
  await world.press(id, { do: 'change-message', messageId: (await world.message(id, 'first')).id, text: '已经全部解决！' })

  await world.pass(minutes(12))

  expect(await toClient(providers, 'sms-aliyun')).toHaveLength(1)
  expect((await world.message(id, 'first')).text).toContain('正在核实')
  expect((await world.facts(id, 'note')).at(-1)?.text).toContain('改过的内容不能发')
})

test('sent by a person it goes the client’s first way: the account manager passes it on, within four minutes', async () => {
  const { world, id, first } = await inHands()
  await withProviders(world)
  await world.press(id, { do: 'send', messageId: first.id })

  await world.pass(seconds(5))
  expect(await world.facts(id, 'message-asked-by-hand')).toMatchObject([
    { person: '赵敏', dueAt: after(threeInTheMorning, minutes(4) + seconds(5)) },
  ])
  expect((await world.message(id, 'first')).state).toBe('waiting-for-hand')
  await world.press(id, { do: 'sent-by-hand', messageId: first.id }, world.people.min)
  await world.pass(minutes(6))

  expect(await ways(world, id)).toEqual(['account-manager done'])
  expect((await world.message(id, 'first')).state).toBe('sent')
})

test('nobody confirms having passed it on: then the next way is used, and by-hand counts as unknown', async () => {
  const { world, id, first } = await inHands()
  const providers = await withProviders(world)
  await world.press(id, { do: 'send', messageId: first.id })

  await world.pass(minutes(4) + seconds(5))

  expect(await ways(world, id)).toEqual(['account-manager unknown', 'sms done'])
  expect(await toClient(providers, 'sms-aliyun')).toHaveLength(1)
})

test('whose outcome is unknown is never sent the same way again: the next way is', async () => {
  const { world, id, first } = await inHands({ ways: [{ way: 'sms' }, { way: 'voice' }] })
  const providers = await withProviders(world, ['sms-aliyun', 'sms-tencent', 'voice-aliyun'])
  await providers.fault('sms-aliyun', 'hang-up')
  await world.press(id, { do: 'send', messageId: first.id })

  await world.pass(minutes(2))

  expect(await ways(world, id)).toEqual(['sms unknown', 'sms done'])
  expect((await toClient(providers, 'sms-aliyun')).length).toBeLessThan(2)
  expect(await toClient(providers, 'sms-tencent')).toHaveLength(1)
  const keys = (await world.effects('tell')).map((e) => [e.key, e.tries])
  expect(keys).toEqual([
    [`tell:${first.id}:0`, 1],
    [`tell:${first.id}:1`, 1],
  ])
})

test('when every way failed that is said to people, and a second press begins again', async () => {
  const { world, id, first } = await inHands({ ways: [{ way: 'sms' }] })
  const providers = await withProviders(world, ['sms-aliyun', 'wecom-app'])
  await providers.fault('sms-aliyun', 'code:isv.MOBILE_NUMBER_ILLEGAL')
  await world.press(id, { do: 'send', messageId: first.id })
  await world.pass(seconds(6))
  expect((await world.message(id, 'first')).state).toBe('failed')
  expect(await world.facts(id, 'message-failed')).toHaveLength(1)
  expect((await world.effects('page')).map((e) => (e.payload as { purpose: string }).purpose)).toContain('tell-by-hand')

  expect((await world.press(id, { do: 'send', messageId: first.id })).ok).toBe(true)
  await world.pass(seconds(6))

  expect((await world.message(id, 'first')).state).toBe('sent')
  expect(await toClient(providers, 'sms-aliyun')).toHaveLength(1)
})

test('what was called back within five seconds never leaves', async () => {
  const { world, id, first } = await inHands({ ways: [{ way: 'sms' }] })
  const providers = await withProviders(world, ['sms-aliyun'])
  await world.press(id, { do: 'send', messageId: first.id })
  await world.pass(seconds(4))
  expect((await world.press(id, { do: 'call-back', messageId: first.id })).ok).toBe(true)

  await world.pass(seconds(30))

  expect(await toClient(providers, 'sms-aliyun')).toEqual([])
})

test('a message that waited over two minutes on a phone is asked again instead of sent', async () => {
  const { world, id, first } = await inHands()
  const send = { do: 'send' as const, messageId: first.id }
  const now = await world.now()

  expect(await world.press(id, send, world.people.zhou, { deviceAt: after(now, -minutes(2) - 1) })).toMatchObject({
    ok: false,
    reason: expect.stringContaining('没有发出'),
  })
  expect((await world.message(id, 'first')).state).toBe('draft')
  expect((await world.press(id, send, world.people.zhou, { deviceAt: after(now, -minutes(2)) })).ok).toBe(true)
})

test('a client without any way is an alarm for people at once, not a silent draft', async () => {
  const { world, id, first } = await inHands({ ways: [] })
  await world.press(id, { do: 'send', messageId: first.id })

  await world.pass(seconds(6))

  expect(await world.facts(id, 'message-failed')).toMatchObject([{ reason: expect.stringContaining('立即打电话') }])
})

test('the client who does not answer gets plan A at the moment that was said, and may still be heard', async () => {
  const { world, id } = await inHands({ ways: [{ way: 'sms' }] })
  await withProviders(world, ['sms-aliyun'])
  await world.say(id, aMenuDrift())
  const plans = await world.message(id, 'plans')
  await world.press(id, { do: 'send', messageId: plans.id })

  await world.pass(minutes(19))
  expect((await world.state(id)).choice).toBeUndefined()
  await world.pass(minutes(2))

  expect((await world.state(id)).choice).toMatchObject({ plan: 'A', byDefault: true })
})

test('a promised update that nobody gave is an alarm of its own', async () => {
  const { world, id, first } = await inHands({ ways: [{ way: 'sms' }] })
  await withProviders(world, ['sms-aliyun', 'wecom-app'])
  await world.press(id, { do: 'send', messageId: first.id })

  await world.pass(minutes(31))

  expect(await world.facts(id, 'update-missed')).toMatchObject([{ at: after(threeInTheMorning, minutes(30)) }])
})

test('the promise of a result outlives the alarm: a false alarm nobody reported back is an alarm too', async () => {
  const { world, id, first } = await inHands({ ways: [{ way: 'sms' }] })
  await withProviders(world, ['sms-aliyun'])
  await world.press(id, { do: 'send', messageId: first.id })
  await world.pass(seconds(6))
  await world.press(id, { do: 'complete', step: 'ask-person', answer: 'ours' })
  expect((await world.state(id)).state).toBe('restored')

  await world.pass(minutes(31))
  expect(await world.facts(id, 'update-missed')).toHaveLength(1)

  await world.press(id, { do: 'send', messageId: (await world.message(id, 'restored')).id })
  await world.pass(seconds(6))
  expect((await world.state(id)).state).toBe('reviewed')
})

test('a drill reaches neither client nor WeChat: staff who agreed get it marked, the rest ends in the sandbox', async () => {
  const world = (await givenIncidents({ removal: true, ways: [{ way: 'sms' }] })).withSteps()
  const providers = await withProviders(world)
  const publication = await world.publication()
  const id = await world.open(aPost(), { mode: 'drill' })
  await world.inside(() => Promise.resolve())
  await world.say(id, aMenuDrift())

  await world.pass(minutes(13))

  expect(await toClient(providers, 'sms-aliyun')).toEqual([])
  expect((await world.publicationState(publication)).state).toBe('scheduled')
  const state = await world.state(id)
  expect(state.articles[0]).toMatchObject({ removedBy: 'machine' })
  expect(state.containedAt).toBeDefined()
  expect((await world.message(id, 'first')).state).toBe('sent')
  const reached = await providers.seen('wecom-app')
  expect(reached.length).toBeGreaterThan(0)
  for (const message of reached) expect(`${message.title}${message.text}`).toContain('【演练】')
  expect(reached.map((m) => m.to)).not.toContain('wu')
  const effects = await world.inside((tx) => tx.selectFrom('dx.effects').select(['kind', 'mode', 'state', 'result']).execute())
  for (const effect of effects) expect(effect.mode).toBe('drill')
  for (const effect of effects.filter((e) => e.kind === 'tell' || e.kind === 'step'))
    expect(effect.result).toMatchObject({ receipt: 'sandbox' })
  expect(effects.filter((e) => e.kind === 'step').length).toBeLessThan(12)
  expect(await world.inside((tx) => tx.selectFrom('dx.wechat_calls').selectAll().execute())).toEqual([])
})
