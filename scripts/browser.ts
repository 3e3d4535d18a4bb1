// Opens a Chromium for pictures and tests: the configured one, the system's, or the one that npm installed.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

const system = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const args = ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none']

/** Whoever opens it closes it. `DINGXIN_CHROMIUM` names a browser; the word `npm` insists on the one from npm. */
export async function openBrowser(configured = process.env.DINGXIN_CHROMIUM): Promise<Browser> {
  if (configured && configured !== 'npm') {
    if (!existsSync(configured))
      throw new Error(`DINGXIN_CHROMIUM names ${configured}, which does not exist; unset it or correct it`)
    return chromium.launch({ executablePath: configured, args })
  }
  const installed = configured === 'npm' ? undefined : system.find((file) => existsSync(file))
  if (installed) return chromium.launch({ executablePath: installed, args })
  const { executablePath, env } = await unpack()
  return chromium.launch({ executablePath, env, args: [...args, '--disable-gpu'] })
}

const moduleFolder = (name: string): string => path.dirname(path.dirname(fileURLToPath(import.meta.resolve(name))))

/**
 * The npm package carries a packed browser and the libraries it needs. It is unpacked once into a folder of its own and put in
 * place by a rename, so that two test files starting together never run a half-written one.
 */
async function unpack(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const folder = path.dirname(moduleFolder('@sparticuz/chromium'))
  const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as { version: string }
  const home = path.join(tmpdir(), `dingxin-chromium-${version}`)
  if (!existsSync(home)) await unpackInto(home)
  const libraries = [path.join(home, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  const env = { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: path.join(home, 'fonts.conf') } as Record<
    string,
    string
  >
  return { executablePath: path.join(home, 'chromium'), env }
}

async function unpackInto(home: string): Promise<void> {
  const fresh = await mkdtemp(`${home}-`)
  const before = { ...process.env }
  try {
    // The package unpacks where TMPDIR points and adds its libraries only where it believes to be on Amazon's machines.
    Object.assign(process.env, { TMPDIR: fresh, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' })
    const { default: packed } = await import('@sparticuz/chromium')
    await packed.executablePath()
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
  await writeFile(path.join(fresh, 'fonts.conf'), fontConfiguration(home))
  await mkdir(path.join(fresh, 'font-cache'), { recursive: true })
  try {
    await rename(fresh, home)
  } catch {
    await rm(fresh, { recursive: true, force: true }) // another process was first
  }
}

/** The packed browser knows no Chinese; the font comes from npm too. */
const fontConfiguration = (home: string): string => `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>${path.join(moduleFolder('@embedpdf/fonts-sc'), 'fonts')}</dir>
<dir>${path.join(home, 'fonts')}</dir>
<cachedir>${path.join(home, 'font-cache')}</cachedir>
<alias><family>sans-serif</family><prefer><family>Noto Sans S Chinese</family></prefer></alias>
</fontconfig>
`
