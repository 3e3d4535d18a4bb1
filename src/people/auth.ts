import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import pg from 'pg'
import type { App } from '../platform/app.ts'
import { asDispatch, type Database, openDatabase } from '../platform/database.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import { type Instant, instant } from '../platform/time.ts'
import { authOptions, BASE_PATH, openAuthPool, openPaths } from './auth-options.ts'
import { inChinese } from './auth-words.ts'
import { clientAddress, PEER_HEADER } from './client-address.ts'

export type SignedIn = { userId: string; sessionId: string; signedInAt: Instant }
export type SessionRow = {
  id: string
  ip: string
  userAgent: string
  signedInAt: Instant
  lastSeenAt: Instant
  expiresAt: Instant
}
export type NewUser = { name: string; email: string; password?: string }

/** Who has signed in, and on which devices. Knows logins; who they are in an agency is `people.ts`. */
export type Auth = {
  /** Answers /api/auth/*: sign in and out, password, second factor. `peer` is the address of the socket. */
  handler(request: Request, peer?: string): Promise<Response>
  sessionOf(headers: Headers): Promise<SignedIn | undefined>
  createUser(user: NewUser): Promise<Outcome<{ userId: string }>>
  deleteUser(userId: string): Promise<void>
  userByEmail(email: string): Promise<string | undefined>
  changeUser(userId: string, to: { name?: string; email?: string }): Promise<void>
  setPassword(userId: string, password: string): Promise<Outcome<null>>
  hasSecondFactor(userId: string): Promise<boolean>
  /** Whether some person, here or gone, signs in with it. */
  belongsToSomebody(userId: string): Promise<boolean>
  /** Signs a browser in without a password; only a one-time address may lead here. */
  startSession(userId: string, request: Request, peer?: string): Promise<{ setCookie: string[] }>
  sessionsOf(userId: string): Promise<SessionRow[]>
  revokeSession(userId: string, sessionId: string): Promise<boolean>
  revokeSessions(userId: string): Promise<number>
  close(): Promise<void>
}

export const shortestPassword = 10

/**
 * Creates schema auth and brings better-auth's tables up to date; repeatable, and safe when several processes start at once.
 * The tables stand outside row-level security: they hold logins, nothing of an agency.
 */
export async function migrateAuth(url: string): Promise<void> {
  const lock = new pg.Client(url)
  lock.on('error', () => {})
  await lock.connect()
  const pool = openAuthPool(url)
  try {
    await lock.query('select pg_advisory_lock(20261123)')
    await lock.query('create schema if not exists auth')
    const never = { secret: 'used for the shape of the tables only, no secret', publicUrl: 'http://127.0.0.1' }
    const options = authOptions(pool, { ...never, trustedOrigins: () => [], hasLeft: async () => false, log() {} })
    await (await getMigrations(options)).runMigrations()
  } finally {
    await pool.end()
    await lock.end() // the lock goes with the connection
  }
}

/** Opens the sign-in part on tables that `migrateAuth` made. */
export function openAuth(app: App, url: string, settings: { clientIpHeader?: string } = {}): Auth {
  const pool = openAuthPool(url)
  const database = openDatabase(pool)
  const auth = betterAuth(
    authOptions(pool, {
      secret: app.secrets.digest('better-auth'),
      publicUrl: app.config.publicUrl,
      trustedOrigins: () => [new URL(app.publicUrl()).origin],
      // A login without a person is let in: it belongs to no agency and sees nothing (`actors.ts`).
      hasLeft: async (userId) => (await personBehind(database, userId))?.hasLeft ?? false,
      log(level, message) {
        // An installation without a fixed address is normal here: each request says where it came in.
        if (message.includes('Base URL is not set')) return
        app.log[level === 'debug' ? 'info' : level]({ part: 'auth' }, message)
      },
    }),
  )
  /** The caller's headers with the address we saw; whatever the caller wrote there is dropped. */
  const withPeer = (from: Headers, peer: string | undefined): Headers => {
    const headers = new Headers(from)
    const address = clientAddress(from, peer, settings.clientIpHeader)
    headers.delete(PEER_HEADER)
    if (address) headers.set(PEER_HEADER, address)
    return headers
  }
  const adapter = async () => (await auth.$context).internalAdapter

  return {
    async handler(request, peer) {
      const path = new URL(request.url).pathname
      if (!openPaths.has(path.slice(BASE_PATH.length)) || !path.startsWith(BASE_PATH))
        return inChinese(new Response('{}', { status: 404 }))
      return inChinese(await auth.handler(new Request(request, { headers: withPeer(request.headers, peer) })))
    },
    async sessionOf(headers) {
      const found = await auth.api.getSession({ headers })
      if (!found) return undefined
      return { userId: found.user.id, sessionId: found.session.id, signedInAt: instant(found.session.createdAt) }
    },
    async createUser({ name, email, password }) {
      const { internalAdapter, password: passwords } = await auth.$context
      const wrong = password === undefined ? undefined : passwordProblem(password)
      if (wrong) return refused(wrong)
      if (await internalAdapter.findUserByEmail(email))
        return refused('这个邮箱已经用来登录了。请换一个邮箱，已有的账号没有改动。')
      const user = await internalAdapter.createUser({ name, email, emailVerified: true }, { method: 'email' })
      if (password !== undefined) await saveCredential(internalAdapter, user.id, await passwords.hash(password))
      return done({ userId: user.id })
    },
    async deleteUser(userId) {
      await (await adapter()).deleteUser(userId)
    },
    async userByEmail(email) {
      return (await (await adapter()).findUserByEmail(email))?.user.id
    },
    async changeUser(userId, to) {
      await (await adapter()).updateUser(userId, to)
    },
    async setPassword(userId, password) {
      const wrong = passwordProblem(password)
      if (wrong) return refused(wrong)
      const { internalAdapter, password: passwords } = await auth.$context
      await saveCredential(internalAdapter, userId, await passwords.hash(password))
      return done(null)
    },
    async hasSecondFactor(userId) {
      const { rowCount } = await pool.query('select 1 from "user" where id = $1 and "twoFactorEnabled"', [userId])
      return (rowCount ?? 0) > 0
    },
    belongsToSomebody: async (userId) => (await personBehind(database, userId)) !== undefined,
    async startSession(userId, request, peer) {
      const headers = withPeer(request.headers, peer)
      const started = await auth.api.startSessionFor({ body: { userId }, headers, returnHeaders: true })
      return { setCookie: started.headers.getSetCookie() }
    },
    async sessionsOf(userId) {
      const rows = await (await adapter()).listSessions(userId, { onlyActiveSessions: true })
      return rows
        .map((row) => ({
          id: row.id,
          ip: row.ipAddress ?? '',
          userAgent: row.userAgent ?? '',
          signedInAt: instant(row.createdAt),
          lastSeenAt: instant(row.updatedAt),
          expiresAt: instant(row.expiresAt),
        }))
        .sort((a, b) => (a.lastSeenAt < b.lastSeenAt ? 1 : -1))
    },
    async revokeSession(userId, sessionId) {
      const { rowCount } = await pool.query('delete from session where id = $1 and "userId" = $2', [sessionId, userId])
      return (rowCount ?? 0) > 0
    },
    async revokeSessions(userId) {
      const { rowCount } = await pool.query('delete from session where "userId" = $1', [userId])
      return rowCount ?? 0
    },
    close: () => pool.end(),
  }
}

const passwordProblem = (password: string): string | undefined =>
  password.length < shortestPassword ? `密码太短，至少 ${shortestPassword} 位。没有保存，请换一个长一些的。` : undefined

type InternalAdapter = Awaited<ReturnType<typeof betterAuth>['$context']>['internalAdapter']

/** One password per login: replaces the one there is. */
async function saveCredential(adapter: InternalAdapter, userId: string, hash: string): Promise<void> {
  const accounts = await adapter.findAccounts(userId)
  if (accounts.some((account) => account.providerId === 'credential')) await adapter.updatePassword(userId, hash)
  else await adapter.linkAccount({ userId, accountId: userId, providerId: 'credential', password: hash })
}

/**
 * The person behind a login, seen across agencies. On the pool of schema auth: it is asked for while a transaction of the
 * product's own pool waits, and a pool that waits for itself stands still.
 */
function personBehind(database: Database, userId: string): Promise<{ hasLeft: boolean } | undefined> {
  return asDispatch(database, async (tx) => {
    const row = await tx.selectFrom('dx.people').select('left_at').where('user_id', '=', userId).executeTakeFirst()
    return row && { hasLeft: row.left_at !== null }
  })
}
