import { type Duration, elapsed, type Instant, seconds } from '../platform/time.ts'
import { UnexpectedAnswer } from './fields.ts'
import { isObject, type JsonObject, parseJson } from './json.ts'
import { cutSummary, maskedJson, maskedText } from './masking.ts'
import type { Encoded } from './multipart.ts'
import { type Intent, noAnswer, notReached, problemOf, ridIn, type WeChatProblem } from './problems.ts'
import { isHtml, reachedNobody, readBounded } from './transport.ts'

export type Answer<T> = { ok: true; value: T; rid: string | null } | { ok: false; problem: WeChatProblem }

/** One HTTP call, for the ledger and as evidence. Holds no secrets, tokens or whole openids. */
export type WeChatCall = {
  path: string
  appid: string
  intent: Intent
  startedAt: Instant
  tookMs: number
  httpStatus: number | null
  errcode: number | null
  rid: string | null
  requestSummary: string
  responseText: string
}

/** One API of WeChat. `read` takes what is promised out of the answer and throws UnexpectedAnswer when it is not there. */
export type Call<T> = {
  path: string
  method: 'GET' | 'POST'
  /** Whether repeating it could do harm. This decides what a time-out means. */
  intent: Intent
  query?: Record<string, string>
  body?: object
  upload?: Encoded
  read(answer: JsonObject): T
  /** For materials, which come as bare bytes; errors still come as JSON. */
  readBytes?(bytes: Uint8Array, mediaType: string): T
}

export type WeChat = {
  /** `secretQuery` goes onto the address (tokens) and into no record. */
  send<T>(appid: string, call: Call<T>, secretQuery?: Record<string, string>): Promise<Answer<T>>
  now(): Instant
}

export type WeChatOptions = {
  baseUrl?: string
  fetch: typeof fetch
  now(): Instant
  /** For every call alike; by default 5 s for reads and 10 s for writes. */
  timeoutMs?: Duration
  observe?(call: WeChatCall): void
}

const LARGEST_ANSWER = 64 * 1024 * 1024
const patience = { read: seconds(5), write: seconds(10) }

/** Speaks HTTP with WeChat. Never repeats anything by itself. */
export function openWeChat(options: WeChatOptions): WeChat {
  const { now, baseUrl = 'https://api.weixin.qq.com' } = options
  return {
    now,
    async send(appid, call, secretQuery = {}) {
      const startedAt = now()
      const reply = await exchange(options, `${baseUrl}${call.path}`, call, secretQuery)
      const answer = interpret(call, reply)
      record(options, { appid, startedAt, call, reply, answer, secrets: Object.values(secretQuery) })
      return answer
    },
  }
}

type Reply =
  | { status: number; mediaType: string; bytes: Uint8Array }
  | { lost: 'not-reached' | 'timeout' | 'hung-up'; status: number | null }

async function exchange<T>(
  options: WeChatOptions,
  url: string,
  call: Call<T>,
  secretQuery: Record<string, string>,
): Promise<Reply> {
  const address = new URL(url)
  for (const [name, value] of Object.entries({ ...call.query, ...secretQuery })) address.searchParams.set(name, value)
  const signal = AbortSignal.timeout(options.timeoutMs ?? patience[call.intent])
  let status: number | null = null
  try {
    // A redirect would carry the token elsewhere; WeChat never sends one.
    const response = await options.fetch(address, { method: call.method, redirect: 'manual', signal, ...bodyOf(call) })
    status = response.status
    const bytes = await readBounded(response, LARGEST_ANSWER)
    return bytes ? { status, mediaType: response.headers.get('content-type') ?? '', bytes } : { lost: 'hung-up', status }
  } catch (error) {
    return { lost: signal.aborted ? 'timeout' : reachedNobody(error) ? 'not-reached' : 'hung-up', status }
  }
}

function bodyOf<T>(call: Call<T>): { headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> } {
  if (call.upload) return { headers: { 'content-type': call.upload.contentType }, body: call.upload.body }
  // Raw UTF-8 as JSON.stringify gives it: `\u` escapes are refused or shown to readers (section 0, "Encoding").
  return call.body ? { headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(call.body) } : {}
}

function interpret<T>(call: Call<T>, reply: Reply): Answer<T> {
  const fail = (problem: WeChatProblem): Answer<T> => ({ ok: false, problem })
  const unclear = (why: string, rid: string | null = null) => fail(noAnswer(why, call.path, call.intent, rid))
  if ('lost' in reply) {
    if (reply.lost === 'not-reached') return fail(notReached('没能连上微信服务器', call.path))
    return unclear(reply.lost === 'timeout' ? '微信没有在限定时间内回答' : '与微信的连接中途断开')
  }
  const { bytes, mediaType, status } = reply
  if (status < 200 || status > 299) return unclear(`微信服务器出错（HTTP ${status}）`)
  if (bytes.length === 0) return unclear('微信的回答是空的')
  if (call.readBytes && !looksLikeJson(bytes, mediaType)) return { ok: true, value: call.readBytes(bytes, mediaType), rid: null }
  const json = parseJson(textOf(bytes))
  if (!isObject(json)) return unclear(isHtml(bytes) ? '微信返回了网页而不是数据' : '微信的回答无法解读')
  const errmsg = String(json.errmsg ?? '')
  const code = errcodeOf(json)
  if (code === null) return unclear('微信的回答无法解读', ridIn(errmsg))
  if (code !== 0)
    return fail(problemOf({ code, errmsg, ...(json.msg_id ? { msgId: String(json.msg_id) } : {}) }, call.path, call.intent))
  try {
    return { ok: true, value: call.read(json), rid: ridIn(errmsg) }
  } catch (error) {
    if (!(error instanceof UnexpectedAnswer)) throw error
    return unclear('微信的回答里缺少应有的内容', ridIn(errmsg))
  }
}

/** Absent means success (section 0, "Status"). Null: there is one, but it is no number. */
function errcodeOf(json: JsonObject): number | null {
  if (json.errcode === undefined) return 0
  const code = Number(json.errcode)
  return json.errcode !== null && Number.isSafeInteger(code) ? code : null
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
const looksLikeJson = (bytes: Uint8Array, mediaType: string) => /json|text\/plain/i.test(mediaType) || bytes[0] === 0x7b

type Exchanged<T> = { appid: string; startedAt: Instant; call: Call<T>; reply: Reply; answer: Answer<T>; secrets: string[] }

function record<T>(options: WeChatOptions, { appid, startedAt, call, reply, answer, secrets }: Exchanged<T>): void {
  if (!options.observe) return
  const seen: WeChatCall = {
    path: call.path,
    appid,
    intent: call.intent,
    startedAt,
    tookMs: elapsed(startedAt, options.now()),
    httpStatus: reply.status,
    errcode: answer.ok ? 0 : answer.problem.code,
    rid: answer.ok ? answer.rid : answer.problem.rid,
    requestSummary: summary(call),
    responseText: 'lost' in reply ? '' : answerText(reply, secrets),
  }
  try {
    options.observe(seen)
  } catch (error) {
    // The call has happened; losing its answer now would be worse than losing its record.
    process.emitWarning(error instanceof Error ? error : String(error))
  }
}

function summary<T>(call: Call<T>): string {
  const what = { ...call.query, ...call.body }
  const upload = call.upload ? ` + ${call.upload.body.length} bytes` : ''
  return cutSummary(`${call.method} ${JSON.stringify(maskedJson(what))}${upload}`)
}

function answerText(reply: { bytes: Uint8Array; mediaType: string }, secrets: string[]): string {
  const isText = looksLikeJson(reply.bytes, reply.mediaType) || /text|html|xml/i.test(reply.mediaType)
  return isText
    ? maskedText(textOf(reply.bytes.subarray(0, 16_384)), secrets)
    : `(${reply.bytes.length} bytes, ${reply.mediaType})`
}
