import type { Tx } from '../platform/database.ts'
import type { AccountTrouble } from './judge.ts'

/** Each answers whether this transaction made the change: of several that see it at once, one tells. */
export async function noteWithdrawn(tx: Tx, accountId: string): Promise<boolean> {
  const changed = await tx
    .updateTable('dx.accounts')
    .set({ authorised: false })
    .where('id', '=', accountId)
    .where('authorised', '=', true)
    .executeTakeFirst()
  return changed.numUpdatedRows > 0n
}

export async function noteStanding(tx: Tx, accountId: string, standing: string): Promise<boolean> {
  const changed = await tx
    .updateTable('dx.accounts')
    .set({ standing })
    .where('id', '=', accountId)
    .where('standing', '!=', standing)
    .executeTakeFirst()
  return changed.numUpdatedRows > 0n
}

export async function noteTrouble(tx: Tx, accountId: string, { change }: AccountTrouble): Promise<boolean> {
  if (change === null) return true
  return change === 'withdrawn' ? noteWithdrawn(tx, accountId) : noteStanding(tx, accountId, change.standing)
}
