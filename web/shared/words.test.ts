import assert from 'node:assert/strict'
import { test } from 'vitest'
import { instant } from '../../src/platform/time.ts'
import { initialOf, minuteOfDay, moment } from './format.ts'
import { fill, translator } from './i18n.ts'
import { isNight, themeAt } from './theme.ts'

test('night is from 21:30 to 07:00, and a choice by hand beats the clock', () => {
  const at = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

  assert.deepEqual(
    ['21:29', '21:30', '00:00', '06:59', '07:00'].map((text) => isNight(at(text))),
    [false, true, true, true, false],
  )
  assert.equal(themeAt('day', at('03:00')), 'day')
  assert.equal(themeAt('auto', at('03:00')), 'night')
})

test('a moment shows its date only when it is another day in Beijing', () => {
  const now = instant('2026-11-22T03:08:00+08:00')

  assert.equal(moment(instant('2026-11-22T00:05:00+08:00'), now, 'zh'), '00:05')
  assert.equal(moment(instant('2026-11-21T23:55:00+08:00'), now, 'zh'), '11月21日 23:55')
  assert.equal(moment(instant('2026-11-21T23:55:00+08:00'), now, 'en'), '21 Nov 23:55')
  assert.equal(minuteOfDay(now), 188)
})

test('a sentence with a missing value shows the gap instead of hiding it', () => {
  const t = translator({ zh: { left: '剩 {time}' }, en: { left: '{time} left' } }, 'en')

  assert.equal(t('left', { time: '08:42' }), '08:42 left')
  assert.equal(t('left'), '{time} left')
  assert.equal(fill('$& {a}', { a: '$1' }), '$& $1')
})

test('the square beside a name shows one whole character', () => {
  assert.equal(initialOf(' 云帆'), '云')
  assert.equal(initialOf('𠮷田'), '𠮷')
  assert.equal(initialOf(''), '·')
})
