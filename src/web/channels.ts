import type { Services } from '../app.ts'
import { checkSettings, settingsSchemas } from '../comms/channels/index.ts'
import { type ChannelKind, configureChannel, deliver } from '../comms/index.ts'
import type { ChannelRow } from '../contract.ts'
import type { Actor } from '../platform/access.ts'
import { withAgency } from '../platform/database.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import type { Instant } from '../platform/time.ts'

export async function channelRows({ app }: Services, actor: Actor): Promise<ChannelRow[]> {
  return withAgency(app.database, actor.agencyId, async (tx) => {
    const rows = await tx
      .selectFrom('dx.channel_settings')
      .select(['kind', 'enabled'])
      .where('kind', '!=', 'hooks')
      .orderBy('kind')
      .execute()
    const sent = await tx
      .selectFrom('dx.sends')
      .select(['kind', (e) => e.fn.max('at').as('at')])
      .where('send_id', 'is not', null)
      .groupBy('kind')
      .execute()
    return rows.map((row) => {
      const lastSentAt = sent.find((s) => s.kind === row.kind)?.at as Instant | undefined
      return { kind: row.kind, enabled: row.enabled, ...(lastSentAt ? { lastSentAt } : {}) }
    })
  })
}

/** Keeps a channel's settings sealed, after checking that they fit; the answer never repeats a secret. */
export async function setChannel(
  services: Services,
  actor: Actor,
  input: { kind: string; settings: object; enabled: boolean },
): Promise<Outcome<{ configured: true }>> {
  if (!(input.kind in settingsSchemas)) return refused(`没有“${input.kind}”这种渠道，没有保存。`)
  const kind = input.kind as ChannelKind
  try {
    checkSettings(kind, input.settings)
  } catch (error) {
    return refused(`没有保存：${(error as Error).message}`)
  }
  await withAgency(services.app.database, actor.agencyId, async (tx) => {
    await configureChannel(tx, services.app, kind, input.settings)
    if (!input.enabled) await tx.updateTable('dx.channel_settings').set({ enabled: false }).where('kind', '=', kind).execute()
    await tx
      .insertInto('dx.audit')
      .values({
        agency_id: actor.agencyId,
        who: actor.name,
        what: 'channel-configured',
        detail: JSON.stringify({ kind, enabled: input.enabled }),
      })
      .execute()
  })
  services.channels.forget(actor.agencyId)
  return done({ configured: true })
}

const words: Record<string, string> = { done: '对方已收下', refused: '对方拒绝', unknown: '没有等到回答，结果不明' }

/** One real message through one channel, and what the provider really answered. */
export async function testChannel(
  services: Services,
  actor: Actor,
  { kind, to }: { kind: string; to: string },
): Promise<{ result: string; detail: string }> {
  const { app } = services
  const notice = {
    title: '定心丸测试消息',
    lines: ['收到这条说明渠道可用，不用处理。'],
    action: { label: '打开定心丸', url: `${app.publicUrl()}/m` },
    template: { name: 'tell-by-hand', values: { client: '测试', by: '现在', code: '0' } },
    text: '定心丸测试消息：收到这条说明渠道可用，不用处理。',
  }
  const result = await deliver(app, services.channels, actor.agencyId, {
    kind: kind as ChannelKind,
    to,
    notice,
    key: `test:${app.randomText(9)}`,
    urgent: false,
  })
  return { result: words[result.result] ?? result.result, detail: result.result === 'done' ? result.receipt : result.reason }
}
