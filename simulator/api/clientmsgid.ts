import { createHash } from 'node:crypto'
import { DAY } from '../clock.ts'
import { refuse } from '../errors.ts'
import type { Account } from '../state/account.ts'
import type { World } from '../state/world.ts'
import type { SendContent } from './mass-content.ts'

const TOO_FAST_MS = 60_000

/** Without an explicit id WeChat derives one from whom and what, so that the same thing does not go out twice in a day. */
export function deriveClientMsgId(scope: string, content: SendContent): string {
  return createHash('md5')
    .update(JSON.stringify([scope, content.msgtype, content.digest]))
    .digest('hex')
}

/** 45066 within a minute of the last try, 45065 with the msg_id after that, for 24 hours. */
export function checkDuplicate(world: World, account: Account, clientmsgid: string): void {
  if (Buffer.byteLength(clientmsgid) > 64) refuse(45067)
  const now = world.clock.now()
  const earlier = [...account.sends.values()].findLast((one) => one.clientmsgid === clientmsgid && now - one.acceptedAt < DAY)
  if (!earlier) return
  const tooFast = now - earlier.lastTriedAt < TOO_FAST_MS
  earlier.lastTriedAt = now
  if (tooFast) refuse(45066)
  refuse(45065, { msg_id: earlier.msgId })
}
