import { describe, expect, test } from 'vitest'
import { givenAgency } from '../../scenarios/given-app.ts'
import { withAgency } from '../platform/database.ts'
import { hours, type Instant, minutes, seconds } from '../platform/time.ts'
import { givenIncidents, type IncidentWorld, withProviders } from './given-incident.ts'
import { aMenuDrift, aPost } from './given-story.ts'
import { clientLink, type Link, personLink, readLink } from './links.ts'
import { askForCode, checkCode, clientAct, type Device, portalView } from './portal.ts'

const stranger: Device = { hash: 'stranger' }
const phone: Device = { hash: 'phone' }
const known = (until: Instant): Device => ({ hash: 'phone', knownUntil: until })

async function givenPortal(options: Parameters<typeof givenIncidents>[0] = {}) {
  const world = await givenIncidents(options)
  const id = await world.open(aPost())
  const token = await world.inside(async (tx, now) => (await clientLink(tx, world.app, id, world.ids.client, now)).token)
  const read = await readLink(world.app, token)
  if (!read.ok) throw new Error(read.why)
  return { world, id, token, link: read.link, knownPhone: known(read.link.expiresAt) }
}
const codeFrom = async (world: IncidentWorld) => {
  const providers = await withProviders(world, ['sms-aliyun'])
  return async () =>
    /验证码 (\d{6})/.exec((await providers.seen('sms-aliyun')).findLast((m) => m.text.includes('验证码'))!.text)![1]!
}

describe('the client’s link', () => {
  test('shows any number of times; opening it changes nothing', async () => {
    const { world, id, token, link } = await givenPortal()
    const before = (await world.timeline(id)).length

    for (let n = 0; n < 3; n++) expect((await readLink(world.app, token)).ok).toBe(true)
    await portalView(world.app, link, stranger)

    expect((await world.timeline(id)).length).toBe(before)
  })

  test('altered by one letter it is unknown, whatever the letter', async () => {
    const { world, token } = await givenPortal()
    for (const place of [0, 7, 21]) {
      const altered = token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1)
      expect(await readLink(world.app, altered)).toEqual({ ok: false, why: 'unknown' })
    }
    for (const odd of ['', 'x', `${token}A`, "' or 1=1 --", `${token.slice(0, 21)}\u0000`])
      expect((await readLink(world.app, odd)).ok).toBe(false)
  })

  test('revoked it says so, and a new message does not bring it back', async () => {
    const { world, id, token } = await givenPortal()
    await world.inside((tx, now) => tx.updateTable('dx.links').set({ revoked_at: now }).execute())
    await world.inside((tx, now) => clientLink(tx, world.app, id, world.ids.client, now))

    expect(await readLink(world.app, token)).toEqual({ ok: false, why: 'revoked' })
  })

  test('lives on for 72 hours after the end, then it is over', async () => {
    const { world, id, token } = await givenPortal()
    await world.press(id, { do: 'complete', step: 'ask-person', answer: 'ours' })

    await world.down(hours(72) - seconds(1))
    expect((await readLink(world.app, token)).ok).toBe(true)
    await world.down(seconds(1))

    expect(await readLink(world.app, token)).toEqual({ ok: false, why: 'expired' })
  })

  test('of an incident that lasts is good in the message that carries it', async () => {
    const { world, id, token } = await givenPortal()
    await world.down(hours(24 * 29))
    await world.inside((tx, now) => clientLink(tx, world.app, id, world.ids.client, now))
    await world.down(hours(48))

    expect((await readLink(world.app, token)).ok).toBe(true)
  })

  test('of a person is good for a whole day from the page that carries it', async () => {
    const { world, id } = await givenPortal()
    const link = () => world.inside((tx, now) => personLink(tx, world.app, id, world.people.zhou.personId, now))
    await world.down(hours(5) + minutes(1)) // 00:03 UTC: a new day, a new key
    const first = await link()
    await world.down(hours(23))
    expect((await link()).token).toBe(first.token)
    await world.down(hours(23))

    expect((await readLink(world.app, first.token)).ok).toBe(true)
    await world.down(hours(1))
    expect(await readLink(world.app, first.token)).toEqual({ ok: false, why: 'expired' })
  })

  test('opens nothing of another client or another agency', async () => {
    const { world, id, link } = await givenPortal()
    const chens = await givenAgency(world.app, 'chen', '陈记托管')
    expect(await portalView(world.app, { ...link, clientId: world.ids.other }, stranger)).toBeUndefined()
    expect(await portalView(world.app, { ...link, agencyId: chens }, stranger)).toBeUndefined()
    expect(
      await withAgency(world.app.database, chens, (tx) =>
        tx.selectFrom('dx.incidents').selectAll().where('id', '=', id).execute(),
      ),
    ).toEqual([])
  })
})

describe('who acts must hold the client’s phone', () => {
  test('four digits, then a code by SMS; then the device is known for twelve hours', async () => {
    const { world, link } = await givenPortal()
    const code = await codeFrom(world)
    expect(await askForCode(world.app, link, phone, '0000')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('尾号不对'),
    })
    expect((await askForCode(world.app, link, phone, '6021')).ok).toBe(true)
    expect((await portalView(world.app, link, phone))?.identity.stage).toBe('code')
    await world.run()

    const checked = await checkCode(world.app, link, phone, ` ${await code()} `)

    const knownUntil = checked.ok ? checked.value.knownUntil : undefined
    expect(knownUntil).toBe('2026-11-22T07:02:00.000Z')
    expect((await clientAct(world.app, link, known(knownUntil!), { press: '1', do: 'say', words: '辛苦了' })).ok).toBe(true)
    await world.down(hours(12))
    expect((await clientAct(world.app, link, known(knownUntil!), { press: '2', do: 'say', words: '还在吗' })).ok).toBe(false)
  })

  test('after five wrong codes the right one is worth nothing', async () => {
    const { world, link } = await givenPortal()
    const code = await codeFrom(world)
    await askForCode(world.app, link, phone, '6021')
    await world.run()
    const right = await code()
    const wrong = right === '000000' ? '000001' : '000000'
    for (let n = 0; n < 5; n++) expect((await checkCode(world.app, link, phone, wrong)).ok).toBe(false)

    expect(await checkCode(world.app, link, phone, right)).toMatchObject({ ok: false, reason: expect.stringContaining('已失效') })
  })

  test('five tries at the same moment count as five', async () => {
    const { world, link } = await givenPortal()
    const code = await codeFrom(world)
    await askForCode(world.app, link, phone, '6021')
    await world.run()
    const right = await code()
    const wrong = right === '000000' ? '000001' : '000000'
    await Promise.all(Array.from({ length: 5 }, () => checkCode(world.app, link, phone, wrong)))

    expect((await checkCode(world.app, link, phone, right)).ok).toBe(false)
  })

  test('a code works once, on the device that asked, for ten minutes', async () => {
    const { world, link } = await givenPortal()
    const code = await codeFrom(world)
    await askForCode(world.app, link, phone, '6021')
    await world.run()
    const right = await code()
    expect((await checkCode(world.app, link, stranger, right)).ok).toBe(false)
    expect((await checkCode(world.app, link, phone, right)).ok).toBe(true)
    expect((await checkCode(world.app, link, phone, right)).ok).toBe(false)
    await askForCode(world.app, link, phone, '6021')
    await world.run()
    const second = await code()
    await world.down(minutes(10))
    expect((await checkCode(world.app, link, phone, second)).ok).toBe(false)
  })

  test('a sixth code within ten minutes is not sent', async () => {
    const { world, link } = await givenPortal()
    await withProviders(world, ['sms-aliyun'])
    for (let n = 0; n < 5; n++) expect((await askForCode(world.app, link, phone, '6021')).ok).toBe(true)
    expect(await askForCode(world.app, link, phone, '6021')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('太频繁'),
    })
  })

  test('the digits cannot be tried through: after ten wrong ones nobody may ask for ten minutes', async () => {
    const { world, link } = await givenPortal()
    await withProviders(world, ['sms-aliyun'])
    for (let n = 0; n < 10; n++) expect((await askForCode(world.app, link, stranger, `100${n}`)).ok).toBe(false)

    expect(await askForCode(world.app, link, stranger, '6021')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('太频繁'),
    })
    await world.down(minutes(10))
    expect((await askForCode(world.app, link, phone, '6021')).ok).toBe(true)
  })

  test('the code is stored nowhere in the clear', async () => {
    const { world, link } = await givenPortal()
    const code = await codeFrom(world)
    await askForCode(world.app, link, phone, '6021')
    await world.run()
    const right = await code()
    const rows = await world.asSuperuser(async (db) => [
      (await db.query('select * from dx.portal_codes')).rows,
      (await db.query('select payload, result from dx.effects')).rows,
    ])
    expect(JSON.stringify(rows)).not.toContain(right)
  })
})

describe('the client’s stop', () => {
  test('holds every account of this client, and nobody else’s', async () => {
    const { world, id, link, knownPhone } = await givenPortal()
    const [second, foreign] = [
      await world.publication({ accountId: world.ids.second }),
      await world.publication({ accountId: world.ids.foreign }),
    ]

    expect((await clientAct(world.app, link, knownPhone, { press: '1', do: 'stop' })).ok).toBe(true)

    expect((await world.publicationState(second)).state).toBe('held')
    expect((await world.publicationState(foreign)).state).toBe('scheduled')
    expect((await world.facts(id, 'client-stopped'))[0]?.who).toBe('客户 王总（尾号 6021）')
  })

  test('pressed twice it is one stop, and it is lifted where it was placed', async () => {
    const { world, id, link, knownPhone } = await givenPortal()
    const second = await world.publication({ accountId: world.ids.second })
    await clientAct(world.app, link, knownPhone, { press: '1', do: 'stop' })
    await clientAct(world.app, link, knownPhone, { press: '1', do: 'stop' })
    const [hold, ...others] = (await world.state(id)).holds.filter((h) => h.byClient)
    expect(others).toEqual([])

    expect((await world.press(id, { do: 'lift-hold', hold: hold!.id }, world.people.wu)).ok).toBe(true)

    expect((await world.publicationState(second)).state).toBe('scheduled')
  })

  test('outlives the answer that the change was one of us', async () => {
    const { world, id, link, knownPhone } = await givenPortal()
    const [first, second] = [await world.publication(), await world.publication({ accountId: world.ids.second })]
    await clientAct(world.app, link, knownPhone, { press: '1', do: 'stop' })

    await world.press(id, { do: 'complete', step: 'ask-person', answer: 'ours' })

    for (const publication of [first, second]) expect((await world.publicationState(publication)).state).toBe('held')
  })

  test('asks for the client’s phone like any act', async () => {
    const { world, link } = await givenPortal()
    const second = await world.publication({ accountId: world.ids.second })
    expect((await clientAct(world.app, link, stranger, { press: '1', do: 'stop' })).ok).toBe(false)
    expect((await world.publicationState(second)).state).toBe('scheduled')
  })
})

describe('the client’s choice', () => {
  async function withPlans() {
    const portal = await givenPortal({ ways: [{ way: 'sms' }] })
    await withProviders(portal.world, ['sms-aliyun'])
    await portal.world.say(portal.id, aMenuDrift())
    const plans = await portal.world.message(portal.id, 'plans')
    const choose = (plan: 'A' | 'B', revision = plans.revision, press = `${plan}${revision}`) =>
      clientAct(portal.world.app, portal.link, portal.knownPhone, { press, do: 'choose', plan, revision })
    return { ...portal, plans, choose }
  }

  test('is possible once the plans were sent, for the text that was read', async () => {
    const { world, id, plans, choose } = await withPlans()
    expect(await choose('B')).toMatchObject({ ok: false, reason: expect.stringContaining('还没有发给您') })
    await world.press(id, { do: 'send', messageId: plans.id })
    await world.pass(seconds(6))

    expect(await choose('B', plans.revision + 1)).toMatchObject({ ok: false, reason: expect.stringContaining('刚刚更新') })
    expect((await choose('B')).ok).toBe(true)

    expect((await world.state(id)).choice).toMatchObject({ plan: 'B', who: '客户 王总（尾号 6021）', byDefault: false })
  })

  test('replaces what we began by default', async () => {
    const { world, id, plans, choose } = await withPlans()
    await world.press(id, { do: 'send', messageId: plans.id })
    await world.pass(minutes(25))
    expect((await world.state(id)).choice?.byDefault).toBe(true)

    expect((await choose('B')).ok).toBe(true)

    expect((await world.state(id)).choice).toMatchObject({ plan: 'B', byDefault: false })
  })
})

describe('what the client reads', () => {
  const view = async ({ world, link }: { world: IncidentWorld; link: Link }) => (await portalView(world.app, link, phone))!

  test('on a single sign it is being checked, without a word of theft', async () => {
    const portal = await givenPortal()
    expect(await view(portal)).toMatchObject({ statusWord: '正在核实', headline: '公众号有一处改动，正在核实' })
    expect(JSON.stringify(await view(portal))).not.toMatch(/盗|令牌|接口|token/)
  })

  test('“已控制住” is not said while a strange article can be read, neither the first nor a later one', async () => {
    const portal = await givenPortal({ removal: true })
    const { world, id } = portal
    await world.say(id, aMenuDrift())
    expect((await view(portal)).statusWord).toBe('已发现')
    const removed = (await world.state(id)).articles.map((a) => ({
      kind: 'article-removed' as const,
      key: a.key,
      title: a.title,
      how: 'machine' as const,
    }))
    await world.say(
      id,
      { kind: 'step-done', step: 'snapshot' },
      ...removed,
      { kind: 'step-done', step: 'remove-articles' },
      { kind: 'menu-restored', degraded: [] },
      { kind: 'step-done', step: 'restore-menu' },
    )
    expect((await view(portal)).statusWord).toBe('已控制住')

    await world.say(id, aPost('late'))

    expect(await view(portal)).toMatchObject({ statusWord: '已发现', headline: '公众号出现异常内容，正在处理' })
  })

  test('of a false alarm that nothing was wrong, not that something was repaired', async () => {
    const portal = await givenPortal()
    await portal.world.press(portal.id, { do: 'complete', step: 'ask-person', answer: 'ours' })
    expect((await view(portal)).headline).toBe('已核实，是自己人的操作，公众号没有异常')
  })

  test('a draft is not shown before it is sent', async () => {
    const portal = await givenPortal()
    const { id } = await portal.world.message(portal.id, 'first')
    await portal.world.press(portal.id, { do: 'change-message', messageId: id, text: '这是草稿里的话' })
    expect(JSON.stringify(await view(portal))).not.toContain('草稿里的话')
  })
})
