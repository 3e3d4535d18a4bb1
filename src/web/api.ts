import { OpenAPIGenerator } from '@orpc/openapi'
import { OpenAPIHandler } from '@orpc/openapi/fetch'
import { implement, ORPCError, onError, ValidationError } from '@orpc/server'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { sql } from 'kysely'
import { agreeToRemoval, changeAccount, changeClient, createClient, listClients } from '../accounts/index.ts'
import type { Services } from '../app.ts'
import { contract } from '../contract.ts'
import { playTheft } from '../demo.ts'
import { act, openOrJoin } from '../incidents/commands.ts'
import { productVersion } from '../incidents/export-pack.ts'
import { incidentRows, warRoom } from '../incidents/present.ts'
import { approveBaseline } from '../monitoring/index.ts'
import { addPerson, changePerson, leave, listPeople, setAway } from '../people/commands.ts'
import { isAway } from '../people/people.ts'
import { addOverride, addShift, removeOverride, removeShift, rotaView } from '../people/rota-commands.ts'
import { mySessions, revokeMySession } from '../people/sessions.ts'
import { linkForPerson } from '../people/sign-in-links.ts'
import { type Actor, anyStaff, mayPass, type Need } from '../platform/access.ts'
import { asActor, withAgency } from '../platform/database.ts'
import { type Ctx, type Doors, isSameSite } from '../platform/doors.ts'
import type { Outcome } from '../platform/outcome.ts'
import { after, days, instant } from '../platform/time.ts'
import { schedulePublication } from '../publishing/index.ts'
import { accountRows, connectFor, releaseFor } from './accounts.ts'
import { channelRows, setChannel, testChannel } from './channels.ts'
import { health } from './health.ts'
import { meView } from './me.ts'
import { publicationRows } from './publications.ts'

type Context = { actor: Actor | undefined; headers: Headers }

/** The contract carried out. Permission is checked from the contract's own `need`, so a procedure without one cannot exist. */
export function apiRouter(services: Services) {
  const { app, auth, library } = services
  const os = implement(contract).$context<Context>()
  const guarded = os.use(async ({ context, next, procedure }) => {
    const { need } = procedure['~orpc'].meta as { need: Need }
    if (need.who === 'anyone') return next({ context: { actor: context.actor as Actor } })
    if (!context.actor) throw new ORPCError('UNAUTHORIZED', { message: '请先登录' })
    if (!mayPass(need, context.actor)) throw new ORPCError('FORBIDDEN', { message: '你没有这个权限，可以请负责人来做' })
    return next({ context: { actor: context.actor } })
  })
  const conflict = (reason: string) => new ORPCError('CONFLICT', { message: reason, data: { reason } })
  const must = <T>(outcome: Outcome<T>): T => {
    if (!outcome.ok) throw conflict(outcome.reason)
    return outcome.value
  }
  const room = async (actor: Actor, id: string) => {
    const view = await warRoom(app, actor, id)
    if (!view) throw new ORPCError('NOT_FOUND', { message: '没有找到这起事件' })
    return view
  }
  return guarded.router({
    incidents: {
      list: guarded.incidents.list.handler(({ input, context }) => incidentRows(app, context.actor, input.tab)),
      get: guarded.incidents.get.handler(({ input, context }) => room(context.actor, input.id)),
      act: guarded.incidents.act.handler(async ({ input, context }) => {
        const outcome = await act(app, context.actor, {
          incidentId: input.id,
          press: input.press,
          act: input.act,
          ...(input.deviceAt ? { deviceAt: input.deviceAt } : {}),
        })
        if (!outcome.ok) throw conflict(outcome.reason)
        return room(context.actor, input.id)
      }),
      report: guarded.incidents.report.handler(async ({ input, context: { actor } }) => {
        // Asked as the person: an editor reports on their own accounts only, and a report may confirm a theft.
        const account = await asActor(app.database, actor, (tx) =>
          tx.selectFrom('dx.accounts').select('id').where('id', '=', input.accountId).executeTakeFirst(),
        )
        if (!account) throw new ORPCError('NOT_FOUND', { message: '没有找到这个账号' })
        if (!library.all.some((playbook) => playbook.slug === input.playbook))
          throw conflict('没有这个预案，没有上报。请重新选择。')
        const id = await withAgency(app.database, actor.agencyId, async (tx, now) => {
          const detectedAt = input.detectedAt && instant(input.detectedAt) < now ? instant(input.detectedAt) : now
          const { incident } = await openOrJoin(app, tx, now, library, {
            accountId: account.id,
            playbook: input.playbook,
            detectedAt,
            by: actor.name,
            signal: {
              kind: 'signal-joined',
              signalId: app.newId(),
              signal: 'reported',
              sign: 'report',
              summary: `${actor.name} 上报：${input.words}`,
              happenedAt: detectedAt,
            },
          })
          return incident.id
        })
        return room(actor, id)
      }),
    },
    me: {
      get: guarded.me.get.handler(({ context }) => meView(services, context.actor)),
      sessions: guarded.me.sessions.handler(async ({ context }) =>
        (await mySessions(auth, (context as unknown as Context).headers)).map((s) => ({
          id: s.id,
          ip: s.ip,
          device: s.device,
          signedInAt: s.signedInAt,
          lastSeenAt: s.lastSeenAt,
          current: s.current,
        })),
      ),
      endSession: guarded.me.endSession.handler(async ({ input, context }) => {
        const ended = await revokeMySession(auth, (context as unknown as Context).headers, input.id)
        if (!ended.ok) throw conflict(ended.reason)
        return { ended: true as const }
      }),
    },
    accounts: {
      change: guarded.accounts.change.handler(async ({ input: { id, ...change }, context }) => {
        must(await changeAccount(app, context.actor, id, change))
        return { changed: true as const }
      }),
      approveBaseline: guarded.accounts.approveBaseline.handler(async ({ input, context }) =>
        must(await approveBaseline(app, context.actor, input.id, input.kind)),
      ),
      list: guarded.accounts.list.handler(({ context }) => accountRows(services, context.actor)),
      connect: guarded.accounts.connect.handler(async ({ input, context }) => {
        const outcome = await connectFor(services, context.actor, input)
        if (!outcome.ok) throw conflict(outcome.reason)
        return outcome.value
      }),
      releaseCallback: guarded.accounts.releaseCallback.handler(async ({ input, context }) => {
        const outcome = await releaseFor(services, context.actor, input.id)
        if (!outcome.ok) throw conflict(outcome.reason)
        return { released: true as const }
      }),
      agreeRemoval: guarded.accounts.agreeRemoval.handler(async ({ input, context }) => {
        const outcome = await agreeToRemoval(
          app,
          context.actor,
          input.id,
          input.agreed ? { by: input.by, text: input.text || '同意发现被盗时自动清理陌生内容' } : null,
        )
        if (!outcome.ok) throw conflict(outcome.reason)
        return { recorded: true as const }
      }),
    },
    settings: {
      get: guarded.settings.get.handler(({ context }) =>
        withAgency(app.database, context.actor.agencyId, async (tx) => {
          const { settings } = await tx.selectFrom('dx.agencies').select('settings').executeTakeFirstOrThrow()
          return { firstWordMinutes: (settings as { autoTellMinute?: number }).autoTellMinute ?? 12 }
        }),
      ),
      firstWord: guarded.settings.firstWord.handler(async ({ input, context: { actor } }) => {
        await withAgency(app.database, actor.agencyId, async (tx) => {
          await sql`update dx.agencies set settings = settings || jsonb_build_object('autoTellMinute', ${input.minutes}::float8)`.execute(
            tx,
          )
          await tx
            .insertInto('dx.audit')
            .values({
              agency_id: actor.agencyId,
              who: actor.name,
              what: 'first-word-minute-changed',
              detail: JSON.stringify(input),
            })
            .execute()
        })
        return input
      }),
    },
    publications: {
      list: guarded.publications.list.handler(({ context }) => publicationRows(services, context.actor)),
      schedule: guarded.publications.schedule.handler(async ({ input, context }) => {
        const outcome = await asActor(app.database, context.actor, async (tx, now) => {
          const account = await tx.selectFrom('dx.accounts').select('id').where('id', '=', input.accountId).executeTakeFirst()
          if (!account) throw new ORPCError('NOT_FOUND', { message: '没有找到这个账号' })
          return schedulePublication(tx, app, { ...input, goesOutAt: instant(input.goesOutAt) }, now)
        })
        if (!outcome.ok) throw conflict(outcome.reason)
        return outcome.value
      }),
    },
    clients: {
      list: guarded.clients.list.handler(({ context }) =>
        asActor(app.database, context.actor, async (tx) => {
          const accounts = await tx.selectFrom('dx.accounts').select('client_id').where('disconnected_at', 'is', null).execute()
          return (await listClients(tx)).map(({ createdAt: _, ...client }) => ({
            ...client,
            accounts: accounts.filter((a) => a.client_id === client.id).length,
          }))
        }),
      ),
      create: guarded.clients.create.handler(async ({ input, context }) => ({
        id: must(await createClient(app, context.actor, input)).id,
      })),
      change: guarded.clients.change.handler(async ({ input: { id, ...client }, context }) => ({
        id: must(await changeClient(app, context.actor, id, client)).id,
      })),
    },
    rota: {
      view: guarded.rota.view.handler(async ({ context }) => {
        const now = await withAgency(app.database, context.actor.agencyId, async (_tx, at) => at)
        return rotaView(app, context.actor, now, after(now, days(14)))
      }),
      addShift: guarded.rota.addShift.handler(async ({ input, context }) => must(await addShift(app, context.actor, input))),
      removeShift: guarded.rota.removeShift.handler(async ({ input, context }) =>
        must(await removeShift(app, context.actor, input.id)),
      ),
      removeOverride: guarded.rota.removeOverride.handler(async ({ input, context }) =>
        must(await removeOverride(app, context.actor, input.id)),
      ),
      override: guarded.rota.override.handler(async ({ input, context }) =>
        must(
          await addOverride(app, context.actor, { ...input, startsAt: instant(input.startsAt), endsAt: instant(input.endsAt) }),
        ),
      ),
    },
    channels: {
      list: guarded.channels.list.handler(({ context }) => channelRows(services, context.actor)),
      configure: guarded.channels.configure.handler(async ({ input, context }) =>
        must(await setChannel(services, context.actor, input)),
      ),
      test: guarded.channels.test.handler(({ input, context }) => testChannel(services, context.actor, input)),
    },
    people: {
      add: guarded.people.add.handler(async ({ input, context }) => must(await addPerson(app, context.actor, input))),
      change: guarded.people.change.handler(async ({ input: { id, drillConsent: _, ...to }, context }) => {
        must(await changePerson(app, auth, context.actor, id, to))
        return { changed: true as const }
      }),
      leave: guarded.people.leave.handler(async ({ input, context }) => {
        must(await leave(app, auth, context.actor, input.id))
        return { left: true as const }
      }),
      away: guarded.people.away.handler(async ({ input, context }) => {
        const away = input.from ? { from: instant(input.from), ...(input.until ? { until: instant(input.until) } : {}) } : null
        must(await setAway(app, context.actor, input.id, away))
        return { changed: true as const }
      }),
      signInLink: guarded.people.signInLink.handler(async ({ input, context }) => {
        const link = must(await linkForPerson(app, context.actor, input.id))
        return { url: `${app.publicUrl()}/signin/once/${link.token}`, minutes: link.minutes }
      }),
      list: guarded.people.list.handler(async ({ context }) => {
        const now = await withAgency(app.database, context.actor.agencyId, async (_tx, at) => at)
        return (await listPeople(app, context.actor)).map((p) => ({
          id: p.id,
          name: p.name,
          role: p.role,
          ...(p.phone ? { phone: p.phone } : {}),
          ...(p.email ? { email: p.email } : {}),
          away: isAway(p, now),
          channels: p.channels,
        }))
      }),
    },
    demo: {
      theft: guarded.demo.theft.handler(async ({ input, context }) => {
        const outcome = await playTheft(services, context.actor, input.firstSign)
        if (!outcome.ok) throw conflict(outcome.reason)
        return outcome.value
      }),
    },
    health: { get: guarded.health.get.handler(() => health(services)) },
  })
}

export function apiRoutes(doors: Doors, services: Services, whoIs: (c: Ctx) => Promise<Actor | undefined>): void {
  const handler = new OpenAPIHandler(apiRouter(services), {
    interceptors: [
      onError((error) => {
        if (error instanceof ORPCError && error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) {
          const words = [...new Set(error.cause.issues.map((issue) => issue.message))].join('；')
          throw new ORPCError('BAD_REQUEST', { message: `没有执行：${words}` })
        }
        if (!(error instanceof ORPCError))
          services.app.log.error({ error: String((error as Error)?.stack ?? error) }, 'API call failed')
      }),
    ],
  })
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  doors.add('GET', '/api/v1/openapi.json', anyStaff, 'the reference of the API, OpenAPI 3.1', async (c) =>
    c.json(
      await generator.generate(contract, {
        info: { title: '定心丸 dingxin', version: productVersion },
        servers: [{ url: '/api/v1' }],
      }),
    ),
  )
  doors.hono.use('/api/v1/*', async (c, next) => {
    const actor = await whoIs(c as Ctx)
    if (c.req.method === 'POST' && actor?.via !== 'local' && !isSameSite(c as Ctx))
      return c.json({ message: '请求来自别的网站，没有执行' }, 403)
    const answer = await handler.handle(c.req.raw, { prefix: '/api/v1', context: { actor, headers: c.req.raw.headers } })
    return answer.matched ? c.newResponse(answer.response.body, answer.response) : next()
  })
}
