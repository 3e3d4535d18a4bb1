import { beijingDay, beijingMonth } from '../clock.ts'
import { refuse } from '../errors.ts'
import type { Account } from '../state/account.ts'
import type { Send } from '../state/content.ts'
import type { World } from '../state/world.ts'

export const SUB_A_DAY = 1
export const SVC_A_MONTH = 4

/** A send counts unless it failed; one that still waits or runs has its place. */
const counts = (send: Send) => send.state !== 'SEND_FAIL'
const notified = (account: Account) => [...account.sends.values()].filter(counts)

/** Subscription accounts: one notified send a day, to all or to a tag. Service accounts: four to all a month. Days are UTC+8. */
export function checkQuota(world: World, account: Account, toAll: boolean): void {
  const now = world.clock.now()
  if (account.kind === 'SUB') {
    const today = notified(account).filter((one) => beijingDay(one.acceptedAt) === beijingDay(now))
    if (today.length >= SUB_A_DAY) refuse(45028)
    return
  }
  const thisMonth = notified(account).filter((one) => one.toAll && beijingMonth(one.acceptedAt) === beijingMonth(now))
  if (toAll && thisMonth.length >= SVC_A_MONTH) refuse(45028)
}

/** Who can still be reached: a follower of a service account gets at most four notified sends a month. */
export function reachable(world: World, account: Account, openids: string[]): string[] {
  const month = beijingMonth(world.clock.now())
  return openids.filter((openid) => {
    const follower = account.followers.get(openid)
    if (!follower?.subscribed || follower.blacklisted || follower.blocksMessages) return false
    return account.kind === 'SUB' || follower.notifiedIn.filter((one) => one === month).length < SVC_A_MONTH
  })
}
