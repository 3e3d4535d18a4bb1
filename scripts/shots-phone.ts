// Takes a picture of every sample page and asks axe about each: node scripts/shots-phone.ts [parts of names, with commas] [--all | --phone]
// --all: both languages and themes at three widths; --phone: the same at 390 only.
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { openBrowser } from './browser.ts'
import { openPreview, samples } from './phone-preview.ts'

const only = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? ''
const wanted = (name: string) => only.split(',').some((part) => name.includes(part))
const all = process.argv.includes('--all')
const folder = fileURLToPath(new URL('../shots/phone/', import.meta.url))
const phone = process.argv.includes('--phone')
const opened = ['room-plans#tell', 'room-sent#tell', 'room-following#more', 'room-mine#special']
const looks =
  all || phone
    ? (['zh', 'en'] as const).flatMap((lang) =>
        (['day', 'night'] as const).flatMap((theme) =>
          (phone ? [390] : [320, 390, 1440]).map((width) => ({ lang, theme, width })),
        ),
      )
    : [{ lang: 'zh', theme: 'day', width: 390 } as const]

await mkdir(folder, { recursive: true })
const preview = await openPreview()
const browser = await openBrowser()
let problems = 0
const complain = (where: string, what: string) => {
  problems += 1
  console.log(`${where}: ${what}`)
}
for (const { lang, theme, width } of looks) {
  const context = await browser.newContext({
    viewport: { width, height: width === 1440 ? 900 : width === 320 ? 640 : 844 },
    deviceScaleFactor: width === 1440 ? 1 : 2,
  })
  for (const name of [...Object.keys(samples), ...opened].filter(wanted)) {
    const [sample, hash = ''] = name.split('#')
    const where = `${name.replace('#', '-')}-${lang}-${theme}-${width}`
    const page = await context.newPage()
    page.on(
      'console',
      (message) => message.type() === 'error' && !/404|ERR_/.test(message.text()) && complain(where, message.text()),
    )
    page.on('pageerror', (error) => complain(where, error.message))
    await page.goto(`${preview.address}/sample/${sample}?lang=${lang}&theme=${theme}${hash && `#${hash}`}`)
    if (name.startsWith('room')) await page.waitForSelector('.live.live')
    // The whole page on one tall screen: a full-page picture would draw the fixed bar over the middle.
    const height = await page.evaluate(() => document.documentElement.scrollHeight)
    if (!all && !hash) await page.setViewportSize({ width, height })
    await page.screenshot({ path: `${folder}${where}.png` })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 0) complain(where, `${wide} px too wide`)
    if (width !== 320) {
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze()
      for (const violation of violations)
        complain(where, `${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`)
    }
    await page.close()
  }
  await context.close()
}
await browser.close()
await preview.close()
console.log(problems === 0 ? `no problem; pictures in ${folder}` : `${problems} problems`)
process.exitCode = problems === 0 ? 0 : 1
