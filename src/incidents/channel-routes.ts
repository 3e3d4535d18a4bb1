import type { Services } from '../app.ts'
import { type PushProvider, type PushSecrets, type Receipt, readPush, referenceOf } from '../comms/channels/index.ts'
import type { Actor } from '../platform/access.ts'
import { asDispatch, withAgency } from '../platform/database.ts'
import type { Ctx, Doors } from '../platform/doors.ts'
import { before, days, instant } from '../platform/time.ts'
import type { TellPayload } from './client-ways.ts'
import { act } from './commands.ts'
import { notDelivered } from './tell-effects.ts'

const providers = new Set(['wecom', 'dingtalk', 'feishu', 'aliyun', 'tencent'])

/**
 * Where providers report receipts, replies, keys and pressed cards. The path carries an unguessable word per agency, because
 * most providers sign nothing; a receipt alone never acknowledges an incident (docs/wechat channels, section 9).
 */
export function channelRoutes(doors: Doors, services: Services): void {
  const { app } = services
  const handle = async (c: Ctx) => {
    const [word, provider] = [c.req.param('word')!, c.req.param('provider')!]
    const agencyId = await agencyOf(services, word)
    if (!agencyId || !providers.has(provider)) return c.text('没有这个地址', 404)
    const rawBody = await c.req.text()
    if (rawBody.length > 256 * 1024) return c.text('内容过大，没有处理', 409)
    const secrets = await secretsOf(services, agencyId)
    const push = {
      method: c.req.method as 'GET' | 'POST',
      query: new URL(c.req.url).searchParams,
      headers: c.req.raw.headers,
      rawBody,
    }
    const read = readPush(provider as PushProvider, push, secrets, instant(performance.timeOrigin + performance.now()))
    if (read.refused) app.log.warn({ provider, why: read.refused }, 'a provider push was refused')
    for (const receipt of read.receipts) await follow(services, agencyId, receipt)
    return c.body(read.reply.body, read.reply.status as 200, { 'content-type': read.reply.contentType })
  }
  doors.add('GET', '/hooks/:word/:provider', { who: 'anyone' }, 'provider checks the address', handle)
  doors.hono.post('/hooks/:word/:provider', (c) => handle(c as Ctx))
}

/** The word is derived from the key and the agency; nothing to store, nothing to guess. */
export const hookWord = (services: Pick<Services, 'app'>, agencyId: string): string =>
  services.app.secrets.digest(`hook:${agencyId}`).slice(0, 24)

async function agencyOf(services: Services, word: string): Promise<string | undefined> {
  const agencies = await asDispatch(services.app.database, (tx) =>
    tx.selectFrom('dx.people').select('agency_id').distinct().execute(),
  )
  return agencies.map((row) => row.agency_id).find((id) => hookWord(services, id) === word)
}

/** What the providers' pushes are checked with; kept sealed beside the channels, never used for sending. */
async function secretsOf({ app }: Services, agencyId: string): Promise<PushSecrets> {
  const row = await withAgency(app.database, agencyId, (tx) =>
    tx.selectFrom('dx.channel_settings').select('settings_sealed').where('kind', '=', 'hooks').executeTakeFirst(),
  )
  return row ? (JSON.parse(app.secrets.open(row.settings_sealed)) as PushSecrets) : {}
}

/**
 * A press on a card, a key on the telephone, a reply by SMS. The sending it answers tells which incident; without one the
 * person's latest page does. Whoever answered takes over or passes on, once per event.
 */
async function follow(services: Services, agencyId: string, receipt: Receipt): Promise<void> {
  const { app } = services
  if (receipt.kind === 'delivered' || receipt.kind === 'failed') return followReceipt(services, agencyId, receipt)
  if (receipt.kind !== 'acknowledge' && receipt.kind !== 'hand-over') return
  const found = await withAgency(app.database, agencyId, async (tx) => {
    const people = await tx.selectFrom('dx.people').selectAll().where('left_at', 'is', null).execute()
    const phone = receipt.phone?.replace(/^\+?86/, '')
    const person = people.find(
      (p) =>
        (phone && p.phone === phone) ||
        (p.channels as { to: string }[]).some((channel) => channel.to.toLowerCase() === receipt.userId?.toLowerCase()),
    )
    if (!person) return undefined
    const page = await tx
      .selectFrom('dx.pages')
      .select('incident_id')
      .where('person_id', '=', person.id)
      .orderBy('sent_at', (o) => o.desc().nullsLast())
      .executeTakeFirst()
    return page ? { person, incidentId: page.incident_id } : undefined
  })
  if (!found) return
  const { person, incidentId } = found
  const actor: Actor = {
    agencyId,
    personId: person.id,
    name: person.name,
    role: person.role as Actor['role'],
    via: 'link',
    incidentId,
  }
  await act(app, actor, {
    incidentId,
    press: `${receipt.provider}:${receipt.eventId}`,
    act: { do: receipt.kind === 'acknowledge' ? 'acknowledge' : 'decline' },
  })
}

/** What became of a client's message that a provider had accepted. The receipt may overtake the answer to the sending. */
async function followReceipt({ app }: Services, agencyId: string, receipt: Receipt): Promise<void> {
  await withAgency(app.database, agencyId, async (tx, now) => {
    const effects = await tx
      .selectFrom('dx.effects as e')
      .innerJoin('dx.sends as s', 's.effect_id', 'e.id')
      .select(['e.key', 'e.payload', 's.send_id'])
      .where('e.kind', '=', 'tell')
      .where('s.at', '>', before(now, days(2)))
      .execute()
    const effect = effects.find(
      (e) => (receipt.sendId && e.send_id === receipt.sendId) || (receipt.taskId && referenceOf(e.key) === receipt.taskId),
    )
    if (!effect) return
    const payload = effect.payload as TellPayload
    if (receipt.kind === 'failed') return notDelivered(app, tx, now, payload, receipt.detail ?? '运营商回执：没有送达')
    await tx
      .updateTable('dx.message_ways')
      .set({ state: 'delivered', settled_at: now })
      .where('message_id', '=', payload.messageId)
      .where('position', '=', payload.position)
      .where('state', '=', 'sent')
      .execute()
  })
}
