import { hours } from '../../platform/time.ts'
import { aliyunCode, callAliyun } from './aliyun-rpc.ts'
import { asList, asObject, asText, referenceOf, unjudged } from './call.ts'
import type { Channel, ChannelIo, SendState } from './channel.ts'
import { judgeAliyunSms } from './codes-aliyun.ts'
import { mainlandMobile } from './phone.ts'
import { fitSms } from './render.ts'
import type { ChannelSettings } from './settings.ts'
import { chooseTemplate } from './template.ts'
import { recipient, resultOf } from './verdicts.ts'

const NAME = '阿里云短信'

/** One number a call: one BizId covers all the numbers of a call, and then nobody knows whose receipt it is. */
export function openAliyunSms(settings: ChannelSettings['sms-aliyun'], io: ChannelIo): Channel {
  return {
    kind: 'sms-aliyun',
    async send(to, notice, key) {
      const phone = mainlandMobile(to)
      if (!phone) return resultOf(recipient('手机号不对'), NAME, to)
      const chosen = chooseTemplate(settings.templates, notice)
      if ('problem' in chosen) return resultOf(chosen.problem, NAME, chosen.name)

      const { values } = fitSms(settings.signName, chosen.template.text, chosen.values)
      const answer = await callAliyun(settings, io, 'SendSms', {
        PhoneNumbers: phone,
        SignName: settings.signName,
        TemplateCode: chosen.template.code,
        TemplateParam: JSON.stringify(values),
        OutId: referenceOf(key),
      })
      if (answer.got !== 'json') return unjudged(answer, NAME)
      const { code, text } = aliyunCode(answer.body)
      const verdict = judgeAliyunSms(code, text)
      if (verdict.class !== 'ok') return resultOf(verdict, NAME, code)
      const sendId = asText(answer.body.BizId)
      return { result: 'done', receipt: `阿里云已受理 ${sendId}`, sendId }
    },
    /** Aliyun files a sending under its Beijing day, so just after midnight yesterday's page is asked too. */
    async check(to, sendId) {
      const phone = mainlandMobile(to)
      if (!phone) return 'unknown'
      const days = new Set([io.now(), io.now() - hours(24)].map(beijingDay))
      for (const SendDate of days) {
        const query = { PhoneNumber: phone, BizId: sendId, SendDate, PageSize: '10', CurrentPage: '1' }
        const answer = await callAliyun(settings, io, 'QuerySendDetails', query)
        if (answer.got !== 'json' || aliyunCode(answer.body).code !== 'OK') return 'unknown'
        const row = asObject(asList(asObject(answer.body.SmsSendDetailDTOs)?.SmsSendDetailDTO)[0])
        if (row) return stateOf(asText(row.SendStatus))
      }
      return 'unknown'
    },
  }
}

const stateOf = (status: string): SendState =>
  (({ '1': 'waiting', '2': 'failed', '3': 'delivered' }) as const)[status] ?? 'unknown'

function beijingDay(at: number): string {
  return new Date(at + hours(8)).toISOString().slice(0, 10).replaceAll('-', '')
}
