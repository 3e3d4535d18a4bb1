import { describe, expect, test } from 'vitest'
import type { AccountCard } from './state/cards.ts'
import { aSimulator, hours, minutes, type Reply } from './test-world.ts'

const world = aSimulator()

const plainToken = async ({ appid, secret }: AccountCard): Promise<Reply> =>
  JSON.parse((await world.raw(`/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=${secret}`)).text) as Reply
const stable = async ({ appid, secret }: AccountCard, more = {}): Promise<Reply> => {
  const body = JSON.stringify({ grant_type: 'client_credential', appid, secret, ...more })
  return JSON.parse((await world.raw('/cgi-bin/stable_token', { method: 'POST', body })).text) as Reply
}
const tryToken = async (token: unknown): Promise<number> => {
  const { text } = await world.raw(`/cgi-bin/getcallbackip?access_token=${token}`)
  return (JSON.parse(text) as Reply).errcode ?? 0
}

describe('the order of checks', () => {
  test('a missing token is reported before anything else, with HTTP 200 and a rid', async () => {
    const { status, text } = await world.raw('/cgi-bin/draft/add', { method: 'POST', body: 'this is no JSON' })

    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual({
      errcode: 41001,
      errmsg: expect.stringMatching(/^access_token missing rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/),
    })
  })

  test('an unverified account hears that it may not publish before it hears that its body is empty', async () => {
    expect(await world.call(world.unverified, '/cgi-bin/freepublish/submit', {})).toMatchObject({ errcode: 48001 })
    const token = await world.stableToken(world.sub)
    const empty = await world.raw(`/cgi-bin/freepublish/submit?access_token=${token}`, { method: 'POST' })
    expect(JSON.parse(empty.text)).toMatchObject({ errcode: 44002 })
    const broken = await world.raw(`/cgi-bin/freepublish/submit?access_token=${token}`, { method: 'POST', body: '{' })
    expect(JSON.parse(broken.text)).toMatchObject({ errcode: 47001 })
  })

  test('the wrong method is refused both ways, and an address that is no API is a 404 without errcode', async () => {
    const token = await world.stableToken(world.sub)

    expect(JSON.parse((await world.raw(`/cgi-bin/draft/add?access_token=${token}`)).text)).toMatchObject({ errcode: 43002 })
    expect(
      JSON.parse((await world.raw(`/cgi-bin/menu/get?access_token=${token}`, { method: 'POST', body: '{}' })).text),
    ).toMatchObject({ errcode: 43001 })
    expect((await world.raw(`/cgi-bin/datacube/getusersummary?access_token=${token}`)).status).toBe(404)
  })

  test('a bad appid is reported before a bad grant_type', async () => {
    const { text } = await world.raw('/cgi-bin/token?grant_type=wrong&appid=wx0000000000000000&secret=x')

    expect(JSON.parse(text)).toMatchObject({ errcode: 40013 })
  })
})

describe('two token families', () => {
  test('asking again by /token kills the former one and leaves the stable one alive', async () => {
    const first = await plainToken(world.sub)
    const steady = await stable(world.sub)
    const second = await plainToken(world.sub)

    expect(await tryToken(first.access_token)).toBe(40001)
    expect(await tryToken(second.access_token)).toBe(0)
    expect(await tryToken(steady.access_token)).toBe(0)
  })

  test('with an overlap the former token lives on for that long', async () => {
    await world.director('/switches', { tokenOverlapSeconds: 300 })
    const first = await plainToken(world.sub)
    await plainToken(world.sub)

    expect(await tryToken(first.access_token)).toBe(0)
    await world.advance(minutes(5))
    expect(await tryToken(first.access_token)).toBe(40001)
  })

  test('the stable token is the same for every holder and is renewed five minutes before its end', async () => {
    const first = await stable(world.sub)
    await world.advance(minutes(100))
    const same = await stable(world.sub)
    await world.advance(minutes(16))
    const renewed = await stable(world.sub)

    expect(same).toEqual({ access_token: first.access_token, expires_in: 1200 })
    expect(renewed.access_token).not.toBe(first.access_token)
    expect(await tryToken(first.access_token)).toBe(0)
    await world.advance(minutes(5))
    expect(await tryToken(first.access_token)).toBe(42001)
  })

  test('force_refresh kills at once, but not twice in thirty seconds, and twenty times a day', async () => {
    const first = await stable(world.sub)
    const forced = await stable(world.sub, { force_refresh: true })
    expect(await tryToken(first.access_token)).toBe(40001)
    expect((await stable(world.sub, { force_refresh: true })).access_token).toBe(forced.access_token)

    for (let i = 1; i < 20; i++) {
      await world.advance(30_000)
      expect(await stable(world.sub, { force_refresh: true })).toHaveProperty('access_token')
    }
    await world.advance(30_000)
    expect(await stable(world.sub, { force_refresh: true })).toMatchObject({ errcode: 45011 })
  })
})

describe('what stops a holder of the secret', () => {
  const act = (name: string, body: unknown) => world.director(`/accounts/${world.sub.appid}/console/${name}`, body)

  test('a frozen secret gives 40243, while tokens already issued live on unless the switch says otherwise', async () => {
    const before = await stable(world.sub)
    await act('secret', { act: 'freeze' })
    expect(await stable(world.sub)).toMatchObject({ errcode: 40243 })
    expect(await tryToken(before.access_token)).toBe(0)

    await act('secret', { act: 'unfreeze' })
    await world.director('/switches', { tokensDieOnSecretFreeze: true })
    await act('secret', { act: 'freeze' })
    expect(await tryToken(before.access_token)).toBe(40001)
  })

  test('a reset secret makes the old one worthless', async () => {
    const { secret } = await act('secret', { act: 'reset' })

    expect(await stable(world.sub)).toMatchObject({ errcode: 40125 })
    expect(await stable({ ...world.sub, secret: String(secret) })).toHaveProperty('access_token')
  })

  test('the whitelist names the address it refused, and another way out is let in', async () => {
    await act('whitelist', { ips: ['203.0.113.7'] })

    expect(await plainToken(world.sub)).toMatchObject({
      errcode: 40164,
      errmsg: expect.stringContaining('invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist'),
    })
    const query = `grant_type=client_credential&appid=${world.sub.appid}&secret=${world.sub.secret}`
    const elsewhere = await world.raw(`/cgi-bin/token?${query}`, { headers: { 'x-forwarded-for': '203.0.113.7' } })
    expect(JSON.parse(elsewhere.text)).toHaveProperty('access_token')
  })

  test('an address the administrator refused is barred for an hour', async () => {
    await act('gate', { code: 89507 })
    expect(await stable(world.sub)).toMatchObject({ errcode: 89507 })
    await world.advance(hours(1))
    expect(await stable(world.sub)).toHaveProperty('access_token')
  })
})

test('nonsense is 40014', async () => {
  expect(await tryToken('nonsense')).toBe(40014)
})
