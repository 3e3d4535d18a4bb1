import assert from 'node:assert/strict'
import { test } from 'vitest'
import { instant } from '../platform/time.ts'
import { openWith, signature } from './crypto.ts'
import { type Reply, reply, replyXml } from './replies.ts'
import { nested, parseXml, text, trees } from './xml.ts'

const at = instant('2025-11-22T11:31:04Z')
const push = { toUserName: 'gh_1', fromUserName: 'oReader' }

function read(what: Reply) {
  const reading = parseXml(replyXml(push, what, at))
  assert.ok(reading.ok)
  return reading.tree
}

test('a reply goes back to whoever wrote, from the account they wrote to', () => {
  const tree = read({ type: 'text', content: '您好' })
  const fields = ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'Content'].map((name) => text(tree, name))
  assert.deepEqual(fields, ['oReader', 'gh_1', '1763811064', 'text', '您好'])
})

test('no text can break out of its element', () => {
  const content = ']]></Content><MsgType>image</MsgType> <![CDATA[ &lt; ]]>'
  assert.equal(text(read({ type: 'text', content }), 'Content'), content)
})

test('files and articles have their own elements', () => {
  assert.equal(text(nested(read({ type: 'image', mediaId: 'M' }), 'Image'), 'MediaId'), 'M')
  assert.equal(text(nested(read({ type: 'voice', mediaId: 'M' }), 'Voice'), 'MediaId'), 'M')
  assert.equal(text(nested(read({ type: 'video', mediaId: 'M', title: 't', description: 'd' }), 'Video'), 'Title'), 't')
  const article = { title: 't', digest: 'd', coverUrl: 'c', url: 'u' }
  const news = read({ type: 'news', articles: [article, article] })
  assert.equal(text(news, 'ArticleCount'), '2')
  assert.deepEqual(
    trees(nested(news, 'Articles'), 'item').map((item) => text(item, 'Url')),
    ['u', 'u'],
  )
})

test('a sealed reply opens only with the key and is signed', () => {
  const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
  const sealing = { aesKey, token: 't', receiverId: 'wx1', nonce: 'n', random16: Buffer.alloc(16, 1) }

  const reading = parseXml(reply(push, { type: 'text', content: '您好' }, at, sealing))

  assert.ok(reading.ok)
  const [encrypt, signed, timestamp] = ['Encrypt', 'MsgSignature', 'TimeStamp'].map((name) => text(reading.tree, name))
  assert.equal(signed, signature('t', timestamp!, 'n', encrypt!))
  assert.deepEqual(openWith(aesKey, encrypt!), {
    ok: true,
    message: replyXml(push, { type: 'text', content: '您好' }, at),
    receiverId: 'wx1',
  })
})
