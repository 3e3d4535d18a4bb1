import type { WarRoomView } from '../../src/incidents/view.ts'
import type { Instant } from '../../src/platform/time.ts'
import { type Answer, type Fresh, nextSending, readAnswer, type Waiting } from './queue-rules.ts'
import type { QueueStore } from './queue-store.ts'

export type QueueState = { waiting: Waiting[]; askAgain?: Waiting; signIn: boolean }
export type QueueEvents = {
  changed(state: QueueState): void
  /** The server's newest view came back with an answer. */
  view(view: WarRoomView): void
  refused(one: Waiting, reason: string): void
  done(one: Waiting): void
}
/** Carries one to the server; throws when the network does not. */
export type Send = (one: Waiting) => Promise<{ status: number; body?: { ok?: boolean; reason?: string; view?: WarRoomView } }>

/**
 * Presses and pictures on their way: kept on the device before anything is sent, sent one at a time and in order, each under its
 * own idempotency key, so that a repeat after a lost answer changes nothing twice.
 */
export function makeQueue(incident: string, store: QueueStore, send: Send, deviceNow: () => Instant, events: QueueEvents) {
  let running = false
  let signIn = false

  async function show(): Promise<Waiting[]> {
    const waiting = await store.all(incident)
    const next = nextSending(waiting, deviceNow())
    events.changed({ waiting, askAgain: next.what === 'ask-again' ? next.one : undefined, signIn })
    return waiting
  }

  /** Sends until the queue is empty, the network fails, or a person must decide. */
  async function run(): Promise<void> {
    if (running) return
    running = true
    try {
      for (;;) {
        const next = nextSending(await show(), deviceNow())
        if (next.what !== 'send') return
        const goesOn = await attempt(next.one)
        if (!goesOn) return
      }
    } finally {
      running = false
      await show()
    }
  }

  async function attempt(one: Waiting): Promise<boolean> {
    let answer: Answer
    let view: WarRoomView | undefined
    try {
      const { status, body } = await send(one)
      answer = readAnswer(status, body)
      view = body?.view
    } catch {
      return false
    }
    signIn = answer.kind === 'sign-in'
    if (answer.kind === 'later' || answer.kind === 'sign-in') return false
    await store.remove(one.number)
    if (view) events.view(view)
    if (answer.kind === 'refused') events.refused(one, answer.reason)
    else events.done(one)
    return true
  }

  return {
    run,
    async add(one: Fresh): Promise<void> {
      await store.add({ ...one, incident })
      await run()
    },
    async confirm(one: Waiting): Promise<void> {
      await store.change({ ...one, confirmed: true })
      await run()
    },
    async drop(one: Waiting): Promise<void> {
      await store.remove(one.number)
      await run()
    },
  }
}
export type Queue = ReturnType<typeof makeQueue>
