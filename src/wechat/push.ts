import { type Duration, elapsed, hours, type Instant, instant } from '../platform/time.ts'
import { open, sameSignature, signature } from './crypto.ts'
import { readPush } from './push-reading.ts'
import type { Push } from './push-types.ts'
import { LARGEST_PUSH, parseXml, text } from './xml.ts'

/**
 * One callback address of one account or component. `receiverId` ends every sealed text: the appid, or for whatever reaches
 * a component the component's appid. `any` takes what comes and is for the hour in which somebody changes the mode.
 */
export type Door = { token: string; aesKeys: readonly string[]; receiverId: string; mode: 'plain' | 'compat' | 'safe' | 'any' }
export type PushRequest = { query: Record<string, string | undefined>; body: Buffer | string }
export type PushRefusal = 'wrong-signature' | 'undecipherable' | 'malformed' | 'stale' | 'too-large' | 'wrong-receiver'
export type PushOutcome<T> = { ok: true; value: T } | { ok: false; code: PushRefusal; reason: string }
/** WeChat's signature has no freshness of its own and clocks are hours apart, so the bound is wide; repeats are caught by `dedupeKey`. */
export type Freshness = { now: Instant; maxAge?: Duration }

const MAX_AGE = hours(24)

/** Checks who speaks, opens the seal, reads the push. Anything but a push is refused: never answer `success` to a refusal. */
export function openPush(door: Door, request: PushRequest, { now, maxAge = MAX_AGE }: Freshness): PushOutcome<Push> {
  const { query } = request
  if (request.body.length > LARGEST_PUSH) return refuse('too-large')
  if (!isSignable(query)) return refuse('wrong-signature')
  const body = request.body.toString()
  const encrypt = door.mode === 'plain' ? null : encryptedPart(door, body, query)
  const signed = encrypt === null ? isSignedPlainly(door, query) : isSealedFor(door, query, encrypt)
  if (!signed) return refuse('wrong-signature')
  if (Math.abs(elapsed(instant(Number(query.timestamp) * 1000), now)) > maxAge) return refuse('stale')
  return encrypt === null ? decode(body) : decodeSealed(door, encrypt)
}

/** WeChat asks once, with GET, whether the address is ours; the answer is the echo itself and nothing else. */
export function answerHandshake(door: Door, query: PushRequest['query']): PushOutcome<string> {
  if (!isSignable(query) || !isSignatureRight(door, query)) return refuse('wrong-signature')
  const echo = query.echostr ?? ''
  return echo === '' || echo.length > 1024 ? refuse('malformed') : { ok: true, value: echo }
}

type Signable = { timestamp: string; nonce: string }

/**
 * The signed parts are joined without separators, so characters could be moved from one to its neighbour and still verify.
 * Fixed forms leave no room for that.
 */
function isSignable(query: PushRequest['query']): query is PushRequest['query'] & Signable {
  return /^\d{10}$/.test(query.timestamp ?? '') && /^[A-Za-z0-9_-]{1,40}$/.test(query.nonce ?? '')
}

function isSignatureRight(door: Door, query: PushRequest['query'] & Signable): boolean {
  return sameSignature(query.signature ?? '', signature(door.token, query.timestamp, query.nonce))
}

/** A door that was told to expect sealed pushes does not take an open one: its text would be unsigned. */
function isSignedPlainly(door: Door, query: PushRequest['query'] & Signable): boolean {
  return (door.mode === 'plain' || door.mode === 'any') && isSignatureRight(door, query)
}

function isSealedFor(door: Door, query: PushRequest['query'] & Signable, encrypt: string): boolean {
  if (query.signature !== undefined && !isSignatureRight(door, query)) return false
  return sameSignature(query.msg_signature ?? '', signature(door.token, query.timestamp, query.nonce, encrypt))
}

/** An envelope holds nothing but an id and the ciphertext; read without building a tree, since the tree we want is inside. */
const ID = String.raw`(?:<(?:ToUserName|AppId)>(?:[\w@.-]*|<!\[CDATA\[[\w@.-]*\]\]>)</(?:ToUserName|AppId)>\s*)?`
const CIPHERTEXT = String.raw`<Encrypt>(?:([A-Za-z0-9+/=]+)|<!\[CDATA\[([A-Za-z0-9+/=]+)\]\]>)</Encrypt>\s*`
const ENVELOPE = new RegExp(String.raw`^\s*<xml>\s*${ID}${CIPHERTEXT}${ID}</xml>\s*$`)

function encryptedPart(door: Door, body: string, query: PushRequest['query'] & Signable): string | null {
  const envelope = ENVELOPE.exec(body)
  if (envelope) return envelope[1] ?? envelope[2] ?? null
  // In compat mode the ciphertext stands beside the open message. Only a real element counts: a follower may type “<Encrypt>”.
  if ((query.encrypt_type !== 'aes' && query.msg_signature === undefined) || !isSignatureRight(door, query)) return null
  const outer = parseXml(body)
  return outer.ok ? text(outer.tree, 'Encrypt') || null : null
}

function decodeSealed(door: Door, encrypt: string): PushOutcome<Push> {
  const opened = open(door.aesKeys, encrypt)
  if (!opened.ok) return refuse('undecipherable')
  return opened.receiverId === door.receiverId ? decode(opened.message) : refuse('wrong-receiver')
}

function decode(xml: string): PushOutcome<Push> {
  const parsed = parseXml(xml)
  if (!parsed.ok) return refuse(parsed.code)
  const push = readPush(parsed.tree)
  if (push) return { ok: true, value: push }
  // Somebody switched the console to encrypted pushes and our door still expects open ones.
  return refuse(text(parsed.tree, 'Encrypt') ? 'undecipherable' : 'malformed')
}

const reasons: Record<PushRefusal, string> = {
  'wrong-signature':
    '签名不对：这条推送不是微信用我们登记的 Token 发来的，已拒收。若刚改过 Token 或加密方式，请到账号设置里核对。',
  undecipherable: '签名正确但解不开：加密方式或 EncodingAESKey 与公众平台上的不一致，已拒收。请到账号设置里核对。',
  malformed: '推送内容不完整或格式不对，已拒收，没有任何操作。',
  stale: '推送的时间与本系统相差太多，已拒收，以防旧消息被重放。请核对服务器时间。',
  'too-large': '推送内容过大，已拒收，没有任何操作。',
  'wrong-receiver': '这条推送是发给另一个公众号或第三方平台的，已拒收。请核对回调地址填在了哪个账号上。',
}

const refuse = (code: PushRefusal): { ok: false; code: PushRefusal; reason: string } => ({
  ok: false,
  code,
  reason: reasons[code],
})
