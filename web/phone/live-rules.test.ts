import assert from 'node:assert/strict'
import { test } from 'vitest'
import { type LineEvent, nextLine, shouldPoll, startLine } from './live-rules.ts'

const after = (...events: LineEvent[]) => events.reduce(nextLine, startLine)

test('the page is live once its stream opens, and reconnecting after one failure', () => {
  assert.equal(after('stream-open').connection, 'live')
  assert.equal(after('stream-open', 'stream-failed').connection, 'reconnecting')
  assert.equal(shouldPoll(after('stream-open', 'stream-failed')), false)
})

test('after two failures it asks every five seconds, and says so once an answer comes', () => {
  const line = after('stream-open', 'stream-failed', 'stream-failed')

  assert.equal(shouldPoll(line), true)
  assert.equal(nextLine(line, 'asked-and-answered').connection, 'polling')
})

test('a question in vain while the stream is down means offline; an answer means it is not', () => {
  const offline = after('stream-failed', 'asked-in-vain')

  assert.equal(offline.connection, 'offline')
  assert.equal(nextLine(offline, 'asked-and-answered').connection, 'reconnecting')
  assert.equal(nextLine(offline, 'stream-open').connection, 'live')
})

test('the device’s own word about the network counts at once', () => {
  assert.equal(after('stream-open', 'went-offline').connection, 'offline')
  assert.deepEqual(after('stream-open', 'stream-failed', 'went-offline', 'came-online'), {
    connection: 'reconnecting',
    failures: 0,
  })
})

test('an answer never turns a live line into a lesser one', () => {
  assert.equal(after('stream-open', 'asked-and-answered').connection, 'live')
})
