import { aliyunCode, callAliyun } from './aliyun-rpc.ts'
import { asText, referenceOf, unjudged } from './call.ts'
import type { Channel, ChannelIo, Notice } from './channel.ts'
import { judgeAliyunVoice } from './codes-aliyun.ts'
import { mainlandMobile } from './phone.ts'
import { fitSpoken } from './render.ts'
import type { ChannelSettings } from './settings.ts'
import { chooseTemplate } from './template.ts'
import { recipient, resultOf } from './verdicts.ts'

const NAME = '阿里云语音'
const KEY_WAIT_MS = '8000'

/**
 * A call. With buttons and a number of our own it is a menu and the key pressed acknowledges; without, it can only be heard, and
 * being heard proves nothing: a voicemail hears everything.
 */
export function openAliyunVoice(settings: ChannelSettings['voice-aliyun'], io: ChannelIo): Channel {
  return {
    kind: 'voice-aliyun',
    async send(to, notice, key) {
      const phone = mainlandMobile(to)
      if (!phone) return resultOf(recipient('手机号不对'), NAME, to)
      const chosen = chooseTemplate(settings.templates, notice)
      if ('problem' in chosen) return resultOf(chosen.problem, NAME, chosen.name)

      const values = JSON.stringify(fitSpoken(chosen.template.text, chosen.values).values)
      const common = { CalledNumber: phone, PlayTimes: String(settings.playTimes), OutId: referenceOf(key) }
      const show = settings.calledShowNumber
      const answer =
        show && notice.buttons?.length
          ? await callAliyun(settings, io, 'IvrCall', {
              ...common,
              CalledShowNumber: show,
              StartCode: chosen.template.code,
              StartTtsParams: values,
              Timeout: KEY_WAIT_MS,
              ...menu(notice, settings.byeTemplate ?? chosen.template.code, values),
            })
          : await callAliyun(settings, io, 'SingleCallByTts', {
              ...common,
              CalledShowNumber: show ?? '',
              TtsCode: chosen.template.code,
              TtsParam: values,
            })
      if (answer.got !== 'json') return unjudged(answer, NAME)
      const { code, text } = aliyunCode(answer.body)
      const verdict = judgeAliyunVoice(code, text)
      if (verdict.class !== 'ok') return resultOf(verdict, NAME, code)
      const sendId = asText(answer.body.CallId)
      return { result: 'done', receipt: `阿里云正在呼叫 ${sendId}`, sendId }
    },
  }
}

/** Key 1 for the first button, 2 for the second. */
function menu(notice: Notice, bye: string, values: string): Record<string, string> {
  const keys = (notice.buttons ?? []).slice(0, 9).flatMap((_, index) => {
    const at = `MenuKeyMap.${index + 1}`
    return [
      [`${at}.Key`, String(index + 1)],
      [`${at}.Code`, bye],
      [`${at}.TtsParams`, values],
    ]
  })
  return { ...Object.fromEntries(keys), ByeCode: bye, ByeTtsParams: values }
}
