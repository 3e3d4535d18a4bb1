import { createHash } from 'node:crypto'
import type { App } from '../platform/app.ts'
import type { Tx } from '../platform/database.ts'
import { arm } from '../platform/deadlines.ts'
import { thisAgency } from '../platform/jsonb.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import type { Instant } from '../platform/time.ts'
import { liveHolds } from './holds.ts'

export type NewPublication = { accountId: string; title: string; content: string; goesOutAt: Instant }

/** Puts an approved text on the schedule of an account. A held account keeps it held, visibly, instead of refusing. */
export async function schedulePublication(
  tx: Tx,
  app: App,
  publication: NewPublication,
  now: Instant,
): Promise<Outcome<{ id: string; state: string }>> {
  if (publication.goesOutAt <= now) return refused('时间已经过去，没有排上。请选一个之后的时间。')
  const holds = await liveHolds(tx, publication.accountId)
  const state = holds.length > 0 ? 'held' : 'scheduled'
  const id = app.newId()
  await tx
    .insertInto('dx.publications')
    .values({
      agency_id: thisAgency,
      id,
      account_id: publication.accountId,
      title: publication.title,
      content: publication.content,
      content_hash: createHash('sha256').update(publication.title).update('\0').update(publication.content).digest('hex'),
      state,
      held_from: state === 'held' ? 'scheduled' : null,
      goes_out_at: publication.goesOutAt,
      state_since: now,
    })
    .execute()
  if (state === 'scheduled') await arm(tx, 'publication-due', id, publication.goesOutAt, 1)
  return done({ id, state })
}
