import { asObject, asText } from './call.ts'
import { answered, definite, jsonReply, kindOfDigit, notGenuine, readTypedReply } from './presses.ts'
import type { Push, PushReading, Receipt } from './receipts.ts'

const RECEIVED = jsonReply({ result: 0, errmsg: 'OK' })

/** One address takes an array (SMS states) or an object (an SMS reply, or a call told by its top key). */
export function readTencentPush(push: Push): PushReading {
  const body = parse(push.rawBody)
  if (Array.isArray(body))
    return answered(
      body.map(asObject).flatMap((row) => (row ? stateOf(row) : [])),
      RECEIVED,
    )
  const whole = asObject(body)
  if (!whole) return notGenuine('Tencent push is not JSON', 400)
  const prompt = asObject(whole.voiceprompt_callback)
  const key = asObject(whole.voicekey_callback)
  // The name of the third is recalled, not read.
  const failure = asObject(whole.voice_failure_callback)
  if (prompt) return answered(promptOf(prompt), RECEIVED)
  if (key) return answered(keyOf(key), RECEIVED)
  if (failure) return answered([callEnd(failure, 'failed', '呼叫失败')], RECEIVED)
  return answered(replyOf(whole), RECEIVED)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function stateOf(row: Record<string, unknown>): Receipt[] {
  const sendId = asText(row.sid)
  if (!sendId) return []
  const arrived = row.report_status === 'SUCCESS'
  return [
    definite({
      kind: arrived ? 'delivered' : 'failed',
      provider: 'tencent',
      eventId: `tencent-sms:${sendId}`,
      sendId,
      phone: asText(row.mobile),
      detail: arrived ? undefined : [asText(row.errmsg), asText(row.description)].filter(Boolean).join(' '),
    }),
  ]
}

function replyOf(row: Record<string, unknown>): Receipt[] {
  const phone = asText(row.mobile)
  const typed = readTypedReply(asText(row.text))
  if (!typed || !phone) return []
  return [
    definite({
      kind: kindOfDigit(typed.key),
      provider: 'tencent',
      eventId: `tencent-up:${phone}:${asText(row.time)}`,
      phone,
      ...typed,
    }),
  ]
}

function promptOf(row: Record<string, unknown>): Receipt[] {
  const result = asText(row.result)
  if (result === '0') return [callEnd(row, 'delivered', '已接听')]
  return [callEnd(row, 'failed', result === '1' ? '无人接听' : '呼叫异常')]
}

const callEnd = (row: Record<string, unknown>, kind: 'delivered' | 'failed', detail: string): Receipt =>
  definite({
    kind,
    provider: 'tencent',
    eventId: `tencent-call:${asText(row.callid)}:end`,
    sendId: asText(row.callid),
    phone: asText(row.mobile),
    detail,
  })

function keyOf(row: Record<string, unknown>): Receipt[] {
  const digit = asText(row.keypress).trim().slice(0, 1)
  const sendId = asText(row.callid)
  if (!digit) return []
  return [
    definite({
      kind: kindOfDigit(digit),
      provider: 'tencent',
      eventId: `tencent-call:${sendId}:key:${digit}`,
      sendId,
      phone: asText(row.mobile),
      key: digit,
    }),
  ]
}
