import { address, asText, postJson, unjudged } from './call.ts'
import type { Channel, ChannelIo } from './channel.ts'
import { judgeDingtalk } from './codes-dingtalk.ts'
import { renderDingtalk } from './render.ts'
import type { ChannelSettings } from './settings.ts'
import { signDingtalk } from './signing.ts'
import { resultOf } from './verdicts.ts'
import { errcodeOf } from './wecom-robot.ts'

const NAME = '钉钉群机器人'

/** A group's robot. Every message carries the robot's keyword, the all-clear too, or exactly the all-clear is refused. */
export function openDingtalkRobot(settings: ChannelSettings['dingtalk-robot'], io: ChannelIo): Channel {
  return {
    kind: 'dingtalk-robot',
    async send(to, notice) {
      const { title, text } = renderDingtalk(notice, settings.keyword)
      // DingTalk shows a mention only where the number also stands in the text.
      const mention = to && to !== '@all' ? ` \n @${to}` : ''
      const body = notice.action
        ? {
            msgtype: 'actionCard',
            actionCard: { title, text, btnOrientation: '0', singleTitle: notice.action.label, singleURL: notice.action.url },
          }
        : { msgtype: 'markdown', markdown: { title, text: text + mention }, at: at(to) }
      const url = address(settings.baseUrl, '/robot/send', {
        access_token: settings.accessToken,
        ...signature(settings.secret, io.now()),
      })
      const answer = await postJson(io, url, body, settings.timeoutMs)
      if (answer.got !== 'json') return unjudged(answer, NAME)

      const verdict = judgeDingtalk(errcodeOf(answer.body), asText(answer.body.errmsg))
      if (verdict.class !== 'ok') return resultOf(verdict, NAME, asText(answer.body.errcode))
      return { result: 'done', receipt: '钉钉已接收（群机器人没有送达回执）' }
    },
  }
}

function signature(secret: string | undefined, now: number): Record<string, string> {
  if (!secret) return {}
  const timestamp = String(now)
  return { timestamp, sign: signDingtalk(secret, timestamp) }
}

const at = (to: string) =>
  to === '@all' ? { isAtAll: true } : /^\d{11}$/.test(to) ? { atMobiles: [to] } : to ? { atUserIds: [to] } : {}
