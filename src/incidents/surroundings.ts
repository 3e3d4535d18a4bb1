import { sql } from 'kysely'
import type { App } from '../platform/app.ts'
import type { Tx } from '../platform/database.ts'
import { BEIJING, type Instant, parseDuration } from '../platform/time.ts'
import type { OwnRecord } from './client-words.ts'
import type { Surroundings } from './follow-ups.ts'
import { firstWordDue } from './policy.ts'
import type { Snapshot } from './snapshot.ts'

/** What the rules need to know besides the incident itself: the client's way of address and quiet hours, our own record. */
export async function loadSurroundings(tx: Tx, app: Pick<App, 'newId'>, state: Snapshot, now: Instant): Promise<Surroundings> {
  const client = await tx
    .selectFrom('dx.clients')
    .select(['salutation', 'quiet_from_minute', 'quiet_until_minute'])
    .where('id', '=', state.clientId)
    .executeTakeFirstOrThrow()
  const zone = (await tx.selectFrom('dx.agencies').select('zone').executeTakeFirst())?.zone ?? BEIJING
  const quiet =
    client.quiet_from_minute !== null && client.quiet_until_minute !== null
      ? { fromMinute: client.quiet_from_minute, untilMinute: client.quiet_until_minute }
      : undefined
  const within = parseDuration(state.plan.clocks.find((c) => c.key === 'first-word')?.within ?? '15m')
  const minuteOfDay = (at: Instant) => {
    const [hour, minute] = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .format(Date.parse(at))
      .split(':')
    return Number(hour) * 60 + Number(minute)
  }
  return {
    now,
    salutation: client.salutation,
    firstWord: firstWordDue(state.severity, state.detectedAt, within, quiet, minuteOfDay),
    record: await ownRecord(tx, state.plan.slug),
    newId: app.newId,
  }
}

/** Closed real incidents of the same situation, by the plan that was chosen: how many, how many ended restored, how long it took. */
async function ownRecord(tx: Tx, slug: string): Promise<{ A: OwnRecord; B: OwnRecord }> {
  const { rows } = await sql<{ plan: 'A' | 'B'; cases: number; worked: number; minutes: number | null }>`
    select snapshot -> 'choice' ->> 'plan' as plan, count(*)::int as cases, count(restored_at)::int as worked,
      round(percentile_cont(0.5) within group (order by extract(epoch from restored_at - detected_at) / 60) filter (where restored_at is not null))::int as minutes
    from dx.incidents where mode = 'real' and closed_at is not null and certainty = 'confirmed' and plan ->> 'slug' = ${slug}
      and snapshot -> 'choice' is not null group by 1`.execute(tx)
  const of = (plan: 'A' | 'B'): OwnRecord => {
    const row = rows.find((r) => r.plan === plan)
    return { cases: row?.cases ?? 0, worked: row?.worked ?? 0, ...(row?.minutes != null ? { medianMinutes: row.minutes } : {}) }
  }
  return { A: of('A'), B: of('B') }
}
