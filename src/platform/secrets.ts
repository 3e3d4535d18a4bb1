import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/** Keeps secrets unreadable in the database: AES-256-GCM, a key outside of it. The first byte of a box names the format. */
export type SecretBox = {
  seal(plain: string): Buffer
  open(box: Buffer): string
  /** A keyed digest, for values that must be found but not read (link tokens). Hex. */
  digest(value: string): string
}

const FORMAT = 1

export function makeSecretBox(key: Buffer): SecretBox {
  if (key.length !== 32) throw new Error('the secret key must have 32 bytes')
  const linkKey = createHmac('sha256', key).update('links').digest()
  return {
    seal(plain) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.from([FORMAT]), iv, cipher.getAuthTag(), body])
    },
    open(box) {
      if (box[0] !== FORMAT) throw new Error('a sealed value of an unknown format')
      const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(1, 13)).setAuthTag(box.subarray(13, 29))
      return Buffer.concat([decipher.update(box.subarray(29)), decipher.final()]).toString('utf8')
    },
    digest: (value) => createHmac('sha256', linkKey).update(value).digest('hex'),
  }
}

/** The key from the setting (any text of 32 characters or more), or a file that only its owner can read, made at the first start. */
export function loadSecretKey(home: string, configured?: string): Buffer {
  if (configured) {
    if (configured.length < 32) throw new Error('DINGXIN_SECRET_KEY 太短：请给至少 32 个随机字符。没有启动，数据未动。')
    return createHash('sha256').update(configured).digest()
  }
  const file = path.join(home, 'secret.key')
  if (!fs.existsSync(file)) {
    fs.mkdirSync(home, { recursive: true, mode: 0o700 })
    fs.writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' })
  }
  return Buffer.from(fs.readFileSync(file, 'utf8').trim(), 'base64')
}
