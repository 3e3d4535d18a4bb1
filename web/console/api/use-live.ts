import { useEffect, useReducer, useRef } from 'react'
import { afterLiveEvent, beginLive, type LiveState, mustPoll, pollEvery, tryStreamEvery } from './live-rules.ts'

/**
 * Keeps one page fresh: `refresh` is called whenever the server says something changed, or every few seconds when the
 * stream is down. It must reject when the server cannot be reached.
 */
export function useLive(address: string, refresh: () => Promise<unknown>): LiveState {
  const [state, tell] = useReducer(afterLiveEvent, beginLive)
  const refreshNow = useRef(refresh)
  refreshNow.current = refresh
  const polling = mustPoll(state)

  useEffect(() => {
    let stream: EventSource | undefined
    const close = () => stream?.close()
    const open = () => {
      close()
      const opening = new EventSource(address)
      stream = opening
      opening.onopen = () => {
        tell('opened')
        // What happened while nobody was listening comes first.
        refreshNow.current().catch(() => undefined)
      }
      opening.addEventListener('changed', () => refreshNow.current().catch(() => undefined))
      opening.onerror = () => tell(opening.readyState === EventSource.CLOSED ? 'stream-refused' : 'stream-failed')
    }
    open()
    const retry = window.setInterval(() => {
      if (stream?.readyState === EventSource.CLOSED) open()
    }, tryStreamEvery)
    window.addEventListener('online', open)
    return () => {
      close()
      window.clearInterval(retry)
      window.removeEventListener('online', open)
    }
  }, [address])

  useEffect(() => {
    if (!polling) return
    const ask = () =>
      refreshNow.current().then(
        () => tell('asked'),
        () => tell('asking-failed'),
      )
    ask()
    const timer = window.setInterval(ask, pollEvery)
    return () => window.clearInterval(timer)
  }, [polling])

  return state
}
