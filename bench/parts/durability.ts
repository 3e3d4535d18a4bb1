import { sql } from 'kysely'
import type { Database } from '../../src/platform/database.ts'

export type Durability = { fsync: string; synchronousCommit: string; fullPageWrites: string; isDurable: boolean }

/** Asked of the database that is measured, because a bench over one that may forget would prove nothing. */
export async function durabilityOf(database: Database): Promise<Durability> {
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')`.execute(database)
  const setting = (name: string) => rows.find((row) => row.name === name)?.setting ?? 'unknown'
  const found = {
    fsync: setting('fsync'),
    synchronousCommit: setting('synchronous_commit'),
    fullPageWrites: setting('full_page_writes'),
  }
  return { ...found, isDurable: Object.values(found).every((value) => value === 'on') }
}
