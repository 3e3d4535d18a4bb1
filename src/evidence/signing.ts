import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign, verify } from 'node:crypto'
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { sha256 } from './canonical.ts'

/** An Ed25519 pair. The private half stays inside a `KeyObject`, which prints as an opaque object in logs. */
export type SigningKey = { privateKey: KeyObject; publicKey: KeyObject }

export function generateSigningKey(): SigningKey {
  return generateKeyPairSync('ed25519')
}

/** The public half as DER SubjectPublicKeyInfo in base64: what a PEM file holds between its first and last line. */
export const publicKeyText = (key: KeyObject): string => createPublicKeyDer(key).toString('base64')

/** Reads what `publicKeyText` wrote; undefined for anything else, including another spelling of the same key. */
export function publicKeyFrom(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519' && publicKeyText(key) === text ? key : undefined
  } catch {
    return undefined
  }
}

/** SHA-256 of the public key (DER SubjectPublicKeyInfo), so `openssl pkey -pubin -outform DER | sha256sum` says the same. */
export const fingerprint = (publicKey: KeyObject): string => sha256(createPublicKeyDer(publicKey))

/** In groups of four, to be read aloud on the phone. */
export const spokenFingerprint = (hex: string): string => hex.match(/.{1,4}/g)?.join(' ') ?? ''

/** Accepts a fingerprint as people paste it: spaces, colons, capitals, a leading `sha256:`. */
export function readFingerprint(text: string): string | undefined {
  const hex = text
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, '')
    .replace(/[\s:]/g, '')
  return /^[0-9a-f]{64}$/.test(hex) ? hex : undefined
}

export const signBytes = (key: SigningKey, bytes: Uint8Array): Uint8Array => sign(null, bytes, key.privateKey)

export const isSignedBy = (publicKey: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean =>
  verify(null, bytes, publicKey, signature)

/** Loads the agency's signing key, making one on first use. An unreadable or too open file is never replaced. */
export async function loadOrCreateSigningKey(path: string): Promise<SigningKey> {
  try {
    return await loadSigningKey(path)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  await writeNewKey(path)
  // Read back, because another process may have been first: both then use the key that is on disk.
  return loadSigningKey(path)
}

export async function loadSigningKey(path: string): Promise<SigningKey> {
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new Error(`signing key ${path} can be read by other users of this machine: run “chmod 600 ${path}” and start again`)
  }
  const privateKey = parsePrivateKey(await readFile(path, 'utf8'), path)
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

function parsePrivateKey(pem: string, path: string): KeyObject {
  const expected = `signing key ${path} is not an Ed25519 private key in PEM: restore it from a backup, or move it away to have a new one made`
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    // The cause is left out on purpose: parsers may quote what they were given.
    throw new Error(expected)
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(expected)
  return key
}

/** `link` fails when the name is taken, so of two processes exactly one names the key, and never half a file. */
async function writeNewKey(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const pem = generateSigningKey().privateKey.export({ format: 'pem', type: 'pkcs8' })
  const draft = `${path}.${randomUUID()}.new`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(pem)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
}

const createPublicKeyDer = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' })
const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'
