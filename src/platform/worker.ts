import type pg from 'pg'
import type { Database } from './database.ts'
import { type DeadlineHandlers, runDueDeadlines, untilNextDue } from './deadlines.ts'
import { type EffectKinds, runDueEffects } from './outbox.ts'

export type WorkerOptions = {
  database: Database
  name: string
  handlers: DeadlineHandlers
  kinds: EffectKinds
  onProblem(problem: { kind: string; error: unknown }): void
}

/** A plain object that can be dropped at any await and made again; `work` is one pass. */
export function makeWorker(options: WorkerOptions) {
  const { database, handlers, kinds, name, onProblem } = options
  return {
    deadlines: () => runDueDeadlines(database, handlers, { slots: 4, onProblem }),
    effects: () => runDueEffects(database, kinds, { worker: name, slots: 6, onProblem }),
    async work(): Promise<number> {
      return (await this.deadlines()) + (await this.effects())
    },
  }
}

const FLOOR_MS = 1000

/**
 * Runs the worker for as long as the process lives: woken by NOTIFY, by the next due moment, and by a poll every second
 * behind both. Deadlines do not wait for effects: a slow WeChat must not make a page late.
 */
export function runWorker(options: WorkerOptions & { listen(): Promise<pg.Client> }) {
  const worker = makeWorker(options)
  let stopping = false
  const sleepers = new Set<() => void>()
  const wake = () => {
    for (const up of [...sleepers]) up()
  }
  const nap = (ms: number) =>
    new Promise<void>((resolve) => {
      const up = () => {
        clearTimeout(timer)
        sleepers.delete(up)
        resolve()
      }
      const timer = setTimeout(up, ms)
      sleepers.add(up)
    })
  const loop = async (pass: () => Promise<number>) => {
    while (!stopping) {
      try {
        if ((await pass()) > 0) continue
        const next = await untilNextDue(options.database)
        await nap(Math.min(FLOOR_MS, Math.max(5, Math.ceil(next ?? FLOOR_MS))))
      } catch (error) {
        options.onProblem({ kind: 'worker', error })
        await nap(500)
      }
    }
  }
  let client: pg.Client | undefined
  const listening = (async () => {
    while (!stopping) {
      try {
        client = await options.listen()
        if (stopping) return void (await client.end())
        client.on('notification', wake)
        await client.query('listen dx_due')
        wake()
        await new Promise<void>((resolve) => client!.once('end', () => resolve()))
      } catch {
        await nap(500)
      }
    }
  })()
  const loops = [loop(worker.deadlines), loop(worker.effects)]
  return {
    async stop() {
      stopping = true
      wake()
      await Promise.all(loops)
      await client?.end().catch(() => {})
      wake()
      await listening
    },
  }
}
