import type pg from 'pg'

export type RowCounts = Record<string, string>

const refusals = ['dx.audit', 'auth.rateLimit']

/**
 * Every table with its number of rows and a digest over all of them, as the owner of the cluster sees it: no policy hides a row.
 * The audit is left out where a refusal may be written there, and the sign-in part's counter of tries with it.
 */
export function makeRows(looker: pg.Client) {
  const names = async (unwatched: readonly string[]) => {
    const { rows } = await looker.query<{ name: string; has_agency: boolean }>(
      `
      select format('%I.%I', table_schema, table_name) as name,
        exists (select 1 from information_schema.columns c where c.table_schema = t.table_schema and c.table_name = t.table_name and c.column_name = 'agency_id') as has_agency
      from information_schema.tables t
      where table_schema in ('dx', 'auth') and table_type = 'BASE TABLE' and table_schema || '.' || table_name <> all ($1)
      order by 1`,
      [unwatched],
    )
    return rows
  }
  const look = async (tables: string[], where: string, values: string[]): Promise<RowCounts> => {
    const found: RowCounts = {}
    for (const table of tables) {
      const { rows } = await looker.query<{ said: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as said from ${table} t ${where}`,
        values,
      )
      found[table] = rows[0]!.said
    }
    return found
  }
  return {
    /** The whole database. */
    all: async () =>
      look(
        (await names(refusals)).map((table) => table.name),
        '',
        [],
      ),
    /** The same with the audit. */
    everything: async () =>
      look(
        (await names([])).map((table) => table.name),
        '',
        [],
      ),
    /** What belongs to one agency, and the sessions of its people. */
    async of(agencyId: string): Promise<RowCounts> {
      const tables = await names(refusals)
      const owned = await look(
        tables.filter((t) => t.has_agency).map((t) => t.name),
        'where agency_id = $1',
        [agencyId],
      )
      const logins = await look(['auth.session'], 'where t."userId" in (select user_id from dx.people where agency_id = $1)', [
        agencyId,
      ])
      return { ...owned, ...logins }
    },
  }
}
