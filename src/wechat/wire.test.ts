import assert from 'node:assert/strict'
import { afterAll, beforeAll, test } from 'vitest'
import { openWeChat } from './client.ts'
import * as comments from './comments.ts'
import * as drafts from './drafts.ts'
import * as freepublish from './freepublish.ts'
import * as mass from './mass.ts'
import { movableClock, type ScriptedServer, scriptedServer } from './scripted-server.ts'
import type { Session } from './session.ts'
import * as users from './users.ts'

/** What exactly goes over the wire where a slip would hurt: too much deleted, too many people reached. */
let server: ScriptedServer
let session: Session

beforeAll(async () => {
  server = await scriptedServer()
  server.answers({ errcode: 0, errmsg: 'ok', msg_id: 1, publish_id: '1', media_id: 'M' })
  const client = openWeChat({ baseUrl: server.url, fetch, now: movableClock('2025-11-22T11:31:04Z').now })
  session = { appid: 'wx1', call: (call) => client.send('wx1', call) }
})
afterAll(() => server.close())

async function sent(call: Promise<unknown>): Promise<[string, unknown]> {
  server.received.length = 0
  await call
  const [request] = server.received
  assert.ok(request)
  return [request.path, request.json()]
}

test('deleting one article names it; deleting all is written out', async () => {
  assert.deepEqual(await sent(freepublish.remove(session, 'A', { position: 2 })), [
    '/cgi-bin/freepublish/delete',
    { article_id: 'A', index: 2 },
  ])
  assert.deepEqual((await sent(freepublish.remove(session, 'A', { position: 'all' })))[1], { article_id: 'A', index: 0 })
  assert.deepEqual((await sent(mass.remove(session, { msgId: '31' }, { position: 1 })))[1], { msg_id: 31, article_idx: 1 })
  assert.deepEqual((await sent(mass.remove(session, { url: 'u' }, { position: 'all' })))[1], { url: 'u', article_idx: 0 })
})

test('a position that is none stops before anything is sent', () => {
  server.received.length = 0
  for (const position of [0, -1, 1.5, Number.NaN]) {
    assert.throws(() => freepublish.remove(session, 'A', { position }), RangeError)
    assert.throws(() => mass.remove(session, { msgId: '1' }, { position }), RangeError)
    assert.throws(() => drafts.update(session, 'M', position, { title: 't', content: 'c' }), RangeError)
    assert.throws(() => comments.close(session, { msgDataId: '1', position }), RangeError)
  }
  assert.equal(server.received.length, 0)
})

test('a mass send says whom it reaches and what happens to reprints', async () => {
  const send = { content: { type: 'articles', mediaId: 'M' }, clientMsgId: 'id', whenReprint: 'stop' } as const
  const common = { msgtype: 'mpnews', mpnews: { media_id: 'M' }, send_ignore_reprint: 0, clientmsgid: 'id' }

  assert.deepEqual(await sent(mass.send(session, { ...send, audience: { to: 'everybody' } })), [
    '/cgi-bin/message/mass/sendall',
    { filter: { is_to_all: true }, ...common },
  ])
  assert.deepEqual((await sent(mass.send(session, { ...send, audience: { to: 'tag', tagId: 7 } })))[1], {
    filter: { is_to_all: false, tag_id: 7 },
    ...common,
  })
  assert.deepEqual(await sent(mass.send(session, { ...send, audience: { to: 'openids', openids: ['a', 'b'] } })), [
    '/cgi-bin/message/mass/send',
    { touser: ['a', 'b'], ...common },
  ])
  const going = await sent(mass.send(session, { ...send, audience: { to: 'everybody' }, whenReprint: 'go-on-if-allowed' }))
  assert.equal((going[1] as { send_ignore_reprint: number }).send_ignore_reprint, 1)
})

test('a clientMsgId WeChat would refuse is refused here', () => {
  const send = { audience: { to: 'everybody' }, content: { type: 'text', content: 'x' }, whenReprint: 'stop' } as const
  assert.throws(() => mass.send(session, { ...send, clientMsgId: 'x'.repeat(33) }), RangeError)
})

test('positions count from 1 with us and from 0 where WeChat does', async () => {
  const article = { title: 't', content: 'c' }
  assert.equal(((await sent(drafts.update(session, 'M', 1, article)))[1] as { index: number }).index, 0)
  const at = { msgDataId: '2650000001', position: 2 }
  assert.deepEqual(await sent(comments.feature(session, at, '17')), [
    '/cgi-bin/comment/markelect',
    { msg_data_id: 2650000001, index: 1, user_comment_id: 17 },
  ])
})

test('an id too long for a number goes out with every digit', async () => {
  const at = { msgDataId: '4561255354251345929', position: 1 }
  assert.deepEqual((await sent(comments.close(session, at)))[1], { msg_data_id: '4561255354251345929', index: 0 })
})

test('followers of a migrated account are asked for by their old ids', async () => {
  assert.deepEqual(await sent(users.migrated(session, 'wxOld', ['o1'])), [
    '/cgi-bin/changeopenid',
    { from_appid: 'wxOld', openid_list: ['o1'] },
  ])
})
