import { z } from 'zod'
import type { Instant } from '../platform/time.ts'
import { isSha256 } from './canonical.ts'

/**
 * What an evidence pack is made of. A zip whose files are listed in manifest.json, whose manifest is signed in
 * manifest.sig, and which is sealed as a whole by a signature in the zip's own comment.
 */
export const FORMAT = 'dingxin-evidence-1'
export const MANIFEST = 'manifest.json'
export const SIGNATURE = 'manifest.sig'
export const TIMESTAMP = 'timestamp.tsr'
export const TIMELINE = 'timeline.jsonl'
export const REPORT = 'report.html'
export const REPORT_PDF = 'report.pdf'
export const README = 'README.txt'
export const PUBLIC_KEY = 'public-key.pem'
export const ITEMS = 'items/'

/** Files that cannot be listed in the manifest, because they are made from it. The seal covers them. */
export const OUTSIDE_MANIFEST: readonly string[] = [MANIFEST, SIGNATURE, TIMESTAMP]

const MiB = 1024 * 1024
/** Hard limits, checked before anything is unpacked, so that a hostile pack cannot fill memory. */
export const LIMITS = {
  pack: 1024 * MiB,
  unpacked: 1024 * MiB,
  file: 256 * MiB,
  manifest: 16 * MiB,
  smallFile: MiB,
  files: 5000,
  /** What we write stays a little below what we accept, to leave room for the zip's own headers. */
  packed: 1000 * MiB,
  packedFiles: 4900,
  line: 4 * MiB,
}

const hash = z.string().refine(isSha256)
const moment = z.iso.datetime().transform((text) => text as Instant)
const size = z.int().min(0).max(LIMITS.file)

const incident = z.strictObject({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  severity: z.string(),
  openedAt: moment,
  isDrill: z.boolean(),
})
const pin = z.strictObject({ at: moment, head: hash, seq: z.int().min(0), where: z.string() })
const item = z.strictObject({
  path: z.string(),
  name: z.string(),
  sha256: hash,
  size,
  mediaType: z.string(),
  takenAt: moment,
  source: z.string(),
  step: z.string().optional(),
})

export const manifestShape = z.strictObject({
  format: z.literal(FORMAT),
  product: z.strictObject({ name: z.string(), version: z.string() }),
  agency: z.strictObject({ name: z.string() }),
  incident,
  exportedAt: moment,
  key: z.strictObject({ algorithm: z.literal('Ed25519'), publicKey: z.string(), fingerprint: hash }),
  chain: z.strictObject({ genesis: hash, head: hash, length: z.int().min(0) }),
  pins: z.array(pin),
  items: z.array(item),
  files: z.array(z.strictObject({ path: z.string(), size, sha256: hash })).max(LIMITS.files),
})

export type Manifest = z.infer<typeof manifestShape>
/** The head of the chain as it was told to somebody outside at a moment: in a message, a calendar entry, another system. */
export type Pin = Manifest['pins'][number]
export type PackedItem = Manifest['items'][number]

/**
 * A name that stays inside the folder it is unpacked into, on every system, and shows as what it is: no way up, no drive,
 * no control or text-direction signs.
 */
export function isSafePath(path: string): boolean {
  if (path.length === 0 || path.length > 300 || path !== path.normalize('NFC')) return false
  if (/[\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}]/u.test(path)) return false
  return path.split('/').every((part) => part !== '' && !part.startsWith('.') && !/[. ]$/.test(part))
}
