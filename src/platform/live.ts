import type pg from 'pg'

export type LiveEvent = { agency: string; incident: string; seq: number }

/** One LISTEN connection a process, fanned out in memory. An event is a hint: the page then asks for the whole view again. */
export function makeHub(listen: () => Promise<pg.Client>) {
  const listeners = new Set<(event: LiveEvent) => void>()
  let client: pg.Client | undefined
  let stopping = false
  const running = (async () => {
    while (!stopping) {
      try {
        client = await listen()
        if (stopping) return void (await client.end())
        client.on('notification', (note) => {
          const event = JSON.parse(note.payload ?? '{}') as LiveEvent
          for (const tell of listeners) tell(event)
        })
        await client.query('listen dx_live')
        await new Promise<void>((resolve) => client!.once('end', () => resolve()))
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    }
  })()
  return {
    on(tell: (event: LiveEvent) => void): () => void {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    viewers: () => listeners.size,
    async stop() {
      stopping = true
      await client?.end().catch(() => {})
      await running
    },
  }
}
export type Hub = ReturnType<typeof makeHub>
