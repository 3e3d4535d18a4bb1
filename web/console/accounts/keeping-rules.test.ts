import { expect, test } from 'vitest'
import { changeFrom, fieldsOf, type KeptAccount } from './keeping-rules.ts'

const known = {
  clients: [{ id: 'c1', name: '青禾教育' }],
  people: [
    { id: 'lin', name: '林一' },
    { id: 'wu', name: '吴桐' },
    { id: 'li-1', name: '李伟' },
    { id: 'li-2', name: '李伟' },
  ],
  accounts: [{ id: 'spare', name: '青禾教育服务号' }],
}
const anAccount = (fields: Partial<KeptAccount>): KeptAccount => ({
  id: 'a1',
  name: '青禾教育',
  clientName: '青禾教育',
  appid: 'wx0000000000000000',
  kind: 'SUB',
  verified: true,
  mode: 'secret',
  reception: 'poll',
  problems: [],
  custodians: ['周扬'],
  menu: 'as-approved',
  autoReply: 'as-approved',
  heldPublications: 0,
  personA: '林一',
  ...fields,
})

test('saving a form nobody touched changes nothing, so nothing unseen is lost', () => {
  const fields = fieldsOf(anAccount({ spareAccountName: '青禾教育服务号' }), known)

  expect(changeFrom(fields, structuredClone(fields))).toEqual({})
})

test('taking a person out is sent as nobody, putting one in by number', () => {
  const fields = fieldsOf(anAccount({}), known)

  expect(changeFrom(fields, { ...fields, personA: undefined, personB: 'wu' })).toEqual({ personA: null, personB: 'wu' })
})

test('a name borne by two colleagues is never guessed', () => {
  expect(fieldsOf(anAccount({ personB: '李伟' }), known).personB).toBeUndefined()
})

test('an outsider without days or hours is registered for all of them', () => {
  const fields = fieldsOf(anAccount({}), known)
  const outsiders = [
    { name: '市场部 ', kind: 'person' as const, days: [] },
    { name: '商城', kind: 'system' as const, days: [6, 7], from: '22:00', until: '02:00' },
  ]

  expect(changeFrom(fields, { ...fields, outsiders })).toEqual({
    outsiders: [
      { name: '市场部', kind: 'person' },
      { name: '商城', kind: 'system', days: [6, 7], fromMinute: 1320, untilMinute: 120 },
    ],
  })
})

test('outsiders the server shows come back into the form as clock times', () => {
  const row = anAccount({ keeping: { outsiders: [{ name: '商城', kind: 'system', fromMinute: 0, untilMinute: 360 }] } })

  expect(fieldsOf(row, known).outsiders).toEqual([{ name: '商城', kind: 'system', from: '00:00', until: '06:00' }])
})
