import { expect, test } from 'vitest'
import { afterLiveEvent, beginLive, type LiveEvent, mustPoll } from './live-rules.ts'

const after = (...events: LiveEvent[]) => events.reduce(afterLiveEvent, beginLive)

test('one hiccup is a reconnection; the second in a row makes the page ask by itself', () => {
  expect(after('opened', 'stream-failed')).toMatchObject({ mode: 'reconnecting' })
  expect(mustPoll(after('opened', 'stream-failed'))).toBe(false)
  expect(mustPoll(after('opened', 'stream-failed', 'stream-failed'))).toBe(true)
})

test('a stream that the server refuses makes the page ask at once', () => {
  expect(mustPoll(after('stream-refused'))).toBe(true)
})

test('a stream that opens again ends the asking and forgets the failures', () => {
  expect(after('stream-failed', 'stream-failed', 'opened')).toEqual({ mode: 'live', failures: 0 })
})

test('offline is said when asking fails as well, and taken back at the first answer', () => {
  expect(after('stream-failed', 'stream-failed', 'asking-failed').mode).toBe('offline')
  expect(after('stream-failed', 'stream-failed', 'asking-failed', 'stream-failed').mode).toBe('offline')
  expect(after('stream-failed', 'stream-failed', 'asking-failed', 'asked').mode).toBe('polling')
})
