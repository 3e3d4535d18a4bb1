// Writes src/platform/database-types.ts from a freshly migrated throw-away database.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { databaseUrl } from '../scenarios/cluster.ts'
import { openPool } from '../src/platform/database.ts'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.ts'
import { migrate } from '../src/platform/migrate.ts'
import { createOwner } from '../src/platform/prepare-database.ts'

const out = process.argv[2] ?? 'src/platform/database-types.ts'
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dingxin-codegen-'))
const postgres = await startEmbeddedPostgres(folder, { flags: ['fsync=off'] })
const ownerPassword = randomBytes(12).toString('base64url')
await createOwner(postgres.adminUrl, ownerPassword, 'codegen')
const url = databaseUrl({ adminUrl: postgres.adminUrl, ownerPassword }, 'codegen')
const pool = openPool({ connectionString: url })
await migrate(pool)
await pool.end()
const mapping = JSON.stringify({ timestamptz: 'Instant', int8: 'number', jsonb: 'Json', bytea: 'Buffer' })
const words = [
  '--dialect',
  'postgres',
  '--url',
  url,
  '--out-file',
  out,
  '--include-pattern',
  'dx.*',
  '--default-schema',
  'nothing',
]
const made = spawnSync('node_modules/.bin/kysely-codegen', [...words, '--type-mapping', mapping, '--log-level', 'warn'], {
  stdio: ['ignore', 'ignore', 'inherit'],
})
const text = fs.readFileSync(out, 'utf8')
const imports = "import type { Json } from './json.ts'\nimport type { Instant } from './time.ts'\n"
fs.writeFileSync(
  out,
  text.replace('import type { ColumnType } from "kysely";', `import type { ColumnType } from 'kysely'\n${imports}`),
)
await postgres.stop('immediate')
fs.rmSync(folder, { recursive: true, force: true })
process.exitCode = made.status ?? 1
