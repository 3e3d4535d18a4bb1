import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

// What WeCom and Feishu push to us is sealed with AES-256-CBC; they differ in the key, the first block and the padding.

/** WeCom pads to 32 bytes, not to the cipher's 16, so the library's own padding must stay off. */
const WECOM_BLOCK = 32

function wecomKey(encodingAesKey: string): Buffer {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  if (key.length !== 32) throw new Error('EncodingAESKey must be 43 characters of base64')
  return key
}

export type WecomPlain = { message: string; receiveId: string }

/** Opens what WeCom sealed. Throws when the key is not ours or the text was altered. */
export function openWecom(encodingAesKey: string, sealed: string): WecomPlain {
  const key = wecomKey(encodingAesKey)
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(sealed, 'base64'), decipher.final()])
  const pad = padded.at(-1) ?? 0
  if (pad < 1 || pad > WECOM_BLOCK || padded.length < pad + 20) throw new Error('not sealed with our EncodingAESKey')
  const plain = padded.subarray(0, padded.length - pad)
  const length = plain.readUInt32BE(16)
  if (20 + length > plain.length) throw new Error('not sealed with our EncodingAESKey')
  return { message: plain.subarray(20, 20 + length).toString('utf8'), receiveId: plain.subarray(20 + length).toString('utf8') }
}

/** Seals an answer for WeCom. `random16` is 16 bytes of ASCII handed in by the caller. */
export function sealWecom(encodingAesKey: string, random16: string, plain: WecomPlain): string {
  const key = wecomKey(encodingAesKey)
  const message = Buffer.from(plain.message, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  const whole = Buffer.concat([Buffer.from(random16, 'latin1'), length, message, Buffer.from(plain.receiveId, 'utf8')])
  const pad = WECOM_BLOCK - (whole.length % WECOM_BLOCK)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(Buffer.concat([whole, Buffer.alloc(pad, pad)])), cipher.final()]).toString('base64')
}

/** Opens Feishu's `{"encrypt": …}`: the key is the hash of the encrypt key, the first 16 bytes are the IV. */
export function openFeishu(encryptKey: string, sealed: string): string {
  const data = Buffer.from(sealed, 'base64')
  const key = createHash('sha256').update(encryptKey).digest()
  const decipher = createDecipheriv('aes-256-cbc', key, data.subarray(0, 16))
  return Buffer.concat([decipher.update(data.subarray(16)), decipher.final()]).toString('utf8')
}
