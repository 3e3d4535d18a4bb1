import { bannedWords, type MessageFinding } from '../../../src/incidents/client-words.ts'
import type { Certainty, MessageKind } from '../../../src/incidents/timeline.ts'
import type { MessageView, WarRoomView } from '../../../src/incidents/view.ts'
import { after, BEIJING, before, clockTime, days, epoch, hours, type Instant, instant } from '../../../src/platform/time.ts'

export const messageKinds: readonly MessageKind[] = ['first', 'plans', 'progress', 'restored']

/** Several progress messages may exist; the one to look at is the newest. */
export const latestOf = (messages: readonly MessageView[], kind: MessageKind): MessageView | undefined =>
  messages.findLast((m) => m.kind === kind)

const isOwed = (message: MessageView | undefined): message is MessageView => message !== undefined && message.state !== 'sent'

/** The message that a step of the kind “message” is about: the plan's messages come one after the other. */
export const messageOfStep = (view: WarRoomView): MessageView | undefined =>
  (['first', 'plans', 'restored'] as const).map((kind) => latestOf(view.messages, kind)).find(isOwed)

/**
 * Which message the composer shows by itself: one that is leaving (it can still be called back), then one that waits for a
 * hand, then one that failed, then the next draft; when nothing is owed, the last one told.
 */
export function focusMessage(view: WarRoomView): MessageKind {
  const inState = (state: MessageView['state']) => view.messages.find((message) => message.state === state)
  const owed = inState('sending') ?? inState('waiting-for-hand') ?? inState('failed')
  return owed?.kind ?? view.tellNext ?? view.messages.at(-1)?.kind ?? 'first'
}

/** Promises that are kept by telling the client; beside the others a send button would mislead. */
const keptByTelling: Record<string, MessageKind> = { 'first-word': 'first', plans: 'plans' }
/** The draft that belongs beside the main clock, if there is one to send. */
export function draftForClock(view: WarRoomView): MessageView | undefined {
  const kind = view.mainClock ? keptByTelling[view.mainClock.key] : (view.tellNext ?? 'progress')
  const message = kind && latestOf(view.messages, kind)
  return message && (message.state === 'draft' || message.state === 'failed') ? message : undefined
}

/** “03:50” in Beijing as the next such moment after now. */
export function nextTimeOfDay(text: string, now: Instant): Instant | undefined {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) return undefined
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: BEIJING }).format(epoch(now))
  const today = instant(`${day}T${text}:00+08:00`)
  return today > now ? today : after(today, days(1))
}

/** Another time of day for a moment that may lie some days ahead: the same day stays, unless that would be past. */
export function movedTo(text: string, was: Instant | undefined, now: Instant): Instant | undefined {
  const near = was && nextTimeOfDay(text, before(was, hours(12)))
  return near && near > now ? near : nextTimeOfDay(text, now)
}

/** The time is written in the sentence too: moving it moves both. */
export const withNextTime = (text: string, was: Instant | undefined, will: Instant): string =>
  was ? text.replaceAll(clockTime(was), clockTime(will)) : text

export type Typed = { text: string; nextUpdateAt: Instant | undefined }

/**
 * What can be seen while typing: words a client never reads, the next time, and new “已…” clauses, which only the server can
 * hold against the timeline. The server's own findings decide when the change is saved.
 */
export function findingsWhileTyping(
  typed: Typed,
  saved: MessageView,
  now: Instant,
  certainty: Certainty = 'confirmed',
): MessageFinding[] {
  const findings: MessageFinding[] = []
  if (typed.text.trim() === '') findings.push({ level: 'block', text: '内容是空的。请写上发生了什么和下次时间。' })
  // After a false alarm there is no next word to promise.
  if (certainty !== 'false-alarm') findings.push(...findingsOnTime(typed, now))
  for (const [word, instead] of bannedWords) {
    const found = word.exec(typed.text)
    if (found) findings.push({ level: 'block', text: `“${found[0]}”客户看不懂，改成“${instead}”。` })
  }
  if (/[!！]/.test(typed.text)) findings.push({ level: 'warn', text: '不要用感叹号，语气平稳更让人放心。' })
  for (const clause of claims(typed.text)) {
    if (!saved.text.includes(clause))
      findings.push({ level: 'warn', text: `“${clause}”保存时会核对有没有记录，没有记录不能发。` })
  }
  return findings
}

function findingsOnTime({ text, nextUpdateAt }: Typed, now: Instant): MessageFinding[] {
  if (!nextUpdateAt || nextUpdateAt <= now)
    return [{ level: 'block', text: '下次告知的时间已经过去或没有写。请定一个之后的时间。' }]
  const time = clockTime(nextUpdateAt)
  return text.includes(time) ? [] : [{ level: 'block', text: `正文里没有写下次时间 ${time}。` }]
}

const claims = (text: string): string[] =>
  text
    .split(/[，。；,;\n：:]/)
    .map((clause) => clause.trim())
    .filter((clause) => clause.includes('已'))

export const mayGo = (findings: readonly MessageFinding[]): boolean => findings.every((finding) => finding.level !== 'block')
