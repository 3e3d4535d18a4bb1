import { createHash } from 'node:crypto'
import { after, type Instant, minutes } from '../platform/time.ts'
import type { TokenEvent, TokenStore } from './credentials.ts'
import type { WeChatProblem } from './problems.ts'

export type Refused = { appid: string; token: string; problem: WeChatProblem; renewed: boolean }
type Options = { store: TokenStore; now(): Instant; observeToken?(event: TokenEvent): void }

const SUSPICIOUS = minutes(5)

/**
 * Says that WeChat refused a token; a second time within five minutes says that somebody else holds the secret (section h).
 * The last refusal is kept beside the tokens, so that it counts across processes, and many calls that were refused with one
 * token count once. Expiry (42001) counts too: renewed early, a token does not run out unless somebody changed it.
 */
export async function noteRefusal(
  { store, now, observeToken }: Options,
  { appid, token, problem, renewed }: Refused,
): Promise<void> {
  const key = `last-refusal:${appid}`
  const mark = `${createHash('sha256').update(token).digest('hex').slice(0, 16)}${renewed ? ' after renewal' : ''}`
  await store.withLock(key, async () => {
    const at = now()
    const last = await store.read(key)
    const isRecent = last !== null && at < last.expiresAt
    if (isRecent && last.token === mark) return
    await store.write(key, { token: mark, expiresAt: after(at, SUSPICIOUS) })
    observeToken?.({ kind: isRecent ? 'token-killed' : 'token-refused', appid, code: problem.code, rid: problem.rid, at })
  })
}
