import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { inject } from 'vitest'
import { openBrowser } from '../../scripts/browser.ts'
import type { AccountRow } from '../../src/contract.ts'
import type { IncidentRow, WarRoomView } from '../../src/incidents/view.ts'
import { databaseUrl } from '../cluster.ts'
import { until } from '../person.ts'
import { openStage, type Stage } from '../stage.ts'

export type Visit = Awaited<ReturnType<typeof openVisit>>

/** WeChat's own browser on a phone: touch, and the viewport that its title bar leaves. */
export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  locale: 'zh-CN',
  timezoneId: 'Asia/Shanghai',
  userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50',
}
export const desk: BrowserContextOptions = {
  viewport: { width: 1440, height: 900 },
  locale: 'zh-CN',
  timezoneId: 'Asia/Shanghai',
}

/**
 * A browser in front of the running product. The database is a clone of the migrated template, because making a fresh one for
 * every file would take longer than what the file wants to see.
 */
export async function openVisit(environment: Record<string, string> = {}) {
  const cluster = inject('cluster')
  const name = `v_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client(cluster.adminUrl)
  await admin.connect()
  await admin.query(`create database ${name} template template owner dx_owner strategy file_copy`)
  await admin.end()
  const [stage, browser] = await Promise.all([
    openStage({ DATABASE_URL: databaseUrl(cluster, name), ...environment }),
    openBrowser(),
  ])
  return {
    stage,
    browser,
    /** Everything that people and not the machine have left behind: presses and the audit log. */
    async footprints(): Promise<number> {
      const url = new URL(cluster.adminUrl)
      url.pathname = `/${name}`
      const client = new pg.Client(url.href)
      await client.connect()
      const { rows } = await client.query<{ n: number }>(
        'select (select count(*) from dx.presses)::int + (select count(*) from dx.audit)::int as n',
      )
      await client.end()
      return rows[0]!.n
    },
    async close() {
      await browser.close()
      await stage.close()
    },
  }
}

/** Someone at a screen, signed in as on the first morning: a one-time address and one press. */
export async function signedIn(
  stage: Stage,
  browser: Browser,
  name: string,
  options: BrowserContextOptions,
  next?: string,
): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  await signInOn(page, stage, name, next)
  return page
}
export async function signInOn(page: Page, stage: Stage, name: string, next?: string): Promise<void> {
  const { url } = await stage.api<{ url: string }>('POST', '/api/local/sign-in-link', { person: name })
  await page.goto(next ? `${url}?next=${encodeURIComponent(next)}` : url)
  await page.locator('button[type=submit]').click()
  await page.waitForURL((at) => !at.pathname.startsWith('/signin'))
}

/** The theft on 青禾教育: all of it, or only its first sign, which the machine may not act upon. Returns the incident's id. */
export async function theft(stage: Stage, only: 'all' | 'first-sign' = 'all'): Promise<string> {
  const find = async () => (await stage.api<AccountRow[]>('GET', '/api/v1/accounts')).find((row) => row.name === '青禾教育')
  const account = await until('the first look at the account', async () => ((await find())?.lastCheckedAt ? find() : undefined))
  await stage.sim('POST', `/_sim/accounts/${account.appid}/thief/stolen`, only === 'all' ? {} : { acts: ['publish'] })
  const list = () => stage.api<IncidentRow[]>('GET', '/api/v1/incidents')
  const row = await until('an incident', async () => (await list()).find((one) => one.accountName === '青禾教育'))
  await until(
    'the evidence',
    async () => (await room(stage, row.id)).steps.find((step) => step.key === 'evidence')?.state === 'done',
  )
  return row.id
}

export const room = (stage: Stage, id: string) => stage.api<WarRoomView>('GET', `/api/v1/incidents/${id}`)

export type ProviderMessage = { provider: string; to: string; text: string; links?: { label: string; url: string }[] }
export const provided = async (stage: Stage) =>
  (await stage.sim<{ messages: ProviderMessage[] }>('GET', '/_sim/providers/messages')).messages

/** The page shows what it was opened for. An open event stream never lets the network be idle, so that would be no sign. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1, main h2, header h1').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('.loading, .ant-skeleton'))
}

/** Sideways scrolling that a finger could do, in pixels. */
export const tooWide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
