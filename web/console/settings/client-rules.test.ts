import { expect, test } from 'vitest'
import type { ClientRow } from '../../../src/contract.ts'
import { clientFrom, fieldsOf } from './client-rules.ts'

const client: ClientRow = {
  id: '0a1b2c3d-0000-4000-8000-000000000001',
  accounts: 2,
  name: '青禾教育',
  contactName: '王敏',
  salutation: '王总',
  phone: '13800006021',
  email: null,
  ways: [{ way: 'wecom', to: 'wm_1' }, { way: 'account-manager' }],
  quietHours: { fromMinute: 1320, untilMinute: 480 },
  accountManagerId: null,
}

test('a client opened and saved without a change stays as it was', () => {
  const { id: _id, accounts: _accounts, ...kept } = client

  expect(clientFrom(fieldsOf(client))).toEqual(kept)
})

test('what was emptied is emptied on the server too', () => {
  const emptied = clientFrom({ ...fieldsOf(client), phone: ' ', quietFrom: undefined, quietUntil: undefined })

  expect([emptied.phone, emptied.quietHours]).toEqual([null, null])
})

test('an address left behind after choosing the account manager is not kept', () => {
  expect(clientFrom({ ...fieldsOf(client), ways: [{ way: 'account-manager', to: 'wm_1' }] }).ways).toEqual([
    { way: 'account-manager' },
  ])
})
