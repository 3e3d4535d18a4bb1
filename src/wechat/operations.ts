import type { Instant } from '../platform/time.ts'
import { nothing } from './articles.ts'
import type { Answer } from './client.ts'
import { moment, nested, number, numberOr, objects, text, textOr, texts } from './fields.ts'
import type { JsonObject } from './json.ts'
import { maskedText } from './masking.ts'
import type { Session } from './session.ts'

/** Looking after the connection itself (section d.9). */
export type Quota = { dailyLimit: number; used: number; remaining: number; perWindow: { calls: number; seconds: number } | null }

/** `used` counts every holder of the secret: more than our own ledger means that somebody else is calling. */
export function quota(session: Session, cgiPath: string): Promise<Answer<Quota>> {
  return session.call({
    path: '/cgi-bin/openapi/quota/get',
    method: 'POST',
    intent: 'read',
    body: { cgi_path: withSlash(cgiPath) },
    read: (a) => {
      const day = nested(a, 'quota')
      const window = nested(a, 'rate_limit')
      const calls = numberOr(window, 'call_count')
      const perWindow = calls > 0 ? { calls, seconds: numberOr(window, 'refresh_second') } : null
      return { dailyLimit: number(day, 'daily_limit'), used: number(day, 'used'), remaining: number(day, 'remain'), perWindow }
    },
  })
}

/** 50 a month. */
export function clearQuota(session: Session, cgiPath: string): Promise<Answer<undefined>> {
  const body = { cgi_path: withSlash(cgiPath) }
  return session.call({ path: '/cgi-bin/openapi/quota/clear', method: 'POST', intent: 'write', body, read: nothing })
}

/** Of all APIs at once; 10 a month. */
export function clearAllQuotas(session: Session): Promise<Answer<undefined>> {
  return session.call({
    path: '/cgi-bin/clear_quota',
    method: 'POST',
    intent: 'write',
    body: { appid: session.appid },
    read: nothing,
  })
}

/** Without its leading slash WeChat answers as if the path did not exist. */
const withSlash = (path: string) => (path.startsWith('/') ? path : `/${path}`)

export type RidReport = {
  invokedAt: Instant | null
  tookMs: number
  url: string
  requestBody: string
  responseBody: string
  clientIp: string
}

/** What WeChat received and answered under a request id of ours, for 7 days: evidence from the other side. Secrets are masked. */
export function explainRid(session: Session, rid: string): Promise<Answer<RidReport>> {
  return session.call({
    path: '/cgi-bin/openapi/rid/get',
    method: 'POST',
    intent: 'read',
    body: { rid },
    read: (a) => {
      const request = nested(a, 'request')
      return {
        invokedAt: moment(request, 'invoke_time'),
        tookMs: numberOr(request, 'cost_in_ms'),
        url: maskedText(text(request, 'request_url')),
        requestBody: maskedText(textOr(request, 'request_body')),
        responseBody: maskedText(textOr(request, 'response_body')),
        clientIp: textOr(request, 'client_ip'),
      }
    },
  })
}

export type CallbackCheck = {
  dns: { ip: string; operator: string }[]
  ping: { ip: string; fromOperator: string; packetLoss: string; time: string }[]
}

/** Lets WeChat try our callback host from its side. */
export function checkCallback(
  session: Session,
  action: 'dns' | 'ping' | 'all' = 'all',
  operator: 'DEFAULT' | 'CHINANET' | 'UNICOM' | 'CAP' = 'DEFAULT',
): Promise<Answer<CallbackCheck>> {
  return session.call({
    path: '/cgi-bin/callback/check',
    method: 'POST',
    intent: 'read',
    body: { action, check_operator: operator },
    read: (a) => ({
      dns: objects(a, 'dns').map((d) => ({ ip: textOr(d, 'ip'), operator: textOr(d, 'real_operator') })),
      ping: objects(a, 'ping').map((p) => ({
        ip: textOr(p, 'ip'),
        fromOperator: textOr(p, 'from_operator'),
        packetLoss: textOr(p, 'package_loss'),
        time: textOr(p, 'time'),
      })),
    }),
  })
}

/** Where WeChat's pushes come from; ask daily, never write them down in a configuration. */
export function callbackIps(session: Session): Promise<Answer<string[]>> {
  const read = (a: JsonObject) => texts(a, 'ip_list')
  return session.call({ path: '/cgi-bin/getcallbackip', method: 'GET', intent: 'read', read })
}

export function apiIps(session: Session): Promise<Answer<string[]>> {
  const read = (a: JsonObject) => texts(a, 'ip_list')
  return session.call({ path: '/cgi-bin/get_api_domain_ip', method: 'GET', intent: 'read', read })
}
