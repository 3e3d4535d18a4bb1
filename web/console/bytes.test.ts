import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'

type Chunk = { file: string; imports?: string[]; css?: string[]; isEntry?: boolean; dynamicImports?: string[] }
const run = promisify(execFile)
const vite = resolve(import.meta.dirname, '../../node_modules/vite/bin/vite.js')
const folder = resolve(import.meta.dirname, '../../node_modules/.cache/console-bytes')
let manifest: Record<string, Chunk> = {}
const sizes = new Map<string, number>()

beforeAll(async () => {
  // In a process of its own: inside the test runner React would be bundled with its developer warnings.
  await run(
    process.execPath,
    [vite, 'build', '-c', resolve(import.meta.dirname, 'vite.config.ts'), '--outDir', folder, '--logLevel', 'error'],
    {
      env: { ...process.env, NODE_ENV: 'production' },
    },
  )
  manifest = JSON.parse(await readFile(resolve(folder, '.vite/manifest.json'), 'utf8')) as typeof manifest
  for (const chunk of Object.values(manifest)) {
    for (const file of [chunk.file, ...(chunk.css ?? [])])
      sizes.set(file, gzipSync(await readFile(resolve(folder, file)), { level: 9 }).length)
  }
})

/** Everything the browser fetches before this part can be shown. */
function filesOf(key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key]
  if (!chunk || seen.has(chunk.file)) return seen
  for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file)
  for (const one of chunk.imports ?? []) filesOf(one, seen)
  return seen
}
const kilobytes = (files: Iterable<string>) => Array.from(files).reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0) / 1024

const shell = () => filesOf('index.html')
const routes = [
  'first-run/first-run.tsx',
  'incidents/incidents.tsx',
  'war-room/war-room.tsx',
  'accounts/accounts.tsx',
  'settings/settings.tsx',
  'settings/looks.tsx',
  'settings/security.tsx',
  'settings/colleagues.tsx',
  'settings/rota.tsx',
  'settings/clients.tsx',
  'settings/channels.tsx',
  'settings/first-word.tsx',
]

test.for(routes)('%s: shell and first page stay within 350 KB, the page alone within 150 KB', (route) => {
  expect(manifest[route]?.file).toBeDefined()
  const all = new Set([...shell(), ...filesOf(route)])

  expect(kilobytes(all)).toBeLessThanOrEqual(350)
  expect(kilobytes(all) - kilobytes(shell())).toBeLessThanOrEqual(150)
})

test('dialogs come when they are opened and stay below 150 KB each', () => {
  const dialogs = Object.keys(manifest).filter((key) => /(dialog|drawer|palette)\.tsx$/.test(key))
  expect(dialogs.length).toBeGreaterThan(10)
  for (const dialog of dialogs) {
    const before = new Set([...shell(), ...filesOf('war-room/war-room.tsx')])
    const added = [...filesOf(dialog)].filter((file) => !before.has(file))
    expect([dialog, kilobytes(added) <= 150]).toEqual([dialog, true])
  }
})

test('the contract goes to the browser as paths only: no schema code, no server rules', async () => {
  const code = await Promise.all(Array.from(shell(), (file) => readFile(resolve(folder, file), 'utf8')))
  expect(code.join('')).toContain('/incidents/{id}/acts')
  expect(code.join('')).not.toContain('ZodDiscriminatedUnion')
})
