import { bannedWords, type MessageFinding } from '../../../src/incidents/client-words.ts'
import type { MessageKind } from '../../../src/incidents/timeline.ts'
import type { MessageView, WarRoomView } from '../../../src/incidents/view.ts'
import { after, BEIJING, clockTime, days, epoch, type Instant, instant } from '../../../src/platform/time.ts'

export const messageKinds: readonly MessageKind[] = ['first', 'plans', 'progress', 'restored']

/** Several progress messages may exist; the one to look at is the newest. */
export const latestOf = (messages: readonly MessageView[], kind: MessageKind): MessageView | undefined => messages.findLast((m) => m.kind === kind)

/** Which message the composer opens with: the one to tell next, else the last one there is. */
export const focusMessage = (view: WarRoomView): MessageKind => view.tellNext ?? view.messages.at(-1)?.kind ?? 'first'

/** “03:50” in Beijing as the next such moment after now. */
export function nextTimeOfDay(text: string, now: Instant): Instant | undefined {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) return undefined
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: BEIJING }).format(epoch(now))
  const today = instant(`${day}T${text}:00+08:00`)
  return today > now ? today : after(today, days(1))
}

/** The time is written in the sentence too: moving it moves both. */
export const withNextTime = (text: string, was: Instant | undefined, will: Instant): string => (was ? text.replaceAll(clockTime(was), clockTime(will)) : text)

export type Typed = { text: string; nextUpdateAt: Instant | undefined }

/**
 * What can be seen while typing: words a client never reads, the next time, and new “已…” clauses, which only the server can
 * hold against the timeline. The server's own findings decide when the change is saved.
 */
export function findingsWhileTyping(typed: Typed, saved: MessageView, now: Instant): MessageFinding[] {
  const findings: MessageFinding[] = []
  if (typed.text.trim() === '') findings.push({ level: 'block', text: '内容是空的。请写上发生了什么和下次时间。' })
  if (!typed.nextUpdateAt || typed.nextUpdateAt <= now) findings.push({ level: 'block', text: '下次告知的时间已经过去或没有写。请定一个之后的时间。' })
  else if (!typed.text.includes(clockTime(typed.nextUpdateAt))) {
    findings.push({ level: 'block', text: `正文里没有写下次时间 ${clockTime(typed.nextUpdateAt)}。` })
  }
  for (const [word, instead] of bannedWords) {
    const found = word.exec(typed.text)
    if (found) findings.push({ level: 'block', text: `“${found[0]}”客户看不懂，改成“${instead}”。` })
  }
  if (/[!！]/.test(typed.text)) findings.push({ level: 'warn', text: '不要用感叹号，语气平稳更让人放心。' })
  for (const clause of claims(typed.text)) {
    if (!saved.text.includes(clause)) findings.push({ level: 'warn', text: `“${clause}”保存时会核对有没有记录，没有记录不能发。` })
  }
  return findings
}

const claims = (text: string): string[] =>
  text
    .split(/[，。；,;\n：:]/)
    .map((clause) => clause.trim())
    .filter((clause) => clause.includes('已'))

export const mayGo = (findings: readonly MessageFinding[]): boolean => findings.every((finding) => finding.level !== 'block')
