import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Act } from '../../src/incidents/acts.ts'
import type { WarRoomView } from '../../src/incidents/view.ts'
import { everyRole } from '../../src/platform/access.ts'
import { after, instant, seconds } from '../../src/platform/time.ts'
import {
  accounts,
  channels,
  clients,
  connected,
  me,
  people,
  rota,
  rowOf,
  sessions,
  storyView,
  takingView,
  watchedView,
} from './samples.ts'

/**
 * For looking at the console without the product behind it: serves dist/console and sample answers. Acts change only what is
 * needed to see the screens move. Started by hand (`node web/console/dev-server.ts`) and by the tests of this folder.
 */
const folder = process.env.CONSOLE_FOLDER ?? resolve(import.meta.dirname, '../../dist/console')
const types: Record<string, string> = {
  js: 'text/javascript',
  css: 'text/css',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
}

export function devApp(): Hono {
  const app = new Hono()
  const now = () => instant(Date.now())
  const rooms = new Map([storyView(now()), takingView(now()), watchedView(now())].map((view) => [view.id, view]))
  const fresh = (view: WarRoomView): WarRoomView => ({ ...view, serverNow: now() })
  const find = (id: string) => rooms.get(id)

  // `?role=duty` in the address of the page shows it as somebody else sees it.
  const roleOf = (c: { req: { header(name: string): string | undefined } }) =>
    everyRole.find((role) => c.req.header('referer')?.includes(`role=${role}`)) ?? 'admin'
  app.get('/api/v1/me', (c) => {
    const view = me(now())
    return c.json({ ...view, person: { ...view.person, role: roleOf(c) } })
  })
  app.get('/api/v1/me/sessions', (c) => c.json(sessions(now())))
  app.post('/api/v1/me/sessions/:id/end', (c) => c.json({ ended: true }))
  app.get('/api/v1/people', (c) => c.json(people))
  app.post('/api/v1/people', (c) => c.json({ personId: crypto.randomUUID() }, 201))
  app.post('/api/v1/people/:id/sign-in-link', (c) =>
    c.json({ url: 'https://dx.example.com/signin/once/Jx8mQ2vL0aZpR4tW', minutes: 30 }),
  )
  app.post('/api/v1/people/:id/*', (c) => c.json({ changed: true }))
  app.post('/api/v1/people/:id', (c) => c.json({ changed: true }))
  app.get('/api/v1/clients', (c) => c.json(clients))
  app.get('/api/v1/channels', (c) => c.json(channels(now())))
  app.post('/api/v1/channels/:kind/test', (c) => c.json({ result: '对方拒绝', detail: 'isv.BUSINESS_LIMIT_CONTROL' }))
  app.get('/api/v1/rota', (c) => c.json(rota(now())))
  app.get('/api/auth/get-session', (c) => c.json({ user: { twoFactorEnabled: false } }))
  app.post('/api/auth/two-factor/enable', (c) =>
    c.json({ totpURI: 'otpauth://totp/x:y?secret=JBSWY3DPEHPK3PXP&issuer=x', backupCodes: ['aaaaa-11111', 'bbbbb-22222'] }),
  )
  app.get('/api/v1/accounts', (c) => c.json(accounts(now())))
  app.post('/api/v1/accounts/connect', async (c) =>
    c.json(connected(((await c.req.json()) as { reception: 'poll' | 'callback' | 'relay' }).reception)),
  )
  app.post('/api/v1/accounts/:id/release', (c) => c.json({ released: true }))
  app.post('/api/v1/accounts/:id/removal-agreement', (c) => c.json({ recorded: true }))
  app.post('/api/v1/demo/theft', (c) => {
    const view = { ...takingView(now()), id: crypto.randomUUID(), number: 'INC-2613' }
    rooms.set(view.id, view)
    return c.json({ accountId: 'demo', startedAt: now() })
  })
  app.get('/api/v1/incidents', (c) => {
    const tab = c.req.query('tab') ?? 'open'
    const inTab = (view: WarRoomView) =>
      tab === 'all' ||
      (tab === 'drill' && view.mode === 'drill') ||
      (tab === 'watching' && view.state === 'watching') ||
      (tab === 'open' && view.state !== 'watching')
    return c.json([...rooms.values()].filter(inTab).map(rowOf))
  })
  app.get('/api/v1/incidents/:id', (c) => {
    const view = find(c.req.param('id'))
    return view ? c.json(fresh(view)) : c.json({ defined: true, code: 'NOT_FOUND', status: 404, message: '没有找到' }, 404)
  })
  app.post('/api/v1/incidents', (c) => c.json(fresh(takingView(now())), 201))
  app.post('/api/v1/incidents/:id/acts', async (c) => {
    const view = find(c.req.param('id'))
    if (!view) return c.json({ defined: true, code: 'NOT_FOUND', status: 404, message: '没有找到' }, 404)
    const { act } = (await c.req.json()) as { act: Act }
    if (act.do === 'export')
      return c.json(
        {
          defined: true,
          code: 'CONFLICT',
          status: 409,
          message: '现在不能这样做',
          data: { reason: '证据还在上传，请等它完成再打包。' },
        },
        409,
      )
    const changed = afterAct(fresh(view), act)
    rooms.set(view.id, changed)
    return c.json(changed)
  })
  app.on('GET', ['/api/v1/incidents/:id/events', '/api/v1/live'], (c) =>
    streamSSE(c, async (stream) => {
      await stream.writeSSE({ event: 'changed', data: '{"seq":1}' })
      await new Promise<void>((end) => stream.onAbort(end))
    }),
  )
  app.post('/m/i/:id/evidence', async (c) => {
    const view = find(c.req.param('id'))
    const form = await c.req.parseBody()
    if (view && form.file instanceof File) {
      const item = {
        id: crypto.randomUUID(),
        name: form.file.name,
        hash: 'd41d8cd98f00',
        at: now(),
        by: '周扬',
        source: '上传',
        step: String(form.step ?? ''),
      }
      rooms.set(view.id, { ...view, evidence: [...view.evidence, item] })
    }
    return c.json({ ok: true })
  })
  app.get('/app/*', async (c) => {
    const path = c.req.path.slice('/app/'.length)
    const name = /^assets\/[\w.-]+$/.test(path) ? path : 'index.html'
    return new Response(await readFile(resolve(folder, name)), {
      headers: { 'content-type': types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream' },
    })
  })
  return app
}

function afterAct(view: WarRoomView, act: Act): WarRoomView {
  const line = {
    seq: view.chain.seq + 1,
    at: view.serverNow,
    by: '周扬',
    title: act.do,
    tone: 'plain' as const,
    group: 'decision' as const,
  }
  const noted: WarRoomView = { ...view, chain: { ...view.chain, seq: line.seq }, timeline: [...view.timeline, line] }
  switch (act.do) {
    case 'acknowledge':
      return { ...noted, state: 'acknowledged', commander: { id: 'zhou', name: '周扬' }, acknowledgedAt: view.serverNow }
    case 'complete':
      return { ...noted, now: undefined, steps: view.steps.filter((step) => step.key !== act.step) }
    case 'send':
      return withMessage(noted, act.messageId, { state: 'sending', leavesAt: after(view.serverNow, seconds(5)) })
    case 'call-back':
      return withMessage(noted, act.messageId, { state: 'draft', leavesAt: undefined })
    case 'change-message':
      return withMessage(noted, act.messageId, {
        text: act.text,
        revision: 2,
        findings: act.text.includes('已让对方下线')
          ? [{ level: 'block', text: '“已让对方下线”没有记录支持，不能发。先完成并记录这一步，或删掉这句。' }]
          : [],
      })
    default:
      return noted
  }
}

const withMessage = (view: WarRoomView, id: string, change: Partial<WarRoomView['messages'][number]>): WarRoomView => ({
  ...view,
  messages: view.messages.map((message) => (message.id === id ? { ...message, ...change } : message)),
})

if (process.argv[1] === import.meta.filename) {
  serve({ fetch: devApp().fetch, port: Number(process.env.PORT ?? 4310) }, ({ port }) =>
    console.log(`http://localhost:${port}/app/`),
  )
}
