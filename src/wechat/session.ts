import type { Answer, Call, WeChat } from './client.ts'
import type { Account, Component } from './credentials.ts'
import { type Tokens, withToken } from './tokens.ts'

/** A client that speaks for one account (or one component): every API function takes it as its first argument. */
export type Session = { appid: string; call<T>(call: Call<T>): Promise<Answer<T>> }
export type ComponentSession = Session & { component: Component }

export function openSession(client: WeChat, tokens: Tokens, account: Account): Session {
  const { appid } = account
  const source = tokens.of(account)
  return { appid, call: (call) => withToken(tokens, source, (access_token) => client.send(appid, call, { access_token })) }
}

/** For what a third-party platform does in its own name: authorisations, and looking at the accounts that gave one. */
export function openComponentSession(client: WeChat, tokens: Tokens, component: Component): ComponentSession {
  const { appid } = component
  const source = tokens.ofComponent(component)
  return {
    appid,
    component,
    call: (call) => withToken(tokens, source, (component_access_token) => client.send(appid, call, { component_access_token })),
  }
}
