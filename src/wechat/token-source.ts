import { after, before, type Duration, type Instant, seconds } from '../platform/time.ts'
import type { Answer } from './client.ts'
import type { StoredToken, TokenEvent, TokenStore } from './credentials.ts'
import type { WeChatProblem } from './problems.ts'
import { noteRefusal } from './refusals.ts'

/** Where the token of one account, or of one component, comes from. */
export type TokenSource = {
  appid: string
  current(): Promise<Answer<string>>
  /** A token in the place of one WeChat refused. */
  renew(refused: string, problem: WeChatProblem): Promise<Answer<string>>
  /** A new one whatever we have. */
  replace(): Promise<Answer<string>>
}

export type TokenSourceOptions = {
  store: TokenStore
  now(): Instant
  observeToken?(event: TokenEvent): void
  key: string
  appid: string
  /** How long before its end a token is renewed. */
  early: Duration
  fetchToken(): Promise<Answer<StoredToken>>
  /** When this process last asked WeChat, by key. */
  askedAt: Map<string, Instant>
}

/** A stable token in its last minutes comes back as it is until WeChat changes it; asking at every call would gain nothing. */
const ASK_AGAIN_AFTER = seconds(30)

export function openTokenSource(options: TokenSourceOptions): TokenSource {
  const { store, now, key, appid, early, fetchToken, askedAt } = options
  const good = (token: string): Answer<string> => ({ ok: true, value: token, rid: null })

  function isFresh(stored: StoredToken | null): stored is StoredToken {
    if (!stored || now() >= stored.expiresAt) return false
    const asked = askedAt.get(key)
    return now() < before(stored.expiresAt, early) || (asked !== undefined && now() < after(asked, ASK_AGAIN_AFTER))
  }

  async function fetchAndKeep(): Promise<Answer<string>> {
    const answer = await fetchToken()
    if (!answer.ok) return answer
    const { token, expiresAt } = answer.value
    askedAt.set(key, now())
    await store.write(key, { token, expiresAt })
    return good(token)
  }

  return {
    appid,
    async current() {
      const known = await store.read(key)
      if (isFresh(known)) return good(known.token)
      return store.withLock(key, async () => {
        // Another process may have renewed it while we waited.
        const latest = await store.read(key)
        return isFresh(latest) ? good(latest.token) : fetchAndKeep()
      })
    },
    /** Calls running side by side are all refused at once; only the first of them, in whatever process, renews and counts. */
    renew: (refused, problem) =>
      store.withLock(key, async () => {
        const latest = await store.read(key)
        if (latest && latest.token !== refused && now() < latest.expiresAt) return good(latest.token)
        await noteRefusal(options, { appid, token: refused, problem, renewed: false })
        return fetchAndKeep()
      }),
    replace: () => store.withLock(key, fetchAndKeep),
  }
}
