import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'vitest'
import { isAesKey, open, openWith, sameSignature, seal, sealedReply, signature } from './crypto.ts'

type Vector = {
  name: string
  token: string
  timestamp: string
  nonce: string
  signature?: string
  msg_signature?: string
  encrypt?: string
  aes_key?: string
  id?: string
  random16?: string
  message?: string
  contains?: string[]
}
const { vectors } = JSON.parse(readFileSync('fixtures/wechat/crypto-vectors.json', 'utf8')) as { vectors: Vector[] }

const having = (...fields: (keyof Vector)[]) => vectors.filter((v) => fields.every((field) => v[field] !== undefined))

test.each(having('signature'))('the signature of published vector $name is ours', (v) => {
  assert.equal(signature(v.token, v.timestamp, v.nonce), v.signature)
})

test.each(having('msg_signature'))('the message signature of published vector $name is ours', (v) => {
  assert.equal(signature(v.token, v.timestamp, v.nonce, v.encrypt!), v.msg_signature)
})

test.each(having('aes_key'))('published vector $name opens to its message and its receiver', (v) => {
  const opened = openWith(v.aes_key!, v.encrypt!)

  assert.ok(opened.ok)
  assert.equal(opened.receiverId, v.id)
  if (v.message !== undefined) assert.equal(opened.message, v.message)
  for (const part of v.contains ?? []) assert.ok(opened.message.includes(part), part)
})

test.each(having('aes_key', 'message', 'random16'))('published vector $name is what we seal from the same parts', (v) => {
  const how = { aesKey: v.aes_key!, token: v.token, receiverId: v.id!, timestamp: v.timestamp, nonce: v.nonce }

  const sealed = seal(v.message!, { ...how, random16: Buffer.from(v.random16!) })

  assert.equal(sealed.encrypt, v.encrypt)
  assert.equal(sealed.signature, v.msg_signature)
})

const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const OTHER_KEY = 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR'
const random16 = Buffer.from('aaaabbbbccccdddd')
const how = { aesKey: KEY, token: 't', receiverId: 'wx0123456789abcdef', timestamp: '1700000000', nonce: 'n', random16 }

test('messages of every length survive sealing and opening', () => {
  for (let length = 0; length <= 70; length++) {
    const message = '定'.repeat(length)
    const opened = openWith(KEY, seal(message, how).encrypt)
    assert.deepEqual(opened, { ok: true, message, receiverId: how.receiverId })
  }
})

test('a push sealed with the previous key still opens, tried second', () => {
  const { encrypt } = seal('old', { ...how, aesKey: OTHER_KEY })

  assert.deepEqual(open([KEY, OTHER_KEY], encrypt), { ok: true, message: 'old', receiverId: how.receiverId })
  assert.deepEqual(open([KEY], encrypt), { ok: false })
})

test('a truncated or lengthened ciphertext does not open', () => {
  const whole = Buffer.from(seal('hello', how).encrypt, 'base64')
  for (let length = 0; length < whole.length; length++) {
    assert.deepEqual(openWith(KEY, whole.toString('base64', 0, length)), { ok: false }, `${length} bytes`)
  }
  assert.deepEqual(openWith(KEY, Buffer.concat([whole, Buffer.alloc(16)]).toString('base64')), { ok: false })
})

/** Encrypts bytes of any form, as a faulty or hostile sender with the key could. */
function encryptRaw(plain: Buffer): string {
  const key = Buffer.from(`${KEY}=`, 'base64')
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
}

/** Random bytes, a length as claimed, three bytes of message, an id that fills up, and padding as claimed. */
function crafted({ length = 3, pad = 16, padding = pad }: { length?: number; pad?: number; padding?: number }): Buffer {
  const plain = Buffer.alloc(96, 'x')
  plain.writeUInt32BE(length, 16)
  return plain.fill(padding, 96 - pad)
}

test('padding of 1 to 32 bytes, all alike, is accepted and any other refused', () => {
  const opens = (how: Parameters<typeof crafted>[0]) => openWith(KEY, encryptRaw(crafted(how))).ok

  for (let pad = 1; pad <= 32; pad++) assert.ok(opens({ pad }), `padding of ${pad}`)
  for (const pad of [33, 48, 64]) assert.ok(!opens({ pad }), `padding of ${pad}`)
  assert.ok(!opens({ pad: 1, padding: 0 }))
  assert.ok(!opens({ pad: 1, padding: 200 }))
  const uneven = crafted({ pad: 8 })
  uneven[90] = 7
  assert.ok(!openWith(KEY, encryptRaw(uneven)).ok)
})

test('a length that points outside the text is refused', () => {
  const opens = (length: number) => openWith(KEY, encryptRaw(crafted({ length }))).ok

  assert.ok(opens(60))
  for (const length of [61, 100, 0xffffffff]) assert.ok(!opens(length), `length ${length}`)
})

test('a text too short to hold its own head is refused', () => {
  const short = Buffer.alloc(32, 16).fill('x', 0, 16)
  assert.ok(!openWith(KEY, encryptRaw(short)).ok)
  assert.ok(!openWith(KEY, encryptRaw(Buffer.alloc(32, 32))).ok)
})

test('signatures compare equal only when they are equal', () => {
  const right = signature('a', 'b', 'c')
  assert.ok(sameSignature(right, right))
  assert.ok(!sameSignature(right.toUpperCase(), right))
  assert.ok(!sameSignature('', right))
  assert.ok(!sameSignature(`${right}0`, right))
})

test('a reply cannot be sealed with too little randomness or a bad key', () => {
  assert.throws(() => seal('x', { ...how, random16: Buffer.alloc(8) }), /16 random bytes/)
  assert.throws(() => seal('x', { ...how, aesKey: 'short' }), /43/)
  assert.ok(isAesKey(KEY) && !isAesKey(`${KEY}=`))
})

test('a sealed reply carries what WeChat needs to check and open it', () => {
  const sealed = seal('hi', how)
  const xml = sealedReply(sealed)
  const part = (name: string) => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`).exec(xml)?.[1] ?? ''

  assert.equal(part('MsgSignature'), signature('t', part('TimeStamp'), part('Nonce'), part('Encrypt')))
  assert.deepEqual(openWith(KEY, part('Encrypt')), { ok: true, message: 'hi', receiverId: how.receiverId })
})
