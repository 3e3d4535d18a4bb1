import { asList, asObject, asText, referenceOf, unjudged } from './call.ts'
import type { Channel, ChannelIo } from './channel.ts'
import { judgeTencent } from './codes-tencent.ts'
import { mainlandMobile } from './phone.ts'
import { fitSms } from './render.ts'
import type { ChannelSettings } from './settings.ts'
import { chooseTemplate } from './template.ts'
import { callTencent, readTencent } from './tencent-rpc.ts'
import { recipient, resultOf } from './verdicts.ts'

const NAME = '腾讯云短信'

/** Tencent fills by position, `{1}` `{2}`; our values have names. This turns the one text into the other. */
export function namedText(template: { text: string; order: string[] }): string {
  return template.text.replace(/\{(\d+)\}/g, (whole, position: string) => {
    const name = template.order[Number(position) - 1]
    return name ? `{${name}}` : whole
  })
}

export function openTencentSms(settings: ChannelSettings['sms-tencent'], io: ChannelIo): Channel {
  return {
    kind: 'sms-tencent',
    async send(to, notice, key) {
      const phone = mainlandMobile(to)
      if (!phone) return resultOf(recipient('手机号不对'), NAME, to)
      const templates = Object.fromEntries(
        Object.entries(settings.templates).map(([name, t]) => [name, { ...t, text: namedText(t) }]),
      )
      const chosen = chooseTemplate(templates, notice)
      if ('problem' in chosen) return resultOf(chosen.problem, NAME, chosen.name)

      const { values } = fitSms(settings.signName, chosen.template.text, chosen.values)
      const answer = await callTencent(settings, io, { name: 'sms', version: '2021-01-11' }, 'SendSms', {
        PhoneNumberSet: [`+86${phone}`],
        SmsSdkAppId: settings.sdkAppId,
        SignName: settings.signName,
        TemplateId: chosen.template.id,
        TemplateParamSet: chosen.template.order.map((name) => values[name] ?? ''),
        SessionContext: referenceOf(key),
      })
      if (answer.got !== 'json') return unjudged(answer, NAME)
      const { response, error } = readTencent(answer.body)
      const status = asObject(asList(response.SendStatusSet)[0])
      const code = error ?? asText(status?.Code)
      const verdict = judgeTencent(code, io.now())
      if (verdict.class !== 'ok') return resultOf(verdict, NAME, code)
      const sendId = asText(status?.SerialNo)
      return { result: 'done', receipt: `腾讯云已受理 ${sendId}`, sendId }
    },
  }
}
