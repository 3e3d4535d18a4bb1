import { afterEach, beforeEach, expect, test } from 'vitest'
import { instant, minutes, seconds } from '../../platform/time.ts'
import { maySend, type PastSend } from './budgets.ts'
import { referenceOf } from './call.ts'
import { openChannel } from './channel.ts'
import { aNotice, givenProviders, type ProvidersWorld, pressable } from './given-providers.ts'

let world: ProvidersWorld
beforeEach(async () => {
  world = await givenProviders()
})
afterEach(() => world.close())

test('the 21st message of a minute is refused with the minute to wait, and then the robot speaks again', async () => {
  const robot = world.open('wecom-robot')
  for (let n = 0; n < 20; n++) expect((await robot.send('', aNotice(), `k${n}`)).result).toBe('done')

  const tooMany = await robot.send('', aNotice(), 'k20')
  await world.advance(seconds(60) + 1)
  const again = await robot.send('', aNotice(), 'k21')

  expect(tooMany).toMatchObject({ result: 'refused', retry: 'later', afterMs: seconds(60) })
  expect(again.result).toBe('done')
})

test('a robot that was removed from its group is a matter for an administrator, told in a clear sentence', async () => {
  await world.fault('wecom-robot', 'robot-removed')

  const result = await world.open('wecom-robot').send('', aNotice(), 'k')

  expect(result).toMatchObject({ result: 'refused', retry: 'never', whose: 'configuration' })
  expect(result).toHaveProperty('reason', expect.stringContaining('重新添加机器人'))
})

test('a very long notice still goes out, cut, with its link whole', async () => {
  const lines = Array.from({ length: 300 }, (_, n) => `第 ${n} 行：青禾教育的公众号有陌生登录`)

  const result = await world.open('wecom-robot').send('', aNotice({ lines }), 'k')

  expect(result.result).toBe('done')
  const [seen] = await world.seen('wecom-robot')
  expect(seen?.links).toEqual([{ label: '我来接手', url: 'https://dx.example/m/i/2611?k=a7K2Qm' }])
})

test('a member outside the application is a refusal although WeCom says ok', async () => {
  await world.act({ person: 'Chen', act: 'leave-company' })
  await world.act({ person: 'Mei', act: 'lose-licence' })
  const app = world.open('wecom-app')

  expect(await app.send('Chen', aNotice(), 'k1')).toMatchObject({ result: 'refused', retry: 'never', whose: 'recipient' })
  expect(await app.send('Mei', aNotice(), 'k2')).toMatchObject({ result: 'refused', retry: 'never', whose: 'configuration' })
})

test('a token that dies between two messages is replaced, and the message goes out once', async () => {
  const app = world.open('wecom-app')
  await app.send('zhou', aNotice({ title: 'P2 菜单被改' }), 'k1')
  await world.fault('wecom-app', 'token-expires')

  const result = await app.send('zhou', aNotice(), 'k2')

  expect(result.result).toBe('done')
  expect((await world.seen('wecom-app', 'zhou')).map((seen) => seen.delivered)).toEqual([true, true])
})

test('an untrusted address of ours names the remedy', async () => {
  await world.fault('wecom-app', 'code:60020')

  expect(await world.open('wecom-app').send('zhou', aNotice(), 'k')).toMatchObject({
    retry: 'never',
    whose: 'configuration',
    reason: expect.stringContaining('可信 IP'),
  })
})

test('the same notice tried again after an unknown outcome reaches the person once', async () => {
  await world.fault('wecom-app', 'hang-up')
  const app = world.open('wecom-app')

  expect((await app.send('zhou', aNotice(), 'k')).result).toBe('unknown')
  expect((await app.send('zhou', aNotice(), 'k')).result).toBe('done')

  expect((await world.seen('wecom-app', 'zhou')).filter((seen) => seen.delivered)).toHaveLength(1)
})

test('a press on the card acknowledges, names the person and the sending, and lets the card be rewritten once', async () => {
  const app = world.open('wecom-app')
  const sent = await app.send('zhou', aNotice({ buttons: pressable }), 'effect-7')
  expect(sent).toMatchObject({ result: 'done', update: expect.stringMatching(/^zhou\|/) })

  await world.act({ person: 'zhou', act: 'press', key: 'acknowledge' })

  const [press] = world.receipts
  expect(press).toMatchObject({
    kind: 'acknowledge',
    provider: 'wecom',
    userId: 'zhou',
    taskId: referenceOf('effect-7'),
    key: 'acknowledge',
  })
  const token = press?.update ?? ''
  expect(await app.update?.(token, aNotice({ title: '周 已接手' }))).toMatchObject({ result: 'done' })
  expect(await app.update?.(token, aNotice({ title: '周 已接手' }))).toMatchObject({ result: 'refused', retry: 'never' })
  const [seen] = await world.seen('wecom-app', 'zhou')
  expect(seen).toMatchObject({ updates: 1, updatedTo: '周 已接手' })
})

test('a rewritten card may keep its buttons', async () => {
  const app = world.open('wecom-app')
  const sent = await app.send('zhou', aNotice({ buttons: pressable }), 'k')
  if (sent.result !== 'done') throw new Error('not sent')

  const updated = await app.update?.(sent.update ?? '', aNotice({ title: 'P1 第二步', buttons: pressable }))

  expect(updated).toMatchObject({ result: 'done' })
  expect(await world.seen('wecom-app', 'zhou')).toMatchObject([{ updatedTo: 'P1 第二步' }])
})

test('a code older than 72 hours updates nothing', async () => {
  const app = world.open('wecom-app')
  const sent = await app.send('zhou', aNotice({ buttons: pressable }), 'k')
  if (sent.result !== 'done') throw new Error('not sent')

  await world.advance(minutes(72 * 60) + 1)

  expect(await app.update?.(sent.update ?? '', aNotice())).toMatchObject({ result: 'refused', retry: 'never' })
})

test('a press told three times is one event', async () => {
  await world.fault('wecom-app', 'callback-thrice')
  await world.open('wecom-app').send('zhou', aNotice({ buttons: pressable }), 'k')

  await world.act({ person: 'zhou', act: 'press', key: 'hand-over' })

  expect(world.receipts).toHaveLength(3)
  expect(new Set(world.receipts.map((receipt) => receipt.eventId)).size).toBe(1)
  expect(world.receipts[0]?.kind).toBe('hand-over')
})

test.each(['callback-bad-signature', 'callback-wrong-corp'])('a press with "%s" is nobody\'s press', async (fault) => {
  await world.fault('wecom-app', fault)
  await world.open('wecom-app').send('zhou', aNotice({ buttons: pressable }), 'k')

  await world.act({ person: 'zhou', act: 'press', key: 'acknowledge' })

  expect(world.receipts).toEqual([])
  expect(world.refusals).toHaveLength(1)
})

test('a message to a client is only asked for until a member taps send', async () => {
  const customers = world.open('wecom-customers')
  const sent = await customers.send('wm-1', aNotice(), 'k')
  if (sent.result !== 'done') throw new Error('not sent')

  expect(sent.receipt).toContain('等待成员')
  expect(await customers.check?.('wm-1', sent.sendId ?? '')).toBe('waiting')
  expect(await world.seen('wecom-customers')).toMatchObject([{ delivered: false }])

  await world.act({ person: 'zhou', act: 'confirm', message: sent.sendId })

  expect(await customers.check?.('wm-1', sent.sendId ?? '')).toBe('delivered')
  expect(await world.seen('wecom-customers')).toMatchObject([{ delivered: true }])
})

test('a client whose month is full does not get it, and we can tell', async () => {
  const customers = world.open('wecom-customers')
  await world.fault('wecom-customers', 'cap-reached')
  const sent = await customers.send('wm-1', aNotice(), 'k')
  if (sent.result !== 'done') throw new Error('not sent')

  await world.act({ person: 'zhou', act: 'confirm', message: sent.sendId })

  expect(await customers.check?.('wm-1', sent.sendId ?? '')).toBe('failed')
})

test('somebody who is not a client of ours is refused', async () => {
  await world.act({ person: 'wm-stranger', act: 'leave-company' })

  expect(await world.open('wecom-customers').send('wm-stranger', aNotice(), 'k')).toMatchObject({
    retry: 'never',
    whose: 'recipient',
  })
})

test('over its limit WeCom says ok and shows nothing; whoever keeps to the budget never gets there', async () => {
  const app = world.open('wecom-app')
  const past: PastSend[] = []
  let unasked = 0
  for (let n = 0; n < 40; n++) {
    const ask = { kind: 'wecom-app' as const, supplier: 'app', to: 'zhou', urgent: true }
    const budget = maySend(ask, past, instant(world.now()))
    if (!budget.may) await world.advance(Date.parse(budget.at) - world.now())
    past.push({ ...ask, at: instant(world.now()) })
    const sent = await app.send('zhou', aNotice({ title: `P2 第 ${n} 条` }), `k${n}`)
    if (sent.result !== 'done') unasked++
  }
  const kept = await world.seen('wecom-app', 'zhou')

  for (let n = 0; n < 31; n++) expect((await app.send('mei', aNotice({ title: `P2 第 ${n} 条` }), `m${n}`)).result).toBe('done')
  const careless = await world.seen('wecom-app', 'mei')

  expect(unasked).toBe(0)
  expect(kept.filter((seen) => seen.delivered)).toHaveLength(40)
  expect(careless.filter((seen) => seen.delivered)).toHaveLength(30)
})

test('a list of the refused is believed over "errcode 0", whatever the case of the letters', async () => {
  const answers = [
    '{"errcode":0,"access_token":"t","expires_in":7200}',
    '{"errcode":0,"errmsg":"ok","invaliduser":"mei|lao-zhou","msgid":"1"}',
  ]
  const provider: typeof fetch = async () => new Response(answers.shift())
  const app = openChannel(
    'wecom-app',
    { corpId: 'c', agentId: 1, secret: 's' },
    { fetch: provider, now: () => 0, nonce: () => '' },
  )

  expect(await app.send('Lao-Zhou', aNotice(), 'k')).toMatchObject({ result: 'refused', retry: 'never', whose: 'recipient' })
})
