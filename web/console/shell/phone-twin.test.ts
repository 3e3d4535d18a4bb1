import { expect, test } from 'vitest'
import { phoneTwin } from './phone-twin.ts'

test('a war room opened on a phone leads to the same incident there; everything else to the phone’s first page', () => {
  expect(phoneTwin('/app/incidents/abc-1')).toBe('/m/i/abc-1')
  expect(phoneTwin('/app/incidents')).toBe('/m')
  expect(phoneTwin('/app/settings')).toBe('/m')
})
