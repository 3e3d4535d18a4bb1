import type { App } from '../platform/app.ts'
import { type Database, type Tx, withAgency } from '../platform/database.ts'
import { thisAgency } from '../platform/jsonb.ts'
import type { AttemptResult } from '../platform/outbox.ts'
import { after, before, days, elapsed, epoch, type Instant } from '../platform/time.ts'
import { type Channel, type ChannelKind, maySend, type Notice, openChannel, type PastSend } from './channels/index.ts'

export type Delivery = { kind: ChannelKind; to: string; notice: Notice; key: string; effectId?: string; urgent: boolean }

/** The words a limit on sameness compares: the template and its values, or the text. */
const contentOf = (notice: Notice) =>
  (notice.template ? `${notice.template.name}:${JSON.stringify(notice.template.values)}` : notice.text).slice(0, 500)

/** May this leave now? A provider asked too often goes deaf, so the ladder asks here first and takes the next way instead. */
export async function budgetFor(tx: Tx, delivery: Pick<Delivery, 'kind' | 'to' | 'notice' | 'urgent'>, now: Instant) {
  const rows = await tx
    .selectFrom('dx.sends')
    .select(['sent_to', 'at', 'content', 'held_until'])
    .where('kind', '=', delivery.kind)
    .where('at', '>', before(now, days(1)))
    .execute()
  const past = rows.map(
    (row): PastSend => ({
      kind: delivery.kind,
      supplier: delivery.kind,
      to: row.sent_to,
      at: row.at,
      ...(row.content ? { content: row.content } : {}),
      ...(row.held_until ? { heldUntil: row.held_until } : {}),
    }),
  )
  return maySend(
    {
      kind: delivery.kind,
      supplier: delivery.kind,
      to: delivery.to,
      content: contentOf(delivery.notice),
      urgent: delivery.urgent,
    },
    past,
    now,
  )
}

/** The agency's configured channels, opened once and kept: providers limit how often an access token may be fetched. */
export type Channels = { open(agencyId: string, kind: ChannelKind): Promise<Channel | undefined>; forget(agencyId: string): void }

export function makeChannels(app: App): Channels {
  const kept = new Map<string, Promise<Channel | undefined>>()
  const load = async (agencyId: string, kind: ChannelKind) => {
    const found = await withAgency(app.database, agencyId, async (tx, now) => ({
      row: await tx
        .selectFrom('dx.channel_settings')
        .select(['settings_sealed', 'enabled'])
        .where('kind', '=', kind)
        .executeTakeFirst(),
      now,
    }))
    if (!found.row?.enabled) return undefined
    return openChannel(kind, JSON.parse(app.secrets.open(found.row.settings_sealed)), {
      fetch: app.fetch,
      // Signatures of providers are checked against real time, whatever clock a test gives the database.
      now: () => performance.timeOrigin + performance.now(),
      nonce: () => app.randomText(12),
    })
  }
  return {
    open(agencyId, kind) {
      const name = `${agencyId} ${kind}`
      const known = kept.get(name) ?? load(agencyId, kind)
      kept.set(name, known)
      known.then(
        (channel) => channel ?? kept.delete(name),
        () => kept.delete(name),
      )
      return known
    },
    forget(agencyId) {
      for (const name of kept.keys()) if (name.startsWith(`${agencyId} `)) kept.delete(name)
    },
  }
}

/** Sends once through one channel. The sending is counted before the call: providers count failures too. */
export async function deliver(app: App, channels: Channels, agencyId: string, delivery: Delivery): Promise<AttemptResult> {
  const channel = await channels.open(agencyId, delivery.kind)
  if (!channel) return { result: 'refused', retry: 'never', reason: `${delivery.kind} 还没有配置或已停用` }
  const id = await withAgency(app.database, agencyId, async (tx, now) => {
    const budget = await budgetFor(tx, delivery, now)
    if (!budget.may) return { wait: elapsed(now, budget.at), why: budget.why }
    const row = await tx
      .insertInto('dx.sends')
      .values({
        agency_id: thisAgency,
        kind: delivery.kind,
        sent_to: delivery.to,
        content: contentOf(delivery.notice),
        effect_id: delivery.effectId ?? null,
        at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return row.id
  })
  if (typeof id === 'object')
    return { result: 'refused', retry: 'never', reason: `${id.why}，${Math.ceil(id.wait / 1000)} 秒后才能再用，改走下一种方式` }
  const sent = await channel.send(delivery.to, delivery.notice, delivery.key)
  await noteAnswer(app.database, agencyId, id, sent)
  if (sent.result === 'done') return { result: 'done', receipt: sent.receipt }
  if (sent.result === 'refused' && sent.retry === 'later')
    return { result: 'refused', retry: 'later', afterMs: sent.afterMs, reason: sent.reason }
  if (sent.result === 'refused') return { result: 'refused', retry: 'never', reason: sent.reason }
  return sent
}

type Sent = Awaited<ReturnType<Channel['send']>>

async function noteAnswer(database: Database, agencyId: string, id: number, sent: Sent) {
  await withAgency(database, agencyId, (tx, now) => {
    const held =
      sent.result === 'refused' && sent.retry === 'later' && epoch(after(now, sent.afterMs)) - epoch(now) > 5000
        ? after(now, sent.afterMs)
        : null
    const done = sent.result === 'done' ? { send_id: sent.sendId ?? null, update_token: sent.update ?? null } : {}
    return tx
      .updateTable('dx.sends')
      .set({ ...done, held_until: held })
      .where('id', '=', id)
      .execute()
  })
}

/** Stores a channel's settings sealed; the caller checked that they fit. */
export async function configureChannel(tx: Tx, app: App, kind: ChannelKind, settings: object): Promise<void> {
  const sealed = app.secrets.seal(JSON.stringify(settings))
  await tx
    .insertInto('dx.channel_settings')
    .values({ agency_id: thisAgency, kind, settings_sealed: sealed })
    .onConflict((c) => c.columns(['agency_id', 'kind']).doUpdateSet({ settings_sealed: sealed, enabled: true }))
    .execute()
}
