import { Cron } from 'croner'
import type { App } from './app.ts'
import { asDispatch, type Database, withAgency } from './database.ts'
import { arm, type DeadlineHandlers } from './deadlines.ts'
import { BEIJING, epoch, type Instant, instant } from './time.ts'

/** What an agency does by the clock of its own zone: a name, a cron pattern (minute hour day month weekday), the work. */
export type Scheduled = { pattern: string; run(app: App, agencyId: string): Promise<unknown> }
export type Schedule = Record<string, Scheduled>

/** The next moment of a pattern after `now`, on that zone's wall clock. */
export function nextMoment(pattern: string, zone: string, now: Instant): Instant {
  const next = new Cron(pattern, { timezone: zone }).nextRun(new Date(epoch(now)))
  if (!next) throw new RangeError(`the pattern “${pattern}” never comes`)
  return instant(next)
}

/**
 * A schedule is a deadline that sets itself again: one row per agency and name. Rounds missed while we were down are not made
 * up; the next one comes by the clock. The work itself runs outside the transaction that moves the row.
 */
export function cronDeadlines(app: App, schedule: Schedule): DeadlineHandlers {
  return {
    cron: {
      misfire: 'coalesce',
      async run({ tx, now, agencyId, subjectId }) {
        const scheduled = schedule[subjectId]
        if (!scheduled) return
        const zone = (await tx.selectFrom('dx.agencies').select('zone').executeTakeFirst())?.zone ?? BEIJING
        await arm(tx, 'cron', subjectId, nextMoment(scheduled.pattern, zone, now), 9)
        queueMicrotask(() => {
          scheduled
            .run(app, agencyId)
            .catch((error: unknown) =>
              app.log.error({ agencyId, subjectId, error: String(error) }, 'scheduled work failed; it comes again by the clock'),
            )
        })
      },
    },
  }
}

/** Sets what is not set yet, for every agency; called at the start, and harmless to repeat. */
export async function armSchedule(database: Database, schedule: Schedule): Promise<void> {
  const agencies = await asDispatch(database, (tx) => tx.selectFrom('dx.people').select('agency_id').distinct().execute())
  for (const { agency_id: agencyId } of agencies) {
    await withAgency(database, agencyId, async (tx, now) => {
      const zone = (await tx.selectFrom('dx.agencies').select('zone').executeTakeFirst())?.zone ?? BEIJING
      const known = new Set(
        (await tx.selectFrom('dx.deadlines').select('subject_id').where('kind', '=', 'cron').execute()).map(
          (row) => row.subject_id,
        ),
      )
      for (const [name, { pattern }] of Object.entries(schedule))
        if (!known.has(name)) await arm(tx, 'cron', name, nextMoment(pattern, zone, now), 9)
    })
  }
}
