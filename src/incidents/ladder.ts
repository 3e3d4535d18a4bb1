import { ladder, type PlannedPage, type Whom } from '../people/escalation.ts'
import { nightOf } from '../people/escalation-settings.ts'
import { quietFor } from '../people/quiet-hours.ts'
import type { App } from '../platform/app.ts'
import type { Tx } from '../platform/database.ts'
import { arm } from '../platform/deadlines.ts'
import { thisAgency } from '../platform/jsonb.ts'
import { addEffect } from '../platform/outbox.ts'
import { after, type Instant, minutes, seconds } from '../platform/time.ts'
import { channelKindsOf, escalationRoster } from './ladder-roster.ts'
import type { Incident } from './store.ts'

export type PagePayload = {
  incidentId: string
  round: number
  hop: number
  personId: string
  way: string
  channelKind: string
  to: string
  purpose: 'take-over' | 'help' | 'tell-by-hand'
  fallback?: { channelKind: string; to: string }
}

/**
 * Plans the whole climb at once and writes every hop down with its moment: whatever happens to the process, the next hop is
 * a row that falls due. Hops after an acknowledgement find it and do nothing.
 */
export async function startLadder(tx: Tx, now: Instant, incident: Incident, round: number): Promise<void> {
  const { state } = incident
  const roster = await escalationRoster(tx, state, now)
  const configured = await channelKindsOf(tx)
  const quiet = quietFor(state.severity, await nightOf(tx))
  const climb = ladder({ ...state.policy.escalation, repeat: { ...state.policy.escalation.repeat, times: 0 } }, roster, now, {
    configured,
    drill: state.mode === 'drill',
    ...(quiet ? { quiet } : {}),
  })
  for (const page of climb.pages) await plan(tx, incident, { ...page, round })
  // Nobody to reach is said at once, and tried again at the agency's pace: an alarm every second is a timeline nobody can read.
  const end =
    climb.pages.length > 0
      ? after(climb.pages.at(-1)!.dueAt, minutes(1))
      : after(now, round === 0 ? seconds(1) : state.policy.escalation.repeat.every)
  await arm(tx, 'ladder-end', `${incident.id}:${round}`, end, incident.laneOfSeverity)
}

async function plan(tx: Tx, incident: Incident, page: PlannedPage) {
  const row = { incident_id: incident.id, hop: page.hop, round: page.round, person_id: page.personId, channel: page.channelKind }
  await tx
    .insertInto('dx.pages')
    .values({
      agency_id: thisAgency,
      ...row,
      sent_to: page.to,
      due_at: page.dueAt,
      detail: page.fallback ? JSON.stringify(page.fallback) : null,
    })
    .onConflict((c) => c.doNothing())
    .execute()
  await arm(
    tx,
    'page',
    `${incident.id}:${page.round}:${page.hop}:${page.personId}:${page.channelKind}`,
    page.dueAt,
    incident.laneOfSeverity,
  )
}

/** Sends one page now. The key makes a second one for the same rung impossible; a fallback has a key of its own. */
export async function sendPage(
  app: App,
  tx: Tx,
  incident: Incident,
  payload: PagePayload,
  usefulUntil?: Instant,
): Promise<boolean> {
  return addEffect(tx, {
    id: app.newId(),
    kind: 'page',
    key: `page:${payload.incidentId}:${payload.purpose}:${payload.round}:${payload.hop}:${payload.personId}:${payload.channelKind}`,
    mode: incident.state.mode,
    lane: incident.laneOfSeverity,
    incidentId: incident.id,
    accountId: incident.state.accountId,
    payload: { ...payload },
    maxTries: 2,
    ...(usefulUntil ? { usefulUntil } : {}),
  })
}

/** Asks others in, beside the ladder: when someone declines, calls for help, or a message needs a hand. */
export async function callHelp(app: App, tx: Tx, now: Instant, incident: Incident, whom: readonly Whom[]): Promise<void> {
  const roster = await escalationRoster(tx, incident.state, now)
  const configured = await channelKindsOf(tx)
  const purpose = whom.includes('account-manager') ? 'tell-by-hand' : 'help'
  const hops = whom.map((who) => ({ after: 0, whom: who, ways: ['app' as const, 'sms' as const] }))
  const climb = ladder({ hops, repeat: { times: 0, every: minutes(5) }, acknowledgementLease: minutes(30) }, roster, now, {
    configured,
    drill: incident.state.mode === 'drill',
  })
  const round = incident.headSeq
  for (const page of climb.pages) {
    await sendPage(app, tx, incident, {
      ...page,
      round,
      incidentId: incident.id,
      purpose,
      ...(page.fallback ? { fallback: page.fallback } : {}),
    })
  }
}

/** Cards that people already have are rewritten once somebody has it, so that nobody presses a button that no longer means anything. */
export async function updateCards(app: App, tx: Tx, incident: Incident): Promise<void> {
  await addEffect(tx, {
    id: app.newId(),
    kind: 'cards',
    key: `cards:${incident.id}:${incident.headSeq}`,
    mode: incident.state.mode,
    lane: incident.laneOfSeverity + 1,
    incidentId: incident.id,
    payload: { incidentId: incident.id },
    maxTries: 2,
  })
}

/** Tells the one to whom an incident was handed over: who sleeps through it must not hold it unknowingly. */
export async function pagePerson(app: App, tx: Tx, now: Instant, incident: Incident, personId: string): Promise<void> {
  const roster = await escalationRoster(tx, incident.state, now)
  const person = roster.everyone.find((one) => one.id === personId)
  if (!person) return
  const hops = [{ after: 0, whom: 'first' as const, ways: ['app' as const, 'sms' as const] }]
  const policy = { hops, repeat: { times: 0, every: minutes(5) }, acknowledgementLease: minutes(30) }
  const climb = ladder(policy, { ...roster, first: person }, now, {
    configured: await channelKindsOf(tx),
    drill: incident.state.mode === 'drill',
  })
  for (const page of climb.pages)
    await sendPage(app, tx, incident, { ...page, round: incident.headSeq, incidentId: incident.id, purpose: 'help' })
}
