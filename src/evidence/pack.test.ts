import { expect, test } from 'vitest'
import { sha256 } from './canonical.ts'
import { chained, entryHash, genesis } from './chain.ts'
import { anInput, anItem, aPack, entries, filesOf, incident, manifestOf, textOf } from './given-pack.ts'
import { fileName, PackRefused, writePack } from './pack.ts'
import { generateSigningKey } from './signing.ts'
import { verifyPack } from './verify.ts'

test('a pack holds the timeline, the evidence, a report and the way to check them, and verifies', async () => {
  const { pack, print } = await aPack()

  const verdict = verifyPack(pack, { fingerprint: print })

  expect(verdict).toMatchObject({
    ok: true,
    facts: { entries: 3, items: 1, keyCompared: true, fingerprint: print, timestamp: null },
  })
  expect([...filesOf(pack).keys()]).toEqual([
    'manifest.json',
    'manifest.sig',
    'timeline.jsonl',
    'report.html',
    'README.txt',
    'public-key.pem',
    'items/01-接口返回.json',
  ])
})

test('every file is listed with its size and hash, and the timeline can be walked with the description in README.txt alone', async () => {
  const { pack } = await aPack()
  const files = filesOf(pack)
  const manifest = manifestOf(files)

  for (const { path, size, sha256: hash } of manifest.files) {
    expect(files.get(path)!.length).toBe(size)
    expect(sha256(files.get(path)!)).toBe(hash)
  }
  let previous = sha256('{"format":"dingxin-timeline-1","incidentId":"inc-1"}')
  expect(previous).toBe(genesis('inc-1'))
  for (const line of textOf(files, 'timeline.jsonl').trimEnd().split('\n')) {
    const { hash, ...entry } = JSON.parse(line)
    const { at, by, data, kind, seq } = entry
    // The keys are given in the order the README spells out; the data of these entries is sorted already.
    expect(sha256(JSON.stringify({ entry: { at, by, data, kind, seq }, incidentId: 'inc-1', previous }))).toBe(hash)
    previous = hash
  }
  expect(previous).toBe(manifest.chain.head)
})

test('the same incident exported twice at one moment gives the same bytes', async () => {
  const signingKey = generateSigningKey()

  expect(Buffer.compare((await aPack({ signingKey })).pack, (await aPack({ signingKey })).pack)).toBe(0)
})

test('an incident without entries or evidence can be exported too', async () => {
  const { pack } = await aPack({ entries: [], head: genesis(incident.id), items: [], pins: [] })

  expect(verifyPack(pack).ok).toBe(true)
})

test('evidence that no longer matches its hash is not exported, and is named', async () => {
  const input = anInput({ items: [anItem({ name: '截图.png', hash: sha256('what it was') })] })

  await expect(writePack(input)).rejects.toThrow(/“截图\.png”与保存时的哈希不符/)
})

test('a timeline altered in the database is not exported, and the entry is named', async () => {
  const stored = chained(incident.id, entries)
  const altered = stored.map((entry) => (entry.seq === 2 ? { ...entry, by: 'chen' } : entry))

  const attempt = writePack(anInput({ entries: altered, head: stored[2]!.hash, pins: [] }))

  await expect(attempt).rejects.toThrow(PackRefused)
  await expect(attempt).rejects.toThrow(/第 2 条（2026-11-22 03:07:12/)
})

test('a head that is not the end of the timeline is not exported', async () => {
  await expect(writePack(anInput({ head: entryHash(genesis('x'), 'x', entries[0]!), pins: [] }))).rejects.toThrow(
    /时间线的末尾与清单不符/,
  )
})

test('more than anybody could check is not exported, and the evidence is said to be safe', async () => {
  const one = anItem({ name: '录像.mp4', mediaType: 'video/mp4', bytes: Buffer.alloc(257 * 1024 * 1024) })
  const many = Array.from({ length: 4900 }, () => anItem({ mediaType: 'application/octet-stream', bytes: Buffer.from('x') }))

  await expect(writePack(anInput({ items: [one] }))).rejects.toThrow(
    /01-录像\.mp4”有 257\.0 MB，一个文件最多 256\.0 MB。证据都还在/,
  )
  await expect(writePack(anInput({ items: many }))).rejects.toThrow(/一个包最多 4900 个/)
})

test('names that people give to evidence become names that every system accepts', () => {
  expect(fileName('../../etc/passwd')).toBe('.._.._etc_passwd')
  expect(fileName('C:\\temp\\a.png')).toBe('C__temp_a.png')
  expect(fileName('a\u202egnp.exe')).toBe('a_gnp.exe')
  expect(fileName('. . ')).toBe('证据')
  expect(fileName('\ud800')).toBe('_')
  expect([...fileName(`${'长'.repeat(300)}.png`)]).toHaveLength(80)
  expect(fileName(`${'长'.repeat(300)}.png`)).toMatch(/\.png$/)
})

test('whatever evidence is called, the pack verifies and the full name is kept', async () => {
  const names = ['../../etc/passwd', '', '..', 'con', 'e\u0301.png', '截图 👩‍👩‍👧.png', 'a\nb', '\ud800x', '同名', '同名']
  const { pack } = await aPack({ items: names.map((name) => anItem({ name: name.toWellFormed() })) })

  expect(manifestOf(filesOf(pack)).items.map(({ name }) => name)).toEqual(names.map((name) => name.toWellFormed()))
})
