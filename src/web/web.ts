import fs from 'node:fs'
import path from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { compress } from 'hono/compress'
import { callbackRoutes } from '../accounts/index.ts'
import type { Services } from '../app.ts'
import { channelRoutes } from '../incidents/channel-routes.ts'
import { readLink } from '../incidents/links.ts'
import { portalRoutes } from '../incidents/portal-routes.ts'
import { incidentRoutes } from '../incidents/routes.ts'
import { whoIs as whoIsSignedIn } from '../people/actors.ts'
import { signInRoutes } from '../people/routes.ts'
import type { Actor } from '../platform/access.ts'
import { withAgency } from '../platform/database.ts'
import { type Ctx, makeDoors } from '../platform/doors.ts'
import { apiRoutes } from './api.ts'
import { componentRoutes } from './component-routes.ts'
import { health } from './health.ts'
import { errorCode, loadPages, show, wantsJson } from './render.ts'

const dist = path.join(import.meta.dirname, '../../dist')

const MARK =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0B5D5E"/><circle cx="16" cy="16" r="7" fill="#5CC4B3"/></svg>'

/** The whole web: every page and action through `doors`, WeChat's addresses and the providers' beside them. */
export async function openWeb(services: Services) {
  const { app, auth } = services
  const pages = await loadPages()
  const peerOf = (c: Ctx) => c.env?.incoming?.socket?.remoteAddress

  const whoIs = async (c: Ctx): Promise<Actor | undefined> => {
    const known = c.get('actor')
    if (known) return known
    const actor = (await whoIsSignedIn(app, auth, c.req.raw, peerOf(c))) ?? (await byPersonalLink(services, c))
    if (actor) c.set('actor', actor)
    return actor
  }
  const doors = makeDoors(whoIs, (c, status, words) => {
    const code = errorCode(c.get('nonce') ?? 'x')
    if (wantsJson(c)) return c.json({ ok: false, reason: words, message: words, code }, status)
    if (status === 401) return c.redirect(`/signin?back=${encodeURIComponent(c.req.path)}`, 302)
    const todo = {
      401: '请先登录',
      403: '可以请管理员或负责人来做，或换个账号登录',
      404: '请从列表重新打开',
      409: '请看一眼最新内容再试',
      500: '请再试一次；还不行请把编号告诉管理员',
    }[status]
    return show(
      pages,
      c,
      'error',
      { happened: words, safe: '已经保存的内容都在，没有改动', todo, code, back: { href: '/m', title: '回到首页' } },
      status,
    )
  })
  const packed = compress({ threshold: 1024 })
  for (const part of ['/app/*', '/phone/*', '/m', '/m/i/:id', '/c/:token', '/signin']) doors.hono.use(part, packed as never)
  signInRoutes(doors, services, pages)
  incidentRoutes(doors, services, pages)
  portalRoutes(doors, services, pages)
  channelRoutes(doors, services)
  componentRoutes(doors, services, (c, words) =>
    show(
      pages,
      c,
      'error',
      {
        happened: words,
        safe: '没有改动任何账号',
        todo: '请从账号页再发起一次',
        code: errorCode(c.get('nonce')),
        back: { href: '/app/accounts', title: '回到账号' },
      },
      409,
    ),
  )
  doors.add('GET', '/favicon.ico', { who: 'anyone' }, 'the mark in the tab', (c) =>
    c.body(MARK, 200, { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' }),
  )
  doors.add('GET', '/healthz', { who: 'anyone' }, 'whether work is flowing', async (c) => {
    const found = await health(services)
    return c.json(found, found.ok ? 200 : (503 as 200))
  })
  apiRoutes(doors, services, whoIs)

  const year = (_path: string, c: { header(name: string, value: string): void }) =>
    c.header('cache-control', 'public, max-age=31536000, immutable')
  doors.hono.use('/phone/*', serveStatic({ root: dist, onFound: year as never }))
  doors.hono.use(
    '/app/assets/*',
    serveStatic({ root: dist, rewriteRequestPath: (p) => p.replace(/^\/app/, '/console'), onFound: year as never }),
  )
  doors.add('GET', '/app/*', { who: 'anyone' }, 'console shell (asks the API who it is)', (c) => {
    const file = path.join(dist, 'console/index.html')
    if (!fs.existsSync(file)) return c.text('控制台还没有生成，请运行 npm start。', 503 as 200)
    return c.html(fs.readFileSync(file, 'utf8').replace(/<(script|style)(?=[\s>])/g, `<$1 nonce="${c.get('nonce')}"`))
  })
  doors.hono.get('/app', (c) => c.redirect('/app/', 302))
  // WeChat's pushes pass none of what pages need: no nonce, no session, no headers for browsers.
  const callbacks = callbackRoutes(app)
  const fetch = (request: Request, env?: unknown) =>
    request.url.indexOf('/wx/', 8) > 0 && new URL(request.url).pathname.startsWith('/wx/')
      ? callbacks.fetch(request, env as never)
      : doors.hono.fetch(request, env as never)
  return { fetch, hono: doors.hono, callbacks, doors }
}

/** `?k=` or the form's `k`: a person's own link to one incident, good for looking, taking over and completing steps. */
async function byPersonalLink({ app }: Services, c: Ctx): Promise<Actor | undefined> {
  const token = c.req.query('k') ?? c.req.header('x-dingxin-link') ?? (await linkKeyOf(c))
  if (!token) return undefined
  const read = await readLink(app, token)
  if (!read.ok || read.link.purpose !== 'person' || !read.link.personId) return undefined
  const { agencyId, personId, incidentId } = read.link
  const person = await withAgency(app.database, agencyId, (tx) =>
    tx.selectFrom('dx.people').select(['name', 'role', 'left_at']).where('id', '=', personId).executeTakeFirst(),
  )
  if (!person || person.left_at) return undefined
  return { agencyId, personId, name: person.name, role: person.role as Actor['role'], via: 'link', incidentId }
}

async function linkKeyOf(c: Ctx): Promise<string | undefined> {
  // No procedure is open to a link, and whoever reads the body here takes it from the API.
  if (c.req.method !== 'POST' || c.req.path.startsWith('/api/')) return undefined
  const type = c.req.header('content-type') ?? ''
  if (type.includes('application/json')) {
    const body = (await c.req.json().catch(() => ({}))) as { k?: unknown }
    return typeof body.k === 'string' ? body.k : undefined
  }
  const value = type.includes('form') ? (await c.req.formData().catch(() => undefined))?.get('k') : undefined
  return typeof value === 'string' ? value : undefined
}
