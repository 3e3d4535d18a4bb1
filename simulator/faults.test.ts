import { expect, test } from 'vitest'
import { aSimulator } from './test-world.ts'

const world = aSimulator()
const PATH = '/cgi-bin/tags/create'

/** Makes a tag under a mishap; says what the caller saw and whether the tag exists. */
async function underFault(fault: object): Promise<{ saw: string; done: boolean }> {
  const token = await world.stableToken(world.sub)
  await world.director('/faults', { path: 'tags/create', ...fault })
  const saw = await world
    .raw(`${PATH}?access_token=${token}`, { method: 'POST', body: JSON.stringify({ tag: { name: '新标签' } }) })
    .then(({ status, text }) => `${status} ${text}`)
    .catch(() => 'hung up')
  const { tags } = await world.call(world.sub, '/cgi-bin/tags/get')
  return { saw, done: (tags as { name: string }[]).some((one) => one.name === '新标签') }
}

test.each([
  ['hangup-before', 'hung up', false],
  ['hangup-after', 'hung up', true],
  ['busy-before', '"errcode":-1', false],
  ['busy-after', '"errcode":-1', true],
  ['empty', /^200 $/, false],
  ['html', '<html>', false],
  ['badjson', '200 {"errcode":0,"errm', false],
  ['expired-token', '"errcode":42001', false],
  ['quota', '"errcode":45009', false],
  ['whitelist', 'invalid ip 127.0.0.1', false],
  ['slow', '"name":"新标签"', true],
  ['slow-before', '"name":"新标签"', true],
  ['slow-body', '"name":"新标签"', true],
])('%s: the caller sees %s and the work is done: %s', async (fault, saw, done) => {
  const result = await underFault({ fault, ms: 5 })

  expect(result.saw).toMatch(saw)
  expect(result.done).toBe(done)
})

test('a broken answer can also hide work that was done', async () => {
  const result = await underFault({ fault: 'status5xx', status: 503, executed: true })

  expect(result.saw).toMatch(/^503 /)
  expect(result.done).toBe(true)
})

test('a slow answer comes after its time and not before', async () => {
  const startedAt = performance.now()
  await underFault({ fault: 'slow', ms: 80 })

  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(79)
})

test('a slow body begins at once and ends late', async () => {
  const token = await world.stableToken(world.sub)
  await world.director('/faults', { path: 'tags/get', fault: 'slow-body', ms: 80 })
  const startedAt = performance.now()
  const response = await fetch(`${world.url}/cgi-bin/tags/get?access_token=${token}`)
  const reader = response.body!.getReader()
  await reader.read()
  await reader.read()

  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(79)
})

test('“always” lasts until the mishaps are forgotten', async () => {
  await world.director('/faults', { path: 'draft/count', fault: 'quota', times: 'always' })
  const ask = async () => (await world.call(world.sub, '/cgi-bin/draft/count')).errcode
  expect([await ask(), await ask(), await ask()]).toEqual([45009, 45009, 45009])
  await world.director('/faults', undefined, 'DELETE')
  expect(await ask()).toBeUndefined()
})

test('a mishap befalls only the path, account and address it was meant for, and as often as asked', async () => {
  await world.director('/faults', { path: '*', appid: world.svc.appid, fault: 'errcode', code: 45011, times: 2 })
  const answers = []
  for (const account of [world.sub, world.svc, world.svc, world.svc])
    answers.push((await world.call(account, '/cgi-bin/draft/count')).errcode)
  // The mishap met the request for a token; the call then came with none worth the name.
  expect(answers).toEqual([undefined, 40014, 40014, undefined])
})

test('the ledger tells what was received, answered and carried out, and hides secrets', async () => {
  await underFault({ fault: 'busy-after' })
  const { calls } = await world.director(`/calls?path=tags/create&appid=${world.sub.appid}`)

  expect(calls).toMatchObject([
    { caller: 'product', key: 'stable', errcode: -1, executed: true, fault: 'busy-after', body: '{"tag":{"name":"新标签"}}' },
  ])
  const everything = JSON.stringify(await world.director('/calls'))
  expect(everything).not.toContain(world.sub.secret)
  expect(everything).not.toContain(await world.stableToken(world.sub))
})

test('a rid explains its call for seven days, to its own account', async () => {
  const { errmsg } = await world.call(world.sub, '/cgi-bin/draft/get', { media_id: 'x' })
  const rid = /rid: (\S+)$/.exec(errmsg ?? '')?.[1]
  const explain = (account = world.sub) => world.call(account, '/cgi-bin/openapi/rid/get', { rid })

  expect(await explain()).toMatchObject({ errcode: 0, request: { request_body: '{"media_id":"x"}', client_ip: '127.0.0.1' } })
  expect(await explain(world.svc)).toMatchObject({ errcode: 76003 })
  await world.advance(7 * 86_400_000 + 1)
  expect(await explain()).toMatchObject({ errcode: 76004 })
})
