import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import { serve } from '@hono/node-server'
import type { Page } from 'playwright-core'
import { openBrowser } from '../../scripts/browser.ts'
import { devApp } from './dev-server.ts'
import { storyId, takingId, watchedId } from './samples.ts'

/** Pictures of every page in both themes and languages, with axe on each: `node web/console/shots.ts [folder] [only]`. */
const folder = process.argv[2] ?? 'shots'
const only = process.argv[3]
const pages: [name: string, path: string, open?: (page: Page) => Promise<void>][] = [
  ['home', '/app/'],
  ['incidents', '/app/incidents'],
  ['empty', '/app/incidents?tab=client'],
  ['room', `/app/incidents/${storyId}`],
  ['taking', `/app/incidents/${takingId}`],
  ['watched', `/app/incidents/${watchedId}`],
  ['send', `/app/incidents/${storyId}`, (page) => page.keyboard.press('Control+Enter')],
  ['evidence', `/app/incidents/${storyId}`, (page) => page.keyboard.press('v')],
  ['exception', `/app/incidents/${storyId}`, (page) => page.keyboard.press('s')],
  ['accounts', '/app/accounts'],
  ['account', '/app/accounts', (page) => page.locator('.row-button').first().click()],
  ['connect', '/app/accounts?connect=true'],
  ['settings', '/app/settings'],
  ['security', '/app/settings/security'],
  ['people', '/app/settings/people'],
  ['person', '/app/settings/people', (page) => page.locator('.row-button').first().click()],
  ['rota', '/app/settings/rota'],
  ['shift', '/app/settings/rota', (page) => page.locator('.setting-head .ant-btn-primary').click()],
  ['swap', '/app/settings/rota', (page) => page.locator('.setting-head .ant-btn-default').click()],
  ['clients', '/app/settings/clients'],
  ['client', '/app/settings/clients', (page) => page.locator('.row-button').first().click()],
  ['channels', '/app/settings/channels'],
  ['channel', '/app/settings/channels', (page) => page.locator('.row-acts .ant-btn').first().click()],
  ['channel-test', '/app/settings/channels', (page) => page.locator('.row-acts .ant-btn').nth(1).click()],
  ['first-word', '/app/settings/first-word'],
  ['not-allowed', '/app/settings/channels?role=duty'],
  ['report', '/app/incidents', (page) => page.keyboard.press('n')],
  ['palette', '/app/incidents', (page) => page.keyboard.press('Control+k')],
  ['shortcuts', '/app/incidents', (page) => page.keyboard.press('?')],
  ['missing', '/app/nowhere'],
]
const looks = [
  { width: 1440, height: 900, theme: 'day', lang: 'zh' },
  { width: 1440, height: 900, theme: 'night', lang: 'zh' },
  { width: 1440, height: 900, theme: 'day', lang: 'en' },
  { width: 1024, height: 768, theme: 'night', lang: 'en' },
  { width: 390, height: 844, theme: 'day', lang: 'zh' },
]

await mkdir(folder, { recursive: true })
const server = serve({ fetch: devApp().fetch, port: 0 })
const base = `http://localhost:${(server.address() as AddressInfo).port}`
const browser = await openBrowser()
let bad = 0
for (const { width, height, theme, lang } of looks) {
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' })
  await context.addInitScript(
    ([look, words]) => {
      localStorage.setItem('dingxin.theme', look!)
      localStorage.setItem('dingxin.lang', words!)
    },
    [theme, lang],
  )
  for (const [name, path, open] of pages) {
    if (only && !only.split(',').includes(name)) continue
    if (width < 768 && name !== 'room' && !path.startsWith('/app/settings')) continue
    const page = await context.newPage()
    page.on('pageerror', (error) => console.log(`${name}: ${error.message}`))
    page.on('console', (line) => line.type() === 'error' && console.log(`${name}: ${line.text()}`))
    await page.goto(base + path)
    await page.locator('h1, h2').first().waitFor()
    await page.waitForLoadState('load')
    if (width < 768 && name !== 'room') {
      await page.locator('.ant-btn').nth(1).click()
      await page.locator('.settings-page').waitFor()
    }
    if (open) {
      await page.locator('.room, .row-link, .row-button, .row-acts, .rota').first().waitFor()
      await open(page)
      await page.locator('.ant-modal, .ant-drawer-section').first().waitFor()
    }
    await page.evaluate(() => document.fonts.ready)
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze()
    await page.screenshot({ path: `${folder}/${name}-${width}-${theme}-${lang}.png` })
    for (const found of violations) {
      bad += 1
      console.log(
        `${name} ${width} ${theme} ${lang}: ${found.id} ${found.nodes
          .map((node) => `${node.target} ${node.any[0]?.message ?? ''}`)
          .slice(0, 4)
          .join(' | ')}`,
      )
    }
    await page.close()
  }
  await context.close()
}
await browser.close()
server.close()
console.log(`${bad} violations`)
process.exitCode = bad > 0 ? 1 : 0
