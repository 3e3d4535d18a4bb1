import { before, days, epoch, type Instant, instant } from '../platform/time.ts'
import {
  type Answer,
  comments,
  datacube,
  drafts,
  freepublish,
  mass,
  menu,
  type Session,
  type WeChatProblem,
} from '../wechat/index.ts'
import type { Abilities, Ability, AccountKind } from './account.ts'

/** Whether somebody else's system receives the account's pushes today. No API says so; what can be known is named. */
export type CallbackUse = { use: 'in-use'; pushes: number; days: number } | { use: 'no-sign' } | { use: 'unknown' }
export type Capabilities = {
  calls: Abilities['calls']
  kind: AccountKind | null
  verified: boolean | null
  callback: CallbackUse
}

/**
 * Finds what an account may do by asking harmless questions, never by writing (docs/wechat, section 0.1: 48001 is the
 * platform's way of saying no). The self-menu and the automatic replies are asked by the caller, who keeps their answers.
 */
export async function probeCapabilities(session: Session, now: Instant): Promise<Capabilities> {
  const answers: [Ability, Answer<unknown>][] = [
    ['drafts', await drafts.count(session)],
    ['menu', await menu.get(session)],
    ['publish', await freepublish.batchGet(session, { offset: 0, count: 1, noContent: true })],
    ['mass-send', await mass.getSpeed(session)],
    // An article that cannot exist: 88001 says that comments may be asked for, 48001 or 88000 that they may not.
    ['comments', await comments.list(session, { msgDataId: '1', position: 1 }, { begin: 0, count: 1, which: 'all' })],
  ]
  const week = { from: beijingDay(before(now, days(7))), to: beijingDay(before(now, days(1))) }
  const pushes = await datacube.callbackDays(session, week)
  const calls: Abilities['calls'] = { 'self-menu': 'yes', 'auto-reply': 'yes', statistics: abilityIn(pushes) }
  for (const [ability, answer] of answers) calls[ability] = abilityIn(answer)
  return { calls, ...judgeKind(calls), callback: callbackUse(pushes) }
}

/** Refused for lack of permission is a no; refused because of our nonsense is a yes; no clear answer is unknown. */
export function abilityIn(answer: Answer<unknown>): 'yes' | 'no' | 'unknown' {
  if (answer.ok) return 'yes'
  const verdicts: Partial<Record<WeChatProblem['class'], 'yes' | 'no'>> = { permission: 'no', state: 'yes', quota: 'yes' }
  return verdicts[answer.problem.class] ?? 'unknown'
}

/**
 * Verified accounts may publish; of the others only a service account may set a menu. A verified account looks the same
 * from here whether it is a subscription or a service account: then a person says which.
 */
export function judgeKind(calls: Abilities['calls']): { kind: AccountKind | null; verified: boolean | null } {
  if (calls.publish === 'yes' || calls['mass-send'] === 'yes') return { kind: null, verified: true }
  if (calls.publish !== 'no' || calls['mass-send'] !== 'no') return { kind: null, verified: null }
  if (calls.menu === 'unknown') return { kind: null, verified: false }
  return { kind: calls.menu === 'yes' ? 'SVC' : 'SUB', verified: false }
}

/** WeChat counts the pushes it delivered per day (section d.8): if there were some, somebody took them. */
function callbackUse(answer: Answer<datacube.CallbackDay[]>): CallbackUse {
  if (!answer.ok) return { use: 'unknown' }
  const pushes = answer.value.reduce((sum, day) => sum + day.pushes, 0)
  return pushes > 0 ? { use: 'in-use', pushes, days: 7 } : { use: 'no-sign' }
}

/** WeChat's day is Beijing's. */
export const beijingDay = (at: Instant): string => instant(epoch(at) + 8 * 3_600_000).slice(0, 10)
