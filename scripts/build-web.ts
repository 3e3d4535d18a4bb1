// Builds the phone pages twice from the same sources: for browsers, and as one module that the server imports. The console is
// built by its own configuration when it is there. What has not changed is not built again (dist/.stamp).
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { InlineConfig, Plugin } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = path.join(root, 'dist')
const stampFile = path.join(dist, '.stamp')
const consoleConfig = path.join(root, 'web/console/vite.config.ts')

/** The files a part was built from, and their hash at that time. */
type Stamp = Partial<Record<Part, { files: string[]; hash: string }>>

export type Part = 'phone' | 'console'
const parts: Record<Part, { made: string; build: () => Promise<string[]> }> = {
  phone: { made: 'phone-server/server.js', build: buildPhone },
  console: { made: 'console/index.html', build: buildConsole },
}

/** Builds what is stale; answers the names of what was built. */
export async function buildWeb({ force = false, only }: { force?: boolean; only?: Part } = {}): Promise<Part[]> {
  const wanted = (only ? [only] : (['phone', 'console'] as const)).filter(
    (name) => name !== 'console' || existsSync(consoleConfig),
  )
  const built: Part[] = []
  for (const name of wanted) {
    const before = (await readStamp())[name]
    if (!force && before && existsSync(path.join(dist, parts[name].made)) && before.hash === (await hashOf(before.files)))
      continue
    const files = (await asProduction(parts[name].build)).sort()
    const stamp: Stamp = { ...(await readStamp()), [name]: { files, hash: await hashOf(files) } }
    await publish(stampFile, JSON.stringify(stamp))
    built.push(name)
  }
  return built
}

/** Called from a test, Vite would take NODE_ENV=test for development and write a slower, larger build. */
async function asProduction<T>(work: () => Promise<T>): Promise<T> {
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    return await work()
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}

async function readStamp(): Promise<Stamp> {
  try {
    return JSON.parse(await readFile(stampFile, 'utf8')) as Stamp
  } catch {
    return {}
  }
}

async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file).update(await readFile(path.join(root, file)).catch(() => 'gone'))
  return hash.digest('hex')
}

async function buildPhone(): Promise<string[]> {
  await mkdir(dist, { recursive: true })
  const work = await mkdtemp(path.join(dist, '.building-'))
  const seen = new Set(['scripts/build-web.ts', 'package-lock.json'])
  try {
    const scripts = {
      zh: await bundle('web/phone/room.tsx', 'zh', work, seen),
      en: await bundle('web/phone/room.tsx', 'en', work, seen),
      home: await bundle('web/phone/home.ts', 'zh', work, seen),
      portal: await bundle('web/phone/client.ts', 'zh', work, seen),
    }
    const { build } = await import('vite')
    await build({
      ...common(seen),
      define: { __PHONE_SCRIPTS__: JSON.stringify(scripts) },
      ssr: { noExternal: ['preact', 'preact-render-to-string'] },
      build: {
        ssr: 'web/phone/server.ts',
        target: 'node24',
        outDir: work,
        emptyOutDir: false,
        cssTarget: ['chrome87', 'safari14'],
        minify: false,
        cssMinify: true,
      },
    })
    await move(work, path.join(dist, 'phone'), Object.values(scripts))
    await move(work, path.join(dist, 'phone-server'), ['server.js'])
    await prune(path.join(dist, 'phone'), Object.values(scripts))
    return [...seen]
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** One file per kind of page and language: a chunk shared by two would cost a phone another round trip. */
async function bundle(entry: string, lang: 'zh' | 'en', outDir: string, seen: Set<string>): Promise<string> {
  const { build } = await import('vite')
  const name = path.basename(entry).replace(/\.tsx?$/, '')
  const result = await build({
    ...common(seen),
    resolve: { alias: [{ find: /^\.\/catalogues\.ts$/, replacement: path.join(root, `web/phone/catalogues-${lang}.ts`) }] },
    build: {
      target: ['chrome87', 'safari14'],
      outDir,
      emptyOutDir: false,
      modulePreload: false,
      rolldownOptions: {
        input: { [name]: path.join(root, entry) },
        output: { entryFileNames: '[name]-[hash].js', codeSplitting: false },
      },
    },
  })
  const outputs = Array.isArray(result) ? result.flatMap((r) => r.output) : 'output' in result ? result.output : []
  const file = outputs.find((output) => output.type === 'chunk' && output.isEntry)
  if (!file) throw new Error(`building ${entry} gave no bundle`)
  return file.fileName
}

const common = (seen: Set<string>): InlineConfig => ({
  configFile: false,
  root,
  logLevel: 'warn',
  mode: 'production',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [witness(seen)],
})

/** Notes every source file that a build reads, so that the next run knows what to compare. */
const witness = (seen: Set<string>): Plugin => ({
  name: 'witness',
  buildEnd() {
    for (const id of this.getModuleIds()) {
      const file = path.relative(root, id.replace(/[?\0].*$/, ''))
      if (file && !file.startsWith('..') && !file.startsWith('node_modules') && existsSync(path.join(root, file))) seen.add(file)
    }
  },
})

async function buildConsole(): Promise<string[]> {
  const { build } = await import('vite')
  const seen = new Set(['scripts/build-web.ts', 'package-lock.json', path.relative(root, consoleConfig), 'web/shared/tokens.css'])
  await build({
    configFile: consoleConfig,
    root: path.dirname(consoleConfig),
    logLevel: 'warn',
    mode: 'production',
    plugins: [witness(seen)],
  })
  return [...seen]
}

/** A running server reads these files: each is put in place at once, never half written. */
async function move(from: string, to: string, files: string[]): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const file of files) await rename(path.join(from, file), path.join(to, file))
}

/** Keeps the previous bundles for pages that are still open; older ones go. */
async function prune(folder: string, current: string[]): Promise<void> {
  const KEPT = 8
  const files = (await readdir(folder)).filter((file) => !current.includes(file))
  const old = await Promise.all(files.map(async (file) => ({ file, at: (await stat(path.join(folder, file))).mtimeMs })))
  for (const { file } of old.sort((one, other) => other.at - one.at).slice(KEPT))
    await rm(path.join(folder, file), { force: true })
}

async function publish(file: string, text: string): Promise<void> {
  const fresh = `${file}-${process.pid}`
  await writeFile(fresh, text)
  await rename(fresh, file)
}

if (import.meta.main) {
  const started = performance.now()
  const only = (['phone', 'console'] as const).find((name) => process.argv.includes(name))
  const built = await buildWeb({ force: process.argv.includes('--force'), only })
  console.log(
    built.length > 0
      ? `built ${built.join(' and ')} in ${Math.round(performance.now() - started)} ms`
      : 'nothing changed, nothing built',
  )
}
