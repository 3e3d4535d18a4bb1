/**
 * What nobody outside Tencent could confirm, and how fast things happen. The product must survive either position;
 * tests turn them with POST /_sim/switches.
 */
export type Switches = {
  /** Seconds the former token of GET /token still works after a new one was issued (0–300). */
  tokenOverlapSeconds: number
  /** Whether tokens already issued die when the AppSecret is reset or frozen. */
  tokensDieOnSecretReset: boolean
  tokensDieOnSecretFreeze: boolean
  /** Whether every call, not only getting a token, is checked against the IP whitelist. */
  whitelistForEveryCall: boolean
  /** Whether a deletion or a ban after success is pushed as PUBLISHJOBFINISH 5 / 6. */
  pushLateStatus: boolean
  /** Deliveries of one push, the first included: 2 or 3. */
  deliveries: number
  retryOnHttpError: boolean
  /** Milliseconds of real time a callback may take. */
  callbackDeadlineMs: number
  /** Pushes in a row that fail entirely before WeChat stops pushing for a minute. */
  markFailAfter: number
  markFailDrops: 'everything' | 'events' | 'nothing'
  consoleSendsPush: boolean
  consoleQuietPublishesPush: boolean
  commentsAfterFreepublish: boolean
  publishDelayMs: number
  massDelayMs: number
  ticketEveryMs: number
  /** Longest title since 2025-12-19; it was 64 before, which the simulator's date decides. */
  titleLimit: number
  /** Which addresses articles and pictures get: ones that this program answers, or the real hosts. */
  addresses: 'simulator' | 'wechat'
}

export const defaultSwitches: Switches = {
  tokenOverlapSeconds: 0,
  tokensDieOnSecretReset: false,
  tokensDieOnSecretFreeze: false,
  whitelistForEveryCall: false,
  pushLateStatus: false,
  deliveries: 3,
  retryOnHttpError: true,
  callbackDeadlineMs: 5000,
  markFailAfter: 3,
  markFailDrops: 'everything',
  consoleSendsPush: true,
  consoleQuietPublishesPush: false,
  commentsAfterFreepublish: true,
  publishDelayMs: 1000,
  massDelayMs: 1000,
  ticketEveryMs: 600_000,
  titleLimit: 32,
  addresses: 'simulator',
}
