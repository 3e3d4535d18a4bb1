import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { localObjectStore, ObjectDamaged } from './object-store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'objects-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const bytes = Buffer.from('evidence-1')
const hash = '5108deb71ee1d00d8e14ad48f2ddee3dca264528a5ae802ac5a682ee11ecc0d7'
const path = () => join(folder, '51', '08', hash)

test('what is put is kept under its hash, for its owner only', async () => {
  const store = localObjectStore(folder)

  expect(await store.put(bytes)).toEqual({ hash, size: 10 })
  expect(Buffer.from((await store.get(hash))!)).toEqual(bytes)
  expect(await store.has(hash)).toBe(true)
  expect(statSync(path()).mode & 0o777).toBe(0o600)
})

test('what was never put is not there', async () => {
  const store = localObjectStore(folder)

  expect(await store.get(hash)).toBeNull()
  expect(await store.has(hash)).toBe(false)
})

test('the same bytes put many times at once are kept once, and nothing half-written stays', async () => {
  const store = localObjectStore(folder)

  await Promise.all(Array.from({ length: 10 }, () => store.put(bytes)))

  expect(readdirSync(join(folder, '51', '08'))).toEqual([hash])
})

test('putting again does not touch what is there', async () => {
  const store = localObjectStore(folder)
  await store.put(bytes)
  const { ino } = statSync(path())

  await store.put(bytes)

  expect(statSync(path()).ino).toBe(ino)
})

test('an object changed on disk is never handed out, and good bytes put again restore it', async () => {
  const store = localObjectStore(folder)
  await store.put(bytes)
  writeFileSync(path(), 'evidence-2')

  await expect(store.get(hash)).rejects.toThrow(ObjectDamaged)
  await expect(store.has(hash)).rejects.toThrow(/restore it from a backup/)
  await store.put(bytes)
  expect(Buffer.from((await store.get(hash))!)).toEqual(bytes)
})

test.each(['../../etc/passwd', '', hash.toUpperCase(), `${hash}0`])('“%s” is not a hash and reads nothing', async (wrong) => {
  await expect(localObjectStore(folder).get(wrong)).rejects.toThrow(/not a SHA-256/)
  await expect(localObjectStore(folder).has(wrong)).rejects.toThrow(/not a SHA-256/)
})

test('an empty object is an object', async () => {
  const store = localObjectStore(folder)
  const { hash: empty } = await store.put(new Uint8Array())

  expect(await store.get(empty)).toHaveLength(0)
})
