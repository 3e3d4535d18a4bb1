import type { Config } from './config.ts'
import type { Database } from './database.ts'
import type { ObjectStore } from './object-store.ts'
import type { SecretBox } from './secrets.ts'

/** What the outside gives to every capability: nothing in src reaches for a clock, randomness or the network by itself. */
export type App = {
  config: Config
  database: Database
  secrets: SecretBox
  objects: ObjectStore
  fetch: typeof fetch
  /** New row ids (UUID). */
  newId(): string
  /** Unguessable text, url-safe, of `bytes` random bytes. */
  randomText(bytes: number): string
  log: Log
  /** The address in links, without a slash at the end. */
  publicUrl(): string
}

export type Log = {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}
