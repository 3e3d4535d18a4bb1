import { inflateRawSync } from 'node:zlib'
import { LIMITS } from './pack-format.ts'

/**
 * Reads a zip that may be hostile or damaged, all in memory (PKWARE APPNOTE 6.3: local header, central directory, end
 * record; no zip64, no encryption, no split archives).
 *
 * Lenient enough to look into a pack that somebody packed anew with another program, so that we can say which file they
 * changed; `oddities` says what our own writer would never have done.
 */
export type ZipEntry = { name: string; method: number; packedSize: number; size: number; dataAt: number }
export type ZipContents = { entries: ZipEntry[]; oddities: string[]; extraBytes: number }
export type ZipReading = { ok: true; zip: ZipContents } | { ok: false; why: 'not-a-zip' | 'truncated' | 'damaged' }

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_SIZE = 22

class Damaged extends Error {}

export function readZip(bytes: Uint8Array): ZipReading {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view)
  if (end === undefined) {
    const beginsAsZip = view.length >= 4 && view.readUInt32LE(0) === LOCAL
    return { ok: false, why: beginsAsZip ? 'truncated' : 'not-a-zip' }
  }
  try {
    return { ok: true, zip: readDirectory(view, end) }
  } catch (error) {
    // A RangeError is Buffer's word for reading outside the file.
    if (error instanceof Damaged || error instanceof RangeError) return { ok: false, why: 'damaged' }
    throw error
  }
}

/** The last end record whose comment fits into the file. */
function findEnd(view: Buffer): number | undefined {
  for (let at = view.length - END_SIZE; at >= 0; at--) {
    if (view.readUInt32LE(at) === END && at + END_SIZE + view.readUInt16LE(at + 20) <= view.length) return at
  }
  return undefined
}

function readDirectory(view: Buffer, end: number): ZipContents {
  const count = view.readUInt16LE(end + 10)
  const directoryAt = view.readUInt32LE(end + 16)
  const oddities: string[] = []
  if (count > LIMITS.files || directoryAt > end) throw new Damaged()
  const entries: ZipEntry[] = []
  let at = directoryAt
  let expectedLocal = 0
  for (let index = 0; index < count; index++) {
    const { entry, localAt, next } = readEntry(view, at, directoryAt)
    if (!headersAgree(view, at, localAt)) oddities.push(`“${entry.name}”的两处登记不一致`)
    if (localAt !== expectedLocal) oddities.push(`“${entry.name}”前面有没有登记的内容`)
    expectedLocal = entry.dataAt + entry.packedSize
    entries.push(entry)
    at = next
  }
  if (at !== end || expectedLocal !== directoryAt) oddities.push('目录前后有没有登记的内容')
  return { entries, oddities, extraBytes: view.length - end - END_SIZE - view.readUInt16LE(end + 20) }
}

function readEntry(view: Buffer, at: number, directoryAt: number): { entry: ZipEntry; localAt: number; next: number } {
  if (view.readUInt32LE(at) !== CENTRAL) throw new Damaged()
  const nameLength = view.readUInt16LE(at + 28)
  const name = view.toString('utf8', at + 46, at + 46 + nameLength)
  const localAt = view.readUInt32LE(at + 42)
  if (view.readUInt32LE(localAt) !== LOCAL) throw new Damaged()
  const entry = {
    name,
    method: view.readUInt16LE(at + 10),
    packedSize: view.readUInt32LE(at + 20),
    size: view.readUInt32LE(at + 24),
    dataAt: localAt + 30 + view.readUInt16LE(localAt + 26) + view.readUInt16LE(localAt + 28),
  }
  if (entry.dataAt + entry.packedSize > directoryAt) throw new Damaged()
  // Two programs must not see two names for the same bytes.
  const localName = view.toString('utf8', localAt + 30, localAt + 30 + view.readUInt16LE(localAt + 26))
  if (localName !== name) throw new Damaged()
  return { entry, localAt, next: at + 46 + nameLength + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32) }
}

/**
 * Version, flags, method, time, CRC and sizes stand in the same order in both headers. Programs differ in which they
 * believe, so with two accounts two people could read two contents in one file. Flags: only “the name is UTF-8”.
 */
function headersAgree(view: Buffer, centralAt: number, localAt: number): boolean {
  const flags = view.readUInt16LE(centralAt + 8)
  const central = view.subarray(centralAt + 6, centralAt + 30)
  return (flags & ~0x0800) === 0 && central.equals(view.subarray(localAt + 4, localAt + 28))
}

/**
 * The bytes of one file, or why not. Never unpacks more than `most` bytes, whatever the zip declares. The CRC is left to
 * the caller's SHA-256: a damaged file that can still be read shows what was damaged in it.
 */
export function unpack(bytes: Uint8Array, entry: ZipEntry, most: number): Uint8Array | 'too-large' | 'damaged' {
  if (entry.size > most) return 'too-large'
  const packed = bytes.subarray(entry.dataAt, entry.dataAt + entry.packedSize)
  const content = entry.method === 0 ? packed : entry.method === 8 ? inflated(packed, entry.size) : undefined
  return content?.length === entry.size ? content : 'damaged'
}

function inflated(packed: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) })
  } catch {
    return undefined
  }
}
