import { expect, test } from 'vitest'
import { anItem, aPack, entries, filesOf, incident, textOf } from './given-pack.ts'
import { verifyText } from './verdict-text.ts'
import { verifyPack } from './verify.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const pageOf = async (overrides: Parameters<typeof aPack>[0]) => textOf(filesOf((await aPack(overrides)).pack), 'report.html')

test('the report shows what happened, when in Beijing, by whom, and the hash of each piece of evidence', async () => {
  const item = anItem()
  const page = await pageOf({ items: [item] })

  expect(page).toContain('青禾茶事公众号被盗')
  expect(page).toContain('2026-11-22 03:07:12')
  expect(page).toContain('lao-zhou')
  expect(page).toContain('让陌生登录下线')
  expect(page).toContain(item.hash)
  expect(page).not.toContain('【演练】')
})

test('pictures are inside the page; a drawing that could carry scripts is not', async () => {
  const svg = anItem({ name: 'a.svg', mediaType: 'image/svg+xml', bytes: Buffer.from('<svg onload="alert(1)"/>') })
  const page = await pageOf({ items: [anItem({ name: '截图.png', mediaType: 'image/png', bytes: png }), svg] })

  expect(page).toContain(`src="data:image/png;base64,${png.toString('base64')}"`)
  expect(page.match(/<img/g)).toHaveLength(1)
  expect(page).toContain('请打开 items/02-a.svg')
})

test('text that came from outside cannot become markup or turn the reading direction', async () => {
  const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(1)>\u202e`
  const page = await pageOf({
    agency: { name: hostile },
    incident: { ...incident, title: hostile, number: hostile, severity: hostile },
    entries: [{ ...entries[0]!, kind: hostile, by: hostile, data: { [hostile]: hostile } }],
    pins: [],
    items: [anItem({ name: hostile, source: hostile, step: hostile, mediaType: 'text/html', bytes: Buffer.from(hostile) })],
  })

  expect(page).not.toMatch(/<script|<img|onerror=alert\(1\)>/)
  expect(page).not.toContain('\u202e')
  expect(page).toContain('&lt;script&gt;')
})

test('nothing in the page runs or is fetched', async () => {
  const page = await pageOf({})

  expect(page).toContain(`default-src 'none'`)
  expect(page).not.toMatch(/<(script|link|iframe|object|embed|form)|https?:|javascript:|url\(/i)
})

test('a drill is marked as one', async () => {
  const { pack } = await aPack({ incident: { ...incident, isDrill: true } })

  expect(textOf(filesOf(pack), 'report.html')).toContain('【演练】')
  expect(verifyText(verifyPack(pack))).toContain('【演练，不是真实事件】')
})

test('entries read in the words of the capability that wrote them', async () => {
  const page = await pageOf({
    words: { sentence: ({ kind }) => `（${kind}）的说法`, person: (by) => ({ mei: '小梅' })[by] ?? by },
  })

  expect(page).toContain('（client-told）的说法')
  expect(page).toContain('<td>小梅</td>')
})
