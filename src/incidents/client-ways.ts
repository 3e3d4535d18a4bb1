import type { ChannelKind } from '../comms/index.ts'
import type { App } from '../platform/app.ts'
import type { Tx } from '../platform/database.ts'
import { thisAgency } from '../platform/jsonb.ts'
import { addEffect } from '../platform/outbox.ts'
import { after, type Instant } from '../platform/time.ts'
import type { MessageStatus } from './snapshot.ts'
import type { Incident } from './store.ts'
import type { Fact } from './timeline.ts'

/** In the client's order. Programs may not write to a client's chat, so `account-manager` is a task with a clock. */
export type ClientWay = { way: 'account-manager' | 'wecom' | 'sms' | 'voice' | 'email'; to?: string }
export type TellPayload = {
  incidentId: string
  messageId: string
  position: number
  way: string
  channelKind: ChannelKind
  to: string
}

/** Channel kinds that carry a way, in order of preference; a second supplier is a way of its own when the first fails. */
const kindsFor: Record<Exclude<ClientWay['way'], 'account-manager'>, ChannelKind[]> = {
  wecom: ['wecom-customers'],
  sms: ['sms-aliyun', 'sms-tencent'],
  voice: ['voice-aliyun', 'voice-tencent'],
  email: ['email'],
}

/**
 * Lays out the ways of one message and starts the first. An automatic send takes only ways that need no hand. Each way is
 * used once: the effect's key is the message and the position, so neither a crash nor a second press repeats it.
 */
export async function startWays(app: App, tx: Tx, now: Instant, incident: Incident, m: MessageStatus): Promise<Fact[]> {
  const client = await tx.selectFrom('dx.clients').selectAll().where('id', '=', incident.state.clientId).executeTakeFirstOrThrow()
  const configured = new Set(
    (await tx.selectFrom('dx.channel_settings').select('kind').where('enabled', '=', true).execute()).map((r) => r.kind),
  )
  const wished = (client.ways as ClientWay[]).filter((w) => !(m.automatic && w.way === 'account-manager'))
  const rows = wished.flatMap((w) => {
    if (w.way === 'account-manager') return [{ way: w.way, channel: 'hand', to: client.contact_name }]
    const to = w.to ?? (w.way === 'email' ? client.email : client.phone)
    return to
      ? kindsFor[w.way].filter((kind) => configured.has(kind)).map((kind) => ({ way: w.way, channel: kind as string, to }))
      : []
  })
  if (rows.length === 0)
    return [{ kind: 'message-failed', messageId: m.id, message: m.kind, reason: '客户没有可用的联系方式，请立即打电话' }]
  // A person may send again after all ways failed: that is a new round, with keys of its own.
  const { count } = await tx
    .selectFrom('dx.message_ways')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('message_id', '=', m.id)
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('dx.message_ways')
    .values(
      rows.map((row, index) => ({
        agency_id: thisAgency,
        message_id: m.id,
        position: Number(count) + index,
        way: `${row.way}|${row.channel}`,
        sent_to: row.to,
        state: 'waiting',
      })),
    )
    .onConflict((c) => c.doNothing())
    .execute()
  return startNext(app, tx, now, incident, m)
}

/** Takes the next way that was not tried yet; says so when there is none left. */
export async function startNext(app: App, tx: Tx, now: Instant, incident: Incident, m: MessageStatus): Promise<Fact[]> {
  const next = await tx
    .selectFrom('dx.message_ways')
    .selectAll()
    .where('message_id', '=', m.id)
    .where('state', '=', 'waiting')
    .orderBy('position')
    .executeTakeFirst()
  if (!next)
    return [
      { kind: 'message-failed', messageId: m.id, message: m.kind, reason: '所有方式都没有成功或结果不明，请立即打电话给客户' },
    ]
  const [way, channel] = next.way.split('|') as [ClientWay['way'], string]
  const dueAt = after(now, incident.state.policy.byHand)
  const set = { state: way === 'account-manager' ? 'asked' : 'sending', due_at: way === 'account-manager' ? dueAt : null }
  await tx.updateTable('dx.message_ways').set(set).where('message_id', '=', m.id).where('position', '=', next.position).execute()
  if (way === 'account-manager') {
    const manager = await tx
      .selectFrom('dx.clients as c')
      .innerJoin('dx.people as p', 'p.id', 'c.account_manager_id')
      .select('p.name')
      .where('c.id', '=', incident.state.clientId)
      .executeTakeFirst()
    return [{ kind: 'message-asked-by-hand', messageId: m.id, message: m.kind, person: manager?.name ?? '客户经理', dueAt }]
  }
  const payload: TellPayload = {
    incidentId: incident.id,
    messageId: m.id,
    position: next.position,
    way,
    channelKind: channel as ChannelKind,
    to: next.sent_to,
  }
  await addEffect(tx, {
    id: app.newId(),
    kind: 'tell',
    key: `tell:${m.id}:${next.position}`,
    mode: incident.state.mode,
    lane: incident.laneOfSeverity,
    incidentId: incident.id,
    accountId: incident.state.accountId,
    payload: { ...payload },
    maxTries: 3,
  })
  return []
}
