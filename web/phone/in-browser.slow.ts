import assert from 'node:assert/strict'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, test } from 'vitest'
import { openBrowser } from '../../scripts/browser.ts'
import { openPreview, type Preview } from '../../scripts/phone-preview.ts'

let browser: Browser
let preview: Preview
beforeAll(async () => {
  ;[browser, preview] = await Promise.all([openBrowser(), openPreview()])
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await preview?.close()
})
beforeEach(() => {
  preview.arrived.length = 0
})
const aPicture = { name: 'shouquan.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('a picture') }

/** A phone that opens a sample page; closed with its own context whatever the test finds. */
async function onPhone(
  sample: string,
  options: BrowserContextOptions,
  work: (page: Page) => Promise<void>,
  prepare?: (page: Page) => Promise<void>,
) {
  const context = await browser.newContext({ viewport: { width: 390, height: 664 }, hasTouch: true, ...options })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    await prepare?.(page)
    await page.goto(`${preview.address}/sample/${sample}`)
    await work(page)
  } finally {
    await context.close()
  }
}

test('without a script a person takes over with one press', () =>
  onPhone('room-unacknowledged', { javaScriptEnabled: false }, async (page) => {
    await page.getByRole('button', { name: '我来接手' }).click()
    await page.waitForURL(/room-mine/)

    assert.deepEqual(
      preview.arrived.map(({ what, json }) => ({ what, json })),
      [{ what: 'acknowledge', json: false }],
    )
  }))

test('without a script the word to the client goes out in two taps and nothing typed', () =>
  onPhone('room-mine', { javaScriptEnabled: false }, async (page) => {
    await page.getByRole('link', { name: /发给客户/ }).click()
    await page.getByRole('button', { name: '确认发送' }).click()
    await page.waitForURL(/#now/)

    assert.deepEqual(
      preview.arrived.map((one) => one.what),
      ['send'],
    )
  }))

test('a device seven minutes ahead shows the server’s time', () =>
  onPhone(
    'room-mine',
    {},
    async (page) => {
      await page.waitForSelector('.live.live')
      const [, minute, second] = /(\d\d):(\d\d)/.exec((await page.locator('.big').textContent()) ?? '')!.map(Number)

      const left = minute! * 60 + second!
      assert.ok(left <= 522 && left > 500, `${left} s left`)
    },
    (page) =>
      page
        .addInitScript(() => {
          const real = Date.now
          Date.now = () => real() + 7 * 60_000
        })
        .then(() => undefined),
  ))

test('presses and a picture made without a network survive a reload and arrive once each, in order', () =>
  onPhone('room-sent', {}, async (page) => {
    await page.waitForSelector('.live.live')
    await page.route(/\/(act|evidence)$/, (route) => route.abort())
    for (const note of ['一', '二']) {
      await page.evaluate(() => (location.hash = '#more'))
      await page.locator('#more summary', { hasText: '记一笔' }).click()
      await page.getByLabel('记什么').fill(note)
      await page.getByRole('button', { name: '记下', exact: true }).click()
      await page.locator('#more summary', { hasText: '记一笔' }).click()
      await page.waitForSelector(`.outbox:has-text("待发送 ${note === '一' ? 1 : 2} 项")`)
    }
    await page.evaluate(() => (location.hash = '#now'))
    await page.goto(`${preview.address}/sample/room-mine`)
    await page.waitForSelector('.outbox:has-text("待发送 2 项")')
    await page.locator('#proof-authorisations').setInputFiles(aPicture)
    await page.waitForSelector('.outbox:has-text("待发送 3 项")')
    await page.reload()
    await page.waitForSelector('.outbox:has-text("待发送 3 项")')

    await page.unroute(/\/(act|evidence)$/)
    await page.waitForSelector('.outbox', { state: 'detached' })

    assert.deepEqual(
      preview.arrived.map((one) => one.what),
      ['note', 'note', 'authorisations'],
    )
    assert.equal(new Set(preview.arrived.map((one) => one.press)).size, 3)
  }))

for (const [width, height] of [
  [320, 640],
  [360, 640],
  [390, 640],
])
  test(`at ${width}×${height} what to do, the main clock and the bar are in view, and nothing scrolls sideways`, () =>
    onPhone('room-mine', { viewport: { width: width!, height: height! } }, async (page) => {
      const boxes = await Promise.all(['#now-title', '.big', '.bar'].map((part) => page.locator(part).boundingBox()))
      const bar = boxes[2]!

      for (const box of boxes.slice(0, 2)) assert.ok(box && box.y >= 0 && box.y + box.height <= bar.y, JSON.stringify(boxes))
      assert.ok(bar.y + bar.height <= height!)
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width)
    }))

test('every control is large enough for a thumb, and those of the bar larger', () =>
  onPhone('room-mine', {}, async (page) => {
    await page.waitForSelector('.live.live')
    const sizes = await page.evaluate(() =>
      Array.from(
        document.querySelectorAll<HTMLElement>(
          'a, button, summary, select, textarea, label[for], input:not([type=hidden]):not([type=file])',
        ),
      )
        .filter(
          (one) =>
            one.offsetParent && !one.closest('.field label, .rows b') && !(one.tagName === 'LABEL' && !one.closest('.proof')),
        )
        .map((one) => ({
          what: one.textContent?.trim().slice(0, 20),
          height: one.getBoundingClientRect().height,
          bar: Boolean(one.closest('.bar')),
        })),
    )

    assert.ok(sizes.length > 8)
    assert.deepEqual(
      sizes.filter(({ height, bar }) => height < (bar ? 56 : 47.9)),
      [],
    )
  }))

test('a sheet takes the focus, Escape gives it back to where it came from', () =>
  onPhone('room-mine', {}, async (page) => {
    await page.waitForSelector('.live.live')
    const opener = page.getByRole('link', { name: /发给客户/ })
    await opener.focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.id === 'tell')

    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.activeElement?.getAttribute('href') === '#tell')

    assert.equal(await page.locator('#tell').isVisible(), false)
  }))

test('a client’s button names the plan once one is chosen, and only then', () =>
  onPhone('portal-choose', {}, async (page) => {
    const button = page.locator('button[form=choose]')
    assert.equal(await button.textContent(), '请先选一个方案')

    await page.getByLabel(/方案 B/).check()

    assert.equal(await button.textContent(), '确认选方案 B')
  }))

test('a jargon word in a text for the client is named while it is typed', () =>
  onPhone('room-mine', {}, async (page) => {
    await page.waitForSelector('.live.live')
    await page.evaluate(() => (location.hash = '#tell'))
    await page.locator('#tell summary', { hasText: '改内容' }).click()

    await page.getByLabel('给客户的话').fill('王总，服务器异常，03:32 前再告诉您。')

    await page.waitForSelector('.findings:has-text("“服务器”客户看不懂")')
  }))
