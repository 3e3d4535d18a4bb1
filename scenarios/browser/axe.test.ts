import { AxeBuilder } from '@axe-core/playwright'
import type { BrowserContext, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../person.ts'
import { press } from '../stolen.ts'
import { desk, openVisit, phone, room, settled, signInOn, theft, type Visit } from './visit.ts'

let visit: Visit
let places: { phone: string[]; desk: string[] }

beforeAll(async () => {
  visit = await openVisit()
  const { stage } = visit
  const id = await theft(stage)
  const [lin, zhao] = [await stage.signIn('林一'), await stage.signIn('赵敏')]
  await press(lin, id, { do: 'acknowledge' })
  const plans = async () => (await room(stage, id)).messages.find((one) => one.kind === 'plans')
  await press(lin, id, { do: 'send', messageId: (await until('the plans', plans)).id })
  await until('the plans to wait for a hand', async () => (await plans())?.state === 'waiting-for-hand')
  await press(zhao, id, { do: 'sent-by-hand', messageId: (await plans())!.id })
  const { url } = await stage.api<{ url: string }>('GET', `/api/local/client-link?client=${encodeURIComponent('青禾教育')}`)
  places = {
    phone: ['/signin', '/m', '/m/incidents', `/m/i/${id}`, `/m/i/${id}#tell`, new URL(url).pathname],
    desk: [
      '/app/',
      '/app/incidents',
      `/app/incidents/${id}`,
      '/app/accounts',
      '/app/settings',
      '/app/settings/security',
      '/app/settings/people',
    ],
  }
})
afterAll(() => visit?.close())

/** Colours follow the theme and words the language, so two looks meet every colour and every word; four would see each twice. */
const looks = [
  { lang: 'zh', theme: 'day' },
  { lang: 'en', theme: 'night' },
] as const

test.for(looks)('phone and client pages can be used by everyone: $lang, $theme', async (look) => {
  const context = await contextIn(look, phone)

  expect(await violations(context, places.phone)).toEqual([])
})

test.for(looks)('console pages can be used by everyone: $lang, $theme', async (look) => {
  const context = await contextIn(look, desk)

  expect(await violations(context, places.desk)).toEqual([])
})

async function contextIn({ lang, theme }: (typeof looks)[number], size: BrowserContextOptions): Promise<BrowserContext> {
  const context = await visit.browser.newContext({ ...size, reducedMotion: 'reduce' })
  const { url } = visit.stage
  await context.addCookies([
    { name: 'dx_lang', value: lang, url },
    { name: 'dx_theme', value: theme, url },
  ])
  await context.addInitScript(
    (look) => {
      localStorage.setItem('dingxin.lang', look.lang)
      localStorage.setItem('dingxin.theme', look.theme)
    },
    { lang, theme },
  )
  return context
}

/** What axe finds against WCAG 2.2 A and AA, named by page, rule and place. */
async function violations(context: BrowserContext, paths: readonly string[]): Promise<string[]> {
  const page = await context.newPage()
  const found: string[] = []
  await signInOn(page, visit.stage, '周扬')
  for (const path of paths) {
    await page.goto(visit.stage.url + path)
    await settled(page)
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze()
    for (const one of violations)
      found.push(
        `${path.slice(0, 14)} ${one.id}: ${one.nodes
          .map((node) => `${node.target} ${node.any[0]?.message ?? ''}`)
          .slice(0, 3)
          .join(' | ')}`,
      )
  }
  await context.close()
  return found
}
