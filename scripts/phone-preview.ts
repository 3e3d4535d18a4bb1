// Serves the sample pages of the phone on a free port, under the strict policy the product uses; for looking and for tests.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import type { PageName, PageProps, PhoneServer } from '../web/phone/pages.ts'
import { home, portals, quietHome, rooms } from '../web/phone/samples.ts'
import type { Lang } from '../web/shared/i18n.ts'
import type { Theme } from '../web/shared/theme.ts'
import { buildWeb } from './build-web.ts'

type Sample = { [Name in PageName]: { page: Name; props: PageProps[Name] } }[PageName]
const sample = <Name extends PageName>(page: Name, props: PageProps[Name]) => ({ page, props }) as unknown as Sample

/** Every page in every face worth looking at, by the name of its picture. */
export const samples: Record<string, Sample> = {
  ...Object.fromEntries(Object.entries(rooms).map(([name, props]) => [`room-${name}`, sample('war-room', props)])),
  ...Object.fromEntries(Object.entries(portals).map(([name, props]) => [`portal-${name}`, sample('portal', props)])),
  today: sample('today', home),
  'today-quiet': sample('today', quietHome),
  incidents: sample('incidents', home),
  waiting: sample('waiting', home),
  more: sample('more', home),
  sessions: sample('sessions', {
    me: home.me,
    press: 'k3v9',
    sessions: [
      {
        id: 's1',
        ip: '203.0.113.7',
        device: 'iPhone 微信',
        signedInAt: home.me.serverNow,
        lastSeenAt: home.me.serverNow,
        current: true,
      },
      {
        id: 's2',
        ip: '203.0.113.9',
        device: 'Windows Chrome',
        signedInAt: home.me.serverNow,
        lastSeenAt: home.me.serverNow,
        current: false,
      },
    ],
  }),
  'sign-in': sample('sign-in', { stage: 'password', agencyName: '云帆托管' }),
  'sign-in-wrong': sample('sign-in', {
    stage: 'password',
    notice: { tone: 'error', text: '邮箱或密码不对。没有登录，请再试一次；连错 5 次要等 10 分钟。', code: '3F8' },
    kept: { email: 'lin@yunfan.example' },
  }),
  totp: sample('sign-in', { stage: 'totp' }),
  'sign-in-once': sample('sign-in-once', { token: 't', personName: '林一', agencyName: '云帆托管' }),
  setup: sample('setup', { token: 't' }),
  'signed-out': sample('signed-out', {}),
  'link-expired': sample('link-closed', { why: 'expired', agencyName: '云帆托管', call: { name: '林一', phone: '13800006021' } }),
  error: sample('error', {
    happened: '没有打开这个事件',
    safe: '已记下的步骤、证据和给客户的话都在，计时照常。',
    todo: '过一分钟再打开，或打电话给负责人。',
    code: '7K2',
    back: { href: '/m', title: '回到今日' },
  }),
}

const policy = (nonce: string): string =>
  `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; img-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

/** What arrived, as a server would have read it. */
export type Arrived = { path: string; press: string; what: string; json: boolean }
export type Preview = { address: string; arrived: Arrived[]; close: () => Promise<void> }

export async function openPreview(): Promise<Preview> {
  await buildWeb({ only: 'phone' })
  const phone = (await import(new URL('../dist/phone-server/server.js', import.meta.url).href)) as PhoneServer
  const app = new Hono()
  let shown: unknown
  const arrived: Arrived[] = []
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.get('/phone/:file', async (c) => {
    const bytes = await readFile(new URL(`../dist/phone/${c.req.param('file').replace(/[^\w.-]/g, '')}`, import.meta.url))
    return c.body(bytes, 200, { 'content-type': 'text/javascript' })
  })
  app.get('/sample/:name', (c) => {
    const one = samples[c.req.param('name')]
    if (!one) return c.notFound()
    if (one.page === 'war-room') shown = one.props.view
    const nonce = randomUUID()
    const lang = (c.req.query('lang') ?? 'zh') as Lang
    const theme = (c.req.query('theme') ?? 'day') as Theme
    c.header('content-security-policy', policy(nonce))
    return c.html(phone.renderPage(one.page, one.props as never, { lang, theme, nonce, script: phone.scriptOf(one.page, lang) }))
  })
  app.get('/m/i/:file{.+\\.json}', (c) => c.json(shown as object))
  app.post('/m/i/:id/:door{act|evidence}', async (c) => {
    const json = c.req.header('content-type') === 'application/json'
    const body = json ? ((await c.req.json()) as { press: string; act: { do: string } }) : undefined
    const form = body ? undefined : await c.req.formData()
    const what = body?.act.do ?? String(form?.get('do') ?? form?.get('proof'))
    arrived.push({ path: c.req.path, press: String(body?.press ?? form?.get('press')), what, json })
    return c.req.header('accept') === 'application/json'
      ? c.json({ ok: true, view: shown })
      : c.redirect('/sample/room-mine#now', 303)
  })
  // A line that opens and stays silent, so that pictures show the badge of a good network.
  app.get('/m/i/:id/live', (c) =>
    c.body(new ReadableStream({ start: (out) => out.enqueue(new TextEncoder().encode(':\n\n')) }), 200, {
      'content-type': 'text/event-stream',
    }),
  )
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
  return { address: `http://127.0.0.1:${port}`, arrived, close }
}
