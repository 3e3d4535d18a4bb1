import { type Duration, type Instant, minutes } from '../platform/time.ts'
import type { Answer, WeChat } from './client.ts'
import {
  type Account,
  accountKey,
  type Component,
  componentKey,
  type StoredToken,
  type TokenEvent,
  type TokenStore,
} from './credentials.ts'
import type { WeChatProblem } from './problems.ts'
import { noteRefusal } from './refusals.ts'
import { authorizerToken, classicToken, componentToken, stableToken } from './token-calls.ts'
import { openTokenSource, type TokenSource } from './token-source.ts'

export type TokensOptions = {
  client: WeChat
  store: TokenStore
  now(): Instant
  observeToken?(event: TokenEvent): void
  /** The refresh token changed; the former is dead. Awaited before the new access token is used, so that it is never lost. */
  onRefreshToken?(change: { appid: string; refreshToken: string }): Promise<void> | void
}

export type Tokens = {
  of(account: Account): TokenSource
  ofComponent(component: Component): TokenSource
  /** The renewed token was refused as well: nothing more to try, but somebody must know. */
  refusedAgain(source: TokenSource, token: string, problem: WeChatProblem): Promise<void>
  /** Kills the account's token for every holder of the secret and takes a new one. For after a theft; never automatic. */
  burn(account: Extract<Account, { mode: 'secret' }>): Promise<Answer<string>>
}

const EARLY: Duration = minutes(5)
/** WeChat suggests renewing a component's token at 1 h 50 of its 2 h. */
const COMPONENT_EARLY: Duration = minutes(10)

/** Access tokens, shared between our processes through the store. */
export function openTokens(options: TokensOptions): Tokens {
  const { client } = options
  const memory = new Map<string, Instant>()

  const fetchFor = (account: Account): Promise<Answer<StoredToken>> => {
    if (account.mode === 'component') return authorizedToken(account)
    return account.tokenFamily === 'classic' ? classicToken(client, account) : stableToken(client, account)
  }

  async function authorizedToken(account: Extract<Account, { mode: 'component' }>): Promise<Answer<StoredToken>> {
    const answer = await withToken(tokens, tokens.ofComponent(account.component), (token) =>
      authorizerToken(client, account, token),
    )
    const { refreshToken } = answer.ok ? answer.value : { refreshToken: null }
    if (refreshToken && refreshToken !== account.refreshToken)
      await options.onRefreshToken?.({ appid: account.appid, refreshToken })
    return answer
  }

  const source = (key: string, appid: string, early: Duration, fetchToken: () => Promise<Answer<StoredToken>>) =>
    openTokenSource({ ...options, key, appid, early, fetchToken, askedAt: memory })

  const tokens: Tokens = {
    of: (account) => source(accountKey(account), account.appid, EARLY, () => fetchFor(account)),
    ofComponent: (component) =>
      source(componentKey(component), component.appid, COMPONENT_EARLY, () => componentToken(client, component)),
    refusedAgain: ({ appid }, token, problem) => noteRefusal(options, { appid, token, problem, renewed: true }),
    burn: (account) => source(accountKey(account), account.appid, EARLY, () => stableToken(client, account, true)).replace(),
  }
  return tokens
}

/**
 * Runs a call with a token; when WeChat refuses the token, renews it and repeats the call once. A refused token is proof that
 * nothing was executed, so even a write may be repeated. Nothing else ever is.
 */
export async function withToken<T>(
  tokens: Tokens,
  source: TokenSource,
  work: (token: string) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const token = await source.current()
  if (!token.ok) return token
  const first = await work(token.value)
  if (first.ok || first.problem.class !== 'token') return first
  const renewed = await source.renew(token.value, first.problem)
  if (!renewed.ok) return renewed
  const second = await work(renewed.value)
  if (!second.ok && second.problem.class === 'token') await tokens.refusedAgain(source, renewed.value, second.problem)
  return second
}
