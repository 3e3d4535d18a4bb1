import { randomBytes, randomUUID } from 'node:crypto'
import path from 'node:path'
import type { Kysely } from 'kysely'
import pg from 'pg'
import pino from 'pino'
import { Agent, fetch as undiciFetch } from 'undici'
import { z } from 'zod'
import { accountDeadlines, accountEffects } from './accounts/index.ts'
import { type Channels, makeChannels } from './comms/index.ts'
import { incidentDeadlines, incidentEffects, pinOpenHeads } from './incidents/index.ts'
import { monitoringDeadlines, monitoringEffects } from './monitoring/index.ts'
import { type Auth, migrateAuth, openAuth } from './people/auth.ts'
import type { App } from './platform/app.ts'
import type { Config } from './platform/config.ts'
import { armSchedule, cronDeadlines, type Schedule } from './platform/cron.ts'
import { openDatabase, openPool } from './platform/database.ts'
import type { DB } from './platform/database-types.ts'
import { type Hub, makeHub } from './platform/live.ts'
import { migrate } from './platform/migrate.ts'
import { localObjectStore } from './platform/object-store.ts'
import { s3ObjectStore } from './platform/object-store-s3.ts'
import { loadSecretKey, makeSecretBox } from './platform/secrets.ts'
import { instant } from './platform/time.ts'
import { runWorker, type WorkerOptions } from './platform/worker.ts'
import { type Library, loadLibrary } from './playbooks/index.ts'
import { hearReport, publishingDeadlines, publishingEffects } from './publishing/index.ts'

/** What every agency does by the clock of its own zone. */
export const schedule: Schedule = {
  'pin-heads': { pattern: '7 * * * *', run: pinOpenHeads },
}

// What a check of input says is read by people.
z.config(z.locales.zhCN())

/** Everything put together once per process: the one place where parts meet. */
export type Services = {
  app: App
  pool: pg.Pool
  auth: Auth
  channels: Channels
  library: Library
  hub: Hub
  listen(): Promise<pg.Client>
  workerOptions(name: string): WorkerOptions
  startWorker(): { stop(): Promise<void> }
  /** Sets the clock work of agencies that have none yet. */
  armSchedule(): Promise<void>
  close(): Promise<void>
}

export async function openServices(config: Config, databaseUrl: string, address: { publicUrl(): string }): Promise<Services> {
  const pool = openPool({ connectionString: databaseUrl, max: 16 })
  await migrate(pool)
  await migrateAuth(databaseUrl)
  const database: Kysely<DB> = openDatabase(pool)
  const log = pino({ level: config.logLevel, base: null }, pino.destination({ dest: 2, sync: false }))
  // Own connections with bounds: a provider that accepts and stays silent must not hold anything for long.
  const network = new Agent({ connect: { timeout: 4000 }, headersTimeout: 15_000, bodyTimeout: 15_000 })
  const app: App = {
    config,
    database,
    secrets: makeSecretBox(loadSecretKey(config.home, config.secretKey)),
    objects: config.s3
      ? s3ObjectStore({
          ...config.s3,
          fetch: undiciFetch as unknown as typeof fetch,
          now: () => instant(performance.timeOrigin + performance.now()),
        })
      : localObjectStore(path.join(config.home, 'objects')),
    fetch: ((input: never, init: object) => undiciFetch(input, { ...init, dispatcher: network })) as unknown as typeof fetch,
    newId: () => randomUUID(),
    randomText: (bytes) => randomBytes(bytes).toString('base64url'),
    log: { info: (f, t) => log.info(f, t), warn: (f, t) => log.warn(f, t), error: (f, t) => log.error(f, t) },
    publicUrl: address.publicUrl,
  }
  const listen = async () => {
    const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true })
    client.on('error', () => {})
    await client.connect()
    return client
  }
  const auth = openAuth(app, databaseUrl, config.clientIpHeader ? { clientIpHeader: config.clientIpHeader } : {})
  const channels = makeChannels(app)
  const library = loadLibrary()
  const hub = makeHub(listen)
  const workerOptions = (name: string): WorkerOptions => ({
    database,
    name,
    handlers: {
      ...accountDeadlines(),
      ...publishingDeadlines(app),
      ...monitoringDeadlines(app, { hearsOurs: hearReport }),
      ...incidentDeadlines(app, library),
      ...cronDeadlines(app, schedule),
    },
    kinds: { ...accountEffects(app), ...publishingEffects(app), ...monitoringEffects(app), ...incidentEffects(app, channels) },
    onProblem: ({ kind, error }) =>
      log.error({ kind, error: error instanceof Error ? error.stack : String(error) }, 'work stepped aside'),
  })
  return {
    app,
    pool,
    auth,
    channels,
    library,
    hub,
    listen,
    workerOptions,
    armSchedule: () => armSchedule(database, schedule),
    startWorker: () => runWorker({ ...workerOptions(`${process.pid}`), listen }),
    async close() {
      await hub.stop()
      await auth.close()
      await database.destroy()
      await network.close()
    },
  }
}
