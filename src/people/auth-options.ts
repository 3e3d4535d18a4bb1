import type { BetterAuthOptions } from 'better-auth'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { twoFactor } from 'better-auth/plugins'
import pg from 'pg'
import { z } from 'zod'
import { openPool } from '../platform/database.ts'
import { days } from '../platform/time.ts'
import { PEER_HEADER } from './client-address.ts'

export type AuthSettings = {
  secret: string
  /** Where people open us; without it the address of each request is taken. */
  publicUrl: string | undefined
  /** Pages of these origins may call the sign-in addresses. */
  trustedOrigins(): string[]
  /** Whoever has left may not sign in, even with the right password. */
  hasLeft(userId: string): Promise<boolean>
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void
}

export const BASE_PATH = '/api/auth'

/** All of better-auth that is open over HTTP; an upgrade that brings more opens nothing by itself. */
export const openPaths: ReadonlySet<string> = new Set([
  '/sign-in/email',
  '/sign-out',
  '/get-session',
  '/change-password',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
  '/two-factor/generate-backup-codes',
  '/two-factor/get-totp-uri',
])

const inSeconds = (duration: number) => duration / 1000

/** The settings of better-auth, complete; the same ones create its tables. */
export function authOptions(pool: pg.Pool, settings: AuthSettings) {
  return {
    appName: '定心丸',
    database: pool,
    secret: settings.secret,
    baseURL: settings.publicUrl,
    basePath: BASE_PATH,
    trustedOrigins: () => settings.trustedOrigins(),
    telemetry: { enabled: false },
    logger: { level: 'warn', log: (level, message) => settings.log(level, message) },
    // People are added by an admin, and their name, address and role are kept by us.
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    // A month, renewed by use: nobody should meet a sign-in page at three in the morning. No cookie cache: a session that was
    // revoked is over at once.
    session: { expiresIn: inSeconds(days(30)), updateAge: inSeconds(days(1)), cookieCache: { enabled: false } },
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: 60,
      max: 300,
      // A whole office may share one address, so per minute and not per second; guessing a password stays hopeless.
      customRules: { '/sign-in/email': { window: 60, max: 20 }, '/two-factor/*': { window: 60, max: 20 } },
    },
    advanced: {
      cookiePrefix: 'dingxin',
      // Said aloud, because the library drops these checks by itself when it believes a test is running.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      useSecureCookies: settings.publicUrl?.startsWith('https://') ?? false,
      ipAddress: { ipAddressHeaders: [PEER_HEADER] },
      database: { validateSchema: false },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => {
            if (await settings.hasLeft(session.userId))
              throw new APIError('FORBIDDEN', { code: 'PERSON_LEFT', message: 'person left' })
          },
        },
      },
    },
    plugins: [twoFactor({ issuer: '定心丸' }), oneTimeLinks()],
  } satisfies BetterAuthOptions
}

/** Starts a session without a password, for one-time addresses. Only callable from the server, never over HTTP. */
function oneTimeLinks() {
  return {
    id: 'one-time-links',
    endpoints: {
      startSessionFor: createAuthEndpoint.serverOnly(
        { method: 'POST', body: z.object({ userId: z.string() }), requireHeaders: true },
        async (ctx) => {
          const user = await ctx.context.internalAdapter.findUserById(ctx.body.userId)
          if (!user) throw new APIError('NOT_FOUND', { message: `no user ${ctx.body.userId}` })
          const session = await ctx.context.internalAdapter.createSession(user.id)
          await setSessionCookie(ctx, { session, user })
          return ctx.json({ sessionId: session.id })
        },
      ),
    },
  }
}

const TIMESTAMPTZ = 1184

/** A pool whose tables are those of schema auth. better-auth compares moments as `Date`; our own reading as text would never expire. */
export function openAuthPool(url: string): pg.Pool {
  const getTypeParser = ((oid: number, format?: 'text') =>
    oid === TIMESTAMPTZ ? (text: string) => new Date(text) : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser
  return openPool({ connectionString: url, options: '-c search_path=auth', max: 4, types: { getTypeParser } })
}
