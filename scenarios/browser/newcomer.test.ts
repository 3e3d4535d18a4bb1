import { afterAll, beforeAll, expect, test } from 'vitest'
import { desk, openVisit, type Visit } from './visit.ts'

let visit: Visit
beforeAll(async () => {
  visit = await openVisit()
})
afterAll(() => visit?.close())

test('who opens the printed address is in the war room with a running clock within a minute and three presses', async () => {
  const printed = /http\S+\/signin\/once\/\S+/.exec(visit.stage.log())?.[0]
  const page = await (await visit.browser.newContext(desk)).newPage()
  const begun = performance.now()
  const left = page.locator('.main-clock [role=timer]')

  await page.goto(printed!)
  await page.locator('button[type=submit]').click()
  await page.waitForURL('**/app/')
  await page.getByRole('button', { name: '马上演练一次' }).click()
  await left.waitFor({ timeout: 60_000 })

  expect(performance.now() - begun).toBeLessThan(60_000)
  expect(new URL(page.url()).pathname).toMatch(/^\/app\/incidents\/[0-9a-f-]{36}$/)
  const first = (await left.textContent()) ?? ''
  expect(first).toMatch(/^1(5:00|[0-4]:\d\d)$/)
  await expect.poll(() => left.textContent(), { timeout: 5000 }).not.toBe(first)
  expect(((await left.textContent()) ?? '') < first, 'time runs down').toBe(true)
  expect(await page.locator('.main-clock').textContent()).toMatch(/\d\d:\d\d 前/)
  await page.locator('#now-title').waitFor()
})

test('the printed address opens the door once', async () => {
  const printed = /http\S+\/signin\/once\/\S+/.exec(visit.stage.log())?.[0]
  const page = await (await visit.browser.newContext(desk)).newPage()

  const answer = await page.goto(printed!)

  expect(answer?.status()).toBe(410)
  expect(await page.locator('main').textContent()).toMatch(/没有登录，也没有改动任何内容/)
})
