import { createHash, randomBytes, randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { fetch as undiciFetch } from 'undici'
import { inject, onTestFinished } from 'vitest'
import type { App } from '../src/platform/app.ts'
import { readConfig } from '../src/platform/config.ts'
import { openDatabase, openPool, withAgency } from '../src/platform/database.ts'
import { localObjectStore } from '../src/platform/object-store.ts'
import { makeSecretBox } from '../src/platform/secrets.ts'
import { type Duration, type Instant, instant } from '../src/platform/time.ts'
import { databaseUrl } from './cluster.ts'

export type TestApp = App & { url: string; listen(): Promise<pg.Client>; close(): Promise<void> }

/** A real database of its own (a clone of the migrated template), a folder of its own, the real parts. */
export async function makeTestApp(environment: Record<string, string> = {}): Promise<TestApp> {
  const cluster = inject('cluster')
  const name = `t_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client(cluster.adminUrl)
  await admin.connect()
  await admin.query(`create database ${name} template template owner dx_owner strategy file_copy`)
  await admin.end()
  const url = databaseUrl(cluster, name)
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'dingxin-home-'))
  const pool = openPool({ connectionString: url, max: 8 })
  const database = openDatabase(pool)
  return {
    url,
    config: readConfig({ DINGXIN_HOME: home, DINGXIN_DEMO: '0', PORT: '0', LOG_LEVEL: 'silent', ...environment }),
    database,
    secrets: makeSecretBox(createHash('sha256').update(name).digest()),
    objects: localObjectStore(path.join(home, 'objects')),
    fetch: undiciFetch as unknown as typeof fetch,
    newId: () => randomUUID(),
    randomText: (bytes) => randomBytes(bytes).toString('base64url'),
    log: { info() {}, warn() {}, error() {} },
    publicUrl: () => environment.PUBLIC_URL ?? 'http://127.0.0.1',
    async listen() {
      const client = new pg.Client(url)
      client.on('error', () => {})
      await client.connect()
      return client
    },
    async close() {
      await pool.end()
      fs.rmSync(home, { recursive: true, force: true })
    },
  }
}

/** The same for one test, cleaned up when it ends. */
export async function givenApp(environment: Record<string, string> = {}): Promise<TestApp> {
  const app = await makeTestApp(environment)
  onTestFinished(() => app.close())
  return app
}

export async function givenAgency(app: App, agencyId = 'yunfan', name = '云帆托管'): Promise<string> {
  await withAgency(app.database, agencyId, (tx) => tx.insertInto('dx.agencies').values({ agency_id: agencyId, name }).execute())
  return agencyId
}

/** Freezes the database's clock at a moment; from then on only `moveClock` moves it. */
export async function setClock(app: App, at: string | Instant): Promise<void> {
  await sql`create or replace function dx.now() returns timestamptz language sql stable as ${sql.lit(`select '${instant(at)}'::timestamptz`)}`.execute(
    app.database,
  )
}
export async function moveClock(app: App, by: Duration): Promise<Instant> {
  const { rows } = await sql<{ now: Instant }>`select dx.now() as now`.execute(app.database)
  const to = instant(Date.parse(rows[0]!.now) + by)
  await setClock(app, to)
  return to
}
