import { ORPCError } from '@orpc/client'

/** What went wrong with a call, as a person needs to know it. */
export type Problem =
  | { kind: 'signed-out' }
  | { kind: 'forbidden'; said: string }
  | { kind: 'not-found' }
  /** The server understood and said no, with its reason. */
  | { kind: 'refused'; reason: string }
  | { kind: 'unreachable' }
  | { kind: 'broken'; code: string }

export function problemOf(error: unknown): Problem {
  if (error instanceof ORPCError) return fromStatus(error.status, error.message, error.data)
  if (error instanceof CallRefused) return fromStatus(error.status, error.message, { reason: error.message })
  return { kind: 'unreachable' }
}

/** Said no by a door that is not part of the contract: evidence and signing in. */
export class CallRefused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const refusals: readonly number[] = [400, 409, 413, 415, 422]

function fromStatus(status: number, message: string, data: unknown): Problem {
  if (status === 401) return { kind: 'signed-out' }
  if (status === 403) return { kind: 'forbidden', said: message }
  if (status === 404) return { kind: 'not-found' }
  // Without a reason written for people a refusal is only a number to read aloud; the plain message is for developers.
  const reason = refusals.includes(status) ? (textIn(data, 'reason') ?? firstIssue(data)) : undefined
  return reason ? { kind: 'refused', reason } : { kind: 'broken', code: textIn(data, 'code') ?? String(status) }
}

function textIn(data: unknown, key: string): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const value: unknown = Reflect.get(data, key)
  return typeof value === 'string' && value.length > 0 ? value : undefined
}

/** Input the server would not take names its fields; the first one is enough to act on. */
function firstIssue(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const issues: unknown = Reflect.get(data, 'issues')
  return Array.isArray(issues) ? textIn(issues[0], 'message') : undefined
}
