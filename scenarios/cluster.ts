import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrateAuth } from '../src/people/auth.ts'
import { openPool } from '../src/platform/database.ts'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.ts'
import { migrate } from '../src/platform/migrate.ts'
import { createOwner } from '../src/platform/prepare-database.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: { adminUrl: string; ownerPassword: string }
  }
}

/** One throw-away PostgreSQL for the whole run; every test file clones the migrated template in about 100 ms. */
export default async function cluster(project: TestProject) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dingxin-test-'))
  const flags = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'max_connections=200']
  const postgres = await startEmbeddedPostgres(folder, { flags })
  const ownerPassword = randomBytes(12).toString('base64url')
  await createOwner(postgres.adminUrl, ownerPassword, 'template')
  const url = databaseUrl({ adminUrl: postgres.adminUrl, ownerPassword }, 'template')
  const pool = openPool({ connectionString: url })
  await migrate(pool)
  await pool.end()
  await migrateAuth(url)
  project.provide('cluster', { adminUrl: postgres.adminUrl, ownerPassword })
  return async () => {
    await postgres.stop('immediate')
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

export function databaseUrl(cluster: { adminUrl: string; ownerPassword: string }, name: string): string {
  const url = new URL(cluster.adminUrl)
  url.username = 'dx_owner'
  url.password = cluster.ownerPassword
  url.pathname = `/${name}`
  return url.href
}
