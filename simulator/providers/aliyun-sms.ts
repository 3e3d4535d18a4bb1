import { aliyunAction, aliyunParams, aliyunProblem, aliyunSays, fill, hasAddress, isMobile, pushAliyun } from './aliyun-gate.ts'
import { type Call, json, type Reply, readJson, type Service } from './answers.ts'
import { beijingText } from './meters.ts'
import type { Seen, World } from './world.ts'

const DAY = 86_400_000

type Sent = {
  bizId: string
  outId: string
  phone: string
  templateCode: string
  message: Seen
  at: number
  state: 1 | 2 | 3
  error: string
}

export type AliyunSms = Service & { reply(phone: string, text: string): void }

/** Aliyun's SMS: approved signature and template, fifty notices a day per number, a report later and replies without an id. */
export function aliyunSms(world: World): AliyunSms {
  const sent: Sent[] = []
  const refuse = (code: string) => {
    const [name = '', ...text] = code.split(' ')
    // Business refusals come at 200 and at 400, whichever way the wind blows.
    return aliyunSays(
      world,
      name,
      text.join(' ') || `simulated ${name}`,
      world.faults.take('sms-aliyun', 'refuse-at-400') ? 400 : 200,
    )
  }

  async function answer(call: Call): Promise<Reply> {
    const problem = aliyunProblem(world, call)
    if (problem) return problem
    const params = aliyunParams(call)
    if (aliyunAction(call) === 'QuerySendDetails') return details(params)
    if (aliyunAction(call) !== 'SendSms') return aliyunSays(world, 'InvalidAction.NotFound', 'Specified api is not found', 404)
    const early = world.faults.take('sms-aliyun', 'receipt-first') !== undefined
    const reply = send(params, early)
    if (early) await world.pushes.flush()
    return reply
  }

  function send(params: Map<string, string>, early: boolean): Reply {
    const { signName, smsTemplates } = world.credentials.aliyun
    const phones = (params.get('PhoneNumbers') ?? '').split(',').filter(Boolean)
    if (phones.length > 1000) return refuse('isv.MOBILE_COUNT_OVER_LIMIT')
    if (phones.length === 0 || !phones.every(isMobile)) return refuse('isv.MOBILE_NUMBER_ILLEGAL')
    if (params.get('SignName') !== signName) return refuse('isv.SMS_SIGNATURE_ILLEGAL')
    const code = params.get('TemplateCode') ?? ''
    const template = Object.values(smsTemplates).find((one) => one.code === code)
    if (!template) return refuse('isv.SMS_TEMPLATE_ILLEGAL')
    const values = readJson(params.get('TemplateParam') ?? '{}')
    if (!values) return refuse('isv.INVALID_JSON_PARAM')
    if (Object.values(values).some(hasAddress)) return refuse('isv.PARAM_NOT_SUPPORT_URL')
    const { text, missing } = fill(template.text, values)
    if (missing) return refuse('isv.TEMPLATE_MISSING_PARAMETERS')
    if (phones.some((phone) => world.meters.within(`aliyun-sms:${code}:${phone}`, DAY) >= 50)) {
      return refuse('isv.BUSINESS_LIMIT_CONTROL 触发天级流控Permits:50')
    }
    const bizId = world.nextId('biz')
    for (const phone of phones) accept(phone, code, `【${signName}】${text}`, bizId, params.get('OutId') ?? '', early)
    return json({ Code: 'OK', Message: 'OK', BizId: bizId, RequestId: world.nextId('REQ-') })
  }

  function accept(phone: string, templateCode: string, text: string, bizId: string, outId: string, early: boolean): void {
    // Counted when handed in, whatever becomes of it.
    world.meters.add(`aliyun-sms:${templateCode}:${phone}`)
    const fate = world.faults.take('sms-aliyun', 'receipt-fail:', 'receipt-never', 'receipt-repeated', 'receipt-batch')
    const off = world.person(phone).phoneOff === true
    const error = fate?.startsWith('receipt-fail:') ? fate.slice(13) : off ? 'MOBILE_NOT_ON_SERVICE' : ''
    const message = world.show({
      provider: 'sms-aliyun',
      to: phone,
      text,
      sendId: bizId,
      reference: outId,
      delivered: error === '',
      why: error || undefined,
      links: [...text.matchAll(/dxw\.cn\/\w+/g)].map(([url]) => ({ label: url, url: `https://${url}` })),
    })
    const record: Sent = { bizId, outId, phone, templateCode, message, at: world.now(), state: 1, error }
    sent.push(record)
    if (fate === 'receipt-never') return
    const rows = () => {
      record.state = error ? 2 : 3
      return fate === 'receipt-batch' ? [...others(), report(record), ...others()] : [report(record)]
    }
    const copies = fate === 'receipt-repeated' ? 4 : 1
    for (let n = 0; n < copies; n++) world.pushes.later(early ? 0 : 3000, () => pushAliyun(world, rows))
  }

  const report = (record: Sent) => ({
    phone_number: record.phone,
    send_time: beijingText(record.at),
    report_time: beijingText(world.now()),
    success: record.error === '',
    err_code: record.error || 'DELIVERED',
    err_msg: record.error ? '用户手机未处于服务状态' : '用户接收成功',
    sms_size: String(Math.max(1, Math.ceil(record.message.text.length / 70))),
    biz_id: record.bizId,
    out_id: record.outId,
  })
  /** Receipts of other people's messages arrive in the same push. */
  const others = () =>
    Array.from({ length: 25 }, () => ({
      phone_number: '13900009999',
      send_time: beijingText(world.now()),
      report_time: beijingText(world.now()),
      success: true,
      err_code: 'DELIVERED',
      err_msg: '用户接收成功',
      sms_size: '1',
      biz_id: world.nextId('other'),
      out_id: '',
    }))

  /** Filed under the Beijing day of the sending. */
  function details(params: Map<string, string>): Reply {
    const rows = sent.filter(
      (one) =>
        one.phone === params.get('PhoneNumber') &&
        beijingText(one.at).slice(0, 10).replaceAll('-', '') === params.get('SendDate') &&
        (!params.get('BizId') || params.get('BizId') === one.bizId),
    )
    return json({
      Code: 'OK',
      Message: 'OK',
      RequestId: world.nextId('REQ-'),
      TotalCount: rows.length,
      SmsSendDetailDTOs: {
        SmsSendDetailDTO: rows.map((one) => ({
          PhoneNum: one.phone,
          SendStatus: one.state,
          ErrCode: one.state === 3 ? 'DELIVERED' : one.error,
          TemplateCode: one.templateCode,
          Content: one.message.text,
          SendDate: beijingText(one.at),
          OutId: one.outId,
        })),
      },
    })
  }

  function reply(phone: string, text: string): void {
    const number = Math.floor(world.random() * 1e9)
    // A number on one page of the documentation, text on another.
    const sequence_id = world.faults.take('sms-aliyun', 'sequence-as-text') ? String(number) : number
    const row = { phone_number: phone, content: text, send_time: beijingText(world.now()), dest_code: '1069000001', sequence_id }
    pushAliyun(world, () => [row])
  }

  return { provider: 'sms-aliyun', isSending: (call) => aliyunAction(call) === 'SendSms', answer, refuse, reply }
}
