import { type Account, mayCall } from '../accounts/index.ts'
import { type Duration, days, elapsed, type Instant, minutes, seconds } from '../platform/time.ts'

export const everyProbe = ['published-articles', 'menu', 'auto-reply', 'article-gone', 'drafts', 'quota', 'standing'] as const
export type ProbeKind = (typeof everyProbe)[number]

/** What one run asks of WeChat, and how often we would like to run when the quota allows. */
type Plan = { path: string; wish: Duration }
export const plans: Record<ProbeKind, Plan> = {
  'published-articles': { path: '/cgi-bin/freepublish/batchget', wish: seconds(3) },
  menu: { path: '/cgi-bin/get_current_selfmenu_info', wish: seconds(3) },
  'auto-reply': { path: '/cgi-bin/get_current_autoreply_info', wish: seconds(15) },
  'article-gone': { path: '/cgi-bin/freepublish/getarticle', wish: seconds(30) },
  drafts: { path: '/cgi-bin/draft/count', wish: minutes(2) },
  quota: { path: '/cgi-bin/openapi/quota/get', wish: minutes(1) },
  standing: { path: '/cgi-bin/component/api_get_authorizer_info', wish: seconds(30) },
}

/** Which questions make sense for an account: an unanswerable one would only spend quota. */
export function plannedProbes(account: Account): ProbeKind[] {
  const can: Record<ProbeKind, boolean> = {
    'published-articles': mayCall(account, 'publish'),
    menu: true,
    'auto-reply': true,
    'article-gone': mayCall(account, 'publish'),
    drafts: mayCall(account, 'drafts'),
    quota: true,
    standing: account.mode === 'component',
  }
  return everyProbe.filter((kind) => can[kind])
}

/** WeChat publishes no limit for most reads; this is what openapi/quota/get shows for an ordinary account. */
export const USUAL_LIMIT = 50_000
const FASTEST: Duration = seconds(3)
const HURRY: Duration = seconds(2)
export const HURRY_LASTS: Duration = minutes(10)

/** What is known of one API's quota today. `used` counts everybody, us included. */
export type QuotaToday = { limit: number; used: number }
export type Pace = {
  kind: ProbeKind
  callsPerRun: number
  quota: QuotaToday
  lastSignalAt: Instant | null
  fails: number
  now: Instant
}

/**
 * How long until the next run. In peace at most half of the day's quota is spent and never faster than every 3 s. For ten
 * minutes after a sign every 2 s, as far as the rest of the quota carries. When WeChat does not answer, ever more slowly.
 */
export function pause({ kind, callsPerRun, quota, lastSignalAt, fails, now }: Pace): Duration {
  const calls = Math.max(1, callsPerRun)
  const peace = Math.max(FASTEST, plans[kind].wish, Math.ceil((calls * days(1)) / Math.max(1, quota.limit / 2)))
  if (fails > 0) return Math.max(peace, Math.min(minutes(1), seconds(2 ** Math.min(fails, 6))))
  const left = lastSignalAt === null ? 0 : HURRY_LASTS - elapsed(lastSignalAt, now)
  const rest = quota.limit - quota.used
  if (left <= 0 || rest <= 0) return peace
  return Math.min(peace, Math.max(HURRY, Math.ceil((left * calls) / rest)))
}
