import { asObject, asText, referenceOf, unjudged } from './call.ts'
import type { Channel, ChannelIo } from './channel.ts'
import { judgeTencent } from './codes-tencent.ts'
import { mainlandMobile } from './phone.ts'
import { fitSpoken } from './render.ts'
import type { ChannelSettings } from './settings.ts'
import { chooseTemplate } from './template.ts'
import { callTencent, readTencent } from './tencent-rpc.ts'
import { namedText } from './tencent-sms.ts'
import { recipient, resultOf } from './verdicts.ts'

const NAME = '腾讯云语音'

/** A call that reads a template out; keys come by callback. By default one call a night per number: budgets.ts holds that. */
export function openTencentVoice(settings: ChannelSettings['voice-tencent'], io: ChannelIo): Channel {
  return {
    kind: 'voice-tencent',
    async send(to, notice, key) {
      const phone = mainlandMobile(to)
      if (!phone) return resultOf(recipient('手机号不对'), NAME, to)
      const templates = Object.fromEntries(
        Object.entries(settings.templates).map(([name, t]) => [name, { ...t, text: namedText(t) }]),
      )
      const chosen = chooseTemplate(templates, notice)
      if ('problem' in chosen) return resultOf(chosen.problem, NAME, chosen.name)

      const { values } = fitSpoken(chosen.template.text, chosen.values)
      const answer = await callTencent(settings, io, { name: 'vms', version: '2020-09-02' }, 'SendTtsVoice', {
        TemplateId: chosen.template.id,
        CalledNumber: `+86${phone}`,
        VoiceSdkAppid: settings.sdkAppId,
        TemplateParamSet: chosen.template.order.map((name) => values[name] ?? ''),
        PlayTimes: settings.playTimes,
        SessionContext: referenceOf(key),
      })
      if (answer.got !== 'json') return unjudged(answer, NAME)
      const { response, error } = readTencent(answer.body)
      const status = asObject(response.SendStatus)
      if (error === undefined && !status)
        return { result: 'unknown', reason: `${NAME}：回答里没有结果。电话可能已经拨出，请先看回执。` }
      const verdict = error === undefined ? ({ class: 'ok' } as const) : judgeTencent(error, io.now())
      if (verdict.class !== 'ok') return resultOf(verdict, NAME, error ?? '')
      const sendId = asText(status?.CallId)
      return { result: 'done', receipt: `腾讯云正在呼叫 ${sendId}`, sendId }
    },
  }
}
