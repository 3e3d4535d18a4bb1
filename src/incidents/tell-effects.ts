import { budgetFor, type Channels, deliver, handNotice, type Notice, pageNotice, tellNotice } from '../comms/index.ts'
import { wayOf } from '../people/ways.ts'
import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import type { Effect, EffectKind, EffectKinds, Settled } from '../platform/outbox.ts'
import { done } from '../platform/outcome.ts'
import type { Instant } from '../platform/time.ts'
import { nowFor } from '../playbooks/stepper.ts'
import { startNext, type TellPayload } from './client-ways.ts'
import { doneSentences } from './client-words.ts'
import { change, SYSTEM } from './commands.ts'
import { titleOf } from './decide-act.ts'
import { type PagePayload, sendPage } from './ladder.ts'
import { clientLink, personLink } from './links.ts'
import type { Snapshot } from './snapshot.ts'
import { lockIncident } from './store.ts'
import type { Fact } from './timeline.ts'

export const tellEffects = (app: App, channels: Channels): EffectKinds => ({
  page: page(app, channels),
  tell: tell(app, channels),
  code: code(app, channels),
  cards: cards(app, channels),
})

/** Wakes one person. A second page is cheap, silence is not: an unknown outcome is tried once more, then the second supplier. */
function page(app: App, channels: Channels): EffectKind {
  const read = (effect: Effect) => effect.payload as PagePayload
  return {
    reaches: 'staff',
    whenUnknown: 'again',
    lease: 11_000,
    asDrill: (payload) => payload,
    async carry(effect) {
      const payload = read(effect)
      const notice = await withAgency(app.database, effect.agencyId, (tx, now) => noticeFor(app, tx, now, payload))
      if (!notice) return { result: 'refused', retry: 'never', reason: '事件或人员已不存在' }
      return deliver(app, channels, effect.agencyId, {
        kind: payload.channelKind as never,
        to: payload.to,
        notice,
        key: effect.key,
        effectId: effect.id,
        urgent: true,
      })
    },
    async settled(tx, effect, result, now) {
      const payload = read(effect)
      const person = await tx.selectFrom('dx.people').select('name').where('id', '=', payload.personId).executeTakeFirst()
      await tx
        .updateTable('dx.pages')
        .set({ sent_at: now, result: result.result })
        .where('incident_id', '=', payload.incidentId)
        .where('round', '=', payload.round)
        .where('hop', '=', payload.hop)
        .where('person_id', '=', payload.personId)
        .where('channel', '=', payload.channelKind)
        .execute()
      const detail = result.result === 'done' ? {} : { detail: result.reason }
      const fact: Fact = {
        kind: 'page-result',
        round: payload.round,
        hop: payload.hop,
        personId: payload.personId,
        person: person?.name ?? '',
        way: payload.channelKind,
        result: result.result,
        ...detail,
      }
      const changed = await change(app, tx, now, payload.incidentId, () => done([{ by: SYSTEM, fact }]))
      if (result.result === 'done' || !payload.fallback || !changed.ok) return
      const { fallback, ...rest } = payload
      await sendPage(app, tx, changed.value.incident, { ...rest, ...fallback })
    },
  }
}

async function noticeFor(app: App, tx: Tx, now: Instant, payload: PagePayload): Promise<Notice | undefined> {
  const row = await tx.selectFrom('dx.incidents').select('snapshot').where('id', '=', payload.incidentId).executeTakeFirst()
  if (!row) return undefined
  const state = row.snapshot as unknown as Snapshot
  const agency = await tx.selectFrom('dx.agencies').select('name').executeTakeFirstOrThrow()
  // What stands in a group is read by the whole group: no key in it, whoever opens it signs in.
  const link =
    wayOf(payload.channelKind) === 'group'
      ? { token: '', url: `${app.publicUrl()}/m/i/${payload.incidentId}` }
      : await personLink(tx, app, payload.incidentId, payload.personId, now)
  const drill = state.mode === 'drill'
  const waiting = state.messages.find((m) => m.state === 'waiting-for-hand')
  if (payload.purpose === 'tell-by-hand' && waiting?.handDueAt) {
    return handNotice({
      title: state.title,
      client: state.clientName,
      text: waiting.text,
      by: waiting.handDueAt,
      url: link.url,
      code: link.token,
      drill,
    })
  }
  const step = nowFor(state.plan, state.steps)
  const tellBy = state.clocks.find((c) => c.key === 'first-word' && !c.metAt)?.dueAt
  return pageNotice({
    severity: state.severity,
    title: state.title,
    client: state.clientName,
    account: state.accountName,
    now: step ? titleOf(state, step.key) : '查看进展',
    ...(tellBy ? { tellBy } : {}),
    waitsFor: state.commander ? state.commander.name : '等待接手',
    url: link.url,
    code: link.token,
    agency: agency.name,
    drill,
  })
}

/** Tells the client over one way. An unknown outcome is the last word on this way: the next one is tried, never this again. */
function tell(app: App, channels: Channels): EffectKind {
  const read = (effect: Effect) => effect.payload as TellPayload
  const load = async (tx: Tx, effect: Effect, now: Instant) => {
    const payload = read(effect)
    const row = await tx
      .selectFrom('dx.incidents')
      .select(['snapshot', 'client_id'])
      .where('id', '=', payload.incidentId)
      .executeTakeFirstOrThrow()
    const state = row.snapshot as unknown as Snapshot
    const m = state.messages.find((x) => x.id === payload.messageId)
    const agency = await tx.selectFrom('dx.agencies').select('name').executeTakeFirstOrThrow()
    const link = await clientLink(tx, app, payload.incidentId, row.client_id, now)
    if (!m) throw new Error('a message that is not in its incident')
    // Without a recorded deed the short text says what goes on, never that something is done.
    const doing = doneSentences(state).sentences[0] ?? (state.certainty === 'confirmed' ? state.plan.words.doing : '正在查看')
    return {
      m,
      notice: tellNotice({
        agency: agency.name,
        account: state.accountName,
        kind: m.kind,
        verifying: state.certainty !== 'confirmed',
        text: m.text,
        time: state.detectedAt,
        doing,
        ...(m.nextUpdateAt ? { next: m.nextUpdateAt } : {}),
        url: link.url,
        code: link.token,
      }),
    }
  }
  return {
    reaches: 'client',
    whenUnknown: 'settle',
    lease: 12_000,
    async mayGo(tx, effect, now) {
      const { m, notice } = await load(tx, effect, now)
      if (m.state !== 'sending') return { go: false, retry: 'never', reason: '这条消息已经由别的方式送达或被撤回' }
      const payload = read(effect)
      const budget = await budgetFor(tx, { kind: payload.channelKind, to: payload.to, notice, urgent: true }, now)
      return budget.may ? { go: true } : { go: false, retry: 'never', reason: budget.why }
    },
    async carry(effect) {
      const payload = read(effect)
      const { notice } = await withAgency(app.database, effect.agencyId, (tx, now) => load(tx, effect, now))
      return deliver(app, channels, effect.agencyId, {
        kind: payload.channelKind,
        to: payload.to,
        notice,
        key: effect.key,
        effectId: effect.id,
        urgent: true,
      })
    },
    settled: (tx, effect, result, now) => wayEnded(app, tx, now, read(effect), result),
  }
}

/** What follows when a way came to its end: told, or the next way. A message told meanwhile by hand stays told. */
export async function wayEnded(
  app: App,
  tx: Tx,
  now: Instant,
  payload: Pick<TellPayload, 'incidentId' | 'messageId' | 'position' | 'way'>,
  answer: Settled,
): Promise<void> {
  const { incidentId, messageId, position, way } = payload
  const known = await tx
    .selectFrom('dx.message_ways')
    .select(['state', 'detail'])
    .where('message_id', '=', messageId)
    .where('position', '=', position)
    .forUpdate()
    .executeTakeFirst()
  const result: Settled =
    answer.result === 'done' && known?.state === 'refused'
      ? { result: 'refused', retry: 'never', reason: known.detail ?? '没有送达' }
      : answer
  const state = { done: 'sent', refused: 'refused', unknown: 'unknown', expired: 'skipped' }[result.result]
  await tx
    .updateTable('dx.message_ways')
    .set({ state, settled_at: now, detail: result.result === 'done' ? result.receipt : result.reason })
    .where('message_id', '=', messageId)
    .where('position', '=', position)
    .execute()
  const changed = await change(app, tx, now, incidentId, (incident) => {
    const m = incident.state.messages.find((x) => x.id === messageId)!
    const detail = result.result === 'done' ? {} : { detail: result.reason }
    const facts: Fact[] = [{ kind: 'message-way', messageId, message: m.kind, way, result: result.result, ...detail }]
    if (result.result === 'done' && m.state !== 'sent') facts.push({ kind: 'message-sent', messageId, message: m.kind, way })
    return done(facts.map((fact) => ({ by: SYSTEM, fact })))
  })
  if (!changed.ok || result.result === 'done') return
  const incident = await lockIncident(tx, incidentId)
  const m = incident?.state.messages.find((x) => x.id === messageId)
  if (!incident || !m || m.state === 'sent') return
  const facts = await startNext(app, tx, now, incident, m)
  if (facts.length > 0) await change(app, tx, now, incidentId, () => done(facts.map((fact) => ({ by: SYSTEM, fact }))))
}

/** A receipt says that what a provider had accepted never arrived: the next way is tried. */
export async function notDelivered(
  app: App,
  tx: Tx,
  now: Instant,
  payload: Pick<TellPayload, 'incidentId' | 'messageId' | 'position' | 'way'>,
  detail: string,
): Promise<void> {
  const { incidentId, messageId, position, way } = payload
  const row = await tx
    .selectFrom('dx.message_ways')
    .select('state')
    .where('message_id', '=', messageId)
    .where('position', '=', position)
    .forUpdate()
    .executeTakeFirst()
  if (row?.state !== 'sent' && row?.state !== 'sending') return
  await tx
    .updateTable('dx.message_ways')
    .set({ state: 'refused', settled_at: now, detail })
    .where('message_id', '=', messageId)
    .where('position', '=', position)
    .execute()
  // The receipt overtook the answer to our call: whoever records that answer finds the way refused and goes on from there.
  if (row.state === 'sending') return
  const elsewhere = await tx
    .selectFrom('dx.message_ways')
    .select('position')
    .where('message_id', '=', messageId)
    .where('state', 'in', ['sent', 'delivered'])
    .executeTakeFirst()
  await change(app, tx, now, incidentId, async (incident) => {
    const m = incident.state.messages.find((x) => x.id === messageId)!
    const fact: Fact = { kind: 'message-undelivered', messageId, message: m.kind, way, detail }
    const next = elsewhere || m.way !== way ? [] : await startNext(app, tx, now, incident, m)
    return done([fact, ...next].map((one) => ({ by: SYSTEM, fact: one })))
  })
}

/** The six digits that prove the client's phone. Short-lived; asked again rather than repeated. */
function code(app: App, channels: Channels): EffectKind {
  return {
    reaches: 'client',
    whenUnknown: 'settle',
    async carry(effect) {
      const { to, channelKind, sealed, minutesLeft } = effect.payload as {
        to: string
        channelKind: never
        sealed: string
        minutesLeft: number
      }
      const digits = app.secrets.open(Buffer.from(sealed, 'base64'))
      const notice: Notice = {
        title: '验证码',
        lines: [],
        template: { name: 'code', values: { code: digits, minutes: String(minutesLeft) } },
        text: `验证码 ${digits}，${minutesLeft} 分钟内有效。`,
      }
      return deliver(app, channels, effect.agencyId, {
        kind: channelKind,
        to,
        notice,
        key: effect.key,
        effectId: effect.id,
        urgent: true,
      })
    },
  }
}

/** Rewrites the cards of an incident that can still be rewritten. A card that cannot is no harm: its buttons only open a page. */
function cards(app: App, channels: Channels): EffectKind {
  return {
    reaches: 'staff',
    whenUnknown: 'settle',
    asDrill: (payload) => payload,
    async carry(effect) {
      const { incidentId } = effect.payload as { incidentId: string }
      const found = await withAgency(app.database, effect.agencyId, async (tx) => ({
        state: (await tx.selectFrom('dx.incidents').select('snapshot').where('id', '=', incidentId).executeTakeFirstOrThrow())
          .snapshot as unknown as Snapshot,
        sends: await tx
          .selectFrom('dx.sends as s')
          .innerJoin('dx.effects as e', 'e.id', 's.effect_id')
          .select(['s.id', 's.kind', 's.update_token'])
          .where('e.incident_id', '=', incidentId)
          .where('s.update_token', 'is not', null)
          .execute(),
      }))
      const { state, sends } = found
      const owner = state.commander?.name ?? ''
      const title = `${state.severity} ${state.title} · ${state.clientName}`
      const notice: Notice = { title, lines: [`${owner} 已接手`], text: `${title}：${owner} 已接手` }
      let updated = 0
      for (const send of sends) {
        const channel = await channels.open(effect.agencyId, send.kind as never)
        const result = await channel?.update?.(send.update_token!, notice)
        if (result?.result === 'done') updated++
        await withAgency(app.database, effect.agencyId, (tx) =>
          tx.updateTable('dx.sends').set({ update_token: null }).where('id', '=', send.id).execute(),
        )
      }
      return { result: 'done', receipt: `${updated} of ${sends.length} cards` }
    },
  }
}
