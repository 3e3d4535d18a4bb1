import assert from 'node:assert/strict'
import { afterAll, beforeAll, beforeEach, test } from 'vitest'
import { type Call, openWeChat, type WeChat, type WeChatCall } from './client.ts'
import { text } from './fields.ts'
import { multipart } from './multipart.ts'
import { movableClock, type ScriptedServer, scriptedServer } from './scripted-server.ts'

let server: ScriptedServer
let calls: WeChatCall[]
let client: WeChat
const clock = movableClock('2025-11-22T11:31:04Z')

beforeAll(async () => {
  server = await scriptedServer()
})
afterAll(() => server.close())
beforeEach(() => {
  calls = []
  server.received.length = 0
  client = openWeChat({ baseUrl: server.url, fetch, now: clock.now, timeoutMs: 2000, observe: (call) => calls.push(call) })
})

const submit: Call<string> = {
  path: '/cgi-bin/freepublish/submit',
  method: 'POST',
  intent: 'write',
  body: { media_id: 'M' },
  read: (a) => text(a, 'publish_id'),
}
const look: Call<string> = { ...submit, path: '/cgi-bin/freepublish/get', intent: 'read' }
const TOKEN = { access_token: 'SECRET_TOKEN_0123456789' }

async function problem(call: Call<unknown> = submit, of = client) {
  const answer = await of.send('wx1', call, TOKEN)
  assert.ok(!answer.ok)
  return answer.problem
}

/** What an unclear end means: unknown after a write, harmless after a read. */
async function assertUnclear(of = client) {
  const written = await problem(submit, of)
  assert.deepEqual([written.class, written.outcome, written.code], ['ambiguous', 'unknown', null])
  assert.match(written.message, /可能已经执行/)
  const read = await problem(look, of)
  assert.deepEqual([read.class, read.outcome], ['retry', 'not-executed'])
}

test('a long id survives the journey', async () => {
  server.answers((response) => response.end('{"errcode":0,"errmsg":"ok","publish_id":2247487744000000123}'))

  assert.deepEqual(await client.send('wx1', submit, TOKEN), { ok: true, value: '2247487744000000123', rid: null })
})

test('the token travels in the address and the text as raw UTF-8', async () => {
  server.answers({ publish_id: '1' })

  await client.send('wx1', { ...submit, body: { title: '春季上新' } }, TOKEN)

  const [seen] = server.received
  assert.equal(seen?.query.get('access_token'), TOKEN.access_token)
  assert.equal(seen?.bytes.toString(), '{"title":"春季上新"}')
})

test('an HTML page is no answer', async () => {
  server.answers((response) => response.end('<html><body>502 Bad Gateway</body></html>'))
  await assertUnclear()
})

test('an error of their servers is no answer, whatever its body says', async () => {
  server.answers((response) => {
    response.statusCode = 502
    response.end('{"errcode":40007,"errmsg":"invalid media_id"}')
  })
  await assertUnclear()
})

test('an empty body is no answer, and is said to have been empty', async () => {
  server.answers((response) => response.end())
  await assertUnclear()
  assert.match((await problem()).message, /空的/)
})

test('broken JSON is no answer', async () => {
  server.answers((response) => response.end('{"errcode":0,"publish_id'))
  await assertUnclear()
})

test('JSON that is no object is no answer', async () => {
  server.answers((response) => response.end('[]'))
  await assertUnclear()
})

test('success without the promised id is no answer', async () => {
  server.answers({ errcode: 0, errmsg: 'ok' })
  await assertUnclear()
})

test('a connection that breaks after the request leaves the outcome open', async () => {
  server.answers((response) => response.destroy())
  await assertUnclear()
})

test('a body that breaks off leaves the outcome open', async () => {
  server.answers((response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{"errcode":0,', () => response.destroy())
  })
  await assertUnclear()
})

test('silence ends at the time-out and leaves the outcome open', async () => {
  server.answers(() => {})
  const impatient = openWeChat({ baseUrl: server.url, fetch, now: clock.now, timeoutMs: 50 })

  await assertUnclear(impatient)
})

test('a body that never ends is cut by the time-out too', async () => {
  server.answers((response) => {
    response.write('{')
  })
  await assertUnclear(openWeChat({ baseUrl: server.url, fetch, now: clock.now, timeoutMs: 50 }))
})

test('a redirect is not followed, so the token goes nowhere else', async () => {
  server.answers((response) => {
    response.writeHead(302, { location: `${server.url}/elsewhere` })
    response.end()
  })

  await assertUnclear()
  assert.deepEqual(new Set(server.received.map((r) => r.path)), new Set([submit.path, look.path]))
})

test('when nobody is listening, not even a write can have happened', async () => {
  const gone = await scriptedServer()
  await gone.close()
  const nobody = openWeChat({ baseUrl: gone.url, fetch, now: clock.now })

  const refused = await problem(submit, nobody)

  assert.deepEqual([refused.class, refused.outcome], ['retry', 'not-executed'])
})

test('a busy system leaves a write open and a read repeatable', async () => {
  server.answers({ errcode: -1, errmsg: 'system error rid: 64f0a1b2-12ab34cd-56ef7890' })

  const written = await problem()

  assert.deepEqual([written.class, written.outcome, written.code], ['ambiguous', 'unknown', -1])
  assert.equal(written.rid, '64f0a1b2-12ab34cd-56ef7890')
  assert.equal((await problem(look)).class, 'retry')
})

test('a message already accepted gives its id, even a long one', async () => {
  server.answers((response) => response.end('{"errcode":45065,"errmsg":"clientmsgid exist","msg_id":31474945520000000001}'))

  assert.equal((await problem()).msgId, '31474945520000000001')
})

test('a problem names the API that was asked', async () => {
  server.answers({ errcode: 48001, errmsg: 'api unauthorized' })
  const { what, class: name, errmsg } = await problem()
  assert.deepEqual([what, name, errmsg], ['/cgi-bin/freepublish/submit', 'permission', 'api unauthorized'])
})

test('every call is recorded, with times and codes and without secrets', async () => {
  const openid = `o${'A'.repeat(27)}`
  server.answers((response) => {
    clock.advance(120)
    const answer = {
      errcode: 40001,
      errmsg: `bad ${TOKEN.access_token} rid: 64f0a1b2-12ab34cd-56ef7890`,
      access_token: 'abc"def',
      openid,
    }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answer))
  })

  await problem({ ...submit, body: { appid: 'wx1', secret: 'top-secret', touser: openid, content: 'x'.repeat(9000) } })

  const [call] = calls
  assert.ok(call)
  const { requestSummary, responseText, ...facts } = call
  assert.deepEqual(facts, {
    path: '/cgi-bin/freepublish/submit',
    appid: 'wx1',
    intent: 'write',
    startedAt: '2025-11-22T11:31:04.000Z',
    tookMs: 120,
    httpStatus: 200,
    errcode: 40001,
    rid: '64f0a1b2-12ab34cd-56ef7890',
  })
  const kept = JSON.stringify(call)
  for (const secret of [TOKEN.access_token, 'top-secret', 'abc', 'def', openid]) assert.ok(!kept.includes(secret), secret)
  assert.match(responseText, /errcode":40001/)
  assert.ok(requestSummary.length < 1000)
})

test('calls without an answer are recorded too', async () => {
  server.answers((response) => response.destroy())
  await problem()
  assert.deepEqual([calls[0]?.httpStatus, calls[0]?.errcode, calls[0]?.responseText], [null, null, ''])
})

test('what is recorded of a long answer stays under 4 KB and is whole text', async () => {
  server.answers({ publish_id: '1', content: '定'.repeat(10_000) })
  await client.send('wx1', submit, TOKEN)
  const kept = calls[0]?.responseText ?? ''
  assert.ok(Buffer.byteLength(kept) <= 4096 && Buffer.byteLength(kept) > 4000)
  assert.ok(!kept.includes('\ufffd'))
})

test('a ledger that fails does not cost us the answer', async () => {
  server.answers({ publish_id: '7' })
  const warned = new Promise<Error>((heard) => process.once('warning', heard))
  const observe = () => {
    throw new Error('ledger is full')
  }
  const answer = await openWeChat({ baseUrl: server.url, fetch, now: clock.now, observe }).send('wx1', submit, TOKEN)

  assert.deepEqual(answer, { ok: true, value: '7', rid: null })
  assert.match((await warned).message, /ledger is full/)
})

const download: Call<string | Uint8Array> = { ...look, read: () => 'json', readBytes: (bytes) => bytes }

test('a file arrives byte for byte, its refusal as a problem', async () => {
  const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 13, 10])
  server.answers(
    (response) => {
      response.setHeader('content-type', 'image/png')
      response.end(picture)
    },
    { errcode: 40007, errmsg: 'invalid media_id' },
  )

  const answer = await client.send('wx1', download, TOKEN)

  assert.ok(answer.ok)
  assert.deepEqual(answer.value, picture)
  assert.equal(calls[0]?.responseText, '(8 bytes, image/png)')
  assert.equal((await problem(download)).code, 40007)
})

test('an upload carries its file, its name and its other fields', async () => {
  server.answers({ publish_id: '1' })
  const upload = multipart(
    'media',
    { fileName: 'a"b.png', mediaType: 'image/png', bytes: Buffer.from('PNG') },
    { description: '{"title":"春"}' },
  )

  await client.send('wx1', { ...submit, body: undefined, upload }, TOKEN)

  const seen = server.received[0]
  assert.ok(seen)
  const form = await new Response(new Uint8Array(seen.bytes), { headers: { 'content-type': seen.type } }).formData()
  const file = form.get('media') as File
  assert.deepEqual(
    [file.name, file.type, await file.text(), form.get('description')],
    ['a_b.png', 'image/png', 'PNG', '{"title":"春"}'],
  )
})
