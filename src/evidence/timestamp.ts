import { type Outcome, refused } from '../platform/outcome.ts'
import {
  BOOLEAN,
  type Der,
  DerError,
  der,
  derInteger,
  derOid,
  expectTag,
  INTEGER,
  OCTETS,
  readChildren,
  readDer,
  SEQUENCE,
} from './der.ts'
import { readToken, type Timestamp } from './timestamp-token.ts'

/** Time-stamp protocol of RFC 3161: an outside authority signs “I saw this hash at this time”. */
const SHA256 = '2.16.840.1.101.3.4.2.1'
const LARGEST_RESPONSE = 1024 * 1024

/** The request of RFC 3161 §2.4.1: version 1, SHA-256 imprint, nonce, and “send your certificate along”. */
export function timestampRequest(sha256: string, nonce: Uint8Array): Uint8Array {
  const algorithm = der(SEQUENCE, derOid(SHA256), der(0x05))
  const imprint = der(SEQUENCE, algorithm, der(OCTETS, Buffer.from(sha256, 'hex')))
  return der(SEQUENCE, derInteger(Uint8Array.of(1)), imprint, derInteger(nonce), der(BOOLEAN, Uint8Array.of(0xff)))
}

/** The token of a granted response (RFC 3161 §2.4.2); otherwise what the authority said instead. */
export function grantedToken(response: Uint8Array): Outcome<Uint8Array> {
  const [statusInfo, token] = readChildren(expectTag(readDer(response), SEQUENCE))
  const [status, ...details] = readChildren(expectTag(statusInfo, SEQUENCE))
  const code = Number(`0x${Buffer.from(expectTag(status, INTEGER).content).toString('hex')}`)
  // 0 granted, 1 granted with modifications: both carry a token. HTTP 200 may hold any of them.
  if (code !== 0 && code !== 1) return refused(`时间戳机构没有签发：${REFUSALS[code] ?? `状态 ${code}`}${failureOf(details)}`)
  if (!token) return refused('时间戳机构说已签发，但回复里没有时间戳')
  return { ok: true, value: token.whole }
}

const REFUSALS: Record<number, string> = { 2: '拒绝', 3: '稍后再取', 4: '证书即将吊销', 5: '证书已吊销' }
const FAILURES: Record<number, string> = {
  0: '不支持这种摘要算法',
  2: '请求不被允许或不被支持',
  5: '请求格式不对',
  14: '机构的时钟不可用',
  15: '不支持所要求的策略',
  16: '不支持所要求的扩展',
  17: '不能提供所要求的附加信息',
  25: '机构内部故障',
}

/** PKIFailureInfo is a bit string: its first byte counts unused bits, bit 0 is the first. */
function failureOf(details: Der[]): string {
  const bits = details.find(({ tag }) => tag === 0x03)?.content.subarray(1) ?? new Uint8Array()
  const reasons = Object.entries(FAILURES).filter(([bit]) => ((bits[Number(bit) >> 3] ?? 0) & (0x80 >> (Number(bit) & 7))) !== 0)
  return reasons.length > 0 ? `（${reasons.map(([, words]) => words).join('、')}）` : ''
}

/**
 * Checks a response against the hash, and against the nonce when we still know it. A nonce proves the answer is fresh;
 * years later it no longer matters, because the token itself carries the time.
 */
export function checkTimestamp(response: Uint8Array, expected: { sha256: string; nonce?: Uint8Array }): Outcome<Timestamp> {
  try {
    const granted = grantedToken(response)
    return granted.ok ? readToken(granted.value, expected) : granted
  } catch (error) {
    if (error instanceof DerError) return refused('时间戳不是完整的 RFC 3161 格式')
    throw error
  }
}

/** Asks an authority for a timestamp and checks it. Everything that can go wrong outside is a refusal with its reason. */
export async function requestTimestamp(
  url: string,
  sha256: string,
  means: { fetch: typeof globalThis.fetch; nonce: Uint8Array; signal?: AbortSignal },
): Promise<Outcome<{ response: Uint8Array; timestamp: Timestamp }>> {
  const answer = await ask(url, timestampRequest(sha256, means.nonce), means)
  if (!answer.ok) return answer
  const checked = checkTimestamp(answer.value, { sha256, nonce: means.nonce })
  return checked.ok ? { ok: true, value: { response: answer.value, timestamp: checked.value } } : checked
}

async function ask(
  url: string,
  request: Uint8Array,
  { fetch, signal }: { fetch: typeof globalThis.fetch; signal?: AbortSignal },
): Promise<Outcome<Uint8Array>> {
  const headers = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' }
  try {
    const response = await fetch(url, { method: 'POST', headers, body: request as BodyInit, signal })
    if (!response.ok) return refused(`时间戳机构回复 HTTP ${response.status}，没有签发。稍后可以再试`)
    const bytes = await readAtMost(response, LARGEST_RESPONSE)
    return bytes ? { ok: true, value: bytes } : refused('时间戳机构的回复大得不合理，没有采用')
  } catch (error) {
    if (!(error instanceof TypeError || (error instanceof DOMException && /Abort|Timeout/.test(error.name)))) throw error
    return refused('连不上时间戳机构，或等不到回复。证据不受影响，稍后可以再试')
  }
}

async function readAtMost(response: Response, most: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > most) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
