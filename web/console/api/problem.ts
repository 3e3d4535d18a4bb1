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
  if (error instanceof UploadRefused) return fromStatus(error.status, error.message, undefined)
  return { kind: 'unreachable' }
}

export class UploadRefused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

function fromStatus(status: number, message: string, data: unknown): Problem {
  switch (status) {
    case 401:
      return { kind: 'signed-out' }
    case 403:
      return { kind: 'forbidden', said: message }
    case 404:
      return { kind: 'not-found' }
    case 400:
    case 409:
    case 413:
    case 415:
    case 422:
      return { kind: 'refused', reason: textIn(data, 'reason') ?? firstIssue(data) ?? message }
    default:
      return { kind: 'broken', code: textIn(data, 'code') ?? String(status) }
  }
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
