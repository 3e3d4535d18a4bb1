import { createHash, generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  fingerprint,
  generateSigningKey,
  isSignedBy,
  loadOrCreateSigningKey,
  loadSigningKey,
  publicKeyFrom,
  publicKeyText,
  readFingerprint,
  signBytes,
  spokenFingerprint,
} from './signing.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signing-'))
  path = join(folder, 'keys', 'evidence.pem')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the key is made on first use, kept for its owner only, and the same ever after', async () => {
  const first = await loadOrCreateSigningKey(path)
  const second = await loadOrCreateSigningKey(path)

  expect(fingerprint(second.publicKey)).toBe(fingerprint(first.publicKey))
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(folder, 'keys'))).toEqual(['evidence.pem'])
})

test('processes that start together end up with one key', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateSigningKey(path)))

  expect(new Set(keys.map(({ publicKey }) => fingerprint(publicKey))).size).toBe(1)
})

test('a key that others may read stops the start and says what to do', async () => {
  await loadOrCreateSigningKey(path)
  chmodSync(path, 0o644)

  await expect(loadOrCreateSigningKey(path)).rejects.toThrow(/chmod 600/)
})

test.each([
  ['an empty file', ''],
  ['something else', 'not a key'],
  [
    'a key of another kind',
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
  ],
])('%s is never replaced by a new key', async (_, content) => {
  path = join(folder, 'evidence.pem')
  writeFileSync(path, content, { mode: 0o600 })

  await expect(loadOrCreateSigningKey(path)).rejects.toThrow(/not an Ed25519 private key/)
  expect(readFileSync(path, 'utf8')).toBe(content)
})

test('a missing key is not made by loading', async () => {
  await expect(loadSigningKey(path)).rejects.toThrow(/ENOENT/)
})

test('a signature holds for its bytes and its key and no other', () => {
  const [key, other] = [generateSigningKey(), generateSigningKey()]
  const bytes = Buffer.from('evidence')
  const signature = signBytes(key, bytes)

  expect(isSignedBy(key.publicKey, bytes, signature)).toBe(true)
  expect(isSignedBy(key.publicKey, Buffer.from('evidencf'), signature)).toBe(false)
  expect(isSignedBy(other.publicKey, bytes, signature)).toBe(false)
  expect(isSignedBy(key.publicKey, bytes, Buffer.concat([signature, Uint8Array.of(0)]))).toBe(false)
})

test('the private half does not show when a key is logged', () => {
  const key = generateSigningKey()
  const secret = key.privateKey.export({ format: 'jwk' }).d!

  expect(inspect(key, { depth: 9, showHidden: true })).not.toContain(secret)
  expect(JSON.stringify(key)).not.toContain(secret)
})

test('the fingerprint is the SHA-256 of the public key as other tools write it', () => {
  const { publicKey } = generateSigningKey()
  const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString()
  const der = Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64')

  expect(fingerprint(publicKey)).toBe(createHash('sha256').update(der).digest('hex'))
})

test('a fingerprint is understood however people paste it, and never when it is cut', () => {
  const print = fingerprint(generateSigningKey().publicKey)

  expect(readFingerprint(spokenFingerprint(print))).toBe(print)
  expect(readFingerprint(` SHA256:${print.toUpperCase().match(/../g)!.join(':')}\n`)).toBe(print)
  expect(readFingerprint(print.slice(1))).toBeUndefined()
})

test('a public key has one spelling', () => {
  const text = publicKeyText(generateSigningKey().publicKey)

  expect(publicKeyText(publicKeyFrom(text)!)).toBe(text)
  expect(publicKeyFrom(`${text} `)).toBeUndefined()
  expect(publicKeyFrom('AAAA')).toBeUndefined()
})
