import fs from 'node:fs/promises'
import path from 'node:path'
import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import { thisAgency } from '../platform/jsonb.ts'
import type { Instant } from '../platform/time.ts'

export type Head = { incidentId: string; number: number; seq: number; hash: string }

/**
 * Writes a chain head down outside the log: a line in a file that only grows (DINGXIN_PIN_FOLDER, else `pins` in the home),
 * so that whoever could rewrite the database would still be contradicted. The row only says where.
 */
export async function pinHead(app: App, agencyId: string, head: Head): Promise<void> {
  const folder = app.config.pinFolder ?? path.join(app.config.home, 'pins')
  await fs.mkdir(folder, { recursive: true, mode: 0o700 })
  const at = await withAgency(app.database, agencyId, async (_tx, now) => now)
  const file = path.join(folder, `${at.slice(0, 7)}.log`)
  await fs.appendFile(file, `${at} ${agencyId} INC-${head.number} ${head.incidentId} ${head.seq} ${head.hash}\n`, {
    mode: 0o600,
    flush: true,
  })
  await withAgency(app.database, agencyId, (tx) => keepPin(tx, head, at, file))
}

const keepPin = (tx: Tx, head: Head, at: Instant, place: string) =>
  tx
    .insertInto('dx.chain_pins')
    .values({ agency_id: thisAgency, incident_id: head.incidentId, seq: head.seq, hash: head.hash, pinned_at: at, place })
    .onConflict((c) => c.doNothing())
    .execute()

/** All heads of open incidents, pinned on a schedule. */
export async function pinOpenHeads(app: App, agencyId: string): Promise<number> {
  const open = await withAgency(app.database, agencyId, (tx) =>
    tx
      .selectFrom('dx.incidents')
      .select(['id', 'number', 'head_seq', 'head_hash'])
      .where('closed_at', 'is', null)
      .orderBy('number')
      .execute(),
  )
  for (const row of open)
    await pinHead(app, agencyId, { incidentId: row.id, number: row.number, seq: row.head_seq, hash: row.head_hash })
  return open.length
}
