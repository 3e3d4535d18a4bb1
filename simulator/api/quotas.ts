import { beijingDay } from '../clock.ts'
import { refuse } from '../errors.ts'
import type { Account } from '../state/account.ts'
import type { World } from '../state/world.ts'

/** Daily calls of a path for which no number is published. */
export const OTHER_DAILY_LIMIT = 50_000

const key = (at: number, path: string) => `${beijingDay(at)} ${path}`
const minuteKey = (at: number, path: string) => `minute ${Math.floor(at / 60_000)} ${path}`

export const dailyLimitOf = (account: Account, path: string, published?: number) =>
  account.quotaLimits[path] ?? account.quotaLimits['*'] ?? published ?? OTHER_DAILY_LIMIT
export const usedToday = (world: World, account: Account, path: string) =>
  account.quotaUsed.get(key(world.clock.now(), path)) ?? 0

/** Counts a call, whoever made it: that is how a stranger with the secret shows up in openapi/quota/get. */
export function spend(world: World, account: Account, path: string, dailyLimit?: number, minuteLimit?: number): void {
  const now = world.clock.now()
  const minute = account.quotaUsed.get(minuteKey(now, path)) ?? 0
  if (minuteLimit !== undefined && minute >= minuteLimit) refuse(45011)
  const used = usedToday(world, account, path)
  if (used >= dailyLimitOf(account, path, dailyLimit)) refuse(45009)
  account.quotaUsed.set(key(now, path), used + 1)
  if (minuteLimit !== undefined) account.quotaUsed.set(minuteKey(now, path), minute + 1)
}

export function clearUsed(account: Account, path?: string): void {
  const suffix = path ? ` ${path}` : ''
  for (const kept of account.quotaUsed.keys()) if (kept.endsWith(suffix)) account.quotaUsed.delete(kept)
}

/** Clearing is itself limited by the month: `kind` is "all" (10) or "path" (50). */
export function spendClearing(world: World, account: Account, kind: 'all' | 'path', limit: number): void {
  const month = `${kind} ${beijingDay(world.clock.now()).slice(0, 7)}`
  const used = account.clearedInMonth.get(month) ?? 0
  if (used >= limit) refuse(48006)
  account.clearedInMonth.set(month, used + 1)
}
