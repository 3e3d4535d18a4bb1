import type { Instant } from '../platform/time.ts'
import { canonical, sha256 } from './canonical.ts'
import { type ChainEntry, chained, genesis, type HashedEntry } from './chain.ts'
import {
  FORMAT,
  ITEMS,
  LIMITS,
  MANIFEST,
  type Manifest,
  type PackedItem,
  type Pin,
  PUBLIC_KEY,
  README,
  REPORT,
  REPORT_PDF,
  SIGNATURE,
  TIMELINE,
  TIMESTAMP,
} from './pack-format.ts'
import { readme } from './pack-readme.ts'
import { plainWords, type ReportWords, report } from './report.ts'
import { isText } from './report-items.ts'
import { sealed } from './seal.ts'
import { fingerprint, publicKeyText, type SigningKey, signBytes } from './signing.ts'
import { verifyPack } from './verify.ts'
import { fileSize } from './words.ts'
import { writeZip, type ZipFileToWrite } from './zip-writer.ts'

export type EvidenceItem = {
  name: string
  hash: string
  mediaType: string
  takenAt: Instant
  /** Where it comes from, in words: 手机上传（Mei）, 微信回调, 接口返回 rid … */
  source: string
  /** The playbook step it proves. */
  step?: string
  bytes: Uint8Array
}

export type PackInput = {
  agency: { name: string }
  incident: { id: string; number: string; title: string; severity: string; openedAt: Instant; isDrill?: boolean }
  /** With the hashes they were stored under, an entry altered in the database is named instead of only noticed. */
  entries: readonly (ChainEntry & { hash?: string })[]
  head: string
  pins: readonly Pin[]
  items: readonly EvidenceItem[]
  exportedAt: Instant
  productVersion: string
  signingKey: SigningKey
  /** Asks for an RFC 3161 response over the SHA-256 of the manifest; null when none could be had, and the pack goes without. */
  timestamp?: (sha256: string) => Promise<Uint8Array | null>
  words?: ReportWords
  reportPdf?: Uint8Array
}

/** The records do not fit together: something was altered before the export. `message` says what, in the user's words. */
export class PackRefused extends Error {}

/**
 * Writes an evidence pack: the same input gives the same bytes.
 *
 * It is checked before it is handed out. A pack that its receiver would find broken must be found here, by us, and
 * the person exporting told which record does not fit.
 */
export async function writePack(input: PackInput): Promise<Uint8Array> {
  for (const { name, hash, bytes } of input.items) {
    if (sha256(bytes) !== hash) {
      throw new PackRefused(
        `没有导出：证据“${name}”与保存时的哈希不符，存储可能已损坏。其他证据没有动过；请从备份恢复这一件，再导出。`,
      )
    }
  }
  const { files, manifest } = contentsOf(input)
  refuseTooLarge(files)
  const manifestBytes = Buffer.from(canonical(manifest))
  const response = (await input.timestamp?.(sha256(manifestBytes))) ?? null
  const zip = await writeZip([
    { path: MANIFEST, bytes: manifestBytes, compress: false },
    { path: SIGNATURE, bytes: signBytes(input.signingKey, manifestBytes), compress: false },
    ...(response ? [{ path: TIMESTAMP, bytes: response, compress: false }] : []),
    ...files,
  ])
  const pack = sealed(zip, input.signingKey)
  const verdict = verifyPack(pack, { fingerprint: manifest.key.fingerprint })
  if (!verdict.ok) {
    throw new PackRefused(`没有导出：${verdict.problem.sentence}现有记录没有动过；请告诉管理员核对数据库与备份，查明后再导出。`)
  }
  return pack
}

/** Nobody could check a pack beyond these limits, so it is not written. */
function refuseTooLarge(files: ZipFileToWrite[]): void {
  const large = files.find(({ bytes }) => bytes.length > LIMITS.file)
  const advice = '证据都还在；请分几次导出，每次选一部分。'
  if (large)
    throw new PackRefused(
      `没有导出：“${large.path}”有 ${fileSize(large.bytes.length)}，一个文件最多 ${fileSize(LIMITS.file)}。${advice}`,
    )
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0)
  if (size > LIMITS.packed)
    throw new PackRefused(`没有导出：一共有 ${fileSize(size)}，一个包最多 ${fileSize(LIMITS.packed)}。${advice}`)
  if (files.length > LIMITS.packedFiles)
    throw new PackRefused(`没有导出：一共有 ${files.length} 个文件，一个包最多 ${LIMITS.packedFiles} 个。${advice}`)
}

function contentsOf(input: PackInput): { files: ZipFileToWrite[]; manifest: Manifest } {
  const entries = withHashes(input)
  const items = input.items.map((item, index) => ({ ...packedItem(item, index, input.items.length), bytes: item.bytes }))
  const manifest: Omit<Manifest, 'files'> = {
    format: FORMAT,
    product: { name: 'dingxin', version: input.productVersion },
    agency: { name: input.agency.name },
    incident: incidentOf(input),
    exportedAt: input.exportedAt,
    key: {
      algorithm: 'Ed25519',
      publicKey: publicKeyText(input.signingKey.publicKey),
      fingerprint: fingerprint(input.signingKey.publicKey),
    },
    chain: { genesis: genesis(input.incident.id), head: input.head, length: entries.length },
    pins: input.pins.map(({ at, head, seq, where }) => ({ at, head, seq, where })),
    items: items.map(({ bytes: _, ...item }) => item),
  }
  const page = report({ manifest, entries, items, words: input.words ?? plainWords })
  const files: ZipFileToWrite[] = [
    // Stored as it is, so that one damaged byte spoils one line and not the whole timeline.
    { path: TIMELINE, bytes: Buffer.from(entries.map((entry) => `${canonical(entry)}\n`).join('')), compress: false },
    { path: REPORT, bytes: Buffer.from(page), compress: true },
    ...(input.reportPdf ? [{ path: REPORT_PDF, bytes: input.reportPdf, compress: false }] : []),
    { path: README, bytes: Buffer.from(readme(manifest)), compress: true },
    { path: PUBLIC_KEY, bytes: Buffer.from(input.signingKey.publicKey.export({ format: 'pem', type: 'spki' })), compress: false },
    ...items.map(({ path, bytes, mediaType }) => ({ path, bytes, compress: isText(mediaType) })),
  ]
  const listed = files.map(({ path, bytes }) => ({ path, size: bytes.length, sha256: sha256(bytes) }))
  return { files, manifest: { ...manifest, files: listed } }
}

/** Stored hashes go in as they are: if one no longer fits, the check before handing out names that entry. */
function withHashes({ incident, entries }: PackInput): HashedEntry[] {
  const computed = chained(incident.id, entries)
  return computed.map(({ seq, at, kind, by, data, hash }, index) => ({
    seq,
    at,
    kind,
    by,
    data,
    hash: entries[index]?.hash ?? hash,
  }))
}

function incidentOf({ incident: { id, number, title, severity, openedAt, isDrill } }: PackInput): Manifest['incident'] {
  return { id, number, title, severity, openedAt, isDrill: isDrill ?? false }
}

function packedItem(
  { name, hash, mediaType, takenAt, source, step, bytes }: EvidenceItem,
  index: number,
  count: number,
): PackedItem {
  const number = String(index + 1).padStart(Math.max(2, String(count).length), '0')
  const path = `${ITEMS}${number}-${fileName(name)}`
  return { path, name, sha256: hash, size: bytes.length, mediaType, takenAt, source, ...(step === undefined ? {} : { step }) }
}

/** What people call things is not always what a folder on Windows accepts. The full name stays in the manifest. */
export function fileName(name: string): string {
  const safe = name
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\\/:*?"<>|\p{Cc}\p{Cf}\ufffd]/gu, '_')
  // Cut in the middle, so that the ending, by which the file is opened, survives.
  const signs = [...safe]
  const short = signs.length > 80 ? [...signs.slice(0, 60), '…', ...signs.slice(-19)].join('') : safe
  return short.replace(/[. ]+$/, '') || '证据'
}
