import { beforeAll, describe, expect, test } from 'vitest'
import { overwrite, relist, resign, rewriteHistory, zipped } from './given-attack.ts'
import { aPack, type Files, filesOf, problemOf, textOf, whatOf } from './given-pack.ts'
import type { Manifest } from './pack-format.ts'
import { sealed } from './seal.ts'
import { fingerprint, generateSigningKey, signBytes } from './signing.ts'
import { verifyText } from './verdict-text.ts'
import { verifyPack } from './verify.ts'

let pack: Uint8Array
let print: string
beforeAll(async () => {
  ;({ pack, print } = await aPack())
})

describe('a pack signed anew by somebody else', () => {
  const mallory = generateSigningKey()
  let forged: Uint8Array
  beforeAll(async () => {
    const files = filesOf(pack)
    rewriteHistory(files, (manifest) => {
      manifest.pins = []
    })
    resign(files, mallory)
    forged = sealed(await zipped(files, '-'.repeat(143)), mallory)
  })

  test('is caught by the fingerprint', () => {
    expect(problemOf(verifyPack(forged, { fingerprint: print }))).toMatchObject({ what: 'key' })
    expect(verifyPack(forged, { fingerprint: fingerprint(mallory.publicKey) }).ok).toBe(true)
  })

  test('and without one, the report shows whose key it is and that nobody compared it', () => {
    const verdict = verifyPack(forged)

    expect(verdict).toMatchObject({ ok: true, facts: { fingerprint: fingerprint(mallory.publicKey), keyCompared: false } })
    expect(verifyText(verdict)).toMatch(/任何人都能用自己的钥匙/)
  })

  test('a public key file of another key than the one that signed is refused', async () => {
    const files = filesOf(forged)
    files.set('public-key.pem', Buffer.from(generateSigningKey().publicKey.export({ format: 'pem', type: 'spki' })))
    const mixed = await sealedAnew(files)

    expect(problemOf(verifyPack(mixed))).toMatchObject({ what: 'key', place: 'public-key.pem' })
  })

  test('a listed path that leaves the folder is refused, even under a good signature and seal', async () => {
    const files = filesOf(forged)
    files.set('a/up', Buffer.from('x'))
    const plain = await sealedAnew(files, (manifest) => {
      manifest.files.push({ path: 'a/up', size: 1, sha256: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881' })
    })
    expect(verifyPack(plain).ok).toBe(true)

    const escaping = await sealedAnew(
      files,
      (manifest) => {
        manifest.files.at(-1)!.path = '../u'
      },
      ['a/up', '../u'],
    )

    expect(whatOf(verifyPack(escaping))).toBe('manifest')
    expect(verifyPack(escaping)).toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ what: 'file-name', place: '../u' })]),
    })
  })

  test('the same name twice is refused, even under a good signature and seal', async () => {
    const files = filesOf(forged)
    files.set('README.tx2', Buffer.from('something else'))
    const twice = await sealedAnew(files, undefined, ['README.tx2', 'README.txt'])

    expect(verifyPack(twice)).toMatchObject({
      ok: false,
      problems: expect.arrayContaining([expect.objectContaining({ what: 'file-name', place: 'README.txt' })]),
    })
    expect(verifyPack(twice)).not.toMatchObject({ problems: expect.arrayContaining([expect.objectContaining({ what: 'seal' })]) })
  })

  test('a file that two programs would unpack differently is refused, even under a good signature and seal', async () => {
    const zip = Buffer.from(await sealedAnew(filesOf(forged)))
    zip.writeUInt32LE(1, zip.indexOf('README.txt') - 30 + 22)
    const twoFaced = sealed(zip, mallory)

    expect(problemOf(verifyPack(twoFaced))).toMatchObject({ what: 'zip' })
  })

  test('something hidden between the files is refused, even under a good signature and seal', async () => {
    const zip = Buffer.from(await sealedAnew(filesOf(forged)))
    const hidden = Buffer.concat([Buffer.from('hidden'), zip])
    const end = hidden.length - 143 - 22
    hidden.writeUInt32LE(hidden.readUInt32LE(end + 16) + 6, end + 16)
    for (let at = hidden.readUInt32LE(end + 16); at < end; ) {
      hidden.writeUInt32LE(hidden.readUInt32LE(at + 42) + 6, at + 42)
      at += 46 + hidden.readUInt16LE(at + 28) + hidden.readUInt16LE(at + 30) + hidden.readUInt16LE(at + 32)
    }

    expect(problemOf(verifyPack(sealed(hidden, mallory)))).toMatchObject({ what: 'zip' })
  })

  test.each<[string, (manifest: Manifest) => void, string]>([
    [
      'gives evidence another hash than its file',
      (manifest) => Object.assign(manifest.items[0]!, { sha256: 'ab'.repeat(32) }),
      'item',
    ],
    ['lists a file twice', (manifest) => manifest.files.push({ ...manifest.files[0]! }), 'manifest'],
    ['begins its timeline somewhere else', (manifest) => Object.assign(manifest.chain, { genesis: 'ab'.repeat(32) }), 'manifest'],
    ['writes the fingerprint of another key', (manifest) => Object.assign(manifest.key, { fingerprint: print }), 'manifest'],
    ['holds something we do not know', (manifest) => Object.assign(manifest, { note: 'trust me' }), 'manifest'],
  ])('a list that %s is refused, even under a good signature and seal', async (_, change, what) => {
    expect(whatOf(verifyPack(await sealedAnew(filesOf(forged))))).toBe('ok')
    expect(whatOf(verifyPack(await sealedAnew(filesOf(forged), change)))).toBe(what)
  })

  test('a list that two readers would read differently is refused, even under a good signature and seal', async () => {
    const files = filesOf(forged)
    const twice = textOf(files, 'manifest.json').replace('{"agency":', '{"agency":{"name":"别家"},"agency":')
    files.set('manifest.json', Buffer.from(twice))
    files.set('manifest.sig', signBytes(mallory, files.get('manifest.json')!))

    expect(whatOf(verifyPack(sealed(await zipped(files, '-'.repeat(143)), mallory)))).toBe('manifest')
  })

  /** Signs and seals with Mallory's key; `rename` writes one name of the same length over another in the raw zip. */
  async function sealedAnew(files: Files, change?: Parameters<typeof relist>[1], rename?: [string, string]): Promise<Uint8Array> {
    relist(files, change)
    files.set('manifest.sig', signBytes(mallory, files.get('manifest.json')!))
    const zip = Buffer.from(await zipped(files, '-'.repeat(143)))
    if (rename) overwrite(zip, rename[0], rename[1])
    return sealed(zip, mallory)
  }
})
