import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from './embedded-postgres.ts'

export type DatabaseHome = { url: string; embedded: boolean; stop(): Promise<void> }

/**
 * Where the data lives: `DATABASE_URL` if set, otherwise the embedded PostgreSQL below `home`. In both cases the product
 * connects as an ordinary owner, never as a superuser: a superuser would walk past row-level security.
 */
export async function prepareDatabase(home: string, databaseUrl?: string): Promise<DatabaseHome> {
  if (databaseUrl) return { url: databaseUrl, embedded: false, stop: async () => {} }
  const cluster = await startEmbeddedPostgres(path.join(home, 'postgres'))
  const url = await ownerUrl(cluster.adminUrl, home)
  return { url, embedded: true, stop: () => cluster.stop() }
}

async function ownerUrl(adminUrl: string, home: string): Promise<string> {
  const file = path.join(home, 'postgres', 'owner.password')
  if (!fs.existsSync(file)) fs.writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 })
  const password = fs.readFileSync(file, 'utf8').trim()
  await createOwner(adminUrl, password, 'dingxin')
  const url = new URL(adminUrl)
  url.username = 'dx_owner'
  url.password = password
  url.pathname = '/dingxin'
  return url.href
}

/** Creates the role dx_owner (may make roles, is no superuser) and a database of its own; repeatable. */
export async function createOwner(adminUrl: string, password: string, database: string) {
  const admin = new pg.Client(adminUrl)
  admin.on('error', () => {})
  await admin.connect()
  try {
    const literal = admin.escapeLiteral(password)
    const role = await admin.query(`select 1 from pg_roles where rolname = 'dx_owner'`)
    await admin.query(`${role.rowCount ? 'alter' : 'create'} role dx_owner login createrole nosuperuser password ${literal}`)
    const known = await admin.query('select 1 from pg_database where datname = $1', [database])
    if (!known.rowCount) await admin.query(`create database ${admin.escapeIdentifier(database)} owner dx_owner`)
  } finally {
    await admin.end()
  }
}
