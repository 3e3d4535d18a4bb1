import type { PhoneServer, WaitingItem } from '../../web/phone/pages.ts'
import type { Services } from '../app.ts'
import { type Actor, anyStaff, responders } from '../platform/access.ts'
import { withAgency } from '../platform/database.ts'
import { type Ctx, type Doors, liveStream } from '../platform/doors.ts'
import { instant } from '../platform/time.ts'
import { meView } from '../web/me.ts'
import { errorCode, show, wantsJson } from '../web/render.ts'
import { actSchema } from './acts.ts'
import { act } from './commands.ts'
import { addEvidence, readEvidence } from './evidence-items.ts'
import { exportPack } from './export-pack.ts'
import { clientLink } from './links.ts'
import { incidentRows, warRoom } from './present.ts'

const isId = (text: string) => /^[0-9a-f-]{36}$/.test(text)

/** The phone: lists, the war room, presses, uploads, and being told of changes. */
export function incidentRoutes(doors: Doors, services: Services, pages: PhoneServer): void {
  const { app, hub } = services
  const press = () => app.randomText(9)
  const gone = (c: Ctx) =>
    wantsJson(c)
      ? c.json({ ok: false, reason: '没有找到这起事件' }, 404)
      : show(
          pages,
          c,
          'error',
          {
            happened: '没有找到这起事件',
            safe: '没有改动任何内容',
            todo: '从事件列表重新打开',
            code: errorCode(c.get('nonce')),
            back: { href: '/m', title: '回到列表' },
          },
          404,
        )

  const home = (name: 'today' | 'incidents' | 'waiting' | 'more', path: string) =>
    doors.add('GET', path, anyStaff, `phone ${name}`, async (c, actor) => {
      const [me, rows] = [await meView(services, actor), await incidentRows(app, actor, name === 'incidents' ? 'all' : 'open')]
      return show(pages, c, name, { me, rows, waiting: await waitingFor(services, actor), lastCheckedAt: me.serverNow })
    })
  home('today', '/m')
  home('incidents', '/m/incidents')
  home('waiting', '/m/waiting')
  home('more', '/m/more')

  const room = async (
    c: Ctx,
    actor: Actor,
    id: string,
    said: { notice?: { tone: 'ok' | 'warn' | 'error'; text: string }; kept?: Record<string, string> } = {},
    status: 200 | 409 = 200,
  ) => {
    const view = isId(id) && mayOpen(actor, id) ? await warRoom(app, actor, id) : undefined
    if (!view) return gone(c)
    const linkKey = actor.via === 'link' ? (c.req.query('k') ?? '') : undefined
    const { notice, kept } = said
    return show(
      pages,
      c,
      'war-room',
      {
        view,
        press: press(),
        ...(linkKey ? { linkKey } : {}),
        ...(notice ? { notice } : {}),
        ...(kept ? { kept } : {}),
        ...(c.req.query('timeline') === 'all' ? { wholeTimeline: true } : {}),
      },
      status,
    )
  }
  doors.add('GET', '/m/i/:file{[0-9a-f-]{36}\\.json}', responders, 'war room as data', async (c, actor) => {
    const id = c.req.param('file')!.slice(0, 36)
    const view = mayOpen(actor, id) ? await warRoom(app, actor, id) : undefined
    return view ? c.json(view) : c.json({ ok: false, reason: '没有找到这起事件' }, 404)
  })
  doors.add('GET', '/m/i/:id', responders, 'war room', (c, actor) => room(c, actor, c.req.param('id')!))
  doors.add('GET', '/m/i/:id/live', responders, 'told of changes', (c, actor) => live(c, actor))
  doors.add('GET', '/api/v1/incidents/:id/events', anyStaff, 'told of changes', (c, actor) => live(c, actor))
  doors.add('GET', '/api/v1/live', anyStaff, 'told of any change', (c, actor) =>
    liveStream(c, hub, (event) => event.agency === actor.agencyId),
  )
  const live = (c: Ctx, actor: Actor) => {
    const id = c.req.param('id')!
    return mayOpen(actor, id) ? liveStream(c, hub, (event) => event.agency === actor.agencyId && event.incident === id) : gone(c)
  }

  doors.add('POST', '/m/i/:id/act', responders, 'press in the war room', async (c, actor) => {
    const id = c.req.param('id')!
    if (!isId(id)) return gone(c)
    const json = (c.req.header('content-type') ?? '').includes('application/json')
    const body = json ? ((await c.req.json()) as Record<string, unknown>) : undefined
    const now = instant(performance.timeOrigin + performance.now())
    const form = body ? undefined : pages.readActForm([...(await c.req.formData()).entries()], now)
    const read = actSchema.safeParse(body ? body.act : form!.act)
    const kept = form ? Object.fromEntries(Object.entries(form.act).map(([k, v]) => [k, String(v)])) : {}
    if (!read.success) {
      const reason = read.error.issues.map((issue) => issue.message).join('；')
      return wantsJson(c)
        ? c.json({ ok: false, reason }, 400)
        : room(c, actor, id, { notice: { tone: 'warn', text: reason }, kept }, 409)
    }
    const deviceAt = (body?.deviceAt as string | undefined) ?? form?.deviceAt
    const outcome = await act(app, actor, {
      incidentId: id,
      press: String(body?.press ?? form?.press ?? press()),
      act: read.data,
      ...(deviceAt ? { deviceAt } : {}),
    })
    if (wantsJson(c))
      return outcome.ok
        ? c.json({ ok: true, view: await warRoom(app, actor, id) })
        : c.json({ ok: false, reason: outcome.reason }, 409)
    if (!outcome.ok) return room(c, actor, id, { notice: { tone: 'warn', text: outcome.reason }, kept }, 409)
    const key = actor.via === 'link' ? `?k=${form?.linkKey ?? c.req.query('k') ?? ''}` : ''
    return c.redirect(`/m/i/${id}${key}#now`, 303)
  })

  doors.add('POST', '/m/i/:id/evidence', responders, 'proof uploaded', async (c, actor) => {
    const id = c.req.param('id')!
    if (!isId(id) || !mayOpen(actor, id)) return gone(c)
    const form = await c.req.formData()
    const file = form.get('file')
    const text = (name: string) => (typeof form.get(name) === 'string' ? String(form.get(name)).slice(0, 200) : '')
    const outcome =
      file instanceof File && file.size > 0
        ? await addEvidence(app, actor, id, {
            source: /Mobile|Android|iPhone/i.test(c.req.header('user-agent') ?? '') ? '手机上传' : '电脑上传',
            name: file.name || '照片',
            mediaType: file.type,
            bytes: new Uint8Array(await file.arrayBuffer()),
            step: text('step'),
            proof: text('proof'),
            deviceAt: text('deviceAt'),
          })
        : { ok: false as const, reason: '没有收到文件。请再选一次。' }
    if (wantsJson(c)) return outcome.ok ? c.json({ ok: true, view: await warRoom(app, actor, id) }) : c.json(outcome, 409)
    if (!outcome.ok) return room(c, actor, id, { notice: { tone: 'warn', text: outcome.reason } }, 409)
    return c.redirect(`/m/i/${id}${actor.via === 'link' ? `?k=${text('k') || c.req.query('k') || ''}` : ''}#now`, 303)
  })
  doors.add('GET', '/m/i/:id/evidence/:item', anyStaff, 'one piece of evidence (noted in the audit)', async (c, actor) => {
    const item =
      isId(c.req.param('id')!) && isId(c.req.param('item')!)
        ? await readEvidence(app, actor, c.req.param('id')!, c.req.param('item')!)
        : undefined
    if (!item) return gone(c)
    return c.body(item.bytes as never, 200, {
      'content-type': item.mediaType,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
      'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(item.name)}`,
    })
  })
  doors.add(
    'GET',
    '/api/local/client-link',
    { who: 'local' },
    'the client’s link to the newest incident, for the command line of this machine',
    async (c, actor) => {
      const link = await withAgency(app.database, actor.agencyId, async (tx, now) => {
        const row = await tx
          .selectFrom('dx.incidents as i')
          .innerJoin('dx.clients as cl', 'cl.id', 'i.client_id')
          .select(['i.id', 'i.client_id'])
          .where('cl.name', '=', c.req.query('client') ?? '')
          .orderBy('i.detected_at', 'desc')
          .executeTakeFirst()
        return row && clientLink(tx, app, row.id, row.client_id, now)
      })
      return link ? c.json({ ok: true, url: link.url }) : c.json({ ok: false, reason: '这个客户没有事件' }, 404)
    },
  )
  doors.add('GET', '/api/v1/incidents/:id/pack', anyStaff, 'evidence pack (noted in the audit)', async (c, actor) => {
    const id = c.req.param('id')!
    if (!isId(id) || !(await warRoom(app, actor, id))) return gone(c)
    const pack = await exportPack(app, actor.agencyId, id)
    await withAgency(app.database, actor.agencyId, (tx) =>
      tx
        .insertInto('dx.audit')
        .values({
          agency_id: actor.agencyId,
          who: actor.name,
          what: 'pack-downloaded',
          detail: JSON.stringify({ incidentId: id, hash: pack.hash }),
        })
        .execute(),
    )
    return c.body(pack.bytes as never, 200, {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${pack.fileName}"`,
    })
  })
}

const mayOpen = (actor: Actor, incidentId: string) => actor.via !== 'link' || actor.incidentId === incidentId

/** What waits for this person: incidents without an owner, steps of theirs, words to pass on. */
async function waitingFor({ app }: Services, actor: Actor): Promise<WaitingItem[]> {
  const rows = await incidentRows(app, actor, 'open')
  return rows.flatMap((row): WaitingItem[] => {
    const about = `${row.number} ${row.title} · ${row.clientName}`
    const due = row.nearestDue ? { dueAt: row.nearestDue.at } : {}
    if (!row.commander)
      return [{ href: `/m/i/${row.id}`, title: '等人接手', titleEn: 'Waiting to be taken', about, kind: 'acknowledge', ...due }]
    if (row.commander === actor.name && row.nextStep)
      return [{ href: `/m/i/${row.id}`, title: row.nextStep, titleEn: row.nextStep, about, kind: 'step', ...due }]
    return []
  })
}
