import { onTestFinished } from 'vitest'
import { givenAgency, givenApp, type TestApp } from '../../scenarios/given-app.ts'
import { type Auth, openAuth } from './auth.ts'

/** For tests: an app on a database of its own, with the sign-in part open. */
export async function givenAuth(environment: Record<string, string> = {}, settings: { clientIpHeader?: string } = {}) {
  const app = await givenApp(environment)
  const auth = openAuth(app, app.url, settings)
  onTestFinished(() => auth.close())
  return { app, auth }
}

/** The agency 云帆托管 with its sign-in part. */
export async function givenTeam(environment: Record<string, string> = {}) {
  const { app, auth } = await givenAuth(environment)
  return { app, auth, agency: await givenAgency(app) }
}

export type Browser = {
  /** Calls /api/auth, keeping cookies as a browser would. */
  call(
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown>; response: Response }>
  request(path?: string, headers?: Record<string, string>): Request
  headers(): Headers
  keep(setCookie: string[]): void
}

/** A browser at one address, with a cookie jar. */
export function aBrowser(
  auth: Auth,
  origin = 'http://127.0.0.1',
  peer = '203.0.113.9',
  userAgent = 'Mozilla/5.0 (iPhone) MicroMessenger/8.0',
): Browser {
  const jar = new Map<string, string>()
  const browser: Browser = {
    headers: () =>
      new Headers({ cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), 'user-agent': userAgent }),
    request(path = '/', headers = {}) {
      const all = browser.headers()
      for (const [name, value] of Object.entries(headers)) all.set(name, value)
      return new Request(origin + path, { headers: all })
    },
    keep(setCookie) {
      for (const line of setCookie) {
        const [pair = '', ...attributes] = line.split(';')
        const name = pair.slice(0, pair.indexOf('='))
        if (attributes.some((attribute) => attribute.trim().toLowerCase() === 'max-age=0')) jar.delete(name)
        else jar.set(name, pair.slice(pair.indexOf('=') + 1))
      }
    },
    async call(path, body, headers = {}) {
      const all = browser.headers()
      for (const [name, value] of Object.entries({ origin, ...headers })) all.set(name, value)
      if (body) all.set('content-type', 'application/json')
      const response = await auth.handler(
        new Request(`${origin}/api/auth${path}`, {
          method: body ? 'POST' : 'GET',
          headers: all,
          body: body ? JSON.stringify(body) : undefined,
        }),
        peer,
      )
      browser.keep(response.headers.getSetCookie())
      return { status: response.status, body: ((await response.clone().json()) ?? {}) as Record<string, unknown>, response }
    },
  }
  return browser
}

export const password = 'long enough, really'

/** A login whose password is `password`. */
export async function givenUser(auth: Auth, name = 'Mei', email = 'mei@yunfan.cn'): Promise<string> {
  const made = await auth.createUser({ name, email, password })
  if (!made.ok) throw new Error(made.reason)
  return made.value.userId
}

export const signIn = (browser: Browser, email = 'mei@yunfan.cn', using = password) =>
  browser.call('/sign-in/email', { email, password: using })
export type { TestApp }
