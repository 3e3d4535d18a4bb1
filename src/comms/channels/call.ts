import { createHash } from 'node:crypto'
import type { ChannelIo, SendResult } from './channel.ts'

/**
 * What an HTTP call came to. `lost` means nobody knows whether the provider acted; `not-sent` means it cannot have, because no
 * connection came about.
 */
export type Answer =
  | { got: 'json'; status: number; headers: Headers; body: Record<string, unknown> }
  | { got: 'lost'; why: string }
  | { got: 'not-sent'; why: string }

/** Errors of the network that happen before a single byte of the request has left. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

function networkCode(error: unknown): string {
  const seen = error instanceof Error ? (error.cause ?? error) : error
  const inner = seen instanceof AggregateError ? seen.errors[0] : seen
  return typeof inner === 'object' && inner !== null && 'code' in inner ? String(inner.code) : ''
}

export type Call = { url: string; method?: 'GET' | 'POST' | 'PUT' | 'PATCH'; headers?: Record<string, string>; body?: string }

/**
 * Calls a provider and reads its JSON. HTTP 200 proves nothing: the caller judges the body. A 200 without JSON, a gateway's page
 * and a time-out (headers or body) are all `lost`: the message may be on somebody's phone.
 */
export async function callProvider(io: ChannelIo, call: Call, timeoutMs: number): Promise<Answer> {
  try {
    const response = await io.fetch(call.url, {
      method: call.method ?? 'POST',
      headers: call.headers,
      body: call.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await response.text()
    const body = readObject(text)
    if (body) return { got: 'json', status: response.status, headers: response.headers, body }
    return { got: 'lost', why: `对方返回了 HTTP ${response.status}，内容${text === '' ? '为空' : '无法识别'}` }
  } catch (error) {
    const code = networkCode(error)
    if (neverConnected.has(code)) return { got: 'not-sent', why: `连不上对方服务器（${code}）` }
    if (error instanceof Error && error.name === 'TimeoutError')
      return { got: 'lost', why: `等了 ${timeoutMs / 1000} 秒没有回答` }
    return { got: 'lost', why: `连接中断（${code || '原因不明'}）` }
  }
}

export const postJson = (io: ChannelIo, url: string, body: unknown, timeoutMs: number, headers: Record<string, string> = {}) =>
  callProvider(
    io,
    { url, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(body) },
    timeoutMs,
  )

export function readObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return undefined
  }
}

export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
}

export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Joins a base address, which may carry a path of its own, with the provider's path. */
export function address(baseUrl: string, path: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString()
  return `${baseUrl.replace(/\/+$/, '')}${path}${search ? `?${search}` : ''}`
}

/** How long to wait after a failure that says nothing about when it will be over. */
export const SHORT_PAUSE_MS = 5_000

/** A call that brought no judgement of the provider, as a result of a sending. */
export function unjudged(answer: Exclude<Answer, { got: 'json' }>, provider: string): SendResult {
  return answer.got === 'not-sent'
    ? {
        result: 'refused',
        retry: 'later',
        afterMs: SHORT_PAUSE_MS,
        reason: `${provider}：${answer.why}。消息没有发出，稍后可以再试。`,
      }
    : {
        result: 'unknown',
        reason: `${provider}：${answer.why}。消息可能已经送到，请先看回执，不要直接重发；可以同时改用下一个渠道。`,
      }
}

/**
 * Our key in the shape every provider takes: 15 characters of a–z and 0–9 (Aliyun voice allows no more). It is the card's task
 * id, the OutId, the SessionContext and Feishu's uuid, so that a receipt can be matched even when it overtakes the answer.
 */
export function referenceOf(key: string): string {
  const digest = createHash('sha256').update(key).digest('hex')
  return BigInt(`0x${digest}`).toString(36).padStart(50, '0').slice(-15)
}
