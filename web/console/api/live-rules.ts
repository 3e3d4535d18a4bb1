import { type Duration, seconds } from '../../../src/platform/time.ts'

/** How fresh a page is: told by the server, asking every few seconds, or showing what it last had. */
export type LiveMode = 'connecting' | 'live' | 'reconnecting' | 'polling' | 'offline'
export type LiveState = { mode: LiveMode; failures: number }
export type LiveEvent = 'opened' | 'stream-failed' | 'stream-refused' | 'asked' | 'asking-failed'

export const beginLive: LiveState = { mode: 'connecting', failures: 0 }
export const pollEvery: Duration = seconds(5)
/** While asking, the stream is tried again this often. */
export const tryStreamEvery: Duration = seconds(30)

/** Two failures of the stream in a row and the page asks by itself; a failed question means offline (ux §4.3). */
export function afterLiveEvent(state: LiveState, event: LiveEvent): LiveState {
  switch (event) {
    case 'opened':
      return { mode: 'live', failures: 0 }
    case 'stream-failed': {
      const failures = state.failures + 1
      if (state.mode === 'offline') return { mode: 'offline', failures }
      return { mode: failures >= 2 ? 'polling' : 'reconnecting', failures }
    }
    case 'stream-refused':
      // The browser does not try a refused stream again; asking begins at once.
      return { mode: state.mode === 'offline' ? 'offline' : 'polling', failures: state.failures + 1 }
    case 'asked':
      return state.mode === 'offline' ? { ...state, mode: 'polling' } : state
    case 'asking-failed':
      return { ...state, mode: 'offline' }
  }
}

export const mustPoll = (state: LiveState): boolean => state.mode === 'polling' || state.mode === 'offline'
