import type { Tx } from '../platform/database.ts'
import { arm, type DeadlineHandlers } from '../platform/deadlines.ts'
import { after, before, days, hours, type Instant } from '../platform/time.ts'
import { platformKinds } from './push-keeping.ts'

/** WeChat repeats a push within seconds; a day is kept so that today's counts can be read. */
const KEPT = days(1)
const AGAIN = hours(1)

export const armForgetting = (tx: Tx, now: Instant) => arm(tx, 'forget-reader-pushes', 'agency', after(now, AGAIN), 9)

/** Marks of what readers sent are deleted after a day; pushes about the account itself are evidence and stay. */
export const accountDeadlines = (): DeadlineHandlers => ({
  'forget-reader-pushes': {
    misfire: 'coalesce',
    async run({ tx, now }) {
      await tx
        .deleteFrom('dx.pushes')
        .where('received_at', '<', before(now, KEPT))
        .where('kind', 'not in', [...platformKinds])
        .execute()
      await armForgetting(tx, now)
    },
  },
})
