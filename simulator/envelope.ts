import { unix } from './clock.ts'
import { decrypt, encrypt, signature } from './crypto.ts'
import type { Push } from './pushes.ts'
import type { Mode } from './state/account.ts'
import type { World } from './state/world.ts'
import { textOf, xml } from './xml.ts'

/** Where a push goes and how it is dressed. */
export type Receiver = {
  to: Push['to']
  url: string
  token: string
  aesKey: string
  mode: Mode
  /** The id behind the message in the encrypted text: the component's own when it is the receiver. */
  id: string
  openid: string
  userName: string
  failures: { failures: number; until: number }
}

/** The request as it travels: query signed, body plain, both, or encrypted only. */
export function dress(world: World, body: string, receiver: Receiver): { url: string; text: string } {
  const timestamp = String(unix(world.clock.now()))
  const nonce = world.random.digits(10)
  const url = new URL(receiver.url)
  url.searchParams.set('signature', signature(receiver.token, timestamp, nonce))
  url.searchParams.set('timestamp', timestamp)
  url.searchParams.set('nonce', nonce)
  if (receiver.openid) url.searchParams.set('openid', receiver.openid)
  if (receiver.mode === 'plain') return { url: url.href, text: body }
  const encrypted = encrypt(receiver.aesKey, receiver.id, body, world.random.bytes(16))
  url.searchParams.set('encrypt_type', 'aes')
  url.searchParams.set('msg_signature', signature(receiver.token, timestamp, nonce, encrypted))
  if (receiver.to === 'component-events') return { url: url.href, text: xml({ AppId: receiver.id, Encrypt: encrypted }) }
  if (receiver.mode === 'safe') return { url: url.href, text: xml({ ToUserName: receiver.userName, Encrypt: encrypted }) }
  const both = body.replace(/<\/xml>$/, `<Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`)
  return { url: url.href, text: both }
}

/** A passive reply as the follower reads it. */
export function openReply(answer: string, receiver: Receiver): string {
  const encrypted = textOf(answer, 'Encrypt')
  if (!encrypted) return answer
  try {
    return decrypt(receiver.aesKey, encrypted).message
  } catch {
    return 'a reply that could not be decrypted'
  }
}
