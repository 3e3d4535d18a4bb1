import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makePerson, until } from '../person.ts'
import { openVisit, phone, provided, room, signedIn, signInOn, theft, tooWide, type Visit } from './visit.ts'

let visit: Visit
let incident: string
let link: string
/** The page of the duty editor without a sign-in and without scripts; the tests are one night, in order. */
let plain: Page

beforeAll(async () => {
  visit = await openVisit()
  incident = await theft(visit.stage, 'first-sign')
  link = await until('the page message', async () => {
    const cards = (await provided(visit.stage)).filter((message) => message.provider === 'wecom-app' && message.to === 'linyi')
    return cards.flatMap((card) => card.links ?? []).find((one) => one.url.includes('?k='))?.url
  })
  plain = await (await visit.browser.newContext({ ...phone, javaScriptEnabled: false })).newPage()
})
afterAll(() => visit?.close())

const view = () => room(visit.stage, incident)

test('opening the link ten times, by apps that look ahead and by people, changes nothing', async () => {
  const before = await visit.footprints()

  for (const agent of ['MicroMessenger/8.0', 'DingTalkBot-LinkService', 'facebookexternalhit/1.1', 'Feishu', 'curl/8']) {
    const somebody = makePerson(visit.stage.url, agent)
    for (const _ of [1, 2]) expect((await somebody.get(new URL(link).pathname + new URL(link).search)).status).toBe(200)
  }

  expect(await visit.footprints()).toBe(before)
  expect((await view()).commander).toBeUndefined()
})

test('from the link to having it takes one tap, without a sign-in and without scripts', async () => {
  await plain.goto(link)
  await press(plain.getByRole('button', { name: '我来接手' }))

  await plain.locator('header h1', { hasText: '林一 负责' }).waitFor()
  expect((await view()).commander?.name).toBe('林一')
})

test('without scripts: a question is answered by pressing one of two buttons', async () => {
  await press(plain.getByRole('button', { name: '不是，按被盗处理' }))

  await until('the answer to count', async () => (await view()).certainty === 'confirmed')
})

test('sending to the client asks for a sign-in on this device, also when the form is forged', async () => {
  await plain.goto(link)
  await plain.getByRole('link', { name: /发给客户/ }).tap()
  expect(await plain.locator('#tell').getByRole('button', { name: '确认发送' }).count()).toBe(0)
  await plain.locator('#tell').getByRole('link', { name: '登录后发送' }).tap()
  await plain.waitForURL('**/signin?*')

  const { messages } = await view()
  const k = new URL(link).searchParams.get('k')!
  const forged = await makePerson(visit.stage.url).post(`/m/i/${incident}/act`, {
    do: 'send',
    messageId: messages[0]!.id,
    press: 'forged',
    k,
  })

  expect(forged.status).toBe(409)
  expect((await view()).messages[0]!.state).toBe('draft')
})

test('signed in: two taps send, five seconds to call it back, another phone sees both within two seconds', async () => {
  const lin = await signedIn(visit.stage, visit.browser, '林一', phone, `/m/i/${incident}`)
  const zhao = await signedIn(visit.stage, visit.browser, '赵敏', phone, `/m/i/${incident}`)
  for (const page of [lin, zhao]) await page.locator('.live.live').waitFor()
  const tag = zhao.locator('section[aria-labelledby=see-title] .tag')
  const state = async () => (await view()).messages.find((message) => message.kind === 'first')!.state

  await lin.getByRole('link', { name: /发给客户/ }).tap()
  await accepted(lin, lin.locator('#tell').getByRole('button', { name: '确认发送' }))
  await tag.getByText('正在发出').waitFor({ timeout: 2000 })
  await accepted(lin, lin.getByRole('button', { name: /撤回/ }))
  await tag.getByText('草稿').waitFor({ timeout: 2000 })
  expect(await state()).toBe('draft')

  await lin.getByRole('link', { name: /发给客户/ }).tap()
  await lin.locator('#tell').getByRole('button', { name: '确认发送' }).tap()
  await until('the message to wait for a hand', async () => (await state()) === 'waiting-for-hand', 15_000)
  await lin.locator('.card.hand').waitFor()
  await lin.setViewportSize({ width: 390, height: 664 })
  await lin.evaluate(() => scrollTo(0, 0))
  await everythingInReach(lin)
  await accepted(zhao, zhao.getByRole('button', { name: '我已发出' }))
  await lin.locator('.card.hand').waitFor({ state: 'hidden', timeout: 2000 })
  expect(await state()).toBe('sent')
})

test('without scripts: a proof picture is uploaded and its step completed', async () => {
  const photo = { name: '截图.png', mimeType: 'image/png', buffer: await plain.screenshot() }
  const step = await until('a step that wants a picture', async () => {
    const { now } = await view()
    return now?.proof.some((proof) => proof.kind === 'picture') ? now : undefined
  })
  await plain.goto(link)

  const pictures = step.proof.filter((proof) => proof.kind === 'picture')
  for (const proof of pictures) {
    const form = plain.locator('form.proof', { hasText: proof.title })
    await form.locator('input[type=file]').setInputFiles(photo)
    await press(form.getByRole('button', { name: '上传' }))
    await plain.locator('form.proof.got', { hasText: proof.title }).waitFor()
  }
  await press(plain.getByRole('button', { name: '完成这一步' }))

  const done = await until('the step to be done', async () =>
    (await view()).steps.find((one) => one.key === step.key && one.state === 'done'),
  )
  expect(done.doneBy).toBe('林一')
  expect(done.proof.every((proof) => proof.have.length === 1)).toBe(true)
  await plain.locator('#now-title').filter({ hasNotText: step.title }).waitFor()
})

test.for([320, 360, 390])('%i px wide: nothing scrolls sideways, every control is large enough for a thumb', async (width) => {
  const page = await (await visit.browser.newContext({ ...phone, viewport: { width, height: 664 } })).newPage()
  await page.goto(link)
  await page.locator('.live.live').waitFor()

  expect(await tooWide(page)).toBeLessThanOrEqual(0)
  expect(await smallControls(page)).toEqual([])
})

test('at 390 × 664 the main clock, what to do now and the bar are visible without scrolling', async () => {
  const page = await (await visit.browser.newContext({ ...phone, viewport: { width: 390, height: 664 } })).newPage()
  await signInOn(page, visit.stage, '林一', `/m/i/${incident}`)
  await page.locator('.live.live').waitFor()

  await everythingInReach(page)
})

/** On a small screen: the clock, the step and the bar, none below the edge and none behind another (U06). */
async function everythingInReach(page: Page): Promise<void> {
  const box = async (what: string) => (await page.locator(what).first().boundingBox())!
  const [clock, title, bar] = [await box('.clock [role=timer]'), await box('#now-title'), await box('nav.rail')]
  expect(clock.y).toBeGreaterThanOrEqual(0)
  expect(title.y + title.height, 'the title of the step ends above the bar').toBeLessThanOrEqual(bar.y)
  expect(bar.y + bar.height).toBeLessThanOrEqual(664.5)
}

/** A press on a page without scripts: over when the next page stands. */
async function press(button: Locator): Promise<void> {
  const loaded = button.page().waitForEvent('load')
  await button.tap()
  await loaded
}

/** A press on a page with scripts: over when the server has said yes. */
async function accepted(page: Page, button: Locator): Promise<void> {
  const answer = page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/act'))
  await button.tap()
  expect((await answer).ok()).toBe(true)
}

/** Links and buttons that a thumb would miss: under 44 px high or wide, and shown. A link inside a sentence is not a control. */
const smallControls = (page: Page) =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        'a[href], button, summary, input:not([type=hidden]), select, textarea, label[for^=proof]',
      ),
    ]
      .filter(
        (one) =>
          one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
          !one.closest('.unseen') &&
          !(one as HTMLInputElement).matches('[type=file]'),
      )
      .map((one) => ({
        what: (one.textContent || one.getAttribute('aria-label') || one.tagName).slice(0, 30),
        box: one.getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width > 1 && (box.height < 43.5 || box.width < 43.5))
      .map(({ what, box }) => `${what}: ${Math.round(box.width)}×${Math.round(box.height)}`),
  )
