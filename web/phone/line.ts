import type { WarRoomView } from '../../src/incidents/view.ts'
import type { Sample } from '../shared/clock.ts'
import { type Line, type LineEvent, nextLine, shouldPoll, startLine } from './live-rules.ts'

type Heard = { line(line: Line): void; view(view: WarRoomView): void; sample(sample: Sample): void; signIn(): void }
const POLL = 5_000
const RETRY_STREAM = 30_000

/** Keeps a page in step with the server: told of changes by a stream, or asking every five seconds when there is none. */
export function openLine(path: string, query: string, heard: Heard) {
  let line = startLine
  let stream: EventSource | undefined
  let asking: Promise<void> | undefined
  let again = false

  const on = (event: LineEvent) => {
    line = nextLine(line, event)
    heard.line(line)
  }

  async function fetchView(): Promise<void> {
    const sentAt = Date.now()
    try {
      const response = await fetch(`${path}.json${query}`, { headers: { accept: 'application/json' }, cache: 'no-store' })
      if (response.status === 401) return heard.signIn()
      if (!response.ok) return on('asked-in-vain')
      const receivedAt = Date.now()
      const view = (await response.json()) as WarRoomView
      heard.sample({ serverNow: view.serverNow, sentAt, receivedAt })
      heard.view(view)
      on('asked-and-answered')
    } catch {
      on(navigator.onLine ? 'asked-in-vain' : 'went-offline')
    }
  }

  /** One question at a time; a change that arrives meanwhile is asked for once more. */
  function ask(): void {
    if (asking) {
      again = true
      return
    }
    asking = fetchView().finally(() => {
      asking = undefined
      if (again) {
        again = false
        ask()
      }
    })
  }

  function listen(): void {
    stream?.close()
    stream = new EventSource(`${path}/live${query}`)
    stream.onopen = () => {
      on('stream-open')
      ask()
    }
    stream.addEventListener('changed', ask)
    stream.onerror = () => {
      on('stream-failed')
      if (shouldPoll(line)) stream?.close()
      else if (stream?.readyState === EventSource.CLOSED) setTimeout(listen, 1_000)
    }
  }

  listen()
  setInterval(() => shouldPoll(line) && ask(), POLL)
  setInterval(() => shouldPoll(line) && listen(), RETRY_STREAM)
  window.addEventListener('offline', () => on('went-offline'))
  window.addEventListener('online', () => {
    on('came-online')
    listen()
    ask()
  })
  // A phone that slept may have missed the stream's end; ask before anything is pressed.
  document.addEventListener('visibilitychange', () => !document.hidden && ask())
  return { ask }
}
