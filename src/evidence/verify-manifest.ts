import type { KeyObject } from 'node:crypto'
import { canonical } from './canonical.ts'
import { genesis } from './chain.ts'
import { isSafePath, MANIFEST, type Manifest, manifestShape, SIGNATURE } from './pack-format.ts'
import { fingerprint, isSignedBy, publicKeyFrom, spokenFingerprint } from './signing.ts'
import type { Problem } from './verdict.ts'

/** Reads the list everything else is checked against. It must be written exactly as we write it, or it is not ours. */
export function readManifest(bytes: Uint8Array): Manifest | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const value: unknown = JSON.parse(text)
    const manifest = manifestShape.parse(value)
    return canonical(value) === text ? manifest : undefined
  } catch {
    return undefined
  }
}

export function checkManifest(
  manifest: Manifest,
  bytes: Uint8Array,
  signature: Uint8Array | undefined,
  expected: string | undefined,
): { problems: Problem[]; key: KeyObject | undefined } {
  const key = publicKeyFrom(manifest.key.publicKey)
  if (!key || fingerprint(key) !== manifest.key.fingerprint) {
    return { problems: [manifestProblem('清单里的公钥读不出来，或与它写的指纹不符')], key: undefined }
  }
  const problems: Problem[] = []
  if (!signature || !isSignedBy(key, bytes, signature)) {
    problems.push({
      what: 'manifest-signature',
      place: SIGNATURE,
      sentence: '清单（manifest.json）的签名不对：签名以后，清单被改过，或签名不是用清单所写的钥匙做的。',
    })
  }
  if (expected !== undefined && expected !== manifest.key.fingerprint) problems.push(otherKey(manifest.key.fingerprint, expected))
  return { problems: [...problems, ...inconsistencies(manifest)], key }
}

function inconsistencies(manifest: Manifest): Problem[] {
  const paths = manifest.files.map(({ path }) => path)
  const listed = new Map(manifest.files.map((file) => [file.path, file]))
  const problems: Problem[] = []
  if (manifest.chain.genesis !== genesis(manifest.incident.id)) problems.push(manifestProblem('事件编号与时间线的起点不符'))
  if (listed.size !== paths.length) problems.push(manifestProblem('同一个文件列了两次'))
  if (!paths.every(isSafePath)) problems.push(manifestProblem('有会写到文件夹外面、或看不清本来面目的文件名'))
  for (const { path, sha256, size } of manifest.items) {
    const file = listed.get(path)
    if (file?.sha256 === sha256 && file.size === size) continue
    problems.push({ what: 'item', place: path, sentence: `证据“${path}”在证据列表里和文件列表里写的哈希不同。` })
  }
  return problems
}

const manifestProblem = (what: string): Problem => ({
  what: 'manifest',
  place: MANIFEST,
  sentence: `清单（manifest.json）自相矛盾：${what}。`,
})

const otherKey = (found: string, expected: string): Problem => ({
  what: 'key',
  place: MANIFEST,
  sentence: `签名的钥匙不是您给出的那一把。包里的指纹是 ${spokenFingerprint(found)}，您给出的是 ${spokenFingerprint(expected)}。这份文件不是由您所认的那一方签出的。`,
})
