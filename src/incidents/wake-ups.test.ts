import { expect, test } from 'vitest'
import { after, minutes, seconds } from '../platform/time.ts'
import { aPost, aStory, aTheft, type Story, theft, wu, zhou } from './given-story.ts'
import { wakeUpsOf } from './wake-ups.ts'

const wakes = (story: Story) =>
  Object.fromEntries(wakeUpsOf('i', story.state).map((w) => [`${w.kind} ${w.subject.slice(2)}`, w.at]))
const kinds = (story: Story) => new Set(wakeUpsOf('i', story.state).map((w) => w.kind))

test('every promise that is not kept yet has a moment at which we look', () => {
  const story = aTheft()

  const clocks = Object.keys(wakes(story)).filter((name) => name.startsWith('incident-clock'))
  expect(clocks.sort()).toEqual(theft.clocks.map((c) => `incident-clock ${c.key}`).sort())
  expect(wakes(story)[`message-auto ${story.message('first').id}`]).toBe('2026-11-21T19:14:00.000Z')
})

test('a kept promise wakes nobody, a missed one only once', () => {
  const story = aTheft().machineFinishes().say({ kind: 'clock-missed', clock: 'platform' })

  expect(wakes(story)).not.toHaveProperty('incident-clock contain')
  expect(wakes(story)).not.toHaveProperty('incident-clock platform')
})

test('a lease is watched while somebody has it, and after it lapsed until somebody has it again', () => {
  const story = aTheft()
  expect(kinds(story)).not.toContain('lease')
  story.act({ do: 'acknowledge' }, zhou)
  expect(wakes(story)['lease lease']).toBe(after(story.now, minutes(10)))

  story.pass(minutes(10)).say({ kind: 'lease-lapsed', personId: '老周', person: '老周' })

  expect(kinds(story)).not.toContain('lease')
})

test('a question that nobody answers has its moment; an answered one has none', () => {
  const story = aStory({ signals: [aPost()] })
  expect(wakes(story)['silence ask-person']).toBe('2026-11-21T19:05:00.000Z')
  story.act({ do: 'complete', step: 'ask-person', answer: 'not-ours' })
  expect(kinds(story)).not.toContain('silence')
})

test('a message is woken for by what it waits for: its automatic minute, its leaving, the hand, the choice', () => {
  const story = aTheft()
  const { id } = story.message('plans')
  story.act({ do: 'send', messageId: id })
  expect(wakes(story)[`message-leaves ${id}`]).toBe(after(story.now, seconds(5)))
  story
    .pass(seconds(5))
    .say({ kind: 'message-asked-by-hand', messageId: id, message: 'plans', person: '赵敏', dueAt: after(story.now, minutes(4)) })
  expect(wakes(story)).toHaveProperty(`message-by-hand ${id}`)
  story.say({ kind: 'message-sent', messageId: id, message: 'plans', way: 'sms' })
  expect(wakes(story)).toHaveProperty(`choose-until ${id}`)
  expect(wakes(story)['next-update next']).toBe(story.state.nextUpdateAt)
  story.say({ kind: 'plan-chosen', plan: 'B', who: '客户', revision: 1, byDefault: false })
  expect(wakes(story)).not.toHaveProperty(`choose-until ${id}`)
})

test('a message sent again after it failed has its moment to leave', () => {
  const story = aTheft()
  const { id } = story.message('first')
  story.act({ do: 'send', messageId: id })
  story
    .pass(seconds(6))
    .say(
      { kind: 'message-way', messageId: id, message: 'first', way: 'sms', result: 'refused' },
      { kind: 'message-failed', messageId: id, message: 'first', reason: '都没有成功' },
    )
  story.act({ do: 'send', messageId: id })

  expect(wakes(story)[`message-leaves ${id}`]).toBe(after(story.now, seconds(5)))
})

test('once restored no clock, no lease, no default choice comes any more, only the end of the watch', () => {
  const story = aTheft()
  story.act({ do: 'acknowledge' }, zhou)
  const { id } = story.message('plans')
  story.act({ do: 'send', messageId: id })
  story.say(
    { kind: 'message-sent', messageId: id, message: 'plans', way: 'sms' },
    { kind: 'restored', cause: '处理完毕', followUps: [] },
    { kind: 'watching-since' },
  )

  expect([...kinds(story)].filter((kind) => kind !== 'sweep')).toEqual(['watch-ends'])
  expect(wakes(story)['watch-ends watch']).toBe(after(story.now, minutes(24 * 60)))
})

test('a closed incident wakes nobody; opened again its promises are watched again', () => {
  const story = aTheft().say({ kind: 'restored', cause: '处理完毕', followUps: [] }, { kind: 'reviewed' })
  expect(wakeUpsOf('i', story.state)).toEqual([])

  story.act({ do: 'reopen', reason: '又出现陌生文章' }, wu)

  expect([...kinds(story)]).toEqual(expect.arrayContaining(['lease', 'incident-clock']))
})
