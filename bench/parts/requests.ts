import { createHash } from 'node:crypto'
import { encrypt, signature } from '../../simulator/crypto.ts'
import { messageOf, type Receiver } from './messages.ts'

/** What WeChat would need to know to push to one door. */
export type Sender = Receiver & { path: string; token: string; aesKey: string; appid: string }
/** Message numbers `from` up to but not including `to`; every fiftieth is delivered a second time, as WeChat does. */
export type Batch = { from: number; to: number }
export type Prepared = { number: number; bytes: Buffer }

const REPEAT_EVERY = 50
/** A repeat comes some hundred requests after the first, when that one may be committed or still under way. */
const REPEAT_AFTER = 200

/** Every request whole, as bytes, before the clock starts: the generator must not be what is measured. */
export function prepare(sender: Sender, { from, to }: Batch): Prepared[] {
  const order: { number: number; delivery: number }[] = []
  for (let number = from; number < to; number++) {
    order.push({ number, delivery: 0 })
    const earlier = number - REPEAT_AFTER
    if (earlier >= from && earlier % REPEAT_EVERY === 0) order.push({ number: earlier, delivery: 1 })
  }
  return order.map(({ number, delivery }) => ({ number, bytes: requestOf(sender, number, delivery) }))
}

/** In WeChat's safe mode; the second delivery has the same message under a new nonce and seal. */
function requestOf(sender: Sender, number: number, delivery: number): Buffer {
  const { token, aesKey, appid, userName, path } = sender
  const timestamp = String(sender.createTime)
  const nonce = `${number}x${delivery}`
  const random16 = createHash('md5').update(nonce).digest()
  const sealed = encrypt(aesKey, appid, messageOf(number, sender).xml, random16)
  const query = new URLSearchParams({
    signature: signature(token, timestamp, nonce),
    timestamp,
    nonce,
    openid: `oBench${number}`,
    encrypt_type: 'aes',
    msg_signature: signature(token, timestamp, nonce, sealed),
  })
  const body = `<xml><ToUserName><![CDATA[${userName}]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`
  return Buffer.from(
    `POST ${path}?${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/4.0\r\nAccept: */*\r\nContent-Type: text/xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
