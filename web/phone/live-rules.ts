/** What the badge says about the line to the server (ux §4.3). `still`: the page as it was sent, no script running yet. */
export type Connection = 'still' | 'live' | 'polling' | 'reconnecting' | 'offline'
export type Line = { connection: Connection /** Failures of the stream in a row. */; failures: number }
export type LineEvent = 'stream-open' | 'stream-failed' | 'asked-and-answered' | 'asked-in-vain' | 'went-offline' | 'came-online'

export const startLine: Line = { connection: 'reconnecting', failures: 0 }
const FAILURES_BEFORE_POLLING = 2

/** After two failures of the stream the page asks every five seconds instead; an answer shows that it is not offline. */
export function nextLine(line: Line, event: LineEvent): Line {
  switch (event) {
    case 'stream-open':
      return { connection: 'live', failures: 0 }
    case 'stream-failed': {
      const failures = line.failures + 1
      return {
        connection: line.connection === 'offline' || line.connection === 'polling' ? line.connection : 'reconnecting',
        failures,
      }
    }
    case 'asked-and-answered':
      return {
        ...line,
        connection:
          line.failures >= FAILURES_BEFORE_POLLING ? 'polling' : line.connection === 'offline' ? 'reconnecting' : line.connection,
      }
    case 'asked-in-vain':
      return { ...line, connection: line.failures > 0 || line.connection === 'offline' ? 'offline' : 'reconnecting' }
    case 'went-offline':
      return { ...line, connection: 'offline' }
    case 'came-online':
      return { connection: 'reconnecting', failures: 0 }
  }
}
export const shouldPoll = (line: Line): boolean => line.failures >= FAILURES_BEFORE_POLLING
