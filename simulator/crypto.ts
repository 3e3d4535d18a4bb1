import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

/** How WeChat signs and encrypts what it pushes. Written apart from the product, so that both cannot be wrong in the same way. */
export function signature(...parts: string[]): string {
  const sorted = parts.map((part) => Buffer.from(part, 'utf8')).sort(Buffer.compare)
  return createHash('sha1').update(Buffer.concat(sorted)).digest('hex')
}

const keyBytes = (aesKey: string) => Buffer.from(`${aesKey}=`, 'base64')
const BLOCK = 32

/** random(16) ‖ length ‖ message ‖ id, padded to blocks of 32 bytes, AES-256-CBC with the key's head as IV. */
export function encrypt(aesKey: string, id: string, message: string, random16: Buffer): string {
  const key = keyBytes(aesKey)
  const text = Buffer.from(message, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  const plain = Buffer.concat([random16, length, text, Buffer.from(id, 'utf8')])
  const pad = BLOCK - (plain.length % BLOCK)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString('base64')
}

export type Opened = { random: Buffer; message: string; id: string; pad: number }

/** Opens an encrypted text; throws when padding or length do not add up. */
export function decrypt(aesKey: string, encrypted: string): Opened {
  const key = keyBytes(aesKey)
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64')), decipher.final()])
  const pad = padded.at(-1) ?? 0
  if (pad < 1 || pad > BLOCK || pad > padded.length) throw new RangeError(`padding of ${pad} bytes is not 1..32`)
  const plain = padded.subarray(0, padded.length - pad)
  const length = plain.length >= 20 ? plain.readUInt32BE(16) : Number.POSITIVE_INFINITY
  if (20 + length > plain.length) throw new RangeError('the message is shorter than its length field says')
  return {
    random: plain.subarray(0, 16),
    message: plain.subarray(20, 20 + length).toString('utf8'),
    id: plain.subarray(20 + length).toString('utf8'),
    pad,
  }
}
