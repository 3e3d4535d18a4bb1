import { aliyunAction, aliyunParams, aliyunProblem, aliyunSays, fill, hasAddress, isMobile, pushAliyun } from './aliyun-gate.ts'
import { type Call, json, type Reply, readJson, type Service } from './answers.ts'
import { beijingHour, beijingText } from './meters.ts'
import type { CallEvent, Telephones } from './telephone.ts'
import type { World } from './world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const CONCURRENT = 20

const ends: Record<string, { code: string; text: string }> = {
  'heard-all': { code: '200000', text: '用户接听' },
  'hung-up-early': { code: '200001', text: '用户提前挂断' },
  'no-answer': { code: '200003', text: '用户未接' },
  blocked: { code: '200005', text: '用户无法接通' },
  'no-key': { code: '200008', text: '等待按键超时' },
  off: { code: '200010', text: '关机' },
}

/** Aliyun's calls: once a minute, five an hour, twenty a day for one number, counted from the first. */
export function aliyunVoice(world: World, telephones: Telephones): Service {
  const refuse = (code: string) => {
    const [name = '', ...text] = code.split(' ')
    return aliyunSays(world, name, text.join(' ') || `simulated ${name}`)
  }

  function answer(call: Call): Reply {
    const problem = aliyunProblem(world, call)
    if (problem) return problem
    const params = aliyunParams(call)
    switch (aliyunAction(call)) {
      case 'SingleCallByTts':
        return dial(params, params.get('TtsCode') ?? '', params.get('TtsParam') ?? '{}', [])
      case 'IvrCall': {
        if (params.get('CalledShowNumber') !== world.credentials.aliyun.calledShowNumber)
          return refuse('isv.DISPLAY_NUMBER_ILLEGAL')
        const keys = [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((n) => params.get(`MenuKeyMap.${n}.Key`) ?? [])
        return dial(params, params.get('StartCode') ?? '', params.get('StartTtsParams') ?? '{}', keys)
      }
      default:
        return aliyunSays(world, 'InvalidAction.NotFound', 'Specified api is not found', 404)
    }
  }

  function dial(params: Map<string, string>, code: string, values: string, keys: string[]): Reply {
    const phone = params.get('CalledNumber') ?? ''
    const outId = params.get('OutId') ?? ''
    if (!isMobile(phone)) return refuse('isv.MOBILE_NUMBER_ILLEGAL')
    if (outId.length > 15) return refuse('isv.PARAM_LENGTH_LIMIT')
    const template = Object.values(world.credentials.aliyun.voiceTemplates).find((one) => one.code === code)
    if (!template) return refuse('isv.TTS_TEMPLATE_ILLEGAL')
    const given = readJson(values)
    if (!given) return refuse('isv.INVALID_JSON_PARAM')
    if (values.length > 250 || Object.values(given).some(hasAddress)) return refuse('isv.PARAM_LENGTH_LIMIT')
    const { text, missing } = fill(template.text, given)
    if (missing) return refuse('isv.TEMPLATE_MISSING_PARAMETERS')
    const limit = overLimit(phone)
    if (limit) return refuse(`isv.BUSINESS_LIMIT_CONTROL ${limit}`)
    if (telephones.underway() >= CONCURRENT) return refuse('isv.VOICE_CALL_FAIL')

    // Calls that fail later count as well.
    world.meters.add(`aliyun-voice:${phone}`)
    const callId = `${world.nextId('116')}^102${Math.floor(world.random() * 1e6)}`
    const buttons = keys.map((key) => ({ key, label: `按 ${key}` }))
    const message = world.show({
      provider: 'voice-aliyun',
      to: phone,
      text,
      buttons,
      sendId: callId,
      reference: outId,
      delivered: false,
      why: 'ringing',
    })
    const banned =
      world.faults.take('voice-aliyun', 'night-ban') && (beijingHour(world.now()) >= 22 || beijingHour(world.now()) < 8)
    const fault = banned ? 'call-end:200118' : world.faults.take('voice-aliyun', 'call-end:', 'voicemail', 'key-late')
    const started = world.now()
    let answered = false
    let pressed = ''
    const tell = (event: CallEvent): void => {
      if (event.happens === 'picked-up') answered = true
      if (event.happens === 'key') pressed = event.key
      const common = { call_id: callId, out_id: outId }
      const row =
        event.happens === 'over'
          ? {
              ...common,
              ...final(event.how),
              ...times(started, answered),
              caller: params.get('CalledShowNumber') ?? '',
              callee: phone,
              voice_type: 'voice',
              ...(pressed ? { dtmf: pressed } : {}),
            }
          : {
              ...common,
              status_code: event.happens === 'key' ? '300000' : event.happens === 'ringing' ? '200201' : '200102',
              status_time: beijingText(world.now()),
              ...(event.happens === 'key' ? { dtmf: event.key } : {}),
            }
      pushAliyun(world, () => [row])
    }
    telephones.ring({ message, phone, keys, tell }, fault)
    return json({ Code: 'OK', Message: 'OK', CallId: callId, RequestId: world.nextId('REQ-') })
  }

  const final = (how: Extract<CallEvent, { happens: 'over' }>['how']) => {
    const end = typeof how === 'string' ? ends[how] : { code: how.code, text: `simulated ${how.code}` }
    return { status_code: end?.code ?? '999999', status_msg: end?.text ?? '系统错误' }
  }
  const times = (started: number, answered: boolean) => ({
    originate_time: beijingText(started),
    start_time: answered ? beijingText(started) : '',
    end_time: beijingText(world.now()),
    duration: String(answered ? Math.ceil((world.now() - started) / 1000) : 0),
  })

  /** Windows open with the first call, and calls that fail later count. */
  function overLimit(phone: string): string | undefined {
    const meter = `aliyun-voice:${phone}`
    if (world.meters.fromFirst(meter, MINUTE) >= 1) return '触发分钟级流控Permits:1'
    if (world.meters.fromFirst(meter, HOUR) >= 5) return '触发小时级流控Permits:5'
    return world.meters.fromFirst(meter, 24 * HOUR) >= 20 ? '触发天级流控Permits:20' : undefined
  }

  return { provider: 'voice-aliyun', isSending: () => true, answer, refuse }
}

export const isVoiceAction = (action: string): boolean => action === 'SingleCallByTts' || action === 'IvrCall'
