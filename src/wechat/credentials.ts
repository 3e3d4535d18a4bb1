import type { Instant } from '../platform/time.ts'

/** A third-party platform of ours (开放平台 component). The ticket is pushed every ten minutes and lives twelve hours. */
export type Component = { appid: string; secret: string; ticket: string }

/**
 * How we may speak for an account. With `component` we never hold its AppSecret, so the client can freeze the secret for
 * good and we go on working; with `secret` a freeze stops us too (section a.2, "Incident consequence").
 */
export type Account =
  | { mode: 'secret'; appid: string; secret: string; tokenFamily?: 'stable' | 'classic' }
  | { mode: 'component'; appid: string; refreshToken: string; component: Component }

export type StoredToken = { token: string; expiresAt: Instant }

/** Tokens are shared by all our processes; kept elsewhere, encrypted. */
export type TokenStore = {
  read(key: string): Promise<StoredToken | null>
  write(key: string, token: StoredToken): Promise<void>
  /** One holder at a time, across processes. Called for a component's token while an account's lock is held, never the other way round. */
  withLock<T>(key: string, work: () => Promise<T>): Promise<T>
}

/**
 * `token-refused`: WeChat refused a token we believed in. Once is normal. `token-killed`: it happened again within five minutes,
 * so somebody else is renewing tokens with the account's secret (section h).
 */
export type TokenEvent = {
  kind: 'token-refused' | 'token-killed'
  appid: string
  code: number | null
  rid: string | null
  at: Instant
}

export const accountKey = (account: Account) => `${account.mode}:${account.appid}`
export const componentKey = (component: Component) => `component-token:${component.appid}`
