import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { edited, overwrite, replace, zipped } from './given-attack.ts'
import { aPack, entries, filesOf, ITEM, problemOf, whatOf } from './given-pack.ts'
import { verifyPack } from './verify.ts'

let pack: Uint8Array
beforeAll(async () => {
  ;({ pack } = await aPack())
})

describe('any change to any byte is found', () => {
  test('one flipped bit, at every byte of the file', async () => {
    // One entry and no evidence: every part of a pack is there, and thousands of checks take seconds.
    const small = await aPack({ entries: entries.slice(0, 1), items: [], pins: [] })
    const copy = Buffer.from(small.pack)
    const accepted: number[] = []
    for (let at = 0; at < copy.length; at++) {
      const bit = 1 << (at % 8)
      copy[at]! ^= bit
      if (verifyPack(copy).ok) accepted.push(at)
      copy[at]! ^= bit
    }

    expect(accepted).toEqual([])
    expect(copy.length).toBeGreaterThan(3000)
    expect(verifyPack(copy).ok).toBe(true)
  }, 60_000)

  test('whatever is overwritten, cut out or put in, there is a verdict and it is no', () => {
    const edits = fc.array(fc.record({ at: fc.nat(pack.length), drop: fc.nat(40), put: fc.uint8Array({ maxLength: 40 }) }), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(edits, (list) => {
        const bytes = list.reduce(
          (copy, { at, drop, put }) => Buffer.concat([copy.subarray(0, at), put, copy.subarray(at + drop)]),
          Buffer.from(pack),
        )
        fc.pre(!bytes.equals(pack))

        expect(verifyPack(bytes).ok).toBe(false)
      }),
      { numRuns: 300, seed: 42 },
    )
  })

  test('a seal written in capitals is another file, and is refused', () => {
    const copy = Buffer.from(pack)
    const at = copy.findIndex((byte, index) => index > copy.length - 128 && byte >= 0x61)
    copy[at]! -= 0x20

    expect(whatOf(verifyPack(copy))).toBe('seal')
  })

  test('cut short at any length', () => {
    const accepted = Array.from({ length: 200 }, (_, n) => Math.floor((n * pack.length) / 200)).filter(
      (length) => verifyPack(pack.subarray(0, length)).ok,
    )

    expect(accepted).toEqual([])
    expect(problemOf(verifyPack(pack.subarray(0, pack.length - 1))).sentence).toMatch(/没有下载完/)
  })

  test('bytes after the end or before the beginning', () => {
    expect(problemOf(verifyPack(Buffer.concat([pack, Buffer.from('!')]))).sentence).toBe('文件末尾多出 1 个字节。')
    expect(verifyPack(Buffer.concat([Buffer.from('!'), pack])).ok).toBe(false)
  })

  test('packing the same files anew breaks the seal even when nothing in them changed', async () => {
    expect(whatOf(verifyPack(await edited(pack, () => undefined)))).toBe('seal')
    expect(whatOf(verifyPack(await zipped(filesOf(pack))))).toBe('seal')
  })
})

test.each(['../../etc/cron', '/etc/crontab..', 'C:/windows/x..', 'a\\..\\..\\b....'])(
  'a file called %s is not to be unpacked',
  async (name) => {
    const files = filesOf(pack)
    const harmless = 'x'.repeat(name.length)
    files.set(harmless, Buffer.from('x'))
    const zip = Buffer.from(await zipped(files))
    overwrite(zip, harmless, name)

    expect(verifyPack(zip)).toMatchObject({
      ok: false,
      problems: expect.arrayContaining([expect.objectContaining({ what: 'file-name', place: name })]),
    })
  },
)

describe('a hostile file cannot exhaust memory', () => {
  test('a file that unpacks to more than it declares is not unpacked further', async () => {
    const forged = await bomb((entry, zip) => zip.writeUInt32LE(100, entry + 24))

    expect(problemOf(verifyPack(forged))).toMatchObject({ what: 'file-changed', place: ITEM })
  })

  test('a file that declares four gigabytes is not unpacked at all', async () => {
    const forged = await bomb((entry, zip) => zip.writeUInt32LE(0xfffffff0, entry + 24))

    expect(problemOf(verifyPack(forged)).sentence).toMatch(/超出上限，没有展开/)
  })

  test('a list larger than any of ours is not unpacked', async () => {
    const forged = await edited(pack, (files) => files.set('manifest.json', Buffer.alloc(17 * 1024 * 1024)))

    expect(problemOf(verifyPack(forged)).sentence).toMatch(/没有清单.*或它已损坏/)
  })

  test('a directory that claims more files than any of ours is not read', async () => {
    const copy = Buffer.from(pack)
    copy.writeUInt16LE(0xfffe, copy.length - 143 - 22 + 10)

    expect(problemOf(verifyPack(copy)).sentence).toMatch(/目录已损坏/)
  })

  test('deeply nested JSON in the timeline ends in a verdict', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const forged = await edited(pack, (files) => replace(files, 'timeline.jsonl', '{"minutes":11,"receipt":"msg-7"}', deep))

    expect(problemOf(verifyPack(forged))).toMatchObject({ what: 'timeline', place: 'timeline.jsonl:3' })
  })

  /** One megabyte of zeros, packed small, in place of the evidence. */
  async function bomb(lie: (entryAt: number, zip: Buffer) => void): Promise<Uint8Array> {
    const zip = Buffer.from(await edited(pack, (files) => files.set(ITEM, Buffer.alloc(1024 * 1024))))
    const entryAt = zip.lastIndexOf(Buffer.from(ITEM)) - 46
    lie(entryAt, zip)
    return zip
  }
})
