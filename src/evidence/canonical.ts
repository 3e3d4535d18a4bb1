import { hash } from 'node:crypto'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Deeper than any record of ours, and shallow enough that a hostile file cannot exhaust the stack. */
const DEEPEST = 100

/**
 * Writes a value as the one text that stands for it (RFC 8785): keys sorted by UTF-16 code unit, no white space, numbers
 * and escapes as ECMAScript writes them. Hashes are taken over this text, so anything it could not write
 * faithfully (undefined, NaN, a Date, half a surrogate pair) throws instead of being dropped or rounded.
 */
export function canonical(value: unknown): string {
  return write(value, 0)
}

function write(value: unknown, depth: number): string {
  if (depth > DEEPEST) throw new RangeError(`canonical JSON: nested deeper than ${DEEPEST}`)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return writeString(value)
  if (typeof value === 'number') return writeNumber(value)
  if (Array.isArray(value)) return `[${Array.from(value, (one) => write(one, depth + 1)).join(',')}]`
  if (isPlainObject(value)) return writeObject(value, depth)
  throw new TypeError(`canonical JSON: cannot write ${typeof value === 'object' ? 'a class instance' : typeof value}`)
}

function writeObject(object: Record<string, unknown>, depth: number): string {
  // The default sort of JavaScript compares UTF-16 code units, which is the order RFC 8785 asks for.
  const keys = Object.keys(object).sort()
  return `{${keys.map((key) => `${writeString(key)}:${write(object[key], depth + 1)}`).join(',')}}`
}

function writeString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('canonical JSON: text holds half a surrogate pair')
  return JSON.stringify(text)
}

function writeNumber(number: number): string {
  if (!Number.isFinite(number)) throw new TypeError(`canonical JSON: ${number} is not a finite number`)
  return JSON.stringify(number)
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** SHA-256 as 64 lower-case hex digits. Text is hashed as UTF-8. */
export const sha256 = (of: Uint8Array | string): string => hash('sha256', of, 'hex')

export const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)
