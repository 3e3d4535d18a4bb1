import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { aSimulator, drafted } from '../test-world.ts'
import { routes } from './control.ts'

const world = aSimulator()
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test.each(routes.map(([method, pattern]) => `${method} ${pattern}`))('the README tells of %s', (route) => {
  const last = route.split('/').at(-1)!.replace(':appid', 'APPID').replace(':act', '<act>')

  expect(readme).toMatch(new RegExp(`[/\`]${last}[\`?, }]`))
})

test('wrong use says what would be right', async () => {
  expect(await world.director('/nothing', {})).toEqual({ error: expect.stringContaining('README') })
  expect(await world.director('/accounts/wx0/state')).toEqual({ error: expect.stringContaining('GET /_sim/accounts') })
  expect(await world.director('/faults', { fault: 'earthquake' })).toEqual({ error: expect.stringContaining('hangup-after') })
  expect(await world.director('/switches', { deliverys: 2 })).toEqual({ error: expect.stringContaining('deliveries') })
  expect(await world.director(`/accounts/${world.sub.appid}/next`, { publish: { statuss: 1 } })).toEqual({
    error: expect.stringContaining('statuss'),
  })
  expect(await world.director(`/accounts/${world.sub.appid}/console/publish`, { media_id: 'gone' })).toHaveProperty('error')
})

test('a reset forgets everything but who the accounts are', async () => {
  const token = await world.stableToken(world.sub)
  await world.director(`/accounts/${world.sub.appid}/console/publish`, { title: '旧事' })
  await world.director('/reset', {})

  expect(await world.state(world.sub)).toMatchObject({
    secret: world.sub.secret,
    articles: { live: [], deleted: [] },
    callback: null,
  })
  expect(await world.director('/calls')).toMatchObject({ count: 0 })
  expect(JSON.parse((await world.raw(`/cgi-bin/draft/count?access_token=${token}`)).text)).toMatchObject({ errcode: 40001 })
})

test('what was to happen before a reset does not happen after it', async () => {
  await world.director('/clock', { freeze: false })
  await world.director('/switches', { publishDelayMs: 30 })
  await world.call(world.sub, '/cgi-bin/freepublish/submit', { media_id: await drafted(world, world.sub) })
  await world.director('/reset', {})
  await world.director('/clock', { advanceMs: 60_000 })

  expect(await world.director('/pushes')).toMatchObject({ count: 0 })
  expect(await world.state(world.sub)).toMatchObject({ articles: { live: [] } })
})

test('more accounts can be opened, and their ids are the same next time', async () => {
  const open = async () => (await world.director('/accounts', { kind: 'SVC', followers: 3, name: '新号' })).appid
  const first = await open()
  await world.director('/reset', {})

  expect(await open()).toBe(first)
  expect(await world.director('/accounts')).toMatchObject({
    accounts: expect.arrayContaining([expect.objectContaining({ appid: first, followers: 3, kind: 'SVC' })]),
  })
})
