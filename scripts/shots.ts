// Pictures of every page of the running product, with its simulator: node scripts/shots.ts [folder]
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { type Person, until } from '../scenarios/person.ts'
import { openStage, type Stage } from '../scenarios/stage.ts'
import { press } from '../scenarios/stolen.ts'
import type { AccountRow } from '../src/contract.ts'
import type { IncidentRow, WarRoomView } from '../src/incidents/view.ts'
import { openBrowser } from './browser.ts'

type Look = { lang: 'zh' | 'en'; theme: 'day' | 'night' }
type Shot = { name: string; at: string; who?: string; open?: (page: Page) => Promise<unknown> }

const folder = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '../shots'))
const looks: Look[] = (['zh', 'en'] as const).flatMap((lang) => (['day', 'night'] as const).map((theme) => ({ lang, theme })))
const small: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
}
const large: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }

const stage = await openStage()
const browser = await openBrowser()
try {
  await mkdir(folder, { recursive: true })
  await take('1-before', [{ name: 'first-run', at: '/app/', who: '周扬' }], large)
  const id = await theft(stage)
  await take('2-open', [{ name: 'room', at: `/m/i/${id}`, who: '林一' }], small)
  await take('2-open', [{ name: 'room', at: `/app/incidents/${id}`, who: '林一' }], large)
  const { link } = await tellClient(stage, id)
  await take('3-told', phonePages(id, link), small)
  await take('3-told', consolePages(id), large)
} finally {
  await browser.close()
  await stage.close()
}

function phonePages(id: string, link: string): Shot[] {
  return [
    { name: 'signin', at: '/signin' },
    { name: 'today', at: '/m', who: '林一' },
    { name: 'incidents', at: '/m/incidents', who: '林一' },
    { name: 'waiting', at: '/m/waiting', who: '林一' },
    { name: 'more', at: '/m/more', who: '林一' },
    { name: 'sessions', at: '/m/sessions', who: '林一' },
    { name: 'room', at: `/m/i/${id}`, who: '林一' },
    { name: 'room-follow', at: `/m/i/${id}`, who: '赵敏' },
    { name: 'room-tell', at: `/m/i/${id}#tell`, who: '赵敏' },
    { name: 'room-more', at: `/m/i/${id}#more`, who: '林一' },
    { name: 'portal', at: new URL(link).pathname },
    { name: 'no-page', at: '/m/i/none', who: '林一' },
    { name: 'link-closed', at: '/c/AAAAAAAAAAAAAAAAAAAAAA' },
  ]
}
function consolePages(id: string): Shot[] {
  const roomAt = `/app/incidents/${id}`
  const key = (name: string) => (page: Page) =>
    page.keyboard.press(name).then(() => page.locator('.ant-modal, .ant-drawer-section').first().waitFor())
  return [
    { name: 'incidents', at: '/app/incidents', who: '林一' },
    { name: 'room', at: roomAt, who: '林一' },
    { name: 'room-evidence', at: roomAt, who: '林一', open: key('v') },
    { name: 'room-exception', at: roomAt, who: '林一', open: key('s') },
    { name: 'room-shortcuts', at: roomAt, who: '林一', open: key('?') },
    { name: 'accounts', at: '/app/accounts', who: '周扬' },
    {
      name: 'account',
      at: '/app/accounts',
      who: '周扬',
      open: (page) =>
        page
          .locator('.row-button')
          .first()
          .click()
          .then(() => page.locator('.ant-drawer-section').waitFor()),
    },
    { name: 'connect', at: '/app/accounts?connect=true', who: '周扬', open: (page) => page.locator('.ant-modal').waitFor() },
    ...['', 'security', 'people', 'rota', 'clients', 'channels', 'first-word'].map((page) => ({
      name: `settings-${page || 'looks'}`,
      at: `/app/settings/${page}`,
      who: '周扬',
    })),
    { name: 'signin', at: '/signin' },
  ]
}

/** Every page in every look; the whole page on one tall screen where it is longer than the glass. */
async function take(prefix: string, shots: Shot[], size: BrowserContextOptions): Promise<void> {
  for (const look of looks) {
    for (const [who, theirs] of Map.groupBy(shots, (shot) => shot.who)) {
      const page = await openPage(browser, size, look, who)
      for (const shot of theirs) {
        await page.setViewportSize(size.viewport!)
        await page.goto('about:blank')
        await page.goto(stage.url + shot.at)
        await page.locator('h1, h2').first().waitFor()
        await page.waitForFunction(() => !document.querySelector('.loading, .ant-skeleton'))
        await shot.open?.(page)
        const width = size.viewport!.width
        if (width < 768 && !shot.at.includes('#')) {
          const height = await page.evaluate(() => document.documentElement.scrollHeight)
          await page.setViewportSize({ width, height: Math.max(height, size.viewport!.height) })
        }
        const name = `${prefix}-${shot.name}-${width}-${look.theme}-${look.lang}.png`
        await page.screenshot({ path: path.join(folder, name), animations: 'disabled' })
        process.stdout.write(`${name}\n`)
      }
      await page.context().close()
    }
  }
}

async function openPage(from: Browser, size: BrowserContextOptions, look: Look, who: string | undefined): Promise<Page> {
  const context = await from.newContext({ ...size, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' })
  await context.addCookies([
    { name: 'dx_lang', value: look.lang, url: stage.url },
    { name: 'dx_theme', value: look.theme, url: stage.url },
  ])
  await context.addInitScript(({ lang, theme }) => {
    localStorage.setItem('dingxin.lang', lang)
    localStorage.setItem('dingxin.theme', theme)
  }, look)
  const page = await context.newPage()
  if (!who) return page
  const { url } = await stage.api<{ url: string }>('POST', '/api/local/sign-in-link', { person: who })
  await page.goto(url)
  await page.locator('button[type=submit]').click()
  await page.waitForURL((at) => !at.pathname.startsWith('/signin'))
  return page
}

async function theft(on: Stage): Promise<string> {
  const find = async () => (await on.api<AccountRow[]>('GET', '/api/v1/accounts')).find((row) => row.name === '青禾教育')
  const account = await until('the first look at the account', async () => ((await find())?.lastCheckedAt ? find() : undefined))
  await on.sim('POST', `/_sim/accounts/${account.appid}/thief/stolen`, {})
  const row = await until('an incident', async () => (await on.api<IncidentRow[]>('GET', '/api/v1/incidents'))[0])
  await until(
    'the evidence',
    async () => (await room(on, row.id)).steps.find((step) => step.key === 'evidence')?.state === 'done',
  )
  return row.id
}
function room(on: Stage, id: string): Promise<WarRoomView> {
  return on.api<WarRoomView>('GET', `/api/v1/incidents/${id}`)
}

async function tellClient(on: Stage, id: string): Promise<{ link: string }> {
  const [lin, zhao]: [Person, Person] = [await on.signIn('林一'), await on.signIn('赵敏')]
  await press(lin, id, { do: 'acknowledge' })
  for (const kind of ['first', 'plans']) {
    const message = async () => (await room(on, id)).messages.find((one) => one.kind === kind)!
    await press(lin, id, { do: 'send', messageId: (await message()).id })
    await until(`${kind} to wait for a hand`, async () => (await message()).state === 'waiting-for-hand')
    await press(zhao, id, { do: 'sent-by-hand', messageId: (await message()).id })
  }
  const { url } = await on.api<{ url: string }>('GET', `/api/local/client-link?client=${encodeURIComponent('青禾教育')}`)
  return { link: url }
}
