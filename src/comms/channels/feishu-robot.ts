import { address, asText, postJson, referenceOf, unjudged } from './call.ts'
import type { Channel, ChannelIo } from './channel.ts'
import { judgeFeishu } from './codes-feishu.ts'
import { renderFeishuCard } from './render.ts'
import type { ChannelSettings } from './settings.ts'
import { signFeishuRobot } from './signing.ts'
import { resultOf } from './verdicts.ts'

const NAME = '飞书群机器人'

/** A group's robot: its card's buttons can only open links. No message id comes back, so nothing can be rewritten later. */
export function openFeishuRobot(settings: ChannelSettings['feishu-robot'], io: ChannelIo): Channel {
  return {
    kind: 'feishu-robot',
    async send(_to, notice, key) {
      const body = {
        ...signature(settings.secret, io.now()),
        msg_type: 'interactive',
        card: renderFeishuCard(notice, false, referenceOf(key), settings.keyword),
      }
      const url = address(settings.baseUrl, `/open-apis/bot/v2/hook/${encodeURIComponent(settings.token)}`)
      const answer = await postJson(io, url, body, settings.timeoutMs)
      if (answer.got !== 'json') return unjudged(answer, NAME)

      const code = feishuCode(answer.body)
      const verdict = judgeFeishu(code, answer.headers)
      if (verdict.class !== 'ok') return resultOf(verdict, NAME, String(code))
      return { result: 'done', receipt: '飞书已接收（群机器人没有送达回执）' }
    },
  }
}

/** Older robots answer `StatusCode` in place of `code`. */
export function feishuCode(body: Record<string, unknown>): number {
  const code = asText(body.code) || asText(body.StatusCode)
  return code === '' ? Number.NaN : Number(code)
}

function signature(secret: string | undefined, now: number): Record<string, string> {
  if (!secret) return {}
  const timestamp = String(Math.floor(now / 1000))
  return { timestamp, sign: signFeishuRobot(secret, timestamp) }
}
