import { describe, expect, test } from 'vitest'
import { instant } from '../platform/time.ts'
import { loadLibrary } from './library.ts'
import { begin, isFinished, nowFor, refresh, type Situation, type StepStatus } from './stepper.ts'

const theft = loadLibrary().bySlug('stolen')
const at = instant('2026-11-21T19:02:00Z')
const aSituation = (changes: Partial<Situation> = {}): Situation => ({
  mode: 'secret',
  certainty: 'confirmed',
  removal: 'agreed',
  articles: { removable: true, byHand: false },
  menu: 'drifted',
  autoReply: 'as-approved',
  ...changes,
})
const begun = (changes: Partial<Situation> = {}) => begin(theft, aSituation(changes), at)
const state = (steps: readonly StepStatus[], key: string) => steps.find((s) => s.key === key)!.state
const set = (steps: readonly StepStatus[], key: string, to: Partial<StepStatus>) =>
  steps.map((s) => (s.key === key ? { ...s, ...to } : s))
const refreshed = (steps: readonly StepStatus[], changes: Partial<Situation> = {}) => refresh(theft, steps, aSituation(changes))
const order = (steps: readonly StepStatus[]) => steps.map((s) => s.key)

test('with the account’s own secret the reset waits until the cleaning; as a component it comes at once', () => {
  const secret = order(begun())
  const component = order(begun({ mode: 'component' }))

  expect(secret.indexOf('app-secret')).toBeGreaterThan(secret.indexOf('restore-menu'))
  expect(component.indexOf('app-secret')).toBeLessThan(component.indexOf('remove-articles'))
  expect([...secret].sort()).toEqual([...component].sort())
})

test('deadlines count from detection, not from when the step became due', () => {
  expect(begun().find((s) => s.key === 'evidence')?.dueAt).toBe('2026-11-21T19:22:00.000Z')
})

test('a step begins when all it waits for is finished, skipped or not needed', () => {
  const steps = begun()
  expect(state(steps, 'sweep')).toBe('waiting')

  const done = set(set(steps, 'restore-menu', { state: 'skipped' }), 'remove-articles', { state: 'done' })

  expect(state(refreshed(done, { articles: { removable: false, byHand: false } }), 'sweep')).toBe('ready')
})

test('a step that was ready waits again when what it stands on is needed again', () => {
  const ready = refreshed(set(set(begun(), 'restore-menu', { state: 'done' }), 'remove-articles', { state: 'done' }), {
    articles: { removable: false, byHand: false },
    menu: 'as-approved',
  })
  expect(state(ready, 'sweep')).toBe('ready')

  const again = refreshed(ready, { menu: 'as-approved' })

  expect(state(again, 'remove-articles')).not.toBe('done')
  expect(state(again, 'sweep')).toBe('waiting')
})

describe('conditions come and go', () => {
  test.each<[string, Partial<Situation>, Partial<Situation>]>([
    ['remove-articles', { articles: { removable: false, byHand: false } }, {}],
    ['remove-articles', { removal: 'not-agreed' }, {}],
    ['remove-articles', { certainty: 'single-sign' }, {}],
    ['remove-by-hand', {}, { articles: { removable: false, byHand: true } }],
    ['restore-menu', { menu: 'as-approved' }, {}],
    ['auto-reply-by-hand', {}, { autoReply: 'drifted' }],
    ['ask-person', {}, { certainty: 'single-sign' }],
    ['tokens', { certainty: 'single-sign' }, {}],
    ['administrator', { certainty: 'false-alarm' }, {}],
  ])('%s', (key, without, having) => {
    const steps = begun(without)
    expect(state(steps, key)).toBe('not-needed')

    const needed = refreshed(steps, having)
    expect(isFinished(state(needed, key))).toBe(false)

    expect(state(refreshed(needed, without), key)).toBe('not-needed')
  })
})

test('a strange article found later makes the removal necessary again, in a new round with nothing done in it', () => {
  const gone = { articles: { removable: false, byHand: false } }
  const first = set(set(begun(), 'snapshot', { state: 'done' }), 'remove-articles', {
    state: 'done',
    round: 1,
    doneAt: at,
    doneBy: '系统',
    receipt: '删除 2 篇',
  })
  const quiet = refreshed(first, gone)
  expect(state(quiet, 'remove-articles')).toBe('done')

  const later = refreshed(set(quiet, 'hold', { state: 'done' })).find((s) => s.key === 'remove-articles')!

  expect(later).toMatchObject({ state: 'ready', round: 2 })
  expect(later).not.toHaveProperty('doneAt')
  expect(later).not.toHaveProperty('receipt')
})

test('a step that was done for good is not asked for again when the certainty changes', () => {
  const done = set(begun(), 'administrator', { state: 'done' })
  expect(state(refreshed(done, { certainty: 'single-sign' }), 'administrator')).toBe('done')
})

test('what was skipped stays skipped while nothing changes', () => {
  const skipped = set(begun(), 'remove-articles', { state: 'skipped' })
  expect(state(refreshed(skipped), 'remove-articles')).toBe('skipped')
})

test('what the machine handed over goes away with its reason, and stays when the reason stays', () => {
  const byHand = set(begun(), 'restore-menu', { state: 'by-hand', problem: '平台拒绝' })
  expect(state(refreshed(byHand), 'restore-menu')).toBe('by-hand')
  expect(state(refreshed(byHand, { menu: 'as-approved' }), 'restore-menu')).toBe('not-needed')

  const tokens = set(begun(), 'tokens', { state: 'by-hand' })
  expect(state(refreshed(tokens, { certainty: 'single-sign' }), 'tokens')).toBe('by-hand')
})

test('refreshing twice changes nothing more', () => {
  const once = refreshed(begun())
  expect(refreshed(once)).toEqual(once)
})

test('a person’s next act is never one of the machine’s own, and follows the plan’s order', () => {
  const steps = begun({ certainty: 'single-sign' })
  expect(nowFor(theft, steps)?.key).toBe('ask-person')

  const handedOver = set(steps, 'hold', { state: 'by-hand' })
  expect(nowFor(theft, handedOver)?.key).toBe('hold')

  expect(
    nowFor(
      theft,
      steps.map((s) => ({ ...s, state: 'done' as const })),
    ),
  ).toBeUndefined()
})

test('a step of an older plan that the plan no longer knows is left as it is', () => {
  const strange: StepStatus = { key: 'added-1', position: 99, state: 'by-hand', dueAt: at, round: 1 }
  expect(refreshed([...begun(), strange]).at(-1)).toEqual(strange)
  expect(nowFor(theft, [strange])?.key).toBe('added-1')
})
