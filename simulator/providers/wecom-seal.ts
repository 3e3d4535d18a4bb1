import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

/** WeCom's envelope, from the provider's side. Written apart from the product's: a shared mistake would pass every test. */
export function sealForApp(aesKey: string, corpId: string, filler: string, text: string): string {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const body = Buffer.from(text)
  const head = Buffer.alloc(20)
  head.write(filler.padEnd(16, '0').slice(0, 16), 0, 'latin1')
  head.writeUInt32BE(body.length, 16)
  const open = Buffer.concat([head, body, Buffer.from(corpId)])
  const fill = 32 - (open.length % 32)
  const aes = createCipheriv('aes-256-cbc', key, key.subarray(0, 16))
  aes.setAutoPadding(false)
  return Buffer.concat([aes.update(open), aes.update(Buffer.alloc(fill, fill)), aes.final()]).toString('base64')
}

export function unsealFromApp(aesKey: string, sealed: string): string {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const aes = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16))
  aes.setAutoPadding(false)
  const open = Buffer.concat([aes.update(Buffer.from(sealed, 'base64')), aes.final()])
  const size = open.readUInt32BE(16)
  return open.subarray(20, 20 + size).toString()
}

export const wecomSignature = (...parts: string[]): string =>
  createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')
