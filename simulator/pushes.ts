/** One attempt to hand a push to its receiver. */
export type Delivery = { at: string; status?: number; answer?: string; error?: string; ms: number; good: boolean }

/** A push as WeChat intended it, and what became of it. */
export type Push = {
  seq: number
  at: string
  appid: string
  to: 'account' | 'component-messages' | 'component-events'
  url: string
  event: string
  body: string
  deliveries: Delivery[]
  /** Why nothing (more) was sent. */
  lost?: 'no-callback' | 'mark-fail' | 'fault' | 'all-deliveries-failed'
  reply?: string
}

export class Pushes {
  all: Push[] = []
  /** A world that was replaced repeats nothing any more. */
  isClosed = false
  held: { appid: string; send: () => void }[] = []
  #running = new Set<Promise<unknown>>()
  #seq = 0

  record(push: Omit<Push, 'seq' | 'deliveries'>): Push {
    const kept: Push = { seq: ++this.#seq, deliveries: [], ...push }
    this.all.push(kept)
    if (this.all.length > 20_000) this.all.splice(0, 1000)
    return kept
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work)
    const done = () => this.#running.delete(work)
    work.then(done, done)
    return work
  }

  /** Resolves when nothing is on its way any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled([...this.#running])
  }
}
