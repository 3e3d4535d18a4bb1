import type { Tx } from '../platform/database.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'

export async function audit(tx: Tx, who: string, what: string, detail: object): Promise<void> {
  await tx
    .insertInto('dx.audit')
    .values({ agency_id: thisAgency, who, what, detail: jsonb(detail) })
    .execute()
}
