import { type Ability, connectAccount, releaseCallback } from '../accounts/index.ts'
import type { Services } from '../app.ts'
import type { AccountRow, ConnectResult } from '../contract.ts'
import type { Actor } from '../platform/access.ts'
import { asActor } from '../platform/database.ts'
import { done, type Outcome } from '../platform/outcome.ts'
import type { Instant } from '../platform/time.ts'

export type ConnectRequest = {
  appid: string
  secret: string
  name?: string
  clientId?: string
  baseUrl?: string
  reception: 'poll' | 'callback' | 'relay'
  relayUrl?: string
  callback?: { token: string; aesKey: string }
}

/** The findings are worded for people in Chinese; English readers get the gist of each. */
const gists: readonly (readonly [RegExp, string])[] = [
  [
    /编辑器会停用/,
    'The console’s menu and auto-reply editors are switched off, and whatever receives messages now (a mall, a bot) is cut off.',
  ],
  [/手工设置/, 'The present menu was made by hand in the console; from then on it is changed through dingxin.'],
  [/自动回复会失效/, 'The console’s auto-replies stop working.'],
  [/自动回复：无法得知/, 'Whether auto-replies are on could not be found out.'],
  [/另一个系统推送/, 'WeChat has lately pushed to another system: it would hear nothing more. Relay keeps it.'],
  [/没有看到别的系统/, 'No sign of another system in the last days, but it cannot be excluded: ask the client.'],
  [/无法得知/, 'Whether another system receives messages could not be found out: ask the client before switching.'],
]
const inEnglish = (text: string): string => gists.find(([pattern]) => pattern.test(text))?.[1] ?? text

const abilityTitles: Record<Ability, string> = {
  'self-menu': '读菜单',
  'auto-reply': '读自动回复',
  drafts: '草稿',
  menu: '改菜单',
  publish: '发布（不通知粉丝）',
  'mass-send': '群发',
  comments: '留言',
  statistics: '统计',
}

/** Connects and says what is there, what would be lost by taking the callback address, and what to enter at WeChat. */
export async function connectFor({ app }: Services, actor: Actor, request: ConnectRequest): Promise<Outcome<ConnectResult>> {
  const connected = await connectAccount(app, actor, request)
  if (!connected.ok) return connected
  const { account, callback, found, wouldLose } = connected.value
  const calls = Object.entries(account.abilities.calls ?? {})
  const seen: ConnectResult['findings'] = [
    {
      level: 'ok',
      text:
        found.publishedBefore === 'unknown' ? '现有文章：没有读到' : `现有文章 ${found.publishedBefore.count} 篇，已记为原有内容`,
      textEn: 'Existing articles are recorded as known',
    },
    {
      level: 'ok',
      text: {
        'set-by-api': '菜单：由接口设置，已存为基线',
        'set-in-console': '菜单：在公众平台手工设置，已存为基线',
        none: '菜单：没有设置',
        unknown: '菜单：没有读到',
      }[found.menu],
      textEn: `Menu: ${found.menu}`,
    },
  ]
  return done({
    accountId: account.id,
    name: account.name,
    reception: account.reception,
    callbackUrl: callback.url,
    token: callback.token,
    aesKey: callback.aesKey,
    abilities: calls.map(([key, able]) => ({ key, title: abilityTitles[key as Ability] ?? key, able: able === 'yes' })),
    findings: [
      ...seen,
      ...wouldLose.map((text) => ({
        level: text.includes('无法得知') ? ('unknown' as const) : ('lost' as const),
        text,
        textEn: inEnglish(text),
      })),
    ],
  })
}

export async function releaseFor({ app }: Services, actor: Actor, id: string): Promise<Outcome<unknown>> {
  return releaseCallback(app, actor, id)
}

/** Every account with what is wrong, urgent first, oldest first; never a single score. */
export async function accountRows({ app }: Services, actor: Actor): Promise<AccountRow[]> {
  return asActor(app.database, actor, async (tx) => {
    const accounts = await tx.selectFrom('dx.accounts').selectAll().where('disconnected_at', 'is', null).orderBy('name').execute()
    const clients = new Map((await tx.selectFrom('dx.clients').select(['id', 'name']).execute()).map((c) => [c.id, c.name]))
    const people = new Map((await tx.selectFrom('dx.people').select(['id', 'name']).execute()).map((p) => [p.id, p.name]))
    const probes = await tx.selectFrom('dx.probes').selectAll().execute()
    const open = await tx
      .selectFrom('dx.incidents')
      .select(['id', 'account_id', 'opened_at', 'title', 'snapshot'])
      .where('state', 'in', ['open', 'acknowledged', 'contained'])
      .where('mode', '=', 'real')
      .execute()
    const held = await tx
      .selectFrom('dx.publications')
      .select(['account_id', (e) => e.fn.countAll<string>().as('n')])
      .where('state', '=', 'held')
      .groupBy('account_id')
      .execute()
    const names = new Map(accounts.map((a) => [a.id, a.name]))
    return accounts.map((a): AccountRow => {
      const own = probes.filter((p) => p.account_id === a.id)
      const incident = open.find((i) => i.account_id === a.id)
      const custodians = (a.custodians as { name: string }[]).map((c) => c.name)
      const problems: AccountRow['problems'] = []
      if (incident)
        problems.push({
          text: `正在处理：${incident.title}`,
          textEn: 'Incident open',
          since: incident.opened_at,
          level: 'urgent',
        })
      if (!a.authorised)
        problems.push({ text: '授权已被取消', textEn: 'Authorisation withdrawn', since: a.connected_at, level: 'urgent' })
      for (const p of own)
        if (p.last_problem)
          problems.push({
            text: `检查没有成功：${p.last_problem}`,
            textEn: `Check failed: ${p.kind}`,
            since: p.last_ok_at ?? p.due_at,
            level: 'todo',
          })
      if (custodians.length < 2)
        problems.push({
          text: `保管人只有 ${custodians.length} 位，至少要两位`,
          textEn: 'Fewer than two custodians',
          since: a.connected_at,
          level: 'todo',
        })
      if (!a.person_b) problems.push({ text: '没有 B 角', textEn: 'No second editor', since: a.connected_at, level: 'todo' })
      const state = incident?.snapshot as { menu?: 'drifted'; autoReply?: 'drifted' } | undefined
      const lastOk = own
        .map((p) => p.last_ok_at)
        .filter((at): at is Instant => at !== null)
        .sort()
        .at(-1)
      const seen = (kind: string) => own.some((p) => p.kind === kind && p.last_ok_at)
      return {
        id: a.id,
        name: a.name,
        clientName: clients.get(a.client_id) ?? '',
        appid: a.appid,
        kind: a.kind as AccountRow['kind'],
        verified: a.verified,
        mode: a.mode as AccountRow['mode'],
        reception: a.reception as AccountRow['reception'],
        problems,
        ...(lastOk ? { lastCheckedAt: lastOk } : {}),
        ...(a.person_a ? { personA: people.get(a.person_a) ?? '' } : {}),
        ...(a.person_b ? { personB: people.get(a.person_b) ?? '' } : {}),
        custodians,
        ...(a.spare_account_id ? { spareAccountName: names.get(a.spare_account_id) ?? '' } : {}),
        ...(a.removal_agreement ? { removalAgreedBy: (a.removal_agreement as { by: string }).by } : {}),
        ...(incident ? { openIncidentId: incident.id } : {}),
        menu: state?.menu === 'drifted' ? 'drifted' : seen('menu') ? 'as-approved' : 'unknown',
        autoReply: state?.autoReply === 'drifted' ? 'drifted' : seen('auto-reply') ? 'as-approved' : 'unknown',
        heldPublications: Number(held.find((h) => h.account_id === a.id)?.n ?? 0),
        keeping: {
          custodians: a.custodians as NonNullable<AccountRow['keeping']>['custodians'],
          outsiders: a.outsiders as NonNullable<AccountRow['keeping']>['outsiders'],
        },
      }
    })
  })
}
