import { oc } from '@orpc/contract'
import { z } from 'zod'
import { incidentsContract } from './incidents/api.ts'
import { admins, anyStaff, deciders, everyRole, type Need, type Role } from './platform/access.ts'
import type { Instant } from './platform/time.ts'

const view = <T>() => z.custom<T>((value) => value !== undefined)
const base = oc.$meta<{ need: Need }>({ need: anyStaff }).errors({
  UNAUTHORIZED: { message: '请先登录' },
  FORBIDDEN: { message: '没有这个权限' },
  NOT_FOUND: { message: '没有找到' },
  CONFLICT: { message: '现在不能这样做', data: z.object({ reason: z.string() }) },
})

export type MeView = {
  agency: { id: string; name: string }
  person: { id: string; name: string; role: Role }
  demo: boolean
  duty: { first?: string; backup?: string }
  openIncidents: number
  serverNow: Instant
  /** What is still to be set up, each with whether it is proven to work. */
  setup: { key: string; title: string; titleEn: string; done: boolean; detail: string }[]
}
export type AccountRow = {
  id: string
  name: string
  clientName: string
  appid: string
  kind: 'SUB' | 'SVC' | null
  verified: boolean | null
  mode: 'secret' | 'component'
  reception: 'poll' | 'callback' | 'relay' | 'component'
  /** What is wrong, oldest first; empty means all is well. Never a single score. */
  problems: { text: string; textEn: string; since: Instant; level: 'urgent' | 'todo' }[]
  lastCheckedAt?: Instant
  personA?: string
  personB?: string
  custodians: string[]
  spareAccountName?: string
  removalAgreedBy?: string
  openIncidentId?: string
  menu: 'as-approved' | 'drifted' | 'unknown'
  autoReply: 'as-approved' | 'drifted' | 'unknown'
  heldPublications: number
  /** What people keep about the account, whole, so that a form can change one thing of it. */
  keeping?: {
    custodians?: { name: string; phone?: string; device?: string }[]
    outsiders?: { name: string; kind: 'person' | 'system'; days?: number[]; fromMinute?: number; untilMinute?: number }[]
  }
}
export type ConnectFinding = { level: 'ok' | 'lost' | 'unknown'; text: string; textEn: string }
export type ConnectResult = {
  accountId: string
  name: string
  reception: AccountRow['reception']
  callbackUrl: string
  token: string
  aesKey: string
  abilities: { key: string; title: string; able: boolean; detail?: string }[]
  /** What is there already, and what taking over the callback address would switch off. */
  findings: ConnectFinding[]
}
export type PersonRow = {
  id: string
  name: string
  role: Role
  phone?: string
  email?: string
  away: boolean
  channels: { kind: string; to: string }[]
}
export type PublicationRow = { id: string; accountName: string; title: string; state: string; goesOutAt?: Instant; note?: string }
export type HealthView = {
  ok: boolean
  checks: { key: string; title: string; ok: boolean; detail: string }[]
}

const clientInput = z.object({
  name: z.string().trim().min(1).max(100),
  contactName: z.string().trim().min(1).max(50),
  salutation: z.string().trim().min(1).max(20),
  phone: z.string().trim().max(20).nullish(),
  email: z.email().nullish(),
  ways: z
    .array(z.object({ way: z.enum(['account-manager', 'wecom', 'sms', 'voice', 'email']), to: z.string().optional() }))
    .min(1),
  quietHours: z
    .object({ fromMinute: z.number().int().min(0).max(1439), untilMinute: z.number().int().min(0).max(1439) })
    .nullish(),
  accountManagerId: z.uuid().nullish(),
})
const personInput = z.object({
  name: z.string().trim().min(1).max(50),
  role: z.enum(everyRole as [Role, ...Role[]]),
  phone: z.string().trim().max(20).optional(),
  email: z.email().optional(),
  channels: z.array(z.object({ kind: z.string(), to: z.string().min(1) })).default([]),
  drillConsent: z.boolean().default(true),
})
export type ClientRow = z.output<typeof clientInput> & { id: string; accounts: number }
export type ChannelRow = { kind: string; enabled: boolean; lastSentAt?: Instant }

export const contract = {
  incidents: incidentsContract,
  me: {
    get: base.route({ method: 'GET', path: '/me', summary: 'Who is signed in', tags: ['me'] }).output(view<MeView>()),
    sessions: base
      .route({ method: 'GET', path: '/me/sessions', summary: 'My sessions with place and device', tags: ['me'] })
      .output(view<{ id: string; ip: string; device: string; signedInAt: Instant; lastSeenAt: Instant; current: boolean }[]>()),
    endSession: base
      .route({ method: 'POST', path: '/me/sessions/{id}/end', summary: 'End one of my sessions', tags: ['me'] })
      .input(z.object({ id: z.string() }))
      .output(view<{ ended: true }>()),
  },
  accounts: {
    change: base
      .meta({ need: deciders })
      .route({
        method: 'POST',
        path: '/accounts/{id}',
        summary: 'Name, client, A and B person, custodians, spare account, registered outsiders',
        tags: ['accounts'],
      })
      .input(
        z.object({
          id: z.uuid(),
          name: z.string().trim().min(1).max(100).optional(),
          clientId: z.uuid().optional(),
          kind: z.enum(['SUB', 'SVC']).optional(),
          personA: z.uuid().nullish(),
          personB: z.uuid().nullish(),
          custodians: z
            .array(z.object({ name: z.string(), phone: z.string().optional(), device: z.string().optional() }))
            .optional(),
          spareAccountId: z.uuid().nullish(),
          outsiders: z
            .array(
              z.object({
                name: z.string(),
                kind: z.enum(['person', 'system']),
                days: z.array(z.number()).optional(),
                fromMinute: z.number().optional(),
                untilMinute: z.number().optional(),
              }),
            )
            .optional(),
        }),
      )
      .output(view<{ changed: true }>()),
    approveBaseline: base
      .meta({ need: deciders })
      .route({
        method: 'POST',
        path: '/accounts/{id}/baseline',
        summary: 'What is shown now is ours: approve menu or auto-reply as the baseline',
        tags: ['accounts'],
      })
      .input(z.object({ id: z.uuid(), kind: z.enum(['menu', 'auto-reply']) }))
      .output(view<{ approved: string }>()),
    list: base
      .route({ method: 'GET', path: '/accounts', summary: 'All accounts with what is wrong', tags: ['accounts'] })
      .output(view<AccountRow[]>()),
    connect: base
      .meta({ need: admins })
      .route({
        method: 'POST',
        path: '/accounts/connect',
        summary: 'Connect an account by AppID and AppSecret',
        tags: ['accounts'],
      })
      .input(
        z.object({
          appid: z
            .string()
            .trim()
            .regex(/^wx[0-9a-f]{16}$/, 'AppID 应是 wx 加 16 位小写字母或数字'),
          secret: z.string().trim().min(16, 'AppSecret 太短'),
          name: z.string().trim().min(1).optional(),
          clientId: z.uuid().optional(),
          baseUrl: z.url().optional(),
          reception: z.enum(['poll', 'callback', 'relay']).default('poll'),
          relayUrl: z.url().optional(),
          /** The former system's own token and key, so that what is passed on still verifies there. */
          callback: z.object({ token: z.string(), aesKey: z.string() }).optional(),
        }),
      )
      .output(view<ConnectResult>()),
    releaseCallback: base
      .meta({ need: admins })
      .route({
        method: 'POST',
        path: '/accounts/{id}/release',
        summary: 'Give the callback address back: ask instead of listen',
        tags: ['accounts'],
      })
      .input(z.object({ id: z.uuid() }))
      .output(view<{ released: true }>()),
    agreeRemoval: base
      .meta({ need: { who: 'staff', roles: ['admin', 'lead'] } })
      .route({
        method: 'POST',
        path: '/accounts/{id}/removal-agreement',
        summary: 'Record or withdraw the client’s prior agreement to removals',
        tags: ['accounts'],
      })
      .input(
        z.object({
          id: z.uuid(),
          agreed: z.boolean(),
          by: z.string().trim().min(1).max(50),
          text: z.string().trim().max(500).default(''),
        }),
      )
      .output(view<{ recorded: true }>()),
  },
  settings: {
    get: base
      .meta({ need: admins })
      .route({ method: 'GET', path: '/settings', summary: 'The agency’s own settings', tags: ['settings'] })
      .output(view<{ firstWordMinutes: number }>()),
    firstWord: base
      .meta({ need: admins })
      .route({
        method: 'POST',
        path: '/settings/first-word',
        summary: 'The minute at which the prepared first word goes out by itself',
        tags: ['settings'],
      })
      .input(z.object({ minutes: z.number().min(0.05).max(14, '最晚 14 分钟：15 分钟内要告知客户') }))
      .output(view<{ minutes: number }>()),
  },
  publications: {
    list: base
      .route({ method: 'GET', path: '/publications', summary: 'What is on the schedule, held or out', tags: ['publications'] })
      .output(view<PublicationRow[]>()),
    schedule: base
      .meta({ need: { who: 'staff', roles: ['admin', 'lead', 'editor'] } })
      .route({
        method: 'POST',
        path: '/publications',
        successStatus: 201,
        summary: 'Put an approved text on the schedule (without notice to followers)',
        tags: ['publications'],
      })
      .input(
        z.object({
          accountId: z.uuid(),
          title: z.string().trim().min(1).max(32, '标题最多 32 个字'),
          content: z.string().min(1).max(20_000),
          goesOutAt: z.iso.datetime(),
        }),
      )
      .output(view<{ id: string; state: string }>()),
  },
  clients: {
    list: base
      .route({ method: 'GET', path: '/clients', summary: 'Clients and how they are told', tags: ['clients'] })
      .output(view<ClientRow[]>()),
    create: base
      .meta({ need: { who: 'staff', roles: ['admin', 'lead', 'account-manager'] } })
      .route({
        method: 'POST',
        path: '/clients',
        successStatus: 201,
        summary: 'Add a client: salutation, ways of telling, quiet hours',
        tags: ['clients'],
      })
      .input(clientInput)
      .output(view<{ id: string }>()),
    change: base
      .meta({ need: { who: 'staff', roles: ['admin', 'lead', 'account-manager'] } })
      .route({ method: 'POST', path: '/clients/{id}', summary: 'Change a client', tags: ['clients'] })
      .input(clientInput.extend({ id: z.uuid() }))
      .output(view<{ id: string }>()),
  },
  rota: {
    view: base
      .route({ method: 'GET', path: '/rota', summary: 'Weekly duty, overrides and gaps', tags: ['rota'] })
      .output(view<unknown>()),
    addShift: base
      .meta({ need: deciders })
      .route({ method: 'POST', path: '/rota/shifts', successStatus: 201, summary: 'Add a weekly shift', tags: ['rota'] })
      .input(
        z.object({
          weekday: z.number().int().min(1).max(7),
          fromMinute: z.number().int().min(0).max(1439),
          lengthMinutes: z.number().int().min(1).max(1440),
          position: z.enum(['first', 'backup']),
          personId: z.uuid(),
        }),
      )
      .output(view<unknown>()),
    removeShift: base
      .meta({ need: deciders })
      .route({ method: 'POST', path: '/rota/shifts/{id}/remove', summary: 'Remove a weekly shift', tags: ['rota'] })
      .input(z.object({ id: z.uuid() }))
      .output(view<unknown>()),
    removeOverride: base
      .meta({ need: deciders })
      .route({ method: 'POST', path: '/rota/overrides/{id}/remove', summary: 'Take a swap back', tags: ['rota'] })
      .input(z.object({ id: z.uuid() }))
      .output(view<unknown>()),
    override: base
      .meta({ need: deciders })
      .route({
        method: 'POST',
        path: '/rota/overrides',
        successStatus: 201,
        summary: 'Somebody else for a while, with the reason',
        tags: ['rota'],
      })
      .input(
        z.object({
          startsAt: z.iso.datetime(),
          endsAt: z.iso.datetime(),
          position: z.enum(['first', 'backup']),
          personId: z.uuid(),
          reason: z.string().trim().min(1).max(200),
        }),
      )
      .output(view<unknown>()),
  },
  channels: {
    list: base
      .meta({ need: admins })
      .route({ method: 'GET', path: '/channels', summary: 'Configured channels, never their secrets', tags: ['channels'] })
      .output(view<ChannelRow[]>()),
    configure: base
      .meta({ need: admins })
      .route({ method: 'POST', path: '/channels/{kind}', summary: 'Set up a channel; kept sealed', tags: ['channels'] })
      .input(z.object({ kind: z.string(), settings: z.record(z.string(), z.unknown()), enabled: z.boolean().default(true) }))
      .output(view<{ configured: true }>()),
    test: base
      .meta({ need: admins })
      .route({
        method: 'POST',
        path: '/channels/{kind}/test',
        summary: 'Send one test message and show what really happened',
        tags: ['channels'],
      })
      .input(z.object({ kind: z.string(), to: z.string().trim().min(1).max(100) }))
      .output(view<{ result: string; detail: string }>()),
  },
  people: {
    add: base
      .meta({ need: admins })
      .route({ method: 'POST', path: '/people', successStatus: 201, summary: 'Add a colleague', tags: ['people'] })
      .input(personInput)
      .output(view<{ personId: string }>()),
    change: base
      .meta({ need: admins })
      .route({ method: 'POST', path: '/people/{id}', summary: 'Change a colleague', tags: ['people'] })
      .input(personInput.partial().extend({ id: z.uuid() }))
      .output(view<{ changed: true }>()),
    leave: base
      .meta({ need: admins })
      .route({
        method: 'POST',
        path: '/people/{id}/leave',
        summary: 'A colleague leaves: sessions end at once',
        tags: ['people'],
      })
      .input(z.object({ id: z.uuid() }))
      .output(view<{ left: true }>()),
    away: base
      .meta({ need: deciders })
      .route({ method: 'POST', path: '/people/{id}/away', summary: 'Leave from and until; B stands in for A', tags: ['people'] })
      .input(z.object({ id: z.uuid(), from: z.iso.datetime().nullable(), until: z.iso.datetime().nullable() }))
      .output(view<{ changed: true }>()),
    signInLink: base
      .meta({ need: admins })
      .route({
        method: 'POST',
        path: '/people/{id}/sign-in-link',
        summary: 'A one-time sign-in address for a colleague',
        tags: ['people'],
      })
      .input(z.object({ id: z.uuid() }))
      .output(view<{ url: string; minutes: number }>()),
    list: base
      .route({ method: 'GET', path: '/people', summary: 'Colleagues and how they are reached', tags: ['people'] })
      .output(view<PersonRow[]>()),
  },
  demo: {
    theft: base
      .route({ method: 'POST', path: '/demo/theft', summary: 'Plays the theft on the demo account (demo only)', tags: ['demo'] })
      .input(z.object({ firstSign: z.boolean().default(false) }))
      .output(view<{ accountId: string; startedAt: Instant }>()),
  },
  health: {
    get: base
      .meta({ need: { who: 'anyone' } })
      .route({ method: 'GET', path: '/health', summary: 'Whether work is flowing', tags: ['health'] })
      .output(view<HealthView>()),
  },
}
