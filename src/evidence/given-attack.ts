import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { canonical, sha256 } from './canonical.ts'
import { chained } from './chain.ts'
import { entries, type Files, filesOf, incident, manifestOf, textOf } from './given-pack.ts'
import { MANIFEST, type Manifest, PUBLIC_KEY, SIGNATURE } from './pack-format.ts'
import { fingerprint, publicKeyText, type SigningKey, signBytes } from './signing.ts'

/** For tests: what someone does who would like the record to read differently. */

/** Packs files anew as any zip program would, without our seal. */
export async function zipped(files: Files, comment = ''): Promise<Uint8Array> {
  const zip = new ZipFile()
  for (const [path, bytes] of files) zip.addBuffer(Buffer.from(bytes), path)
  zip.end({ comment, forceZip64Format: false })
  return buffer(zip.outputStream)
}

/** What an attacker does who has no key: edits files and packs them anew, with the old seal pasted back. */
export async function edited(pack: Uint8Array, edit: (files: Files) => void): Promise<Uint8Array> {
  const files = filesOf(pack)
  edit(files)
  return zipped(files, Buffer.from(pack.subarray(-143)).toString('latin1'))
}

/** Makes the list agree with edited files again: everything that can be done without the key. */
export function relist(files: Files, change: (manifest: Manifest) => void = () => undefined): void {
  const manifest = manifestOf(files)
  for (const file of manifest.files) {
    const bytes = files.get(file.path)
    if (bytes) Object.assign(file, { size: bytes.length, sha256: sha256(bytes) })
  }
  change(manifest)
  files.set(MANIFEST, Buffer.from(canonical(manifest)))
}

/** Makes everything agree again under the attacker's own key. */
export function resign(files: Files, key: SigningKey): void {
  files.set(PUBLIC_KEY, Buffer.from(key.publicKey.export({ format: 'pem', type: 'spki' })))
  relist(files, (manifest) => {
    manifest.key = { algorithm: 'Ed25519', publicKey: publicKeyText(key.publicKey), fingerprint: fingerprint(key.publicKey) }
  })
  files.set(SIGNATURE, signBytes(key, files.get(MANIFEST)!))
}

export function replace(files: Files, path: string, from: string, to: string): void {
  const text = textOf(files, path)
  if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`)
  files.set(path, Buffer.from(text.replace(from, to)))
}

/** Gives the step to Mei and chains everything anew, as someone with the whole database could. */
export function rewriteHistory(files: Files, change: Parameters<typeof relist>[1] = () => undefined): void {
  const rewritten = chained(
    incident.id,
    entries.map((entry) => (entry.seq === 2 ? { ...entry, by: 'mei' } : entry)),
  )
  files.set('timeline.jsonl', Buffer.from(rewritten.map((entry) => `${canonical(entry)}\n`).join('')))
  relist(files, (manifest) => {
    manifest.chain.head = rewritten.at(-1)!.hash
    change(manifest)
  })
}

/** Writes a name over another of the same length wherever the zip holds it. */
export function overwrite(zip: Buffer, from: string, to: string): void {
  for (let at = zip.indexOf(from); at >= 0; at = zip.indexOf(from, at + 1)) zip.write(to, at, 'latin1')
}
