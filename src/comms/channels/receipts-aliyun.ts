import { asObject, asText } from './call.ts'
import { answered, definite, jsonReply, kindOfDigit, notGenuine, readTypedReply } from './presses.ts'
import type { Push, PushReading, Receipt } from './receipts.ts'

/** Only "is code a number" is looked at; anything else, and they send it all again after 1, 5 and 10 minutes. */
const RECEIVED = jsonReply({ code: 0, msg: '接收成功' })

/** Why a call ended. Source: Dyvmsapi, result codes. 200000 and 200001 were picked up, by a person or by a machine. */
const callEnds: Record<string, string> = {
  '200002': '占线',
  '200003': '无人接听',
  '200004': '号码有误',
  '200005': '暂时无法接通（常见于手机的骚扰拦截）',
  '200007': '不在服务区',
  '200008': '等待按键超时',
  '200010': '已关机',
  '200011': '已停机',
  '200117': '主叫号码有误',
  '200118': '运营商在这个时段禁止呼叫',
  '200119': '运营商限制呼叫频次',
  '200121': '同时呼叫过多',
}
const underway = new Set(['200101', '200201', '200102', '200100', '300000'])

/** Aliyun pushes arrays: SMS reports, SMS replies and call reports, each told by its own fields, and mixed with other people's. */
export function readAliyunPush(push: Push): PushReading {
  const items = readArray(push.rawBody)
  if (!items) return notGenuine('Aliyun push is not a JSON array', 400)
  return answered(
    items.flatMap((item) => {
      const row = asObject(item)
      if (!row) return []
      if (row.call_id !== undefined) return callOf(row)
      return row.content !== undefined && row.biz_id === undefined ? replyOf(row) : reportOf(row)
    }),
    RECEIVED,
  )
}

function readArray(text: string): unknown[] | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return Array.isArray(body) ? body : asObject(body) ? [body] : undefined
  } catch {
    return undefined
  }
}

function reportOf(row: Record<string, unknown>): Receipt[] {
  const sendId = asText(row.biz_id)
  const phone = asText(row.phone_number)
  if (!sendId) return []
  const arrived = row.success === true || row.success === 'true'
  return [
    definite({
      kind: arrived ? 'delivered' : 'failed',
      provider: 'aliyun',
      eventId: `aliyun-sms:${sendId}:${phone}`,
      sendId,
      taskId: asText(row.out_id),
      phone,
      detail: arrived ? undefined : [asText(row.err_code), asText(row.err_msg)].filter(Boolean).join(' '),
    }),
  ]
}

/** A reply names no message: the phone and the code in it do. An ordinary sentence is not taken for an answer. */
function replyOf(row: Record<string, unknown>): Receipt[] {
  const phone = asText(row.phone_number)
  const content = asText(row.content)
  const typed = readTypedReply(content)
  if (!typed || !phone) return []
  const eventId = `aliyun-up:${asText(row.sequence_id) || `${phone}:${asText(row.send_time)}`}`
  return [definite({ kind: kindOfDigit(typed.key), provider: 'aliyun', eventId, phone, ...typed })]
}

function callOf(row: Record<string, unknown>): Receipt[] {
  const sendId = asText(row.call_id)
  const common = { provider: 'aliyun', sendId, taskId: asText(row.out_id), phone: asText(row.callee) } as const
  const status = asText(row.status_code)
  const digit = asText(row.dtmf).trim().slice(0, 1)
  const pressed: Receipt[] = digit
    ? [definite({ ...common, kind: kindOfDigit(digit), eventId: `aliyun-call:${sendId}:key:${digit}`, key: digit })]
    : []
  if (underway.has(status)) return pressed
  const answeredCall = status === '200000' || status === '200001'
  const end: Receipt = definite({
    ...common,
    kind: answeredCall ? 'delivered' : 'failed',
    eventId: `aliyun-call:${sendId}:end`,
    detail: answeredCall ? (status === '200001' ? '接听后提前挂断' : '已接听') : `${callEnds[status] ?? '呼叫失败'}（${status}）`,
  })
  return [...pressed, end]
}
