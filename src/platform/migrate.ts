import fs from 'node:fs'
import type pg from 'pg'

const folder = new URL('../../migrations/', import.meta.url)

/**
 * Applies migrations/NNNN_name.sql in order, each in a transaction of its own, under one lock, so that any number of
 * processes may start at once. Forward only; one that has run is never edited.
 */
export async function migrate(pool: pg.Pool): Promise<string[]> {
  const files = fs.readdirSync(folder).filter((name) => /^\d{4}_.+\.sql$/.test(name))
  const connection = await pool.connect()
  const applied: string[] = []
  try {
    await connection.query('select pg_advisory_lock(20261122)')
    await connection.query(
      'create table if not exists public.dingxin_migrations (name text primary key, applied_at timestamptz not null default current_timestamp)',
    )
    const { rows } = await connection.query<{ name: string }>('select name from public.dingxin_migrations')
    const before = new Set(rows.map((row) => row.name))
    for (const name of files.sort()) {
      if (before.has(name)) continue
      await connection.query('begin')
      try {
        await connection.query(fs.readFileSync(new URL(name, folder), 'utf8'))
        await connection.query('insert into public.dingxin_migrations (name) values ($1)', [name])
        await connection.query('commit')
      } catch (error) {
        await connection.query('rollback')
        throw new Error(`migration ${name} failed, nothing of it was kept: ${(error as Error).message}`)
      }
      applied.push(name)
    }
  } finally {
    await connection.query('select pg_advisory_unlock(20261122)').catch(() => {})
    connection.release()
  }
  return applied
}
