import { expect, test } from 'vitest'
import { instant } from '../../../src/platform/time.ts'
import { accounts } from '../samples.ts'
import { byTrouble, healthOf } from './account-rules.ts'

const rows = accounts(instant('2026-11-22T19:20:10.000Z'))
const named = (name: string) => rows.find((row) => row.name === name)!

test('an account with an open incident is urgent even if nothing else is wrong', () => {
  expect(healthOf({ ...named('云杉财经'), openIncidentId: 'x' })).toBe('urgent')
  expect(healthOf(named('云杉财经'))).toBe('well')
  expect(healthOf(named('老灶火锅'))).toBe('todo')
})

test('the accounts in trouble stand on top, the well ones below', () => {
  expect(rows.toReversed().toSorted(byTrouble).map(healthOf)).toEqual(['urgent', 'todo', 'well', 'well'])
})
