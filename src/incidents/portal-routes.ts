import type { PhoneServer } from '../../web/phone/pages.ts'
import type { Services } from '../app.ts'
import type { Need } from '../platform/access.ts'
import { withAgency } from '../platform/database.ts'
import type { Ctx, Doors } from '../platform/doors.ts'
import type { Outcome } from '../platform/outcome.ts'
import { type Instant, instant } from '../platform/time.ts'
import { show, wantsJson } from '../web/render.ts'
import { type Link, readLink } from './links.ts'
import { askForCode, type ClientPress, checkCode, clientAct, type Device, portalView } from './portal.ts'

const client: Need = { who: 'client' }
const COOKIE = 'dx_device'

/** The client's page on a signed link. Opening it changes nothing, however often and by whatever program it is opened. */
export function portalRoutes(doors: Doors, { app }: Services, pages: PhoneServer): void {
  const closed = async (c: Ctx, why: 'unknown' | 'expired' | 'revoked') =>
    wantsJson(c)
      ? c.json({ ok: false, reason: '链接已失效' }, 410)
      : show(pages, c, 'link-closed', { why: why === 'unknown' ? 'altered' : why }, 410)

  const page = async (
    c: Ctx,
    link: Link,
    device: Device,
    said: { notice?: { tone: 'ok' | 'warn'; text: string }; kept?: Record<string, string> } = {},
    status: 200 | 409 = 200,
  ) => {
    const view = await portalView(app, link, device)
    if (!view) return closed(c, 'unknown')
    return show(
      pages,
      c,
      'portal',
      {
        view,
        token: c.req.param('token')!,
        press: app.randomText(9),
        ...(said.notice ? { notice: said.notice } : {}),
        ...(said.kept ? { kept: said.kept } : {}),
      },
      status,
    )
  }

  const entered = (work: (c: Ctx, link: Link, device: Device) => Promise<Response>) => async (c: Ctx) => {
    const read = await readLink(app, c.req.param('token')!)
    if (!read.ok) return closed(c, read.why)
    if (read.link.purpose !== 'client') return closed(c, 'unknown')
    return work(c, read.link, deviceOf(c, read.link))
  }

  /** The device is a random word in a cookie; that it is known is a signature over it, the client and the moment it ends. */
  const deviceOf = (c: Ctx, link: Link): Device => {
    const [word = '', until = '', proof = ''] = (
      new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(c.req.header('cookie') ?? '')?.[1] ?? ''
    ).split('.')
    const hash = app.secrets.digest(`device:${word}`)
    const isGenuine = until !== '' && proof === proofOf(word, until, link)
    return isGenuine ? { hash, knownUntil: instant(Number(until)) } : { hash }
  }
  const proofOf = (word: string, until: string, link: Link) =>
    app.secrets.digest(`known:${word}:${until}:${link.clientId}`).slice(0, 32)
  const setDevice = (c: Ctx, link: Link, word: string, knownUntil?: Instant) => {
    const until = knownUntil ? String(Date.parse(knownUntil)) : ''
    const value = knownUntil ? `${word}.${until}.${proofOf(word, until, link)}` : word
    const secure = app.publicUrl().startsWith('https') ? '; Secure' : ''
    c.header('set-cookie', `${COOKIE}=${value}; Path=/c/; Max-Age=43200; HttpOnly; SameSite=Lax${secure}`)
  }
  const wordOf = (c: Ctx) => new RegExp(`(?:^|; )${COOKIE}=([A-Za-z0-9_-]+)`).exec(c.req.header('cookie') ?? '')?.[1]

  doors.add(
    'GET',
    '/c/:token',
    client,
    'client portal',
    entered((c, link, device) => page(c, link, device)),
  )
  doors.add('GET', '/:code{[A-Za-z0-9_-]{22}}', { who: 'anyone' }, 'the short address of a text message', async (c) => {
    const code = c.req.param('code')!
    const read = await readLink(app, code)
    if (!read.ok) return closed(c, read.why)
    return c.redirect(read.link.purpose === 'client' ? `/c/${code}` : `/m/i/${read.link.incidentId}?k=${code}`, 302)
  })
  doors.add(
    'GET',
    '/c/:token/data',
    client,
    'client portal as data',
    entered(async (c, link, device) => c.json(await portalView(app, link, device))),
  )

  doors.add(
    'POST',
    '/c/:token/digits',
    client,
    'client asks for a code',
    entered(async (c, link) => {
      const form = await c.req.formData()
      const word = wordOf(c) ?? app.randomText(16)
      const outcome = await askForCode(
        app,
        link,
        { hash: app.secrets.digest(`device:${word}`) },
        String(form.get('digits') ?? ''),
      )
      setDevice(c, link, word)
      return answered(c, link, { hash: app.secrets.digest(`device:${word}`) }, outcome)
    }),
  )
  doors.add(
    'POST',
    '/c/:token/code',
    client,
    'client enters the code',
    entered(async (c, link, device) => {
      const form = await c.req.formData()
      const outcome = await checkCode(app, link, device, String(form.get('code') ?? ''))
      if (outcome.ok) setDevice(c, link, wordOf(c)!, outcome.value.knownUntil)
      return answered(c, link, device, outcome)
    }),
  )
  const acting = (name: ClientPress['do'], what: string) =>
    doors.add(
      'POST',
      `/c/:token/${name}`,
      client,
      what,
      entered(async (c, link, device) => {
        const fields = await fieldsOf(c)
        const press = readPress(name, fields)
        const outcome: Outcome<null> = press
          ? await clientAct(app, link, device, press)
          : { ok: false, reason: name === 'choose' ? '请先选一个方案。' : '没有收到内容，请再试一次。' }
        return answered(c, link, device, outcome, fields)
      }),
    )
  acting('choose', 'client chooses a plan')
  acting('say', 'client says something')
  acting('stop', 'client stops everything')
  acting('seen', 'client has read it')

  const answered = async (c: Ctx, link: Link, device: Device, outcome: Outcome<unknown>, kept?: Record<string, string>) => {
    if (wantsJson(c)) return outcome.ok ? c.json({ ok: true }) : c.json({ ok: false, reason: outcome.reason }, 409)
    if (outcome.ok) return c.redirect(`/c/${c.req.param('token')}`, 303)
    await withAgency(app.database, link.agencyId, (tx) =>
      tx
        .insertInto('dx.audit')
        .values({
          agency_id: link.agencyId,
          who: 'portal',
          what: 'refused',
          detail: JSON.stringify({ path: c.req.path.replace(/\/c\/[^/]+/, '/c/…') }),
        })
        .execute(),
    )
    return page(c, link, device, { notice: { tone: 'warn', text: outcome.reason }, ...(kept ? { kept } : {}) }, 409)
  }
}

/** The database keeps neither NUL nor half a character. */
const cleaned = (text: string) => text.toWellFormed().replaceAll('\0', '')

async function fieldsOf(c: Ctx): Promise<Record<string, string>> {
  const isJson = (c.req.header('content-type') ?? '').includes('json')
  const sent = isJson ? Object.entries((await c.req.json<object | null>()) ?? {}) : [...(await c.req.formData()).entries()]
  // Nested things are no fields of ours; text, numbers and yes or no are.
  return Object.fromEntries(
    sent.filter(([, value]) => typeof value !== 'object').map(([key, value]) => [key, cleaned(String(value))]),
  )
}

function readPress(name: ClientPress['do'], fields: Record<string, string>): ClientPress | undefined {
  const press = fields.press?.slice(0, 80)
  if (!press) return undefined
  switch (name) {
    case 'choose':
      return fields.plan === 'A' || fields.plan === 'B'
        ? { press, do: 'choose', plan: fields.plan, revision: Number(fields.revision) }
        : undefined
    case 'say':
      return { press, do: 'say', words: fields.words ?? '' }
    case 'stop':
    case 'seen':
      return { press, do: name }
  }
}
