import type { Actor } from './state/content.ts'

/** One API call as WeChat saw it. The product's own ledger is compared with this one. */
export type LedgerEntry = {
  seq: number
  at: string
  method: string
  path: string
  appid: string
  caller: Actor
  /** The kind of key used: which token family, or none. */
  key: string
  ip: string
  errcode: number
  rid: string
  /** False when a fault answered before the call was carried out. */
  executed: boolean
  fault?: string
  body: string
  response: string
  ms: number
}

const KEPT = 20_000

export class Ledger {
  entries: LedgerEntry[] = []
  #seq = 0

  add(entry: Omit<LedgerEntry, 'seq'>): void {
    this.entries.push({ seq: ++this.#seq, ...entry })
    if (this.entries.length > KEPT) this.entries.splice(0, KEPT / 10)
  }

  find(filter: { appid?: string; path?: string; caller?: string; since?: number }): LedgerEntry[] {
    const { appid, path, caller, since } = filter
    return this.entries.filter(
      (entry) =>
        (!appid || entry.appid === appid) &&
        (!path || entry.path.includes(path)) &&
        (!caller || entry.caller === caller) &&
        (since === undefined || entry.seq > since),
    )
  }

  byRid(rid: string): LedgerEntry | undefined {
    return this.entries.findLast((entry) => entry.rid === rid)
  }
}

/** Secrets and tokens must not survive in a list that people read; everything else may be looked at. */
export function summary(text: string): string {
  const hidden = text.replaceAll(
    /("(?:secret|appsecret|component_appsecret|component_secret|access_token|component_access_token|authorizer_access_token|authorizer_refresh_token|refresh_token|component_verify_ticket|authorization_code)"\s*:\s*")[^"]*"/g,
    '$1***"',
  )
  return hidden.length > 2000 ? `${hidden.slice(0, 2000)}…` : hidden
}
