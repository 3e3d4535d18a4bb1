import assert from 'node:assert/strict'
import { test } from 'vitest'
import { appeal, firstDraft, operators, question, rooms, stolen } from './samples.ts'
import { currentMessage, mayResolve, nextAct, otherClocks, owedAt, phaseOf, unexplained } from './war-room-rules.ts'

test('a person sees the face that fits: to take over, to act, to follow, or closed', () => {
  assert.equal(phaseOf(rooms.unacknowledged.view), 'to-acknowledge')
  assert.equal(phaseOf(rooms.mine.view), 'mine')
  assert.equal(phaseOf(rooms.following.view), 'following')
  assert.equal(phaseOf(rooms.watching.view), 'closed')
})

test('the right button is the true next act: upload, then complete', () => {
  assert.deepEqual(nextAct(stolen), { act: 'upload', proof: 'authorisations', title: '授权管理截图', missing: 1 })
  const both = {
    ...operators,
    proof: operators.proof.map((p) => ({ ...p, have: [{ id: 'e', name: 'x', at: stolen.serverNow }] })),
  }
  assert.equal(nextAct({ ...stolen, now: both }).act, 'complete')
  assert.equal(nextAct({ ...stolen, now: appeal }).act, 'complete')
  assert.equal(nextAct({ ...stolen, now: question }).act, 'answer')
  assert.equal(nextAct({ ...stolen, now: { ...appeal, kind: 'message' } }).act, 'tell')
  assert.equal(nextAct({ ...stolen, now: undefined }).act, 'wait')
})

test('only a decider closes, and only when no step is open or it was a false alarm', () => {
  assert.equal(mayResolve(rooms.resolvable.view), true)
  assert.equal(mayResolve({ ...rooms.resolvable.view, me: { ...stolen.me, mayDecide: false } }), false)
  assert.equal(mayResolve({ ...rooms.resolvable.view, steps: stolen.steps }), false)
  assert.equal(mayResolve({ ...rooms.following.view, certainty: 'false-alarm' }), true)
})

test('a word on its way comes before a failed one, a failed one before the next draft', () => {
  const draft = { ...firstDraft, id: 'd', kind: 'plans' as const }
  const failed = { ...firstDraft, id: 'f', state: 'failed' as const }
  const hand = { ...firstDraft, id: 'h', state: 'waiting-for-hand' as const }

  assert.equal(currentMessage({ ...stolen, messages: [hand, failed, draft] })?.id, 'h')
  assert.equal(currentMessage({ ...stolen, messages: [failed, draft] })?.id, 'f')
  assert.equal(currentMessage({ ...stolen, tellNext: 'plans', messages: [firstDraft, draft] })?.id, 'd')
  assert.equal(currentMessage({ ...stolen, messages: [] }), undefined)
})

test('the first word is owed by its promise; without one, by the update the client was told to expect', () => {
  const next = stolen.clocks[3]!.dueAt

  assert.equal(owedAt(stolen, firstDraft), stolen.mainClock!.dueAt)
  assert.equal(owedAt({ ...stolen, nextUpdateAt: next }, { ...firstDraft, kind: 'progress' }), next)
})

test('every limit but the big one stands in the row, none left out', () => {
  assert.deepEqual(
    otherClocks(stolen).map((clock) => clock.key),
    ['contain', 'evidence', 'platform', 'plans', 'second-sweep'],
  )
})

test('a missed limit asks for its reason until there is one', () => {
  const [missed] = unexplained(rooms.missed.view)
  assert.equal(missed?.key, 'first-word')
  const explained = rooms.missed.view.clocks.map((clock) => ({ ...clock, explained: '电话占线' }))
  assert.deepEqual(unexplained({ ...rooms.missed.view, clocks: explained }), [])
})
