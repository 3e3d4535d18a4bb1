import assert from 'node:assert/strict'
import { runInNewContext } from 'node:vm'
import { test } from 'vitest'
import { isNight, type Theme } from '../shared/theme.ts'
import { themeScript } from './theme-script.ts'

/** Runs the inline script on a device whose clock shows this minute of the day. */
function looked(theme: Theme, minute: number): { className: string; dataset: { theme?: string } } {
  const documentElement = { className: '', dataset: {} as { theme?: string } }
  class Clock {
    getHours = () => Math.floor(minute / 60)
    getMinutes = () => minute % 60
  }
  runInNewContext(themeScript(theme), { document: { documentElement }, Date: Clock })
  return documentElement
}

test('the device’s evening is the same night as the server’s, minute by minute', () => {
  for (let minute = 0; minute < 1440; minute += 1)
    assert.equal(looked('auto', minute).dataset.theme, isNight(minute) ? 'night' : 'day')
})

test('a look chosen by hand is left alone', () => {
  assert.equal(looked('day', 180).dataset.theme, undefined)
  assert.equal(looked('day', 180).className, 'js')
})
