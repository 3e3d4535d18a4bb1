import type { App } from '../platform/app.ts'
import type { DeadlineHandlers } from '../platform/deadlines.ts'
import { addEffect } from '../platform/outbox.ts'
import { after, minutes } from '../platform/time.ts'
import { liveHolds } from './holds.ts'

/** A publication falls due: once handed to the dispatcher it is `submitting`, with one attempt key for its whole life. */
export const publishingDeadlines = (app: App): DeadlineHandlers => ({
  'publication-due': {
    // Found late after an outage: whether it is still wanted is a person's decision.
    misfire: {
      grace: minutes(3),
      ask: async ({ tx, subjectId, now }) => {
        await tx
          .updateTable('dx.publications')
          .set({ state: 'held', held_from: 'scheduled', state_since: now, note: '系统恢复时已过点，请决定是否补发' })
          .where('id', '=', subjectId)
          .where('state', '=', 'scheduled')
          .execute()
      },
    },
    run: async ({ tx, subjectId, now }) => {
      const publication = await tx
        .selectFrom('dx.publications')
        .selectAll()
        .where('id', '=', subjectId)
        .forUpdate()
        .executeTakeFirst()
      if (publication?.state !== 'scheduled' || !publication.goes_out_at || publication.goes_out_at > now) return
      if ((await liveHolds(tx, publication.account_id)).length > 0) {
        await tx
          .updateTable('dx.publications')
          .set({ state: 'held', held_from: 'scheduled', state_since: now })
          .where('id', '=', subjectId)
          .execute()
        return
      }
      await tx.updateTable('dx.publications').set({ state: 'submitting', state_since: now }).where('id', '=', subjectId).execute()
      await addEffect(tx, {
        id: app.newId(),
        kind: 'publish',
        key: `publish:${subjectId}`,
        mode: 'real',
        accountId: publication.account_id,
        lane: 1,
        payload: { publicationId: subjectId },
        usefulUntil: after(publication.goes_out_at, minutes(15)),
        maxTries: 6,
      })
    },
  },
  'publication-follow': {
    misfire: 'coalesce',
    run: async ({ tx, subjectId }) => {
      const publication = await tx
        .selectFrom('dx.publications')
        .select(['account_id', 'state', 'publish_id'])
        .where('id', '=', subjectId)
        .executeTakeFirst()
      if (publication?.state !== 'confirming') return
      const asked = await tx
        .selectFrom('dx.effects')
        .select('id')
        .where('kind', '=', 'follow-publication')
        .where('key', 'like', `follow:${subjectId}:%`)
        .execute()
      await addEffect(tx, {
        id: app.newId(),
        kind: 'follow-publication',
        key: `follow:${subjectId}:${asked.length}`,
        mode: 'real',
        accountId: publication.account_id,
        lane: 2,
        payload: { publicationId: subjectId, round: asked.length },
        maxTries: 1,
      })
    },
  },
})
