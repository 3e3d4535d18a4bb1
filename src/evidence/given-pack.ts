import { instant } from '../platform/time.ts'
import { sha256 } from './canonical.ts'
import { type ChainEntry, chained } from './chain.ts'
import { type EvidenceItem, type PackInput, writePack } from './pack.ts'
import { MANIFEST, type Manifest } from './pack-format.ts'
import { fingerprint, generateSigningKey, type SigningKey } from './signing.ts'
import type { Problem, Verdict } from './verdict.ts'
import { readZip, unpack } from './zip-reader.ts'

/** For tests: a stolen account at three in the morning. */
export const incident = {
  id: 'inc-1',
  number: 'E-0042',
  title: '青禾茶事公众号被盗',
  severity: 'P1',
  openedAt: instant('2026-11-21T19:02:00Z'),
}

export const entries: ChainEntry[] = [
  {
    seq: 1,
    at: instant('2026-11-21T19:02:00Z'),
    kind: 'incident-opened',
    by: 'monitor',
    data: { why: '出现不是我们发布的文章' },
  },
  { seq: 2, at: instant('2026-11-21T19:07:12Z'), kind: 'step-done', by: 'lao-zhou', data: { step: '让陌生登录下线' } },
  { seq: 3, at: instant('2026-11-21T19:13:40Z'), kind: 'client-told', by: 'mei', data: { receipt: 'msg-7', minutes: 11 } },
]

export function anItem(overrides: Partial<EvidenceItem> = {}): EvidenceItem {
  const bytes = overrides.bytes ?? Buffer.from('{"errcode":0,"rid":"6920-1"}')
  return {
    name: '接口返回.json',
    mediaType: 'application/json',
    takenAt: instant('2026-11-21T19:08:00Z'),
    source: '微信接口返回',
    ...overrides,
    bytes,
    hash: overrides.hash ?? sha256(bytes),
  }
}

export function anInput(overrides: Partial<PackInput> = {}): PackInput {
  const own = overrides.entries ?? entries
  const hashed = chained((overrides.incident ?? incident).id, own)
  return {
    agency: { name: '云帆代运营' },
    incident,
    entries: own,
    head: hashed.at(-1)?.hash ?? '',
    pins: hashed[1] ? [{ at: instant('2026-11-21T19:10:00Z'), head: hashed[1].hash, seq: 2, where: '给客户的消息' }] : [],
    items: [anItem()],
    exportedAt: instant('2026-11-21T19:20:00Z'),
    productVersion: '0.1.0',
    signingKey: generateSigningKey(),
    ...overrides,
  }
}

export async function aPack(overrides: Partial<PackInput> = {}): Promise<{ pack: Uint8Array; key: SigningKey; print: string }> {
  const input = anInput(overrides)
  return { pack: await writePack(input), key: input.signingKey, print: fingerprint(input.signingKey.publicKey) }
}

export type Files = Map<string, Uint8Array>

export function filesOf(pack: Uint8Array): Files {
  const reading = readZip(pack)
  if (!reading.ok) throw new Error(reading.why)
  return new Map(reading.zip.entries.map((entry) => [entry.name, unpack(pack, entry, entry.size) as Uint8Array]))
}

export const textOf = (files: Files, path: string): string => Buffer.from(files.get(path)!).toString('utf8')

export const manifestOf = (files: Files): Manifest => JSON.parse(textOf(files, MANIFEST))

export const ITEM = 'items/01-接口返回.json'
export const whatOf = (verdict: Verdict): string => (verdict.ok ? 'ok' : verdict.problem.what)
export function problemOf(verdict: Verdict): Problem {
  if (verdict.ok) throw new Error('the pack was accepted')
  return verdict.problem
}
