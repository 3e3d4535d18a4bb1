import { expect, test } from 'vitest'
import { instant } from '../../../src/platform/time.ts'
import { beijingInstant, beijingLocal, lengthOf, minuteOf, timeOf } from './wall-time.ts'

test('a time typed into a form is the same time when shown again', () => {
  expect([0, 485, 1439].map((minute) => minuteOf(timeOf(minute)))).toEqual([0, 485, 1439])
  expect(minuteOf('')).toBeUndefined()
})

test('an end not after the start lies on the next day, and the same time means a whole day', () => {
  expect([lengthOf(480, 1200), lengthOf(1320, 480), lengthOf(480, 480)]).toEqual([720, 600, 1440])
})

test('a date and time in a form is Beijing time wherever the browser stands', () => {
  const typed = beijingInstant('2026-03-04T02:30')

  expect(typed).toBe(instant('2026-03-03T18:30:00Z'))
  expect(typed && beijingLocal(typed)).toBe('2026-03-04T02:30')
  expect(beijingInstant('tomorrow')).toBeUndefined()
})
