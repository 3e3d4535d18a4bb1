import { address, asText, postJson, unjudged } from './call.ts'
import type { Channel, ChannelIo } from './channel.ts'
import { judgeWecom } from './codes-wecom.ts'
import { renderWecomMarkdown } from './render.ts'
import type { ChannelSettings } from './settings.ts'
import { resultOf } from './verdicts.ts'

const NAME = '企业微信群机器人'
const LIMIT_BYTES = 4096

/** A group's robot: a key in the address is the whole secret, there is no signature, no receipt and no press. */
export function openWecomRobot(settings: ChannelSettings['wecom-robot'], io: ChannelIo): Channel {
  return {
    kind: 'wecom-robot',
    async send(to, notice) {
      const mention = to && to !== '@all' ? `\n<@${to}>` : ''
      const content = renderWecomMarkdown(notice, LIMIT_BYTES - Buffer.byteLength(mention)) + mention
      const url = address(settings.baseUrl, '/cgi-bin/webhook/send', { key: settings.key })
      const answer = await postJson(io, url, { msgtype: 'markdown', markdown: { content } }, settings.timeoutMs)
      if (answer.got !== 'json') return unjudged(answer, NAME)

      const verdict = judgeWecom(errcodeOf(answer.body))
      if (verdict.class !== 'ok') return resultOf(verdict, NAME, asText(answer.body.errcode))
      return { result: 'done', receipt: '企业微信已接收（群机器人没有送达回执）' }
    },
  }
}

/** Some gateways answer the code as text; without a code at all the answer is nobody's "ok". */
export function errcodeOf(body: Record<string, unknown>): number {
  const code = asText(body.errcode)
  return code === '' ? Number.NaN : Number(code)
}
