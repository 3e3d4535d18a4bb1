import { CallRefused } from './problem.ts'

/**
 * Calls the doors of signing in (/api/auth), which are not part of the contract. A wrong password or code answers 401 there with a
 * code of its own; only without one has the session ended.
 */
export async function askSignIn(path: string, body?: Record<string, string>): Promise<unknown> {
  const answer = await fetch(`/api/auth${path}`, {
    credentials: 'same-origin',
    headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  })
  const said: unknown = await answer.json().catch(() => undefined)
  if (answer.ok) return said
  const code = textOf(said, 'code')
  const ended = answer.status === 401 && (!code || code === 'UNAUTHORIZED')
  const reason = textOf(said, 'message')
  throw new CallRefused(ended ? 401 : reason && answer.status < 500 ? 409 : answer.status, reason ?? answer.statusText)
}

export function fieldOf(from: unknown, key: string): unknown {
  return typeof from === 'object' && from !== null ? Reflect.get(from, key) : undefined
}

export function textOf(from: unknown, key: string): string | undefined {
  const value = fieldOf(from, key)
  return typeof value === 'string' ? value : undefined
}
