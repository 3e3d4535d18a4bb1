import assert from 'node:assert/strict'
import { test } from 'vitest'
import { after, type Instant, instant, minutes, seconds } from '../../src/platform/time.ts'
import { makeQueue, type QueueState, type Send } from './queue.ts'
import { type Fresh, isStale, nextSending, readAnswer, type Waiting } from './queue-rules.ts'
import { inMemory } from './queue-store.ts'

const night = instant('2026-11-21T19:08:00.000Z')
const anAct = (doing: 'complete' | 'send' | 'note', press: string, deviceAt: Instant = night): Fresh => ({
  kind: 'act',
  act: { do: doing },
  press,
  deviceAt,
})
const waiting = (fresh: Fresh, number: number): Waiting => ({ ...fresh, number, incident: 'i1' })

/** A server we stand in for: answers what we say and remembers presses in the order they came. */
function givenQueue() {
  const arrived: string[] = []
  const said: string[] = []
  const world = {
    now: night,
    online: true,
    status: 200,
    body: { ok: true } as { ok: boolean; reason?: string },
    states: [] as QueueState[],
  }
  const store = inMemory()
  const send: Send = async (one) => {
    if (!world.online) throw new TypeError('Failed to fetch')
    arrived.push(one.press)
    return { status: world.status, body: world.body }
  }
  const queue = makeQueue('i1', store, send, () => world.now, {
    changed: (state) => void world.states.push(state),
    view: () => {},
    refused: (one, reason) => void said.push(`${one.press}: ${reason}`),
    done: () => {},
  })
  return { queue, store, world, arrived, said, last: () => world.states.at(-1)! }
}

test('three steps and a picture made offline arrive once each and in order when the network is back', async () => {
  const { queue, world, arrived, last } = givenQueue()
  world.online = false
  await queue.add(anAct('complete', 'a'))
  await queue.add(anAct('complete', 'b'))
  await queue.add({ kind: 'upload', file: new Blob(['x']), fields: { step: 's' }, name: 'x.jpg', press: 'c', deviceAt: night })
  await queue.add(anAct('complete', 'd'))
  assert.equal(last().waiting.length, 4)

  world.online = true
  await Promise.all([queue.run(), queue.run()])

  assert.deepEqual(arrived, ['a', 'b', 'c', 'd'])
  assert.equal(last().waiting.length, 0)
})

test('a word to the client that waited more than two minutes asks again instead of leaving', async () => {
  const { queue, world, arrived, last } = givenQueue()
  world.online = false
  await queue.add(anAct('send', 'word'))
  await queue.add(anAct('note', 'after'))

  world.online = true
  world.now = after(night, minutes(2) + 1)
  await queue.run()
  assert.deepEqual(arrived, [])
  assert.equal(last().askAgain?.press, 'word')

  await queue.confirm(last().askAgain!)
  assert.deepEqual(arrived, ['word', 'after'])
})

test('dropping an old word to the client lets what stood behind it go', async () => {
  const { queue, world, arrived, last } = givenQueue()
  world.online = false
  await queue.add(anAct('send', 'word'))
  await queue.add(anAct('note', 'after'))
  world.online = true
  world.now = after(night, minutes(3))
  await queue.run()

  await queue.drop(last().askAgain!)

  assert.deepEqual(arrived, ['after'])
})

test('a refusal is told and does not block what follows', async () => {
  const { queue, world, said, last } = givenQueue()
  world.status = 409
  world.body = { ok: false, reason: '赵敏 03:03 已接手' }

  await queue.add(anAct('complete', 'a'))

  assert.deepEqual(said, ['a: 赵敏 03:03 已接手'])
  assert.equal(last().waiting.length, 0)
})

test('an expired session keeps what was done on the device and asks for a sign-in', async () => {
  const { queue, world, last } = givenQueue()
  world.status = 401

  await queue.add(anAct('complete', 'a'))

  assert.equal(last().signIn, true)
  assert.deepEqual(
    last().waiting.map((one) => one.press),
    ['a'],
  )
})

test('a server that stumbles is tried again under the same key', async () => {
  const { queue, world, arrived } = givenQueue()
  world.status = 503
  world.body = { ok: false }
  await queue.add(anAct('complete', 'a'))
  world.status = 200
  world.body = { ok: true }

  await queue.run()

  assert.deepEqual(arrived, ['a', 'a'])
})

test('only a word to the client grows stale; steps keep however long they waited', () => {
  const later = after(night, minutes(30))

  assert.equal(isStale(waiting(anAct('complete', 'a'), 1), later), false)
  assert.equal(isStale(waiting(anAct('send', 'a'), 1), later), true)
  assert.equal(isStale({ ...waiting(anAct('send', 'a'), 1), confirmed: true }, later), false)
  assert.equal(isStale(waiting(anAct('send', 'a'), 1), after(night, minutes(2))), false)
})

test('order is by number, whatever order the store answers in', () => {
  const next = nextSending([waiting(anAct('note', 'b'), 2), waiting(anAct('note', 'a'), 1)], after(night, seconds(1)))

  assert.equal(next.what === 'send' && next.one.press, 'a')
})

test('answers are read for what a person must know', () => {
  assert.deepEqual(readAnswer(200, { ok: true }), { kind: 'done' })
  assert.deepEqual(readAnswer(409, { ok: false, reason: 'x' }), { kind: 'refused', reason: 'x' })
  assert.deepEqual(readAnswer(401, undefined), { kind: 'sign-in' })
  assert.deepEqual(readAnswer(500, undefined), { kind: 'later' })
  assert.deepEqual(readAnswer(403, undefined), { kind: 'refused', reason: '403' })
})
