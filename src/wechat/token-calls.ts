import { after, type Instant, seconds } from '../platform/time.ts'
import type { Answer, Call, WeChat } from './client.ts'
import type { Account, Component, StoredToken } from './credentials.ts'
import { number, text, textOrNull } from './fields.ts'
import type { JsonObject } from './json.ts'
import { asCredentialProblem } from './problems.ts'

/** The calls that hand out tokens (section a). Asking twice is harmless, so all but `force` are reads. */
type SecretAccount = Extract<Account, { mode: 'secret' }>
type AuthorizedAccount = Extract<Account, { mode: 'component' }>
export type AuthorizerToken = StoredToken & { refreshToken: string | null }

/**
 * The stable token: every holder of the secret gets the same one, so we and the client's other systems do not kill each
 * other's. `force` burns it at once, for everybody; 20 times a day, meant for after the secret was stolen and reset.
 */
export function stableToken(client: WeChat, { appid, secret }: SecretAccount, force = false): Promise<Answer<StoredToken>> {
  const body = { grant_type: 'client_credential', appid, secret, force_refresh: force }
  const intent = force ? 'write' : 'read'
  return ask(client, appid, {
    path: '/cgi-bin/stable_token',
    method: 'POST',
    intent,
    body,
    read: stored(client.now(), 'access_token'),
  })
}

/** The classic token: each call issues a new one and kills the one before. Only for accounts whose other systems already do so. */
export function classicToken(client: WeChat, { appid, secret }: SecretAccount): Promise<Answer<StoredToken>> {
  const read = stored(client.now(), 'access_token')
  const call: Call<StoredToken> = {
    path: '/cgi-bin/token',
    method: 'GET',
    intent: 'read',
    query: { grant_type: 'client_credential', appid },
    read,
  }
  return ask(client, appid, call, { secret })
}

export function componentToken(client: WeChat, { appid, secret, ticket }: Component): Promise<Answer<StoredToken>> {
  const body = { component_appid: appid, component_appsecret: secret, component_verify_ticket: ticket }
  const read = stored(client.now(), 'component_access_token')
  return ask(client, appid, { path: '/cgi-bin/component/api_component_token', method: 'POST', intent: 'read', body, read })
}

/** The refresh token may come back changed; the former one is then dead. */
export function authorizerToken(
  client: WeChat,
  account: AuthorizedAccount,
  component_access_token: string,
): Promise<Answer<AuthorizerToken>> {
  const { appid, refreshToken, component } = account
  const body = { component_appid: component.appid, authorizer_appid: appid, authorizer_refresh_token: refreshToken }
  const token = stored(client.now(), 'authorizer_access_token')
  const read = (a: JsonObject) => ({ ...token(a), refreshToken: textOrNull(a, 'authorizer_refresh_token') })
  // Its 40001 and 42001 speak of the component's token in the address, so they stay token problems.
  const path = '/cgi-bin/component/api_authorizer_token'
  return client.send(appid, { path, method: 'POST', intent: 'read', body, read }, { component_access_token })
}

const stored =
  (now: Instant, name: string) =>
  (a: JsonObject): StoredToken => ({
    token: text(a, name),
    expiresAt: after(now, seconds(number(a, 'expires_in'))),
  })

async function ask<T>(client: WeChat, appid: string, call: Call<T>, secretQuery?: Record<string, string>): Promise<Answer<T>> {
  const answer = await client.send(appid, call, secretQuery)
  return answer.ok ? answer : { ok: false, problem: asCredentialProblem(answer.problem) }
}
