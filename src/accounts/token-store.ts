import { sql } from 'kysely'
import type { App } from '../platform/app.ts'
import { withAgency } from '../platform/database.ts'
import { thisAgency } from '../platform/jsonb.ts'
import { seconds } from '../platform/time.ts'
import type { StoredToken, TokenStore } from '../wechat/index.ts'

/**
 * WeChat's tokens, sealed in dx.wechat_tokens and shared by all processes. A renewal holds an advisory lock, so a crash lets
 * go of it at once; it also holds a connection, so only a few may run side by side or they would starve their own writes.
 */
export function tokenStore(app: App, agencyId: string): TokenStore {
  const { database, secrets } = app
  return {
    read: (key) =>
      withAgency(database, agencyId, async (tx) => {
        const row = await tx.selectFrom('dx.wechat_tokens').selectAll().where('key', '=', key).executeTakeFirst()
        return row ? { token: secrets.open(row.token_sealed), expiresAt: row.expires_at } : null
      }),
    write: (key, { token, expiresAt }) =>
      withAgency(database, agencyId, async (tx, now) => {
        const sealed = { token_sealed: secrets.seal(token), expires_at: expiresAt, got_at: now }
        await tx
          .insertInto('dx.wechat_tokens')
          .values({ agency_id: thisAgency, key, ...sealed })
          .onConflict((same) => same.columns(['agency_id', 'key']).doUpdateSet(sealed))
          .execute()
      }),
    withLock: (key, work) =>
      locksOf(app).run(`${agencyId}/${key}`, () => {
        const result: { value?: Awaited<ReturnType<typeof work>>; finished: boolean } = { finished: false }
        const locked = withAgency(database, agencyId, async (tx) => {
          // Longer than WeChat may take to answer twice: the lock of an account is held while its component's token is renewed.
          await sql`select set_config('idle_in_transaction_session_timeout', ${String(seconds(30))}, true)`.execute(tx)
          await sql`select pg_advisory_xact_lock(hashtextextended(${`wechat-token/${agencyId}/${key}`}, 0))`.execute(tx)
          result.value = await work()
          result.finished = true
        })
        return locked.then(
          () => result.value!,
          (error: unknown) => {
            // The token is stored by its own transaction; losing the lock's connection afterwards must not lose it.
            if (result.finished) return result.value!
            throw error
          },
        )
      }),
  }
}

/** For one session that shares with nobody. */
export function ownTokenStore(): TokenStore {
  const kept = new Map<string, StoredToken>()
  return {
    read: async (key) => kept.get(key) ?? null,
    write: async (key, token) => void kept.set(key, token),
    withLock: (_key, work) => work(),
  }
}

/**
 * One renewal per key and few keys at a time. Locks nest in one order only, account → component's token → last refusal, and
 * each rank has places of its own: nobody waits for a place that only a waiting one could free.
 */
type Locks = { run<T>(key: string, work: () => Promise<T>): Promise<T> }
const locks = new WeakMap<object, Locks>()

function locksOf({ database }: App): Locks {
  const known = locks.get(database)
  if (known) return known
  const made = makeLocks()
  locks.set(database, made)
  return made
}

function makeLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>()
  const ranks = { account: makeGate(2), component: makeGate(1), refusal: makeGate(1) }
  return {
    run(key, work) {
      const gate = ranks[key.includes('/component-token:') ? 'component' : key.includes('/last-refusal:') ? 'refusal' : 'account']
      const mine = (tails.get(key) ?? Promise.resolve()).then(() => gate(work))
      const tail = mine.then(
        () => {},
        () => {},
      )
      tails.set(key, tail)
      void tail.then(() => {
        if (tails.get(key) === tail) tails.delete(key)
      })
      return mine
    },
  }
}

function makeGate(places: number) {
  const waiting: (() => void)[] = []
  let free = places
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free--
    else await new Promise<void>((go) => waiting.push(go))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
