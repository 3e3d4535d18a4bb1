import { type Call, json, list, type Reply, readJson, type Service, string } from './answers.ts'
import { beijingMidnight } from './meters.ts'
import type { CallEvent, Telephones } from './telephone.ts'
import { fillNumbered, pushTencent, tencentError, tencentProblem } from './tencent-gate.ts'
import type { World } from './world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Tencent's calls, with the limits an account has before it asks for more: among them one call a night. */
export function tencentVoice(world: World, telephones: Telephones): Service {
  const refuse = (code: string) => tencentError(world, code)

  function answer(call: Call): Reply {
    const problem = tencentProblem(world, call, 'vms')
    if (problem) return problem
    const body = readJson(call.text)
    if (call.headers.get('x-tc-action') !== 'SendTtsVoice' || !body) return refuse('InvalidAction')
    const { voiceAppId, voiceTemplates } = world.credentials.tencent
    const phone = string(body.CalledNumber).replace(/^\+86/, '')
    if (body.VoiceSdkAppid !== voiceAppId) return refuse('UnauthorizedOperation.VoiceSdkAppidVerifyFail')
    if (!/^1[3-9]\d{9}$/.test(phone) || !string(body.CalledNumber).startsWith('+86'))
      return refuse('InvalidParameterValue.CalledNumberVerifyFail')
    const template = Object.values(voiceTemplates).find((one) => one.id === body.TemplateId)
    const text = template && fillNumbered(template.text, list(body.TemplateParamSet).map(string), template.order.length)
    if (text === undefined) return refuse('FailedOperation.TemplateIncorrectOrUnapproved')
    if (text.length > 350) return refuse('InvalidParameterValue.ContentLengthLimit')
    if (Number(body.PlayTimes ?? 2) > 3) return refuse('InvalidParameterValue')
    if (overLimit(phone)) return refuse('LimitExceeded.DeliveryFrequencyLimit')

    world.meters.add(`tencent-voice:${phone}`)
    const callId = world.nextId('vms-')
    const context = string(body.SessionContext)
    const keys = [...new Set([...text.matchAll(/按\s*(\d)/g)].map((match) => match[1] ?? ''))]
    const buttons = keys.map((key) => ({ key, label: `按 ${key}` }))
    const message = world.show({
      provider: 'voice-tencent',
      to: phone,
      text,
      buttons,
      sendId: callId,
      reference: context,
      delivered: false,
      why: 'ringing',
    })
    const fault = world.faults.take('voice-tencent', 'call-end:', 'voicemail', 'key-late')
    const doubled = world.faults.take('voice-tencent', 'receipt-repeated') !== undefined
    telephones.ring({ message, phone, keys, tell: (event) => push(callId, phone, event, doubled) }, fault)
    return json({ Response: { SendStatus: { CallId: callId, SessionContext: context }, RequestId: world.nextId('req-') } })
  }

  function push(callid: string, mobile: string, event: CallEvent, doubled: boolean): void {
    const whose = { callid, mobile, nationcode: '86', call_from: '' }
    if (event.happens === 'key') pushTencent(world, { voicekey_callback: { ...whose, keypress: event.key } })
    if (event.happens !== 'over') return
    const answered = event.how === 'heard-all' || event.how === 'hung-up-early' || event.how === 'no-key'
    const now = String(Math.floor(world.now() / 1000))
    const result = answered ? '0' : typeof event.how === 'string' ? '1' : '2'
    const body = {
      voiceprompt_callback: {
        ...whose,
        result,
        accept_time: now,
        start_calltime: now,
        end_calltime: now,
        fee: answered ? '1' : '0',
      },
    }
    pushTencent(world, body)
    if (doubled) pushTencent(world, body)
  }

  function overLimit(phone: string): boolean {
    const meter = `tencent-voice:${phone}`
    const now = world.now()
    const midnight = beijingMidnight(now)
    if (world.meters.within(meter, MINUTE / 2) >= 1 || world.meters.within(meter, 10 * MINUTE) >= 2) return true
    if (world.meters.since(meter, midnight) >= 5) return true
    // The night runs across midnight, from 22:00 to 08:00 in Beijing.
    const evening = midnight + 22 * HOUR
    const nightStart = now >= evening ? evening : now < midnight + 8 * HOUR ? evening - 24 * HOUR : undefined
    return nightStart !== undefined && world.meters.since(meter, nightStart) >= 1
  }

  return { provider: 'voice-tencent', isSending: () => true, answer, refuse }
}
