export type PushRecord = { at: string; vendor: string; url: string; status: number | 'no-answer'; sent: string; answer: string }
type Waiting = { dueAt: number; order: number; run: () => Promise<void> }

/** What providers do later by themselves: receipts, callbacks, a telephone that rings out. Due by the simulator's clock. */
export function pushes(now: () => number) {
  let waiting: Waiting[] = []
  let order = 0
  let running: Promise<void> = Promise.resolve()
  const log: PushRecord[] = []

  async function runDue(until: number): Promise<void> {
    for (;;) {
      const next = waiting.filter((item) => item.dueAt <= until).sort((a, b) => a.dueAt - b.dueAt || a.order - b.order)[0]
      if (!next) return
      waiting = waiting.filter((item) => item !== next)
      await next.run()
    }
  }

  return {
    log,
    later(delayMs: number, run: () => Promise<void> | void): void {
      waiting.push({ dueAt: now() + delayMs, order: order++, run: async () => run() })
    },
    /** Runs everything due, one after the other; calls that come meanwhile wait their turn. */
    flush(everything = false): Promise<void> {
      running = running.then(() => runDue(everything ? Number.POSITIVE_INFINITY : now()))
      return running
    },
    waiting: () => waiting.length,
    clear(): void {
      waiting = []
    },
    /** Opens a link as a scanner would. */
    async visit(url: string, method: string, browser: string): Promise<void> {
      const record: PushRecord = {
        at: new Date(now()).toISOString(),
        vendor: 'link-bot',
        url,
        status: 'no-answer',
        sent: method,
        answer: '',
      }
      log.push(record)
      try {
        const response = await fetch(url, { method, headers: { 'user-agent': browser }, signal: AbortSignal.timeout(5000) })
        record.status = response.status
      } catch {
        record.status = 'no-answer'
      }
    },
    /** Posts to the product and notes what came of it. Never throws: a provider does not care. */
    async post(
      vendor: string,
      url: string,
      headers: Record<string, string>,
      body: string,
      timeoutMs: number,
    ): Promise<PushRecord> {
      const record: PushRecord = { at: new Date(now()).toISOString(), vendor, url, status: 'no-answer', sent: body, answer: '' }
      log.push(record)
      try {
        const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) })
        record.answer = (await response.text()).slice(0, 2000)
        record.status = response.status
      } catch {
        record.status = 'no-answer'
      }
      return record
    },
  }
}
export type Pushes = ReturnType<typeof pushes>
