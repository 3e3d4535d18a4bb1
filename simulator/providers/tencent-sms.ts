import { hasAddress } from './aliyun-gate.ts'
import { type Call, json, list, type Reply, readJson, type Service, string } from './answers.ts'
import { beijingMidnight, beijingText } from './meters.ts'
import { fillNumbered, pushTencent, tencentError, tencentProblem } from './tencent-gate.ts'
import type { World } from './world.ts'

export type TencentSms = Service & { reply(phone: string, text: string): void }

/** Tencent's SMS: judged number by number; one number gets two a day until the account's limit is raised. */
export function tencentSms(world: World): TencentSms {
  const refuse = (code: string) => tencentError(world, code)

  function answer(call: Call): Reply {
    const problem = tencentProblem(world, call, 'sms')
    if (problem) return problem
    const body = readJson(call.text)
    if (call.headers.get('x-tc-action') !== 'SendSms' || !body) return refuse('InvalidAction')
    const { smsAppId, signName, smsTemplates } = world.credentials.tencent
    const phones = list(body.PhoneNumberSet).map(string)
    if (phones.length === 0 || phones.length > 200) return refuse('LimitExceeded.PhoneNumberCountLimit')
    if (body.SmsSdkAppId !== smsAppId) return refuse('UnauthorizedOperation.SmsSdkAppIdVerifyFail')
    if (body.SignName !== signName) return refuse('FailedOperation.SignatureIncorrectOrUnapproved')
    const template = Object.values(smsTemplates).find((one) => one.id === body.TemplateId)
    const values = list(body.TemplateParamSet).map(string)
    const text = template && fillNumbered(template.text, values, template.order.length)
    if (text === undefined) return refuse('FailedOperation.TemplateIncorrectOrUnapproved')
    if (values.some(hasAddress)) return refuse('InvalidParameterValue.ProhibitedUseUrlInTemplateParameter')
    const context = string(body.SessionContext)
    const SendStatusSet = phones.map((phone) => one(phone, `【${signName}】${text}`, context))
    return json({ Response: { SendStatusSet, RequestId: world.nextId('req-') } })
  }

  function one(number: string, text: string, context: string) {
    const phone = number.replace(/^\+86/, '')
    const code = problemWith(phone, text)
    const status = { PhoneNumber: number, SessionContext: context, IsoCode: 'CN' }
    if (code) return { ...status, SerialNo: '', Fee: 0, Code: code, Message: `simulated ${code}` }
    world.meters.add(`tencent-sms:${phone}`)
    world.meters.add(`tencent-sms:${phone}:${text}`)
    const serial = world.nextId('2640:')
    const fate = world.faults.take('sms-tencent', 'receipt-fail:', 'receipt-never', 'receipt-unknown-sid')
    const failed = fate?.startsWith('receipt-fail:') ? fate.slice(13) : world.person(phone).phoneOff ? 'NOTONLINE' : ''
    world.show({
      provider: 'sms-tencent',
      to: phone,
      text,
      sendId: serial,
      reference: context,
      delivered: failed === '',
      why: failed || undefined,
      links: [...text.matchAll(/dxw\.cn\/\w+/g)].map(([url]) => ({ label: url, url: `https://${url}` })),
    })
    if (fate !== 'receipt-never') {
      world.pushes.later(3000, () =>
        pushTencent(world, [
          {
            user_receive_time: beijingText(world.now()),
            nationcode: '86',
            mobile: phone,
            report_status: failed ? 'FAIL' : 'SUCCESS',
            errmsg: failed || 'DELIVRD',
            description: failed ? '用户未开机' : '用户短信送达成功',
            sid: fate === 'receipt-unknown-sid' ? world.nextId('unknown:') : serial,
          },
        ]),
      )
    }
    return { ...status, SerialNo: serial, Fee: Math.max(1, Math.ceil(text.length / 70)), Code: 'Ok', Message: 'send success' }
  }

  function problemWith(phone: string, text: string): string | undefined {
    const fault = world.faults.take('sms-tencent', 'number:')
    if (fault) return fault.slice(7)
    if (!/^1[3-9]\d{9}$/.test(phone)) return 'InvalidParameterValue.IncorrectPhoneNumber'
    if (world.meters.within(`tencent-sms:${phone}:${text}`, 30_000) >= 1) return 'LimitExceeded.PhoneNumberThirtySecondLimit'
    return world.meters.since(`tencent-sms:${phone}`, beijingMidnight(world.now())) >= 2
      ? 'LimitExceeded.PhoneNumberDailyLimit'
      : undefined
  }

  /** An object this time, on the same address that takes arrays. */
  const reply = (phone: string, text: string) =>
    pushTencent(world, {
      extend: '',
      mobile: phone,
      nationcode: '86',
      sign: world.credentials.tencent.signName,
      text,
      time: Math.floor(world.now() / 1000),
    })

  return { provider: 'sms-tencent', isSending: () => true, answer, refuse, reply }
}
