import { expect, test } from 'vitest'
import { after, clockTime, instant, minutes } from '../../../src/platform/time.ts'
import { storyView, takingView } from '../samples.ts'
import {
  draftForClock,
  findingsWhileTyping,
  focusMessage,
  latestOf,
  mayGo,
  messageOfStep,
  movedTo,
  nextTimeOfDay,
  withNextTime,
} from './message-rules.ts'

const now = instant('2026-11-21T19:20:10.000Z') // 03:20:10 in Beijing
const saved = latestOf(storyView(now).messages, 'plans')!
const typing = (text: string, nextUpdateAt = saved.nextUpdateAt) => findingsWhileTyping({ text, nextUpdateAt }, saved, now)

test('the words the server composed pass as they are', () => {
  expect(typing(saved.text)).toEqual([])
})

test('a word clients never read is named while typing, with what to say instead', () => {
  const findings = typing(`${saved.text}服务器正常。`)

  expect(findings).toMatchObject([{ level: 'block' }])
  expect(findings[0]!.text).toContain('系统')
  expect(mayGo(findings)).toBe(false)
})

test('a new claim of something done is announced as still to be checked, and does not pass for proven', () => {
  expect(typing(`${saved.text}已让对方下线。`)).toMatchObject([{ level: 'warn' }])
})

test('without a next time, with one in the past, or with another one in the text, it may not go', () => {
  const past = after(now, minutes(-1))
  expect(mayGo(typing(saved.text, past))).toBe(false)
  expect(mayGo(findingsWhileTyping({ text: saved.text, nextUpdateAt: undefined }, saved, now))).toBe(false)
  expect(mayGo(typing('王总，我们在处理。'))).toBe(false)
  expect(mayGo(typing('  '))).toBe(false)
})

test('a time of day means the next one in Beijing, past midnight too', () => {
  expect(nextTimeOfDay('03:50', now)).toBe('2026-11-21T19:50:00.000Z')
  expect(nextTimeOfDay('03:10', now)).toBe('2026-11-22T19:10:00.000Z')
  expect(nextTimeOfDay('3:50', now)).toBeUndefined()
  expect(nextTimeOfDay('25:00', now)).toBeUndefined()
})

test('moving the next time moves it in the sentence as well', () => {
  const later = after(saved.nextUpdateAt!, minutes(15))

  expect(withNextTime(saved.text, saved.nextUpdateAt, later)).toContain(`${clockTime(later)} 前`)
})

test('the composer opens on what has to be told next', () => {
  expect(focusMessage(storyView(now))).toBe('plans')
  expect(focusMessage(takingView(now))).toBe('first')
})

test('a message that is leaving stays in front, so that it can be called back, even if the next draft is ready', () => {
  const story = storyView(now)
  const leaving = {
    ...story,
    messages: story.messages.map((m) => (m.kind === 'first' ? { ...m, state: 'sending' as const } : m)),
  }

  expect(leaving.tellNext).toBe('plans')
  expect(focusMessage(leaving)).toBe('first')
})

test('beside the main clock stands a send button only if telling the client keeps that promise', () => {
  const story = storyView(now)
  const contain = { ...story, mainClock: story.clocks.find((clock) => clock.key === 'contain') }

  expect(draftForClock(story)?.kind).toBe('plans')
  expect(draftForClock(contain)).toBeUndefined()
})

test('a step that tells the client is about the first message still owed, however many drafts follow', () => {
  const story = storyView(now)
  const owed = { ...story, messages: story.messages.map((m) => ({ ...m, state: 'waiting-for-hand' as const })) }

  expect(messageOfStep(owed)?.kind).toBe('first')
  expect(focusMessage(owed)).toBe('first')
  expect(messageOfStep(story)?.kind).toBe('plans')
})

test('the last word after a false alarm needs no next time', () => {
  const text = '王总，核实清楚了，是您这边的操作，不是异常。'

  expect(findingsWhileTyping({ text, nextUpdateAt: undefined }, saved, now, 'false-alarm')).toEqual([])
})

test('another time for a word that is due in two days stays on that day', () => {
  const inTwoDays = after(now, minutes(48 * 60))

  expect(movedTo('09:00', inTwoDays, now)).toBe('2026-11-24T01:00:00.000Z')
  expect(movedTo('03:10', after(now, minutes(30)), now)).toBe('2026-11-22T19:10:00.000Z')
})
