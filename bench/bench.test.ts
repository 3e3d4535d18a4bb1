import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const bench = (...words: string[]) =>
  run(process.execPath, [path.join(import.meta.dirname, 'run.ts'), ...words], { timeout: 50_000 })
const leftBehind = () => readdirSync(os.tmpdir()).filter((name) => name.startsWith('dingxin-bench-'))

test('every deadline is handled once, however many others are pending', { timeout: 60_000 }, async () => {
  const { stdout } = await bench('deadlines', '--quick', '--due', '200', '--json')

  const found = JSON.parse(stdout)
  expect(found).toMatchObject({ quick: true, pending: 2000, due: 200, lost: 0, twice: 0, durable: { isDurable: true } })
  expect(found.p99Ms).toBeGreaterThan(0)
  expect(found.memoryMb).toBeGreaterThan(20)
})

test('every callback that was answered is in the database once, also when it was delivered twice', {
  timeout: 60_000,
}, async () => {
  const { stdout } = await bench('ingest', '--quick', '--json')

  const found = JSON.parse(stdout)
  expect(found).toMatchObject({
    quick: true,
    accepted: 550,
    rows: 550,
    refused: 0,
    lost: 0,
    twice: 0,
    durable: { isDurable: true },
  })
  expect(found.deliveries).toBeGreaterThan(found.accepted)
  expect(found.limitPerSecond).toBeGreaterThan(0)
})

test('without a name the benches are listed, each with what it measures', async () => {
  const { stdout, stderr } = await bench()

  expect(stdout).toBe('')
  for (const name of ['ingest', 'deadlines', 'start']) expect(stderr).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'))
})

test('a name that is none, or a number that is none, is refused before anything starts', async () => {
  const before = leftBehind()

  await expect(bench('ingets')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('no bench is called “ingets”') })
  await expect(bench('ingest', '--count', 'many')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('--count') })
  expect(leftBehind().filter((name) => !before.includes(name))).toEqual([])
})
