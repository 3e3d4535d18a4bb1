import type { App } from '../platform/app.ts'
import { withAgency } from '../platform/database.ts'
import { minutes } from '../platform/time.ts'
import { audit } from './audit.ts'

type Refused = { since: number; untold: number }
const WINDOW = minutes(1)
const MOST_KINDS = 1000

/**
 * One audit row a minute for each door and reason, with how many there were since the last: whoever knocks all night fills
 * no disk. A door that does not exist belongs to no agency and is only logged.
 */
export function makeDoorRefusals(app: App, elapsedMs: () => number = () => performance.now()) {
  const seen = new Map<string, Refused>()
  return {
    async note(refusal: { agencyId?: string; doorId: string; code: string; detail?: string }): Promise<void> {
      const key = `${refusal.agencyId ?? ''}/${refusal.agencyId ? refusal.doorId : ''}/${refusal.code}`
      const known = seen.get(key)
      const now = elapsedMs()
      if (known && now - known.since < WINDOW) {
        known.untold++
        return
      }
      if (seen.size >= MOST_KINDS) seen.delete(seen.keys().next().value!)
      seen.set(key, { since: now, untold: 0 })
      const { agencyId, doorId, code, detail } = refusal
      const facts = { doorId, code, ...(detail ? { detail } : {}), unrecordedBefore: known?.untold ?? 0 }
      if (!agencyId) return app.log.warn(facts, 'a push for a door we do not have')
      try {
        await withAgency(app.database, agencyId, (tx) =>
          audit(tx, 'wechat-door', code === 'relay-failed' ? code : 'push-refused', facts),
        )
      } catch (error) {
        app.log.error({ ...facts, error }, 'a refused push could not be written to the audit')
      }
    },
  }
}
