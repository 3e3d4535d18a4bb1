import { createCipheriv, createDecipheriv, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto'

/**
 * The cipher and the signatures of WeChat's pushes (docs/wechat, section b): AES-256-CBC, IV = first half of the key, and
 *
 *     random(16) ‖ length of message, uint32 big-endian ‖ message, UTF-8 ‖ receiver's id ‖ padding to blocks of 32
 *
 * Nothing in the cipher protects the text against changes: the `msg_signature` does. Check it before opening anything.
 */
const BLOCK = 32
const RANDOM = 16
const HEAD = RANDOM + 4

export type Opened = { ok: true; message: string; receiverId: string } | { ok: false }
export type Sealing = {
  aesKey: string
  token: string
  receiverId: string
  timestamp: string
  nonce: string
  random16: Uint8Array
}
export type Sealed = { encrypt: string; signature: string; timestamp: string; nonce: string }

/** SHA-1 over the sorted, joined parts. With three parts it is `signature`, with the ciphertext as fourth `msg_signature`. */
export function signature(...parts: string[]): string {
  return hash('sha1', parts.sort().join(''), 'hex')
}

/** Compares without telling by its duration how far a forged signature was right. */
export function sameSignature(given: string, expected: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}

/** 43 letters and digits. The last one may carry stray bits (WeChat's own sample key does), so we never re-encode to check. */
export const isAesKey = (text: string): boolean => /^[A-Za-z0-9]{43}$/.test(text)

type Key = { key: KeyObject; iv: Buffer }
// Turning 43 letters into a key costs more than opening a short message with it. Remembered by its text, a few at a time.
const REMEMBERED = 256
const remembered = new Map<string, Key>()

function keyOf(aesKey: string): Key {
  const known = remembered.get(aesKey)
  if (known) return known
  if (!isAesKey(aesKey)) throw new RangeError('an EncodingAESKey has 43 letters and digits')
  const bytes = Buffer.from(`${aesKey}=`, 'base64')
  const made = { key: createSecretKey(bytes), iv: bytes.subarray(0, 16) }
  if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value!)
  remembered.set(aesKey, made)
  return made
}

/** Opens a ciphertext with one key. Whose it is (`receiverId`) is for the caller to judge: a wrong key looks different from a wrong receiver. */
export function openWith(aesKey: string, encrypt: string): Opened {
  const { key, iv } = keyOf(aesKey)
  const cipher = Buffer.from(encrypt, 'base64')
  if (cipher.length === 0 || cipher.length % 16 !== 0) return { ok: false }
  const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(cipher), decipher.final()])
  const body = withoutPadding(plain)
  if (!body || body.length < HEAD) return { ok: false }
  const end = HEAD + body.readUInt32BE(RANDOM)
  if (end > body.length) return { ok: false }
  return { ok: true, message: body.toString('utf8', HEAD, end), receiverId: body.toString('utf8', end) }
}

/** Every byte of the padding says how long it is; a key that is not ours almost never produces that. */
function withoutPadding(plain: Buffer): Buffer | null {
  const pad = plain.at(-1) ?? 0
  if (pad < 1 || pad > BLOCK || pad > plain.length) return null
  const end = plain.length - pad
  return plain.subarray(end).every((byte) => byte === pad) ? plain.subarray(0, end) : null
}

/** Opens with the current key, then with the ones before it: after a change, pushes on their way still carry the old one. */
export function open(aesKeys: readonly string[], encrypt: string): Opened {
  for (const key of aesKeys.filter(isAesKey)) {
    const opened = openWith(key, encrypt)
    if (opened.ok) return opened
  }
  return { ok: false }
}

/** Encrypts and signs a reply. The random bytes and the nonce are handed in; both must be fresh for every reply. */
export function seal(message: string, how: Sealing): Sealed {
  if (how.random16.length !== RANDOM) throw new RangeError('a sealed message begins with exactly 16 random bytes')
  const { key, iv } = keyOf(how.aesKey)
  const text = Buffer.from(message, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  const raw = Buffer.concat([how.random16, length, text, Buffer.from(how.receiverId)])
  const pad = BLOCK - (raw.length % BLOCK)
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
  const encrypt = Buffer.concat([cipher.update(raw), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString('base64')
  const { timestamp, nonce } = how
  return { encrypt, signature: signature(how.token, timestamp, nonce, encrypt), timestamp, nonce }
}

/** The XML in which WeChat expects an encrypted reply. */
export function sealedReply({ encrypt, signature, timestamp, nonce }: Sealed): string {
  return `<xml><Encrypt><![CDATA[${encrypt}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[${nonce}]]></Nonce></xml>`
}
