import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../platform/time.ts'
import { aMassSend, aMenuDrift, anOpening, aPost, aStory, aTheft, threeInTheMorning } from './given-story.ts'
import { apply, replay } from './replay.ts'
import type { Fact } from './timeline.ts'

test('the same entries always add up to the same state, whole or one by one, and adding one changes nothing before it', () => {
  const story = aTheft().machineFinishes()
  const parts: string[] = []
  let state = replay(story.entries.slice(0, 1))
  for (const entry of story.entries.slice(1)) {
    const before = JSON.stringify(state)
    const next = apply(state, entry)
    parts.push(before)
    expect(JSON.stringify(state)).toBe(before)
    state = next
  }

  expect(state).toEqual(replay(story.entries))
  expect(replay(JSON.parse(JSON.stringify(story.entries)) as typeof story.entries)).toEqual(state)
  expect(parts.length).toBe(story.entries.length - 1)
})

test('a timeline begins with its opening, and opens once', () => {
  const note: Fact = { kind: 'note', text: '先来的' }
  expect(() => replay([])).toThrow('without its opening')
  expect(() => replay([{ seq: 1, at: threeInTheMorning, by: 'Mei', fact: note }])).toThrow('must begin with its opening')
  expect(() => aStory().say(anOpening())).toThrow('opens once')
})

test('the same article found by two signals is one article', () => {
  const story = aStory({ signals: [aPost('1')] }).say(aPost('1'))
  expect(story.state.articles).toHaveLength(1)
  expect(story.state.signals).toHaveLength(2)
})

test('a strange article that shows up after the removal makes the removal necessary again, and “controlled” waits for it no more', () => {
  const story = aTheft().machineFinishes()
  const firstContained = story.state.containedAt
  expect(story.step('remove-articles')).toMatchObject({ state: 'done', round: 1 })

  story.say(aPost('2'))
  expect(story.step('remove-articles')).toMatchObject({ state: 'running', round: 2 })
  expect(story.message('first').text).not.toContain('已删除')

  story.machineFinishes()
  expect(story.message('first').text).toContain('已删除 2 篇异常文章')
  expect(story.state.containedAt).toBe(firstContained)
})

test('a removal that was skipped is asked for again for an article nobody knew of then, and stays skipped for the old one', () => {
  const story = aStory({ signals: [aMassSend('1'), aMenuDrift()] }).machineFinishes()
  story.act({ do: 'skip', step: 'remove-by-hand', reason: '客户要保留这一篇', agreedBy: '王敏' })
  story.say(aMassSend('1'))
  expect(story.step('remove-by-hand').state).toBe('skipped')

  story.say(aMassSend('2'))

  expect(story.step('remove-by-hand')).toMatchObject({ state: 'ready' })
  expect(story.step('remove-by-hand')).not.toHaveProperty('reason')
})

test('a menu changed again is restored again', () => {
  const story = aTheft().machineFinishes()
  story.say(aMenuDrift())
  expect(story.step('restore-menu')).toMatchObject({ state: 'running', round: 2 })
})

test('what needs no certainty is not started twice by a certainty that arrives later', () => {
  const story = aStory({ signals: [aPost()] })
    .machineFinishes()
    .say(aMenuDrift())
    .machineFinishes()
  const started = story.entries.flatMap(({ fact }) => (fact.kind === 'step-started' ? [fact.step] : []))
  expect(new Set(started).size).toBe(started.length)
})

test('the first acknowledgement is remembered, the commander is the latest', () => {
  const story = aTheft().say({
    kind: 'acknowledged',
    personId: '老周',
    person: '老周',
    leaseUntil: instant('2026-11-21T19:12:00Z'),
  })
  const first = story.state.acknowledgedAt
  story.pass(60_000).say({
    kind: 'handed-over',
    fromPerson: '老周',
    personId: 'Mei',
    person: 'Mei',
    leaseUntil: instant('2026-11-21T19:13:00Z'),
    now: '',
    next: '',
    mind: '',
  })
  expect(story.state).toMatchObject({ acknowledgedAt: first, commander: { id: 'Mei', name: 'Mei' } })
})

test('facts about things that are not there are kept and change nothing else', () => {
  const strange: Fact[] = [
    { kind: 'article-removed', key: 'article:none', title: '', how: 'hand' },
    { kind: 'hold-lifted', holdId: 'none' },
    { kind: 'step-done', step: 'none' },
    { kind: 'step-moved', step: 'none', before: 'hold', reason: '', agreedBy: '' },
    { kind: 'message-sent', messageId: 'none', message: 'first', way: 'sms' },
    { kind: 'clock-missed', clock: 'none' },
  ]
  fc.assert(
    fc.property(fc.constantFrom(...strange), (fact) => {
      const story = aTheft()
      const { exceptions: _a, updatedAt: _b, ...before } = structuredClone(story.state)
      story.say(fact)
      const { exceptions: _c, updatedAt: _d, ...afterwards } = story.state
      expect(afterwards).toEqual(before)
    }),
    { seed: 7, numRuns: 12 },
  )
})
