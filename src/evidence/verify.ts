import { sha256 } from './canonical.ts'
import { LIMITS, MANIFEST, type Manifest, PUBLIC_KEY, SIGNATURE, TIMELINE, TIMESTAMP } from './pack-format.ts'
import { isSealIntact } from './seal.ts'
import { checkTimestamp } from './timestamp.ts'
import type { Timestamp } from './timestamp-token.ts'
import { type PackFacts, type Problem, type Verdict, verdictOf } from './verdict.ts'
import { checkFiles, checkNames } from './verify-files.ts'
import { checkManifest, readManifest } from './verify-manifest.ts'
import { checkTimeline } from './verify-timeline.ts'
import { readZip, unpack, type ZipEntry } from './zip-reader.ts'

const NOT_READABLE = {
  'not-a-zip': '这不是证据包：文件不是 zip。请确认选对了文件。',
  truncated: '文件不完整：后面一部分缺失或已损坏，多半是没有下载完。请重新下载，再核对一次。',
  damaged: '压缩包的目录已损坏，读不出里面的文件。请重新下载，再核对一次。',
  'too-large': '文件大得不像证据包，没有打开。',
}

/**
 * Checks an evidence pack with nothing but its own bytes: no network, no clock, no trust in whoever sent it.
 *
 * `ok` means that not one bit has changed since it was signed with the key whose fingerprint is in `facts`. Who holds that
 * key the pack cannot prove: hand in the `fingerprint` (64 hex digits) obtained another way.
 */
export function verifyPack(bytes: Uint8Array, options: { fingerprint?: string } = {}): Verdict {
  const reading = bytes.length > LIMITS.pack ? ({ ok: false, why: 'too-large' } as const) : readZip(bytes)
  if (!reading.ok) return verdictOf([{ what: 'not-a-pack', place: '压缩包', sentence: NOT_READABLE[reading.why] }], null)

  const problems = checkNames(reading.zip)
  const entries = new Map(reading.zip.entries.map((entry) => [entry.name, entry]))
  const manifestBytes = content(bytes, entries.get(MANIFEST), LIMITS.manifest)
  const manifest = manifestBytes && readManifest(manifestBytes)
  if (!manifest) return verdictOf([...problems, noManifest(manifestBytes !== undefined)], null)

  const signature = content(bytes, entries.get(SIGNATURE), LIMITS.smallFile)
  const { problems: manifestProblems, key } = checkManifest(manifest, manifestBytes, signature, options.fingerprint)
  const files = checkFiles(bytes, entries, manifest)
  const timestamp = readTimestamp(bytes, entries.get(TIMESTAMP), manifestBytes)
  problems.push(...manifestProblems, ...files.problems, ...timestamp.problems)
  problems.push(...readTimeline(files.contents, manifest), ...checkPublicKey(files.contents.get(PUBLIC_KEY), manifest))
  if (!key || !isSealIntact(bytes, key)) problems.push(brokenSeal)
  return verdictOf(problems, factsOf(manifest, timestamp.value, options.fingerprint !== undefined))
}

function content(bytes: Uint8Array, entry: ZipEntry | undefined, most: number): Uint8Array | undefined {
  const unpacked = entry && unpack(bytes, entry, most)
  return unpacked instanceof Uint8Array ? unpacked : undefined
}

const noManifest = (isThere: boolean): Problem => ({
  what: 'manifest',
  place: MANIFEST,
  sentence: isThere
    ? '清单（manifest.json）被改过：它不是本产品写出的样子，其余内容无从核对。'
    : '包里没有清单（manifest.json），或它已损坏：这不是本产品导出的证据包，或关键部分被拿掉了。',
})

const brokenSeal: Problem = {
  what: 'seal',
  place: '压缩包',
  sentence: '封口不对：封口以后，这个文件里至少有一个字节变了，或它被重新打包过。',
}

function readTimeline(contents: Map<string, Uint8Array>, manifest: Manifest): Problem[] {
  const timeline = contents.get(TIMELINE)
  if (timeline) return checkTimeline(timeline, manifest)
  // A listed file that cannot be read is named already.
  if (manifest.files.some(({ path }) => path === TIMELINE)) return []
  return [{ what: 'file-missing', place: TIMELINE, sentence: '包里没有时间线（timeline.jsonl）。' }]
}

/** Someone checking with OpenSSL uses this file: it must be the key we checked with. */
function checkPublicKey(pem: Uint8Array | undefined, { key }: Manifest): Problem[] {
  const inside =
    pem &&
    Buffer.from(pem)
      .toString('latin1')
      .replace(/-----[A-Z ]+-----|\s/g, '')
  if (inside === key.publicKey) return []
  return [{ what: 'key', place: PUBLIC_KEY, sentence: '公钥文件（public-key.pem）与清单里的公钥不是同一把。' }]
}

function readTimestamp(
  bytes: Uint8Array,
  entry: ZipEntry | undefined,
  manifest: Uint8Array,
): { value: Timestamp | null; problems: Problem[] } {
  if (!entry) return { value: null, problems: [] }
  const response = content(bytes, entry, LIMITS.smallFile)
  const checked = response && checkTimestamp(response, { sha256: sha256(manifest) })
  if (checked?.ok) return { value: checked.value, problems: [] }
  const reason = checked?.reason ?? '文件已损坏'
  return {
    value: null,
    problems: [{ what: 'timestamp', place: TIMESTAMP, sentence: `时间戳（timestamp.tsr）核对不过：${reason}。` }],
  }
}

function factsOf(manifest: Manifest, timestamp: Timestamp | null, keyCompared: boolean): PackFacts {
  return {
    agency: manifest.agency.name,
    incident: { number: manifest.incident.number, title: manifest.incident.title, isDrill: manifest.incident.isDrill },
    exportedAt: manifest.exportedAt,
    product: `${manifest.product.name} ${manifest.product.version}`,
    fingerprint: manifest.key.fingerprint,
    keyCompared,
    entries: manifest.chain.length,
    head: manifest.chain.head,
    items: manifest.items.length,
    pins: manifest.pins,
    timestamp,
  }
}
