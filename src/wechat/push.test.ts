import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'vitest'
import { after, days, hours, instant, minutes } from '../platform/time.ts'
import { seal, signature } from './crypto.ts'
import { answerHandshake, type Door, openPush, type PushRequest } from './push.ts'

const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const OLD_KEY = 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR'
const door: Door = { token: 'dingxin_test_token', aesKeys: [KEY], receiverId: 'wx0123456789abcdef', mode: 'safe' }
const now = instant('2025-11-22T11:31:10Z')
const timestamp = '1763811064'
const random16 = Buffer.from('aaaabbbbccccdddd')
const textMessage = (content: string) =>
  `<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><FromUserName><![CDATA[oAAAAAAAAAAAAAAAAAAAAAAAAAAA]]></FromUserName><CreateTime>1763811064</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content><MsgId>24681357902468135</MsgId></xml>`

function plainly(xml: string, at = timestamp, token = door.token): PushRequest {
  return {
    query: { signature: signature(token, at, '482913'), timestamp: at, nonce: '482913', openid: 'oAAA' },
    body: Buffer.from(xml),
  }
}

function sealedly(xml: string, { aesKey = KEY, receiverId = door.receiverId, at = timestamp, beside = '' } = {}): PushRequest {
  const nonce = '482913'
  const sealed = seal(xml, { aesKey, token: door.token, receiverId, timestamp: at, nonce, random16 })
  const query = { ...plainly('', at).query, encrypt_type: 'aes', msg_signature: sealed.signature }
  const body = `<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>${beside}<Encrypt><![CDATA[${sealed.encrypt}]]></Encrypt></xml>`
  return { query, body: Buffer.from(body) }
}

const codeOf = (at: Door, request: PushRequest, options = { now }) => {
  const outcome = openPush(at, request, options)
  return outcome.ok ? outcome.value.kind : outcome.code
}

test('a sealed push opens to what the follower wrote', () => {
  const outcome = openPush(door, sealedly(textMessage('你好 & 再见')), { now })

  assert.deepEqual(outcome, {
    ok: true,
    value: {
      kind: 'text',
      content: '你好 & 再见',
      menuAnswer: null,
      msgId: '24681357902468135',
      fromArticle: null,
      dedupeKey: 'message:gh_0123456789ab:24681357902468135',
      createdAt: '2025-11-22T11:31:04.000Z',
      toUserName: 'gh_0123456789ab',
      fromUserName: 'oAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    },
  })
})

test('each mode takes what belongs to it', () => {
  const open = plainly(textMessage('hi'))
  const safe = sealedly(textMessage('hi'))
  const both = sealedly(textMessage('sealed'), {
    beside: textMessage('open')
      .slice(5, -6)
      .replace(/<ToUserName>.*<\/ToUserName>/, ''),
  })
  const taken = (mode: Door['mode']) => [open, safe, both].map((request) => codeOf({ ...door, mode }, request))

  assert.deepEqual(taken('plain'), ['text', 'undecipherable', 'text'])
  assert.deepEqual(taken('compat'), ['wrong-signature', 'text', 'text'])
  assert.deepEqual(taken('safe'), ['wrong-signature', 'text', 'text'])
  assert.deepEqual(taken('any'), ['text', 'text', 'text'])
  const outcome = openPush({ ...door, mode: 'compat' }, both, { now })
  assert.ok(outcome.ok && outcome.value.kind === 'text')
  assert.equal(outcome.value.content, 'sealed')
})

test('a follower who types an envelope is understood as typing', () => {
  const typed = '<xml><Encrypt>AAAA</Encrypt></xml>'
  for (const mode of ['plain', 'any'] as const) {
    const outcome = openPush({ ...door, mode }, plainly(textMessage(typed)), { now })
    assert.ok(outcome.ok && outcome.value.kind === 'text')
    assert.equal(outcome.value.content, typed)
  }
})

test('after a change of key, pushes under way with the old one still open', () => {
  const request = sealedly(textMessage('hi'), { aesKey: OLD_KEY })

  assert.equal(codeOf({ ...door, aesKeys: [KEY, OLD_KEY] }, request), 'text')
  assert.equal(codeOf(door, request), 'undecipherable')
})

test('a key that was never one is passed over, not stumbled upon', () => {
  assert.equal(codeOf({ ...door, aesKeys: ['too short', KEY] }, sealedly(textMessage('hi'))), 'text')
  assert.equal(codeOf({ ...door, aesKeys: ['too short'] }, sealedly(textMessage('hi'))), 'undecipherable')
})

test('no single changed bit of the ciphertext gets through', () => {
  const request = sealedly(textMessage('hi'))
  const body = request.body as Buffer
  const start = body.indexOf('<Encrypt><![CDATA[') + 18
  const end = body.indexOf(']]></Encrypt>')
  assert.ok(end - start > 300)
  for (let at = start; at < end; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const forged = Buffer.from(body)
      forged[at] = (body[at] ?? 0) ^ (1 << bit)
      assert.equal(openPush(door, { ...request, body: forged }, { now }).ok, false, `byte ${at}, bit ${bit}`)
    }
  }
})

test('no single changed bit of the whole request changes what we read', () => {
  const request = sealedly(textMessage('hi'))
  const body = request.body as Buffer
  const truth = openPush(door, request, { now })
  for (let at = 0; at < body.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const forged = Buffer.from(body)
      forged[at] = (body[at] ?? 0) ^ (1 << bit)
      const outcome = openPush(door, { ...request, body: forged }, { now })
      if (outcome.ok) assert.deepEqual(outcome, truth, `byte ${at}, bit ${bit}`)
    }
  }
})

test('no changed letter of the signatures, time or nonce gets through', () => {
  const request = sealedly(textMessage('hi'))
  for (const name of ['signature', 'msg_signature', 'timestamp', 'nonce']) {
    const value = request.query[name] ?? ''
    for (let at = 0; at < value.length; at++) {
      const forged = value.slice(0, at) + (value[at] === '1' ? '2' : '1') + value.slice(at + 1)
      assert.equal(codeOf(door, { ...request, query: { ...request.query, [name]: forged } }), 'wrong-signature', `${name} ${at}`)
    }
  }
})

test('moving characters between the signed parts does not make a fresh push of an old one', () => {
  const old = plainly(textMessage('hi'), '1700000000')
  const shifted = { ...old.query, timestamp: '17000000004', nonce: '82913' }

  assert.equal(codeOf({ ...door, mode: 'plain' }, { ...old, query: shifted }), 'wrong-signature')
})

test('a push without a signature, or cut off anywhere, is refused', () => {
  const request = sealedly(textMessage('hi'))
  const body = request.body as Buffer

  assert.equal(codeOf(door, { ...request, query: {} }), 'wrong-signature')
  assert.equal(codeOf(door, { ...request, query: { ...request.query, msg_signature: undefined } }), 'wrong-signature')
  for (let length = 0; length < body.length; length++) {
    assert.equal(openPush(door, { ...request, body: body.subarray(0, length) }, { now }).ok, false, `${length} bytes`)
  }
})

test('the seal alone suffices where WeChat leaves the plain signature out', () => {
  const request = sealedly(textMessage('hi'))
  assert.equal(codeOf(door, { ...request, query: { ...request.query, signature: undefined } }), 'text')
})

test('a push for somebody else is refused, however well sealed', () => {
  assert.equal(codeOf(door, sealedly(textMessage('hi'), { receiverId: 'wxffffffffffffffff' })), 'wrong-receiver')
})

test('a push may be hours off but not more than a day, in either direction', () => {
  const open = (at: ReturnType<typeof after>, maxAge?: number) => {
    const outcome = openPush(door, sealedly(textMessage('hi')), maxAge ? { now: at, maxAge } : { now: at })
    return outcome.ok ? 'taken' : outcome.code
  }

  assert.equal(open(after(now, hours(23))), 'taken')
  assert.equal(open(after(now, -hours(23))), 'taken')
  assert.equal(open(after(now, hours(25))), 'stale')
  assert.equal(open(after(now, -hours(25))), 'stale')
  assert.equal(open(after(now, hours(25)), days(2)), 'taken')
  assert.equal(open(after(now, minutes(6)), minutes(5)), 'stale')
})

test('an oversized push is refused before anything is computed', () => {
  const request = plainly(textMessage('x'.repeat(300_000)))
  assert.equal(codeOf({ ...door, mode: 'plain' }, request), 'too-large')
})

test('a properly signed bomb is refused', () => {
  const bomb = '<!DOCTYPE x [<!ENTITY a "ha">]><xml><ToUserName>&a;</ToUserName></xml>'
  assert.equal(codeOf(door, sealedly(bomb)), 'malformed')
  assert.equal(codeOf({ ...door, mode: 'plain' }, plainly(bomb)), 'malformed')
})

test('a refusal says in words what is safe and what to check', () => {
  const outcome = openPush(door, { query: {}, body: '' }, { now })
  assert.ok(!outcome.ok)
  assert.match(outcome.reason, /已拒收.*核对/)
})

test('the handshake answers the echo verbatim, and only to WeChat', () => {
  const query = { ...plainly('').query, echostr: '5927782489442352469' }

  assert.deepEqual(answerHandshake(door, query), { ok: true, value: '5927782489442352469' })
  assert.equal(answerHandshake({ ...door, token: 'other' }, query).ok, false)
  assert.equal(answerHandshake(door, { ...query, echostr: '' }).ok, false)
  assert.equal(answerHandshake(door, { ...query, signature: undefined }).ok, false)
})

test('a component learns its ticket from an envelope that names itself', () => {
  const xml =
    '<xml><AppId>wx0123456789abcdef</AppId><CreateTime>1763811064</CreateTime><InfoType>component_verify_ticket</InfoType><ComponentVerifyTicket>ticket@@@abc</ComponentVerifyTicket></xml>'
  const request = sealedly(xml)
  const body = String(request.body).replace(/<ToUserName>.*<\/ToUserName>/, '<AppId><![CDATA[wx0123456789abcdef]]></AppId>')

  const outcome = openPush(door, { ...request, body }, { now })

  assert.ok(outcome.ok && outcome.value.kind === 'component-ticket')
  assert.equal(outcome.value.ticket, 'ticket@@@abc')
})

test('whatever arrives, signed or not, the door answers with a value and never throws', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '<xml>',
      '</xml>',
      '<![CDATA[',
      ']]>',
      '<Encrypt>',
      '</',
      '&#x0;',
      '<!DOCTYPE x [',
      '<?xml',
      '<!--',
      '<MsgType>event</MsgType>',
      '"',
      "'",
    ),
  )
  const anything = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(anything, fc.constantFrom('plain', 'compat', 'safe', 'any'), fc.boolean(), (xml, mode, isSealed) => {
      const wrapped = `<xml>${xml}</xml>`
      for (const request of [plainly(xml), isSealed ? sealedly(wrapped) : plainly(wrapped)]) {
        const outcome = openPush({ ...door, mode }, request, { now })
        assert.ok(outcome.ok || outcome.reason.length > 0)
      }
    }),
    { seed: 20251122, numRuns: 500 },
  )
})
