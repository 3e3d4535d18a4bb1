import { oc } from '@orpc/contract'
import { z } from 'zod'
import { incidentsContract } from './incidents/api.ts'
import { admins, anyStaff, type Need, type Role } from './platform/access.ts'
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
  people: {
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
