import type { SendResult } from './channel.ts'

export type TokenAnswer = { token: string; livesMs: number } | { failed: SendResult }

/** A provider's access token, fetched once and shared by sends that run at the same time. */
export function accessTokens(now: () => number, fetchToken: () => Promise<TokenAnswer>) {
  let held: { token: string; until: number } | undefined
  let fetching: Promise<TokenAnswer> | undefined

  return {
    async get(): Promise<TokenAnswer> {
      if (held && held.until > now()) return { token: held.token, livesMs: held.until - now() }
      fetching ??= fetchToken().finally(() => {
        fetching = undefined
      })
      const answer = await fetching
      // A minute of margin: a token that dies between our check and theirs costs a second round trip.
      if ('token' in answer) held = { token: answer.token, until: now() + Math.max(0, answer.livesMs - 60_000) }
      return answer
    },
    /** Forgets a token the provider refused, unless somebody fetched a newer one meanwhile. */
    drop(token: string): void {
      if (held?.token === token) held = undefined
    },
  }
}

export type AccessTokens = ReturnType<typeof accessTokens>

/** Does a call with a token, and once more with a fresh one when the provider says the first was stale. */
export async function withToken(
  tokens: AccessTokens,
  attempt: (token: string) => Promise<SendResult | 'stale-token'>,
  stale: SendResult,
): Promise<SendResult> {
  for (let tries = 0; tries < 2; tries++) {
    const got = await tokens.get()
    // Whatever befell the fetching of a token, the message itself was not sent.
    if ('failed' in got) return got.failed.result === 'unknown' ? notSent(got.failed.reason) : got.failed
    const result = await attempt(got.token)
    if (result !== 'stale-token') return result
    tokens.drop(got.token)
  }
  return stale
}

function notSent(reason: string): SendResult {
  return {
    result: 'refused',
    retry: 'later',
    afterMs: 5_000,
    reason: `没能取得令牌，消息没有发出。${reason.split('。')[0]}。稍后可以再试。`,
  }
}
