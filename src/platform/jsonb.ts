import { type RawBuilder, sql } from 'kysely'
import type { Json } from './json.ts'

/** A value for a jsonb column. The driver would turn a bare array into a PostgreSQL array. */
export const jsonb = (value: unknown): RawBuilder<Json> => sql<Json>`${JSON.stringify(value)}::jsonb`
/** The agency of the open transaction, for inserts: nobody passes it by hand. */
export const thisAgency: RawBuilder<string> = sql<string>`dx.agency()`
