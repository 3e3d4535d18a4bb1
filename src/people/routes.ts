import type { PhoneServer } from '../../web/phone/pages.ts'
import type { Services } from '../app.ts'
import { anyStaff } from '../platform/access.ts'
import { asDispatch } from '../platform/database.ts'
import type { Ctx, Doors } from '../platform/doors.ts'
import { meView } from '../web/me.ts'
import { errorCode, show } from '../web/render.ts'
import { isLocalCaller } from './actors.ts'
import { listPeople } from './commands.ts'
import { mySessions, revokeMySession } from './sessions.ts'
import { enterBySignInLink, linkForFirstAdmin, linkForPerson, openSignInLink } from './sign-in-links.ts'

const anyone = { who: 'anyone' } as const
/** Only a path of our own may follow a sign-in. */
const inside = (path: string | undefined, otherwise: string) => (path && /^\/(m|app)(\/|$|\?)/.test(path) ? path : otherwise)
const landing = (c: Ctx) => (/Mobile|Android|iPhone|MicroMessenger/i.test(c.req.header('user-agent') ?? '') ? '/m' : '/app/')

/** Signing in, out, by one-time address, and the first admin of an empty installation: plain forms that need no script. */
export function signInRoutes(doors: Doors, services: Services, pages: PhoneServer): void {
  const { app, auth } = services
  const peerOf = (c: Ctx) => c.env?.incoming?.socket?.remoteAddress
  const forward = (c: Ctx, path: string, body: unknown, cookies = c.req.header('cookie') ?? '') => {
    const headers = new Headers({
      'content-type': 'application/json',
      origin: new URL(c.req.url).origin,
      'user-agent': c.req.header('user-agent') ?? '',
      cookie: cookies,
    })
    return auth.handler(
      new Request(new URL(`/api/auth${path}`, c.req.url), { method: 'POST', headers, body: JSON.stringify(body) }),
      peerOf(c),
    )
  }
  const passOn = (c: Ctx, answer: Response, to: string) => {
    for (const cookie of answer.headers.getSetCookie()) c.header('set-cookie', cookie, { append: true })
    return c.redirect(to, 303)
  }
  const reasonOf = async (answer: Response) =>
    ((await answer.json().catch(() => ({}))) as { message?: string }).message ?? '没有登录成功，请检查后再试'

  doors.add('GET', '/', anyone, 'the way in', (c) => c.redirect(landing(c), 302))
  doors.add('GET', '/signin', anyone, 'sign-in page', (c) =>
    show(pages, c, 'sign-in', {
      stage: c.req.query('stage') === 'totp' ? 'totp' : 'password',
      next: inside(c.req.query('back') ?? c.req.query('next'), landing(c)),
    }),
  )
  doors.add('POST', '/signin', anyone, 'sign in', async (c) => {
    const form = await c.req.formData()
    const text = (name: string) => String(form.get(name) ?? '').slice(0, 300)
    const next = inside(text('next'), landing(c))
    const isTotp = form.has('code')
    const answer = isTotp
      ? await forward(c, '/two-factor/verify-totp', { code: text('code').replace(/\s/g, '') })
      : await forward(c, '/sign-in/email', { email: text('email').trim(), password: text('password') })
    if (!answer.ok)
      return show(
        pages,
        c,
        'sign-in',
        {
          stage: isTotp ? 'totp' : 'password',
          next,
          notice: { tone: 'error', text: await reasonOf(answer) },
          kept: { email: text('email') },
        },
        401,
      )
    const body = (await answer.clone().json()) as { twoFactorRedirect?: boolean }
    return passOn(c, answer, body.twoFactorRedirect ? `/signin?stage=totp&back=${encodeURIComponent(next)}` : next)
  })
  doors.add('POST', '/signout', anyone, 'sign out', async (c) => passOn(c, await forward(c, '/sign-out', {}), '/signed-out'))
  doors.add('GET', '/signed-out', anyone, 'signed out', (c) => show(pages, c, 'signed-out', {}))

  const stale = (c: Ctx, reason: string) =>
    show(
      pages,
      c,
      'error',
      {
        happened: reason,
        safe: '没有登录，也没有改动任何内容',
        todo: '请管理员再发一个登录链接，或用邮箱和密码登录',
        code: errorCode(c.get('nonce')),
        back: { href: '/signin', title: '去登录' },
      },
      410,
    )
  doors.add('GET', '/signin/once/:token', anyone, 'one-time address, shown', async (c) => {
    const link = await openSignInLink(app, c.req.param('token')!)
    if (!link.ok) return stale(c, link.reason)
    const next = inside(c.req.query('next'), landing(c))
    return show(pages, c, 'sign-in-once', {
      token: c.req.param('token')!,
      personName: link.value.personName ?? '',
      agencyName: link.value.agencyName ?? '',
      next,
    })
  })
  doors.add('POST', '/signin/once/:token', anyone, 'one-time address, used', async (c) => {
    const form = await c.req.formData().catch(() => undefined)
    const entered = await enterBySignInLink(app, auth, c.req.param('token')!, c.req.raw, undefined, peerOf(c))
    if (!entered.ok) return stale(c, entered.reason)
    for (const cookie of entered.value.setCookie) c.header('set-cookie', cookie, { append: true })
    return c.redirect(inside(form?.get('next')?.toString(), landing(c)), 303)
  })
  doors.add('GET', '/setup/:token', anyone, 'first administrator, shown', async (c) => {
    const link = await openSignInLink(app, c.req.param('token')!)
    return link.ok && link.value.purpose === 'first-admin'
      ? show(pages, c, 'setup', { token: c.req.param('token')! })
      : stale(c, link.ok ? '这个链接不是用来建立管理员的' : link.reason)
  })
  doors.add('POST', '/setup/:token', anyone, 'first administrator, made', async (c) => {
    const form = await c.req.formData()
    const text = (name: string) =>
      String(form.get(name) ?? '')
        .trim()
        .slice(0, 200)
    const admin = {
      name: text('name'),
      email: text('email'),
      password: String(form.get('password') ?? ''),
      agencyName: text('agencyName') || text('agency'),
    }
    const entered = await enterBySignInLink(app, auth, c.req.param('token')!, c.req.raw, admin, peerOf(c))
    const { password: _never, ...kept } = admin
    if (!entered.ok)
      return show(pages, c, 'setup', { token: c.req.param('token')!, notice: { tone: 'error', text: entered.reason }, kept }, 409)
    await services.armSchedule()
    for (const cookie of entered.value.setCookie) c.header('set-cookie', cookie, { append: true })
    return c.redirect(landing(c), 303)
  })

  doors.list.push({
    method: 'POST',
    path: '/api/local/setup',
    need: { who: 'local' },
    what: 'one-time address of the first administrator',
  })
  doors.hono.post('/api/local/setup', async (c) => {
    // There is no agency yet to speak for, so the token file alone is asked for.
    if (!isLocalCaller(app, c.req.raw.headers, peerOf(c as Ctx)))
      return c.json({ ok: false, reason: '只能在本机用命令行操作' }, 401)
    const people = await asDispatch(app.database, (tx) => tx.selectFrom('dx.people').select('agency_id').limit(1).execute())
    if (people.length > 0) return c.json({ ok: false, reason: '已经有管理员了，没有生成。请用 dingxin sign-in-link 姓名。' }, 409)
    const link = await linkForFirstAdmin(app)
    return c.json({ ok: true, url: `${app.publicUrl()}/setup/${link.token}`, minutes: link.minutes })
  })
  doors.add(
    'POST',
    '/api/local/sign-in-link',
    { who: 'local' },
    'one-time sign-in address, for the command line of this machine',
    async (c, actor) => {
      const { person } = (await c.req.json()) as { person?: string }
      const found = (await listPeople(app, actor)).find(
        (p) => !p.leftAt && (p.name === person || p.id === person || p.email === person),
      )
      if (!found) return c.json({ ok: false, reason: `没有叫“${person ?? ''}”的同事，没有生成。` }, 404)
      const link = await linkForPerson(app, { ...actor, role: 'admin' }, found.id)
      return link.ok ? c.json({ ok: true, url: `${app.publicUrl()}/signin/once/${link.value.token}` }) : c.json(link, 409)
    },
  )
  doors.add('GET', '/m/sessions', anyStaff, 'my sessions', async (c, actor) => {
    const sessions = (await mySessions(auth, c.req.raw.headers)).map((s) => ({
      id: s.id,
      ip: s.ip,
      device: s.device,
      signedInAt: s.signedInAt,
      lastSeenAt: s.lastSeenAt,
      current: s.current,
    }))
    return show(pages, c, 'sessions', { me: await meView(services, actor), press: app.randomText(9), sessions })
  })
  doors.add('POST', '/m/sessions/:id/end', anyStaff, 'end one of my sessions', async (c) => {
    await revokeMySession(auth, c.req.raw.headers, c.req.param('id')!)
    return c.redirect('/m/sessions', 303)
  })
  doors.add('POST', '/m/look', anyone, 'language and theme of this browser', async (c) => {
    const form = await c.req.formData()
    const lang = form.get('lang') === 'en' ? 'en' : form.get('lang') === 'zh' ? 'zh' : undefined
    const theme = ['day', 'night', 'auto'].find((t) => t === form.get('theme'))
    const keep = (name: string, value: string) =>
      c.header('set-cookie', `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax`, { append: true })
    if (lang) keep('dx_lang', lang)
    if (theme) keep('dx_theme', theme)
    return c.redirect(inside(form.get('back')?.toString(), '/m/more'), 303)
  })
  doors.hono.on(['GET', 'POST'], ['/api/auth/*'], (c) => auth.handler(c.req.raw, c.env?.incoming?.socket?.remoteAddress))
}
