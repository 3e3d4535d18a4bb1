import { describe, expect, test } from 'vitest'
import { aSimulator } from './test-world.ts'

const world = aSimulator()
const DENIED = 48001
/** Any answer but 48001 means the account may ask. */
const may = async (account: Parameters<typeof world.call>[0], path: string, body?: unknown) =>
  (await world.call(account, path, body)).errcode !== DENIED

describe('the permission table', () => {
  test('everyone may draft and look at the menu', async () => {
    for (const account of [world.sub, world.svc, world.unverified]) {
      expect(await may(account, '/cgi-bin/draft/count')).toBe(true)
      expect(await may(account, '/cgi-bin/get_current_selfmenu_info')).toBe(true)
    }
  })

  test('only verified accounts publish, send, comment, count and reach followers', async () => {
    const paths = [
      'freepublish/batchget',
      'message/mass/sendall',
      'comment/list',
      'message/custom/send',
      'tags/create',
      'menu/create',
    ].map((one) => `/cgi-bin/${one}`)
    for (const path of [...paths, '/datacube/getusersummary']) {
      expect(await may(world.unverified, path, {})).toBe(false)
      expect(await may(world.sub, path, {})).toBe(true)
    }
  })

  test('sending to a list of people and template messages are for service accounts', async () => {
    for (const path of ['/cgi-bin/message/mass/send', '/cgi-bin/message/template/send']) {
      expect(await may(world.sub, path, {})).toBe(false)
      expect(await may(world.svc, path, {})).toBe(true)
    }
  })

  test('an unverified service account keeps its menu', async () => {
    await world.director(`/accounts/${world.svc.appid}`, { verified: false }, 'PATCH')

    expect(await may(world.svc, '/cgi-bin/menu/create', {})).toBe(true)
    expect(await may(world.svc, '/cgi-bin/freepublish/submit', {})).toBe(false)
  })
})

describe('a punished account', () => {
  const punish = (penal: string) => world.director(`/accounts/${world.sub.appid}`, { penal }, 'PATCH')

  test('loses publishing and menu with 48004 and keeps its drafts', async () => {
    await punish('api-forbidden')

    expect(await world.call(world.sub, '/cgi-bin/freepublish/submit', {})).toMatchObject({ errcode: 48004 })
    expect(await world.call(world.sub, '/cgi-bin/draft/count')).toEqual({ total_count: 0 })
  })

  test('answers 50002 when limited', async () => {
    await punish('limited')
    expect(await world.call(world.sub, '/cgi-bin/draft/count')).toMatchObject({ errcode: 50002 })
  })

  test('answers 50007 when frozen, tokens included', async () => {
    const token = await world.stableToken(world.sub)
    await punish('frozen')

    const { text } = await world.raw(`/cgi-bin/draft/count?access_token=${token}`)
    expect(JSON.parse(text)).toMatchObject({ errcode: 50007 })
    const asked = await world.raw(
      `/cgi-bin/token?grant_type=client_credential&appid=${world.sub.appid}&secret=${world.sub.secret}`,
    )
    expect(JSON.parse(asked.text)).toMatchObject({ errcode: 50007 })
  })
})

test('the day’s calls of a path run out with 45009, count whoever calls, and return at midnight in Beijing', async () => {
  await world.director(`/accounts/${world.sub.appid}`, { quotaLimits: { '/cgi-bin/draft/count': 2 } }, 'PATCH')
  await world.call(world.sub, '/cgi-bin/draft/count')
  await world.call(world.sub, '/cgi-bin/draft/count')

  expect(await world.call(world.sub, '/cgi-bin/draft/count')).toMatchObject({ errcode: 45009 })
  expect(await world.call(world.sub, '/cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/draft/count' })).toMatchObject({
    quota: { daily_limit: 2, used: 2, remain: 0 },
  })
  await world.director('/clock', { now: '2026-03-05T00:00:01+08:00' })
  expect(await world.call(world.sub, '/cgi-bin/draft/count')).toEqual({ total_count: 0 })
})
