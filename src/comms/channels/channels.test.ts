import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { referenceOf } from './call.ts'
import { type ChannelKind, openChannel } from './channel.ts'
import { aClosedPort, aNotice, givenProviders, type ProvidersWorld } from './given-providers.ts'

const phone = '13800000001'
const people: Record<ChannelKind, string> = {
  'wecom-robot': '',
  'wecom-app': 'zhou',
  'wecom-customers': 'wm-client-1',
  'dingtalk-robot': '',
  'dingtalk-app': 'zhou',
  'feishu-robot': '',
  'feishu-app': 'ou_zhou',
  'sms-aliyun': phone,
  'sms-tencent': phone,
  'voice-aliyun': phone,
  'voice-tencent': phone,
  email: 'zhou@dingxin.example',
}
const kinds = Object.keys(people) as ChannelKind[]

describe('every channel', () => {
  let world: ProvidersWorld
  beforeAll(async () => {
    world = await givenProviders()
  })
  afterAll(() => world.close())

  test.each(kinds)('%s: a person gets the notice, and what it says is on it', async (kind) => {
    const result = await world.open(kind).send(people[kind], aNotice(), `first-${kind}`)

    expect(result).toMatchObject({ result: 'done' })
    const [seen] = await world.seen(kind)
    expect(seen?.text).toContain('青禾教育')
    expect(seen?.text).toContain('账号被盗')
  })
})

describe('whatever goes wrong on the line', () => {
  let world: ProvidersWorld
  beforeAll(async () => {
    world = await givenProviders()
  })
  afterAll(() => world.close())
  const http = kinds.filter((kind) => kind !== 'email')
  const arrived = ['hang', 'hang-up', 'html-502', 'empty-200', 'not-json-200', 'slow']
  const lost = ['hang-before', 'html-502-before', 'refuse-connection']

  test.concurrent.each(http)('%s: an answer that never came is unknown, whether or not the notice arrived', async (kind) => {
    for (const [index, fault] of [...arrived, ...lost].entries()) {
      // Telephones of their own: the limits of one number are not what is looked at here.
      const person = /sms|voice/.test(kind) ? `1390000${kinds.indexOf(kind)}0${index}`.padEnd(11, '0') : people[kind]
      const before = (await world.seen(kind)).length
      // So that no limit per second gets in the way.
      await world.advance(2000)
      await world.fault(kind, fault)

      const result = await world.open(kind, { timeoutMs: 200 }).send(person, aNotice(), `${kind}-${fault}`)

      expect({ fault, ...result }).toMatchObject({ fault, result: 'unknown' })
      if (kind !== 'wecom-app')
        expect({ fault, seen: (await world.seen(kind)).length - before }).toEqual({
          fault,
          seen: arrived.includes(fault) ? 1 : 0,
        })
    }
  })

  test.concurrent.each(http)('%s: when nobody listens there, nothing was sent and a later try is safe', async (kind) => {
    const nobody = await aClosedPort()

    const result = await world.open(kind, { baseUrl: nobody, apiUrl: nobody }).send(people[kind], aNotice(), 'k')

    expect(result).toMatchObject({ result: 'refused', retry: 'later' })
  })

  test.concurrent.each(http)('%s: a code nobody has heard of is a refusal that moves the ladder on at once', async (kind) => {
    await world.fault(kind, 'code:987654')

    const result = await world.open(kind).send(people[kind], aNotice(), 'k')

    expect(result).toMatchObject({ result: 'refused', retry: 'never', whose: 'configuration' })
  })

  test.concurrent.each(['wecom-robot', 'wecom-app', 'dingtalk-robot', 'feishu-robot', 'feishu-app'] as const)(
    '%s: a code that comes as text is still a code',
    async (kind) => {
      const there = await givenProviders()
      await there.fault(kind, 'code-as-string')

      expect(await there.open(kind).send(people[kind], aNotice(), 'k')).toMatchObject({ result: 'done' })
      await there.close()
    },
  )
})

describe('settings', () => {
  test('settings that do not fit are told by name and never by value', () => {
    const io = { fetch: globalThis.fetch, now: () => 0, nonce: () => '' }

    expect(() => openChannel('wecom-app', { corpId: 'ww1', agentId: 1, secret: 12345 }, io)).toThrow(/wecom-app.*secret/)
    expect(() => openChannel('wecom-app', { corpId: 'ww1', agentId: 1, secret: 12345 }, io)).not.toThrow(/12345/)
  })

  test("without an address of its own a channel calls the provider's real one", async () => {
    const called: string[] = []
    const spy: typeof fetch = async (input) => {
      called.push(String(input))
      return new Response('{"errcode":0,"errmsg":"ok"}')
    }

    await openChannel('wecom-robot', { key: 'k1' }, { fetch: spy, now: () => 0, nonce: () => '' }).send('', aNotice(), 'k')

    expect(called).toEqual(['https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k1'])
  })

  test('our reference for a sending is fifteen plain characters, the same every time and another for another key', () => {
    expect(referenceOf('effect-1')).toMatch(/^[0-9a-z]{15}$/)
    expect(referenceOf('effect-1')).toBe(referenceOf('effect-1'))
    expect(referenceOf('effect-1')).not.toBe(referenceOf('effect-2'))
  })
})
