import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { beforeAll, test } from 'vitest'
import { buildWeb } from '../../scripts/build-web.ts'
import { bannedWords } from '../../src/incidents/client-words.ts'
import type { PageName, PageProps, PhoneServer } from './pages.ts'
import { home, portals, portalView, room, rooms, stolen } from './samples.ts'
import { clientZh } from './words/client.ts'
import { planZh } from './words/plan.ts'
import { zh } from './words.ts'

const dist = new URL('../../dist/', import.meta.url)
let phone: PhoneServer
beforeAll(async () => {
  await buildWeb({ only: 'phone' })
  phone = (await import(new URL('phone-server/server.js', dist).href)) as PhoneServer
})
const draw = <Name extends PageName>(name: Name, props: PageProps[Name], lang: 'zh' | 'en' = 'zh') =>
  phone.renderPage(name, props, { lang, theme: 'auto', script: phone.scriptOf(name, lang), nonce: 'n0nce' })
/** What a person sees: the page without styles, scripts and tags. */
const textOf = (html: string) => html.replace(/<(style|script)[\s\S]*?<\/\1>/g, '').replace(/<[^>]+>/g, '\n')
const formsOf = (html: string) =>
  [...html.matchAll(/<form[^>]*>[\s\S]*?<\/form>/g)].map(([form]) => ({
    action: /action="([^"]*)"/.exec(form)?.[1],
    method: /method="([^"]*)"/.exec(form)?.[1],
    fields: Object.fromEntries(
      [...form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
        /name="([^"]*)"/.exec(input)![1]!,
        /value="([^"]*)"/.exec(input)?.[1] ?? '',
      ]),
    ),
    html: form,
  }))
const actForm = (html: string, act: string) => formsOf(html).find((form) => form.fields.do === act)

test('before anybody took over there is one button, with the backup above it, and both carry the personal link’s key', () => {
  const html = draw('war-room', rooms.unacknowledged)

  const take = actForm(html, 'acknowledge')
  const pass = actForm(html, 'decline')
  assert.equal(take?.method, 'post')
  assert.equal(take?.action, `/m/i/${stolen.id}/act`)
  assert.deepEqual(take?.fields, { do: 'acknowledge', press: 'k3v9q2m7w1-acknowledge', k: 'personal-key' })
  assert.ok(html.indexOf('接不了，转给后备') < html.indexOf('我来接手'))
  assert.equal(pass?.fields.k, 'personal-key')
})

test('every act of the commander is a form that posts without a script', () => {
  const html = draw('war-room', room({ me: { ...stolen.me, mayDecide: true } }))

  const acts = new Set(formsOf(html).map((form) => form.fields.do))
  for (const act of [
    'complete',
    'cannot',
    'skip',
    'move',
    'add',
    'send',
    'change-message',
    'postpone',
    'hand-over',
    'call-help',
    'note',
    'severity',
    'lift-hold',
    'explain-article',
    'export',
  ])
    assert.ok(acts.has(act), `no form for ${act}`)
  assert.ok(formsOf(html).every((form) => form.method === 'post'))
})

test('no two forms of one drawing share an idempotency key', () => {
  for (const [name, props] of Object.entries(rooms)) {
    const keys = formsOf(draw('war-room', props)).flatMap((form) => form.fields.press ?? [])
    assert.equal(new Set(keys).size, keys.length, name)
  }
})

test('a picture goes to its step and proof as a multipart form', () => {
  const form = formsOf(draw('war-room', rooms.mine)).find(({ fields }) => fields.proof === 'authorisations')

  assert.equal(form?.action, `/m/i/${stolen.id}/evidence`)
  assert.match(form!.html, /enctype="multipart\/form-data"/i)
  assert.equal(form?.fields.step, 'operators')
  assert.match(form!.html, /<input type="file"[^>]*name="file"/)
})

test('one unconfirmed sign asks first whether it was one of us, with two buttons and no answer chosen', () => {
  const html = draw('war-room', rooms['single-sign'])

  const form = actForm(html, 'complete')
  assert.deepEqual(
    [...form!.html.matchAll(/name="answer" value="([^"]+)"/g)].map((match) => match[1]),
    ['ours', 'not-ours'],
  )
  assert.match(textOf(html), /正在核实/)
})

test('while it may be called back the bar offers that, and afterwards the next update', () => {
  assert.equal(actForm(draw('war-room', rooms.sending), 'call-back')?.fields.messageId, 'm1')
  assert.equal(actForm(draw('war-room', rooms.mine), 'call-back'), undefined)
  assert.match(textOf(draw('war-room', rooms.sent)), /下次更新\s+03:32/)
})

test('a text with a claim nobody recorded cannot be sent, and the page names the claim', () => {
  const html = draw('war-room', rooms.blocked)

  assert.match(actForm(html, 'send')!.html, /<button[^>]*disabled/)
  assert.match(textOf(html), /没有记录支持/)
})

test('whoever is not signed in is led to sign in before sending, and comes back to the same sheet', () => {
  const html = draw('war-room', rooms.unacknowledged)

  assert.equal(actForm(html, 'send'), undefined)
  assert.ok(html.includes(`/signin?next=${encodeURIComponent(`/m/i/${stolen.id}#tell`)}`))
})

test('a refused act says why, with a code, and keeps what was typed in its opened form', () => {
  const html = draw('war-room', rooms.refused)

  assert.match(html, /role="alert"[^>]*>没有记下/)
  assert.match(html, /编号 7K2/)
  const open = /<details open[^>]*>(?:(?!<details)[\s\S])*?value="cannot"[\s\S]*?<\/details>/.exec(html)?.[0] ?? ''
  assert.match(open, /<textarea[^>]*>打不开<\/textarea>/)
})

test('the first four limits and every other one stand on the page with their time of day', () => {
  const text = textOf(draw('war-room', rooms.mine))

  for (const time of ['03:17', '03:07', '03:22', '03:32', '04:02']) assert.ok(text.includes(time), time)
})

test('a drill says so on the page and in its title', () => {
  const html = draw('war-room', rooms.drill)

  assert.match(html, /<title>演练 P1/)
  assert.match(html, /class="room drill"/)
  assert.match(textOf(html), /演练：不会发给读者和客户/)
})

test('text from outside stays text: in the page, in its title and in its data', () => {
  const evil = '</script><img src=x onerror=alert(1)>"\'&'
  const html = draw(
    'war-room',
    room(
      { title: evil, accountName: evil, clientName: evil, timeline: [{ ...stolen.timeline[0]!, title: evil }] },
      { notice: { tone: 'error', text: evil } },
    ),
  )

  assert.equal(/<img/.test(html), false)
  assert.equal(html.match(/<\/script>/g)?.length, 3)
  const data = JSON.parse(/id="data">([\s\S]*?)<\/script>/.exec(html)![1]!) as { props: PageProps['war-room'] }
  assert.equal(data.props.view.title, evil)
})

test('a link that is not to the web is never followed from an article', () => {
  const html = draw(
    'war-room',
    room({ articles: [{ key: 'a', title: '标题', url: 'javascript:alert(1)', removable: false, state: 'live' }] }),
  )

  assert.equal(/href="javascript/i.test(html), false)
})

test('nothing runs or styles without the nonce, and no style or handler stands in an attribute', () => {
  for (const html of [
    draw('war-room', rooms.mine),
    draw('portal', portals.choose),
    draw('today', home),
    draw('sign-in', { stage: 'password' }),
  ]) {
    const body = html.replace(/<style[\s\S]*?<\/style>/g, '')
    assert.equal(/<[^>]+\s(style|on\w+)=/i.test(body), false)
    for (const [tag] of html.matchAll(/<(?:script|style)[^>]*>/g))
      assert.ok(tag.includes('nonce="n0nce"') || tag.includes('application/json'), tag)
  }
})

test('a client finds neither plan chosen, and chooses with the version they read', () => {
  const html = draw('portal', portals.choose)

  const form = formsOf(html).find(({ action }) => action === '/c/c9Xf3T/choose')
  assert.deepEqual(form?.fields, { press: 'k3v9q2m7w1-choose', revision: '3' })
  assert.equal(form!.html.match(/type="radio"/g)?.length, 2)
  assert.equal(/\schecked/.test(form!.html), false)
  assert.match(textOf(html), /请先选一个方案/)
})

test('before the client has proven who they are plans can be read, not chosen, and nothing can be stopped', () => {
  const html = draw('portal', portals.digits)

  assert.match(textOf(html), /方案 A/)
  assert.deepEqual(
    formsOf(html).map(({ action }) => action),
    ['/c/c9Xf3T/digits'],
  )
  assert.deepEqual(
    formsOf(draw('portal', portals.code)).map(({ action }) => action),
    ['/c/c9Xf3T/code'],
  )
})

test('a stranger with the link sees status words only', () => {
  const text = textOf(draw('portal', portals.glimpse))

  assert.match(text, /已控制住/)
  for (const secret of ['青禾教育', '王总', '6021', '方案', '138']) assert.equal(text.includes(secret), false, secret)
})

test('an emergency stop says what it does before its button', () => {
  const html = draw('portal', portals.choose)

  const stop = formsOf(html).find(({ action }) => action === '/c/c9Xf3T/stop')!
  assert.ok(html.indexOf('停下这个公众号所有待发的内容') < html.indexOf(stop.html))
  assert.equal(draw('portal', { ...portals.choose, view: { ...portalView, mayStop: false } }).includes('/stop'), false)
})

test('no fixed word a client reads is on the banned list', () => {
  const fixed = { ...clientZh, ...planZh }
  const flagged = Object.entries(fixed).filter(([, text]) => bannedWords.some(([word]) => word.test(text)))

  assert.deepEqual(flagged, [])
  const page = textOf(draw('portal', portals.choose)) + textOf(draw('portal', portals.digits))
  assert.deepEqual(
    bannedWords.filter(([word]) => word.test(page)).map(([word]) => word.source),
    [],
  )
})

test('Chinese words carry no exclamation mark and no half-width punctuation after a Chinese character', () => {
  const wrong = Object.entries(zh).filter(([, text]) => /[!！]|[\u4e00-\u9fff][,:;?]/.test(text))

  assert.deepEqual(wrong, [])
})

test('a closed link says that nothing happened and whom to call', () => {
  const html = draw('link-closed', { why: 'expired', agencyName: '云帆托管', call: { name: '林一', phone: '13800006021' } })

  assert.match(textOf(html), /已过期/)
  assert.match(textOf(html), /您的公众号不受影响/)
  assert.match(html, /href="tel:13800006021"/)
})

test('signing in keeps the address that was typed and never the password', () => {
  const html = draw('sign-in', {
    stage: 'password',
    next: '/m/i/1#tell',
    notice: { tone: 'error', text: '邮箱或密码不对' },
    kept: { email: 'lin@yunfan.example', password: 'geheim-123456' },
  })

  const [form] = formsOf(html)
  assert.deepEqual(form?.fields, { stage: 'password', next: '/m/i/1#tell' })
  assert.match(form!.html, /value="lin@yunfan.example"/)
  assert.equal(html.includes('geheim'), false)
  assert.match(
    draw('sign-in', { stage: 'totp' }),
    /name="code"[^>]*autocomplete="one-time-code"|autocomplete="one-time-code"[^>]*name="code"/,
  )
})

test('an English page says so and leaves no Chinese interface word', () => {
  const html = draw('sign-in', { stage: 'password' }, 'en')

  assert.match(html, /<html lang="en"/)
  assert.equal(/[\u4e00-\u9fff]/.test(textOf(html).replaceAll('定心丸', '')), false)
})

test('the evening draws the night', () => {
  assert.match(draw('war-room', rooms.mine), /data-theme="night"/)
  assert.match(phone.renderPage('war-room', rooms.mine, { lang: 'zh', theme: 'day', script: '', nonce: 'n' }), /data-theme="day"/)
})

test('pages stay within their budgets of bytes', async () => {
  const zipped = (text: string | Buffer) => gzipSync(text, { level: 9 }).length
  const scriptBytes = async (name: PageName, lang: 'zh' | 'en') =>
    zipped(await readFile(new URL(phone.scriptOf(name, lang).slice(1), dist)))
  const styleOf = (html: string) => /<style[^>]*>([\s\S]*?)<\/style>/.exec(html)![1]!
  const KB = 1024

  for (const lang of ['zh', 'en'] as const) {
    for (const [name, props] of Object.entries(rooms))
      assert.ok(zipped(draw('war-room', props, lang)) <= 14 * KB, `war room ${name} ${lang}`)
    for (const props of Object.values(portals)) assert.ok(zipped(draw('portal', props, lang)) <= 14 * KB, `portal ${lang}`)
    assert.ok((await scriptBytes('war-room', lang)) <= 25 * KB, `war room script ${lang}`)
    assert.ok((await scriptBytes('war-room', lang)) + zipped(styleOf(draw('war-room', rooms.mine, lang))) <= 60 * KB)
    assert.ok((await scriptBytes('portal', lang)) + zipped(styleOf(draw('portal', portals.choose, lang))) <= 40 * KB)
  }
})

test('a long night still fits: of two hundred entries a phone is sent the latest', () => {
  const timeline = Array.from({ length: 200 }, (_, n) => ({ ...stolen.timeline[n % 9]!, seq: n + 1, title: `第 ${n + 1} 条` }))

  const html = draw('war-room', room({ timeline }))

  assert.ok(gzipSync(html, { level: 9 }).length <= 14 * 1024)
  assert.match(textOf(html), /第 200 条/)
  assert.match(html, /\?timeline=all#timeline/)
  assert.match(textOf(draw('war-room', room({ timeline }, { wholeTimeline: true }))), /第 1 条/)
})
