import type { Random } from '../random.ts'

/** One client's consent to the third-party platform. */
export type Authorisation = {
  appid: string
  refreshToken: string
  authorisedAt: number
  funcscopes: number[]
  options: Record<string, string>
  withdrawn: boolean
}

/** The open platform's third-party platform that the product may be registered as. */
export type Component = {
  appid: string
  secret: string
  token: string
  aesKey: string
  eventUrl: string | undefined
  /** Holds $APPID$ where the account's appid goes. */
  messageUrl: string | undefined
  previousAesKey: string | undefined
  whitelist: string[] | undefined
  /** Every ticket pushed so far and until when it is good; the newest last. */
  tickets: Map<string, number>
  /** Counts the rounds started, so that a stopped one does not go on beside its successor. */
  ticketRound: number
  pushesTickets: boolean
  preauth: Map<string, { expiresAt: number }>
  codes: Map<string, { appid: string; expiresAt: number }>
  authorisations: Map<string, Authorisation>
  failures: { failures: number; until: number }
}

export const ALL_SCOPES = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 18, 22, 23, 24, 26, 27, 33, 34, 35, 44, 46, 47, 54, 66, 89, 100, 101,
]

export function newComponent(identity: Random): Component {
  return {
    appid: `wx${identity.hex(16)}`,
    secret: identity.hex(32),
    token: identity.alphanumeric(24),
    aesKey: identity.alphanumeric(43),
    eventUrl: undefined,
    messageUrl: undefined,
    previousAesKey: undefined,
    whitelist: undefined,
    tickets: new Map(),
    ticketRound: 0,
    pushesTickets: false,
    preauth: new Map(),
    codes: new Map(),
    authorisations: new Map(),
    failures: { failures: 0, until: 0 },
  }
}
