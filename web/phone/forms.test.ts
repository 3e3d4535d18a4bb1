import assert from 'node:assert/strict'
import { test } from 'vitest'
import { actSchema } from '../../src/incidents/acts.ts'
import { instant } from '../../src/platform/time.ts'
import { nextMoment, readActForm } from './forms.ts'

const now = instant('2026-11-22T03:08:18+08:00')
const read = (fields: Record<string, string>) => readActForm(Object.entries(fields), now)

test('a posted form becomes an act, with its key, link and device time apart', () => {
  const form = read({
    do: 'complete',
    step: 'appeal',
    receipt: '8817',
    answer: '',
    press: 'abc-complete',
    k: 'personal',
    deviceAt: '2026-11-21T19:08:00.000Z',
  })

  assert.deepEqual(form, {
    press: 'abc-complete',
    linkKey: 'personal',
    deviceAt: '2026-11-21T19:08:00.000Z',
    act: { do: 'complete', step: 'appeal', receipt: '8817' },
  })
  assert.equal(actSchema.safeParse(form.act).success, true)
})

test('follow-ups without a task were never meant; the others keep owner and date', () => {
  const { act } = read({
    do: 'resolve',
    cause: '离职人员仍是运营者',
    'followUps.0.what': '复核权限',
    'followUps.0.owner': '吴桐',
    'followUps.0.dueOn': '2026-11-25',
    'followUps.1.owner': '吴桐',
  })

  assert.deepEqual(act.followUps, [{ what: '复核权限', owner: '吴桐', dueOn: '2026-11-25' }])
  assert.equal(actSchema.safeParse(act).success, true)
})

test('the next word’s time is the next such moment in Beijing, past midnight too', () => {
  const { act } = read({ do: 'change-message', messageId: 'm1', text: '王总，…', nextUpdateTime: '03:50' })

  assert.equal(act.nextUpdateAt, '2026-11-21T19:50:00.000Z')
  assert.equal(actSchema.safeParse(act).success, true)
  assert.equal(nextMoment('00:10', instant('2026-11-22T23:50:00+08:00')), instant('2026-11-23T00:10:00+08:00'))
  assert.equal(nextMoment('03:08', now), instant('2026-11-23T03:08:00+08:00'))
  assert.equal(nextMoment('25:00', now), undefined)
})
