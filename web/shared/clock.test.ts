import assert from 'node:assert/strict'
import { test } from 'vitest'
import { after, epoch, instant, minutes, seconds } from '../../src/platform/time.ts'
import { announcement, better, countdown, elapsedText, measure, serverTime, usedShare } from './clock.ts'

const server = instant('2026-11-21T19:08:18.000Z')

test('a device whose clock is seven minutes ahead shows the server’s time', () => {
  const sentAt = epoch(server) + minutes(7) - 40
  const offset = measure({ serverNow: server, sentAt, receivedAt: sentAt + 80 })

  const later = serverTime(sentAt + 40 + seconds(60), offset)

  assert.equal(later, after(server, seconds(60)))
})

test('a slow answer says less than a quick one, so the quick one is kept', () => {
  const quick = measure({ serverNow: server, sentAt: epoch(server) - 50, receivedAt: epoch(server) + 50 })
  const slow = measure({ serverNow: server, sentAt: epoch(server) - 2000, receivedAt: epoch(server) + 1200 })

  assert.equal(better(quick, slow), quick)
  assert.equal(better(slow, quick), quick)
})

test('when the device’s clock is set in between, the newer measurement wins even if it is less sharp', () => {
  const before = measure({ serverNow: server, sentAt: epoch(server), receivedAt: epoch(server) + 20 })
  const set = measure({ serverNow: server, sentAt: epoch(server) + minutes(7), receivedAt: epoch(server) + minutes(7) + 900 })

  assert.equal(better(before, set), set)
})

test('00:00 shows exactly at the deadline; a second later it is over by one second', () => {
  const dueAt = after(server, minutes(9))

  assert.deepEqual(countdown(dueAt, after(server, 18_000)), { text: '08:42', late: false, left: minutes(9) - 18_000 })
  assert.equal(countdown(dueAt, dueAt).text, '00:00')
  assert.equal(countdown(dueAt, dueAt).late, false)
  assert.deepEqual(countdown(dueAt, after(dueAt, 1000)), { text: '00:01', late: true, left: -1000 })
})

test('more than an hour shows hours, more than two days shows days', () => {
  assert.equal(countdown(after(server, minutes(125)), server).text, '2:05:00')
  assert.equal(countdown(after(server, minutes(60 * 72)), server).text, '3d')
  assert.equal(elapsedText(server, after(server, 378_000)), '06:18')
})

test('a screen reader hears a limit at 10, 5 and 1 minutes and once when it is missed, and nothing in between', () => {
  const dueAt = after(server, minutes(12))
  const heard: string[] = []
  for (let second = 1; second <= 15 * 60; second += 1) {
    const said = announcement(dueAt, after(server, seconds(second - 1)), after(server, seconds(second)))
    if (said) heard.push(said.kind === 'missed' ? 'missed' : `${said.minutes}`)
  }

  assert.deepEqual(heard, ['10', '5', '1', 'missed'])
})

test('a phone that slept through several marks hears only the nearest', () => {
  const dueAt = after(server, minutes(12))

  assert.deepEqual(announcement(dueAt, server, after(server, minutes(11.5))), { kind: 'minutes-left', minutes: 1 })
})

test('the used share of a limit stays between nothing and all of it', () => {
  const end = after(server, minutes(10))

  assert.equal(usedShare(server, end, after(server, minutes(4))), 0.4)
  assert.equal(usedShare(server, end, after(end, minutes(4))), 1)
  assert.equal(usedShare(server, end, instant(epoch(server) - 5)), 0)
})
