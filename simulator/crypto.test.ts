import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decrypt, encrypt, signature } from './crypto.ts'

type Vector = Record<
  'name' | 'kind' | 'token' | 'aes_key' | 'id' | 'timestamp' | 'nonce' | 'encrypt' | 'random16' | 'message',
  string
> & {
  signature?: string
  msg_signature?: string
  pad?: number
  contains?: string[]
}
const { vectors } = JSON.parse(readFileSync(new URL('crypto-vectors.json', import.meta.url), 'utf8')) as { vectors: Vector[] }

test.each(vectors)('$name: the published signature comes out', (vector) => {
  const parts = [vector.token, vector.timestamp, vector.nonce, ...(vector.kind === 'signature' ? [] : [vector.encrypt])]

  expect(signature(...parts)).toBe(vector.signature ?? vector.msg_signature)
})

test.each(vectors.filter((one) => one.kind === 'decrypt'))('$name: the published text opens', (vector) => {
  const opened = decrypt(vector.aes_key, vector.encrypt)

  expect(opened.id).toBe(vector.id)
  expect(opened.random.toString('latin1')).toBe(vector.random16)
  expect(opened.pad).toBe(vector.pad)
  if (vector.message) expect(opened.message).toBe(vector.message)
  for (const part of vector.contains ?? []) expect(opened.message).toContain(part)
})

test.each(vectors.filter((one) => one.kind === 'encrypt'))('$name: encrypting gives the published text', (vector) => {
  expect(encrypt(vector.aes_key, vector.id, vector.message, Buffer.from(vector.random16))).toBe(vector.encrypt)
})

test('a text cut short does not open', () => {
  const vector = vectors.find((one) => one.name === 'V1-message')!
  const cut = Buffer.from(vector.encrypt, 'base64').subarray(0, 64).toString('base64')

  expect(() => decrypt(vector.aes_key, cut)).toThrow(RangeError)
})
