import { sql } from 'kysely'
import pg from 'pg'
import { openDatabase, openPool } from '../../src/platform/database.ts'
import { runWorker } from '../../src/platform/worker.ts'

// The product's own worker loop with one handler, which writes down how late it is by the database's clock.
process.once('message', (databaseUrl: string) => {
  const worker = runWorker({
    database: openDatabase(openPool({ connectionString: databaseUrl, max: 16 })),
    name: `${process.pid}`,
    handlers: {
      bench: {
        misfire: 'run-once',
        async run({ tx, subjectId, dueAt }) {
          await sql`insert into dx.bench_handled (subject_id, late_ms)
            values (${subjectId}, extract(epoch from clock_timestamp() - ${dueAt}::timestamptz) * 1000)`.execute(tx)
        },
      },
    },
    kinds: {},
    onProblem: ({ kind, error }) => console.error(kind, error),
    async listen() {
      const client = new pg.Client(databaseUrl)
      client.on('error', () => {})
      await client.connect()
      return client
    },
  })
  process.send!('running')
  const stop = () => worker.stop().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('disconnect', stop)
})
