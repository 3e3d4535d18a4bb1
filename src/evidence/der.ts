/**
 * The little of DER (X.690) that RFC 3161 needs: definite lengths, written in the shortest form. A time-stamp token is
 * DER by its own standard, so anything else is refused rather than guessed at.
 */
export type Der = { tag: number; content: Uint8Array /** tag and length included */; whole: Uint8Array }

export class DerError extends Error {}

export const SEQUENCE = 0x30
export const SET = 0x31
export const INTEGER = 0x02
export const BOOLEAN = 0x01
export const OCTETS = 0x04
export const OID = 0x06
export const GENERALIZED_TIME = 0x18

export function der(tag: number, ...contents: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents)
  return Buffer.concat([Uint8Array.from([tag, ...lengthOf(content)]), content])
}

function lengthOf(content: Uint8Array): number[] {
  if (content.length < 0x80) return [content.length]
  const digits: number[] = []
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256)
  return [0x80 | digits.length, ...digits]
}

/** A non-negative integer from its bytes, most significant first. */
export function derInteger(bytes: Uint8Array): Uint8Array {
  return der(INTEGER, derIntegerContent(bytes))
}

/** Leading zeros go, and one returns where the first bit would read as a minus sign. */
export function derIntegerContent(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0)
  const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first)
  return digits[0]! >= 0x80 ? Buffer.concat([Uint8Array.of(0), digits]) : digits
}

export function derOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(OID, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)))
}

function base128(arc: number): number[] {
  const digits = [arc % 128]
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(0x80 | (rest % 128))
  return digits
}

/** Reads exactly one value: bytes after it are an error. */
export function readDer(bytes: Uint8Array): Der {
  const value = readFirst(bytes)
  if (value.whole.length !== bytes.length) throw new DerError('bytes after the end')
  return value
}

export function readChildren(parent: Der): Der[] {
  const children: Der[] = []
  for (let rest = parent.content; rest.length > 0; rest = rest.subarray(children.at(-1)!.whole.length)) {
    children.push(readFirst(rest))
  }
  return children
}

function readFirst(bytes: Uint8Array): Der {
  const [tag, first] = bytes
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new DerError('no value here')
  if (first < 0x80) return slice(bytes, tag, 2, first)
  const digits = first & 0x7f
  if (digits < 1 || digits > 4 || bytes.length < 2 + digits) throw new DerError('bad length')
  const length = bytes.subarray(2, 2 + digits).reduce((sum, byte) => sum * 256 + byte, 0)
  if (length < 0x80 || bytes[2] === 0) throw new DerError('length not in its shortest form')
  return slice(bytes, tag, 2 + digits, length)
}

function slice(bytes: Uint8Array, tag: number, start: number, length: number): Der {
  if (start + length > bytes.length) throw new DerError('cut short')
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(0, start + length) }
}

/** The value at a place, which must carry this tag. */
export function expectTag(value: Der | undefined, tag: number): Der {
  if (value?.tag !== tag) throw new DerError(`expected tag ${tag.toString(16)}, found ${value?.tag.toString(16) ?? 'nothing'}`)
  return value
}

export function readOid(value: Der | undefined): string {
  const arcs: number[] = []
  let arc = 0
  for (const byte of expectTag(value, OID).content) {
    arc = arc * 128 + (byte & 0x7f)
    if (byte >= 0x80) continue
    arcs.push(arc)
    arc = 0
  }
  const [first = 0, ...rest] = arcs
  const top = Math.min(2, Math.floor(first / 40))
  return [top, first - top * 40, ...rest].join('.')
}

export function readSmallInteger(value: Der | undefined): number {
  const { content } = expectTag(value, INTEGER)
  if (content.length !== 1 || content[0]! >= 0x80) throw new DerError('expected a small integer')
  return content[0]!
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
