import { expect, test } from 'vitest'
import { minutes } from '../platform/time.ts'
import { independentSigns } from './follow-ups.ts'
import { aMassSend, aMenuDrift, anAutoReplyDrift, aPost, aSignal, aStory, aTheft } from './given-story.ts'

const startedBy = (story: ReturnType<typeof aStory>) =>
  story.entries.flatMap(({ fact }) => (fact.kind === 'step-started' ? [fact.step] : []))

test('two independent signs make it certain, and the reason names both', () => {
  const story = aStory({ signals: [aPost()] })
  expect(story.state.certainty).toBe('single-sign')

  story.say(aMenuDrift())

  expect(story.state.certainty).toBe('confirmed')
  expect(story.last('certainty-changed')?.fact).toMatchObject({
    because: expect.stringMatching(/^2 个互相独立的迹象：.*文章.*；菜单被改动/),
  })
})

test('three strange posts are one sign: nothing is certain and a machine removes nothing', () => {
  const story = aStory({ signals: [aPost('1')] })

  story.say(aPost('2')).say(aPost('3')).say(aMassSend('4'))

  expect(independentSigns(story.state)).toBe(1)
  expect(story.state.certainty).toBe('single-sign')
  expect(startedBy(story)).not.toContain('remove-articles')
  expect(story.step('remove-articles').state).toBe('not-needed')
})

test('on a single sign a machine holds, keeps and looks, and changes nothing on the account', () => {
  const story = aStory({ signals: [aMenuDrift()] })
  story.machineFinishes()

  expect(new Set(startedBy(story))).toEqual(new Set(['snapshot', 'check-auto-reply', 'evidence']))
})

test('without the client’s agreement by name no certainty lets a machine remove an article', () => {
  const story = aTheft({ removal: 'not-agreed' })
  story.machineFinishes()

  expect(story.state.certainty).toBe('confirmed')
  expect(startedBy(story)).not.toContain('remove-articles')
  expect(story.step('remove-by-hand').state).toBe('ready')
})

test('a post that was explained is no sign any more: together with a later change it does not make a theft', () => {
  const story = aStory({ signals: [aPost('1')] })
  story.say({ kind: 'article-explained', key: 'article:1', whose: '客户市场部发的' })

  story.say(aMenuDrift())

  expect(story.state.certainty).toBe('single-sign')
})

test('a theft with a post and a changed menu is worked on by machine at once', () => {
  const story = aTheft()

  expect(startedBy(story)).toEqual(expect.arrayContaining(['tokens', 'snapshot', 'check-auto-reply']))
  story.machineDid('snapshot')
  expect(startedBy(story)).toEqual(expect.arrayContaining(['remove-articles', 'restore-menu', 'evidence']))
})

test('nothing is called controlled while a strange article is still live', () => {
  const story = aStory({ signals: [aPost()] })
  expect(story.clock('contain').metAt).toBeUndefined()

  story.say(aMenuDrift())
  expect(story.state.containedAt).toBeUndefined()

  story.machineFinishes()
  expect(story.state.containedAt).toBe(story.now)
  expect(story.clock('contain').metAt).toBe(story.now)
})

test('nothing is called controlled while the auto-reply still says what the thief wrote', () => {
  const story = aStory({ signals: [aPost(), anAutoReplyDrift()] })
  story.machineFinishes()
  expect(story.state.containedAt).toBeUndefined()

  story.prove('auto-reply-by-hand')
  expect(story.act({ do: 'complete', step: 'auto-reply-by-hand' }).ok).toBe(true)

  expect(story.state.containedAt).toBe(story.now)
})

test('an untouched first word keeps up with the facts; one that a person wrote is left alone', () => {
  const story = aTheft()
  const before = story.message('first').revision
  story.machineFinishes()
  expect(story.message('first').text).toContain('已删除 1 篇异常文章')
  expect(story.message('first').revision).toBeGreaterThan(before)

  const other = aTheft()
  other.act({ do: 'change-message', messageId: other.message('first').id, text: '我来写' })
  other.machineFinishes()
  expect(other.message('first').text).toBe('我来写')
})

test('postponing the automatic word is not writing it: the draft still keeps up with the facts, at the later minute', () => {
  const story = aTheft()
  const first = story.message('first')
  story.act({ do: 'postpone', messageId: first.id, minutes: 2, reason: '客户经理正在电话里' })

  story.machineFinishes()

  expect(story.message('first').text).toContain('已恢复公众号菜单')
  expect(story.message('first').autoAt).toBe('2026-11-21T19:16:00.000Z')
})

test('the first word of an urgent incident goes by itself at minute 12, before the promised 15', () => {
  const first = aTheft().message('first')

  expect(first.autoAt).toBe('2026-11-21T19:14:00.000Z')
})

test('a level lowered at night takes the automatic word back and waits for the client’s morning', () => {
  const story = aStory({ signals: [aPost(), aMenuDrift()], quiet: { fromMinute: 22 * 60, untilMinute: 8 * 60 } })

  story.sayAs('吴桐', { kind: 'severity-changed', severity: 'P3', reason: '没有读者看到' })

  expect(story.message('first').autoAt).toBeUndefined()
  expect(story.clock('first-word').dueAt).toBe('2026-11-22T00:15:00.000Z')
})

test('a level raised gives the first word its automatic minute', () => {
  const story = aStory({ opening: { severity: 'P3' }, signals: [aPost(), aMenuDrift()] })
  expect(story.message('first').autoAt).toBeUndefined()

  story.sayAs('吴桐', { kind: 'severity-changed', severity: 'P1', reason: '读者已经看到了' })

  expect(story.message('first').autoAt).toBe('2026-11-21T19:14:00.000Z')
})

test('two plans are drafted only once it is certain', () => {
  const story = aStory({ signals: [aPost()] })
  expect(story.state.messages.map((m) => m.kind)).toEqual(['first'])

  story.say(aMenuDrift())

  expect(story.state.messages.map((m) => m.kind)).toEqual(['first', 'plans'])
})

test('nothing follows by itself once it is known to be one of us', () => {
  const story = aStory({ signals: [aPost()] })
  story.act({ do: 'complete', step: 'ask-person', answer: 'ours' })
  const count = story.entries.length

  story.say(aSignal({ signal: 'menu-drift', sign: 'settings', menuDrifted: true }))

  expect(story.entries.length).toBe(count + 1)
})

test('a client who was told of a check is told its result too: the promise does not vanish with the alarm', () => {
  const story = aStory({ signals: [aPost()] })
  const first = story.message('first')
  story.act({ do: 'send', messageId: first.id })
  story.pass(minutes(1)).say({ kind: 'message-sent', messageId: first.id, message: 'first', way: 'sms' })

  story.act({ do: 'complete', step: 'ask-person', answer: 'ours' })

  const word = story.message('restored')
  expect(word.text).toContain('不是异常')
  expect(word.text).not.toContain('被盗')
  expect(story.act({ do: 'send', messageId: word.id }).ok).toBe(true)
})
