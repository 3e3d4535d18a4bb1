import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bannedWords } from '../../src/incidents/client-words.ts'
import { until } from '../person.ts'
import { press } from '../stolen.ts'
import { desk, openVisit, phone, provided, room, signedIn, theft, tooWide, type Visit } from './visit.ts'

let visit: Visit
let incident: string
/** The client's phone, scripts off; the tests are one visit, in order. */
let client: Page

beforeAll(async () => {
  visit = await openVisit()
  const { stage } = visit
  incident = await theft(stage)
  const [lin, zhao] = [await stage.signIn('林一'), await stage.signIn('赵敏')]
  await press(lin, incident, { do: 'acknowledge' })
  for (const kind of ['first', 'plans'] as const) {
    const message = async () => (await room(stage, incident)).messages.find((one) => one.kind === kind)
    const ready = await until(`the words: ${kind}`, message)
    await press(lin, incident, { do: 'send', messageId: ready.id })
    await until(`${kind} to wait for a hand`, async () => (await message())?.state === 'waiting-for-hand')
    await press(zhao, incident, { do: 'sent-by-hand', messageId: ready.id })
  }
  const { url } = await stage.api<{ url: string }>('GET', `/api/local/client-link?client=${encodeURIComponent('青禾教育')}`)
  client = await (await visit.browser.newContext({ ...phone, javaScriptEnabled: false })).newPage()
  await client.goto(url)
})
afterAll(() => visit?.close())

const words = async () => (await client.locator('body').allInnerTexts()).join('\n')

test('the client reads how it stands and both plans, and none is chosen for them', async () => {
  const text = await words()

  expect(text).toContain('青禾教育')
  for (const name of ['方案 A', '方案 B']) expect(text).toContain(name)
  expect(await client.locator('input[name=plan]:checked').count()).toBe(0)
  expect((await room(visit.stage, incident)).choice).toBeUndefined()
  expect(await tooWide(client)).toBeLessThanOrEqual(0)
})

test('both plans read in the console exactly as the client reads them', async () => {
  const console_ = await signedIn(visit.stage, visit.browser, '赵敏', desk, `/app/incidents/${incident}`)
  await console_
    .getByRole('group', { name: '哪一次告知' })
    .or(console_.getByRole('radiogroup', { name: '哪一次告知' }))
    .getByText('两个方案')
    .click()
  await console_.locator('.sees .seen-plan').nth(1).waitFor()

  for (const nth of [0, 1]) {
    const seen = await lettersOf(console_.locator('.sees .seen-plan').nth(nth))
    expect(seen.length).toBeGreaterThan(40)
    expect(seen).toBe(await lettersOf(client.locator('.plan-facts').nth(nth)))
  }
  await console_.context().close()
})

test('wrong last digits send no code and say so', async () => {
  await client.locator('#digits').fill('0000')
  await client.locator('form[action$="/digits"] button').tap()

  await client.getByText('尾号不对，没有发出验证码').waitFor()
  expect(await codes()).toEqual([])
})

test('the right digits bring a code by SMS; a wrong code is refused in words', async () => {
  await client.locator('#digits').fill('6021')
  await client.locator('form[action$="/digits"] button').tap()
  const code = await until('the code by SMS', async () => (await codes()).at(-1))

  await client.locator('#code').fill(code === '123456' ? '654321' : '123456')
  await client.locator('form[action$="/code"] button').tap()

  await client.getByText('验证码不对').waitFor()
  expect((await room(visit.stage, incident)).choice).toBeUndefined()
})

test('with the right code the client chooses plan B in two taps, and reads what they chose', async () => {
  await client.locator('#code').fill((await codes()).at(-1)!)
  await client.locator('form[action$="/code"] button').tap()
  await client.locator('input[name=plan]').first().waitFor({ state: 'attached' })
  expect(await client.locator('input[name=plan]:checked').count()).toBe(0)

  await client.locator('label[for=plan-B]').tap()
  const answered = client.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().endsWith('/choose'))
  await client.locator('button[form=choose]').tap()

  expect((await answered).status()).toBe(303)
  await client.locator('.chosen', { hasText: '方案 B' }).waitFor()
  const { choice } = await room(visit.stage, incident)
  expect(choice).toMatchObject({ plan: 'B', byDefault: false })
  expect(choice?.who).toContain('尾号 6021')
})

test('no word that a client should not have to know stands anywhere on their page', async () => {
  const text = await words()

  expect(text.length).toBeGreaterThan(200)
  expect(bannedWords.map(([word]) => word.exec(text)?.[0]).filter(Boolean)).toEqual([])
})

const codes = async () =>
  (await provided(visit.stage)).flatMap(
    (message) => /验证码\D*(\d{6})/.exec(message.text)?.[1] ?? /(\d{6})\D*验证码/.exec(message.text)?.[1] ?? [],
  )

/** What is read, without the white space that only layout makes. */
const lettersOf = async (place: Locator) => ((await place.textContent()) ?? '').replace(/\s+/g, '')
