import fs from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountRow } from '../../src/contract.ts'
import { verifyPack } from '../../src/evidence/index.ts'
import type { WarRoomView } from '../../src/incidents/view.ts'
import { before, minutes } from '../../src/platform/time.ts'
import { until } from '../person.ts'
import { desk, openVisit, room, settled, signedIn, theft, type Visit } from './visit.ts'

let visit: Visit
let incident: string
let older: WarRoomView
/** The duty editor's desk; the tests are one night, in order. */
let lin: Page

beforeAll(async () => {
  visit = await openVisit()
  const { stage } = visit
  incident = await theft(stage)
  const other = (await stage.api<AccountRow[]>('GET', '/api/v1/accounts')).find((row) => row.name === '老灶火锅')!
  const { serverNow } = await room(stage, incident)
  older = await stage.api<WarRoomView>('POST', '/api/v1/incidents', {
    accountId: other.id,
    words: '后台多了一篇文章',
    detectedAt: before(serverNow, minutes(9)),
  })
  lin = await signedIn(stage, visit.browser, '林一', desk, '/app/incidents')
})
afterAll(() => visit?.close())

const view = () => room(visit.stage, incident)
const first = async () => (await view()).messages.find((message) => message.kind === 'first')!

test('the list puts the incident with the nearest limit on top, though it was opened last', async () => {
  await lin.locator('.row-link').nth(1).waitFor()

  const numbers = await lin.locator('tbody tr').allInnerTexts()
  const { number } = await view()
  expect(numbers[0]).toContain(older.number)
  expect(numbers[1]).toContain(number)
  const left = await lin.locator('tbody [role=timer]').allInnerTexts()
  expect(left).toHaveLength(2)
  expect(left[0]! < left[1]!, left.join(' before ')).toBe(true)
})

test('from the keyboard: the war room opens, the step in front is completed by Enter', async () => {
  await lin.goto(`${visit.stage.url}/app/incidents/${incident}`)
  await lin.getByRole('button', { name: '我来接手' }).click()
  await until('Lin to have it', async () => (await view()).commander?.name === '林一')
  const step = (await view()).now!
  const photo = { name: '发表记录.png', mimeType: 'image/png', buffer: await lin.screenshot() }
  for (const proof of step.proof.filter((one) => one.kind === 'picture'))
    await lin.locator('#now').getByLabel(proof.title).setInputFiles(photo)
  await until('the pictures', async () => (await view()).now?.missing === 0)

  await lin.locator('#now .piece-have').first().waitFor()
  await leaveFields(lin)
  await lin.keyboard.press('Enter')

  const done = await until('the step to be done', async () =>
    (await view()).steps.find((one) => one.key === step.key && one.state === 'done'),
  )
  expect(done.doneBy).toBe('林一')
  await lin.locator('#now-title', { hasText: step.title }).waitFor({ state: 'detached' })
})

test('a message that says what nobody recorded cannot be sent and the sentence is named; put right, it goes', async () => {
  await lin.locator('.composer .ant-segmented-item', { hasText: '首次' }).click()
  const words = lin.locator('#client-words')
  const honest = await words.inputValue()
  const send = lin.locator('.draft-acts').getByRole('button', { name: /发给客户/ })

  await words.fill(honest.replace('。', '。已重置开发密钥。'))
  await lin.getByRole('button', { name: /保存改动/ }).click()
  const finding = lin.locator('#client-findings .bad', { hasText: '“已重置开发密钥”没有记录支持' })
  await finding.waitFor()
  expect(await send.isDisabled()).toBe(true)
  expect((await first()).state).toBe('draft')

  await words.fill(honest)
  await lin.getByRole('button', { name: /保存改动/ }).click()
  await finding.waitFor({ state: 'detached' })
  await send.click()
  await lin.locator('.ant-modal').getByRole('button', { name: '确认发送' }).click()
  await until('the message to leave', async () => ['waiting-for-hand', 'sent'].includes((await first()).state), 20_000)
  expect((await first()).text).toBe(honest)
})

test('S records an exception: a step is skipped with a reason and who agreed, and both stand in the timeline', async () => {
  const reason = '客户自己已经在后台处理完了'
  const step = (await view()).now!
  await leaveFields(lin)
  await lin.keyboard.press('s')
  const drawer = lin.locator('.ant-drawer-section')
  const record = drawer.getByRole('button', { name: '记录例外' })

  await drawer.getByLabel('原因').fill('太忙')
  await drawer.getByLabel('谁同意的').fill('陈立')
  await record.click()
  await drawer.getByText('原因至少写 6 个字').waitFor()
  await drawer.getByLabel('原因').fill(reason)
  await record.click()
  await drawer.waitFor({ state: 'detached' })

  const after = await view()
  expect(after.steps.find((one) => one.key === step.key)?.state).toBe('skipped')
  const line = after.timeline.find((entry) => JSON.stringify(entry).includes(reason))
  expect(JSON.stringify(line)).toContain('陈立')
})

test('the evidence pack downloads from the drawer and verifies without the product', async () => {
  await leaveFields(lin)
  await lin.keyboard.press('v')
  const drawer = lin.locator('.ant-drawer-section')
  const get = drawer.getByRole('link', { name: '下载证据包' })
  await get.waitFor()

  const [download] = await Promise.all([lin.waitForEvent('download'), get.click()])
  const file = path.join(visit.stage.home, download.suggestedFilename())
  await download.saveAs(file)
  expect(file).toMatch(/\.zip$/)
  expect(verifyPack(fs.readFileSync(file)).ok).toBe(true)
  await lin.keyboard.press('Escape')
})

test('in English no Chinese is left but data and the words of playbooks', async () => {
  await lin.locator('.ant-drawer-section').waitFor({ state: 'detached' })
  await lin.evaluate(() => localStorage.setItem('dingxin.lang', 'en'))
  for (const at of ['/app/', '/app/incidents', `/app/incidents/${incident}`, '/app/accounts', ...settings]) {
    await lin.goto(visit.stage.url + at)
    await settled(lin)
    await lin.locator('.on-duty').waitFor()
    const unknown = async () => {
      const data = await known(lin)
      return (await chinese(lin)).filter((words) => words !== brand && !data.includes(words))
    }
    // What is on the screen a moment before its answer is listed would be taken for a forgotten word.
    await expect.poll(unknown, { timeout: 5000, message: at }).toEqual([])
    expect(await lin.evaluate(() => document.documentElement.lang)).toBe('en')
  }
  await lin.evaluate(() => localStorage.setItem('dingxin.lang', 'zh'))
})

test('connecting an account first shows what taking over its callback address would stop', async () => {
  const { stage, browser } = visit
  const fresh = await stage.sim<{ appid: string; secret: string }>('POST', '/_sim/accounts', {
    kind: 'SVC',
    verified: true,
    name: '新号',
  })
  const said = { added: { type: 'text', content: '您好' }, keywords: [] }
  await stage.sim('POST', `/_sim/accounts/${fresh.appid}/console/auto-reply`, said)
  const zhou = await signedIn(stage, browser, '周扬', desk, '/app/accounts')
  await zhou.getByRole('button', { name: '接入公众号' }).click()
  const dialog = zhou.locator('.ant-modal')

  await dialog.getByLabel('AppID').fill(fresh.appid)
  await dialog.getByLabel('AppSecret').fill(fresh.secret)
  await dialog.getByLabel('接口地址').fill(stage.simulator.facts.url)
  await dialog.getByRole('button', { name: '检查并接入' }).click()

  await dialog.getByText('已接入《').waitFor()
  expect(await dialog.locator('.finding-lost').allInnerTexts()).toEqual(
    expect.arrayContaining([expect.stringMatching(/会停[\s\S]*自动回复/)]),
  )
  const row = (await stage.api<AccountRow[]>('GET', '/api/v1/accounts')).find((one) => one.appid === fresh.appid)!
  expect(row.reception, 'nothing was taken over by looking').toBe('poll')
  expect(await zhou.content()).not.toContain(fresh.secret)
})

test('the list of sessions names this device, ends another, and that one is out', async () => {
  const elsewhere = await signedIn(visit.stage, visit.browser, '林一', desk, '/app/settings/security')
  const mine = (page: Page) => page.locator('section[aria-labelledby=sessions] li')
  await mine(elsewhere).filter({ hasText: '当前设备' }).waitFor()

  expect(await mine(elsewhere).filter({ hasText: '当前设备' }).count()).toBe(1)
  const before_ = await mine(elsewhere).count()
  await elsewhere.getByRole('button', { name: '结束登录' }).first().click()
  await elsewhere.locator('.ant-popover, .ant-popconfirm').getByRole('button', { name: '结束登录' }).click()
  await until('the list to be shorter', async () => (await mine(elsewhere).count()) === before_ - 1)

  await lin.goto(`${visit.stage.url}/app/incidents`)
  await lin.waitForURL('**/signin?*')
})

test('signing out from the menu ends the session', async () => {
  const page = await signedIn(visit.stage, visit.browser, '林一', desk, '/app/incidents')
  await page.getByRole('button', { name: /语言、外观和退出/ }).click()
  await page.getByRole('menuitem', { name: '退出登录' }).click()
  await page.waitForURL('**/signed-out')

  await page.goto(`${visit.stage.url}/app/incidents`)
  await page.waitForURL('**/signin?*')
})

/** Shortcuts are off while a field has the focus. */
const leaveFields = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())

const settings = ['', '/security', '/people', '/rota', '/clients', '/channels', '/first-word'].map(
  (page) => `/app/settings${page}`,
)

/** The product's mark is the same in every language. */
const brand = '定'

/** Everything the page was given to show: what it asked the API for, asked once more. */
const known = (page: Page) =>
  page.evaluate(async () => {
    const asked = performance.getEntriesByType('resource').map((one) => new URL(one.name))
    const paths = asked.filter((url) => url.pathname.startsWith('/api/v1/') && !/\/(live|events)$/.test(url.pathname))
    const answers = await Promise.all(paths.map(async (url) => (await fetch(url)).json()))
    return JSON.stringify(answers)
  })

/** Chinese words on the screen and read out, outside of what is marked as Chinese. */
const chinese = (page: Page) =>
  page.evaluate(() => {
    const found = new Set<string>()
    const add = (text: string | null) => {
      for (const run of text?.match(/\p{Script=Han}+/gu) ?? []) found.add(run)
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement
      if (!element || element.closest('[lang="zh-CN"], script, style')) continue
      if (node instanceof Element) for (const name of ['aria-label', 'title', 'placeholder', 'alt']) add(node.getAttribute(name))
      else add(node.textContent)
    }
    return [...found]
  })
