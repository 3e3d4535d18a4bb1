import { withToken } from './access-token.ts'
import { address, asList, asObject, asText, postJson, unjudged } from './call.ts'
import type { Channel, ChannelIo } from './channel.ts'
import { judgeWecom } from './codes-wecom.ts'
import { cutToBytes } from './render.ts'
import type { ChannelSettings } from './settings.ts'
import { recipient, resultOf, staleToken } from './verdicts.ts'
import { errcodeOf } from './wecom-robot.ts'
import { wecomTokens } from './wecom-token.ts'

const NAME = '企业微信群发'
const LIMIT_BYTES = 4000
const stale = resultOf(staleToken('令牌无效'), NAME, '42001')

/**
 * 企业群发 to a client. It sends nothing: it asks a member to tap "send". So `done` says that somebody was asked, and it is never
 * a path for anything urgent.
 */
export function openWecomCustomers(settings: ChannelSettings['wecom-customers'], io: ChannelIo): Channel {
  const tokens = wecomTokens(settings, io, NAME)

  return {
    kind: 'wecom-customers',
    send(to, notice) {
      const link = notice.action ? `\n${notice.action.label}：${notice.action.url}` : ''
      const body = {
        chat_type: 'single',
        external_userid: [to],
        ...(settings.sender ? { sender: settings.sender } : {}),
        text: { content: cutToBytes(notice.text, LIMIT_BYTES - Buffer.byteLength(link)) + link },
      }
      return withToken(
        tokens,
        async (token) => {
          const url = address(settings.baseUrl, '/cgi-bin/externalcontact/add_msg_template', { access_token: token })
          const answer = await postJson(io, url, body, settings.timeoutMs)
          if (answer.got !== 'json') return unjudged(answer, NAME)
          const verdict = judgeWecom(errcodeOf(answer.body))
          if (verdict.class === 'token') return 'stale-token'
          if (verdict.class !== 'ok') return resultOf(verdict, NAME, asText(answer.body.errcode))
          if (asList(answer.body.fail_list).includes(to))
            return resultOf(recipient('对方不是企业的外部联系人'), NAME, 'fail_list')
          const sendId = asText(answer.body.msgid)
          return { result: 'done', receipt: `群发任务已建立 ${sendId}，等待成员在企业微信中点“发送”`, sendId }
        },
        stale,
      )
    },
    async check(to, sendId) {
      const got = await tokens.get()
      if ('failed' in got || !settings.sender) return 'unknown'
      const url = address(settings.baseUrl, '/cgi-bin/externalcontact/get_groupmsg_send_result', { access_token: got.token })
      const answer = await postJson(io, url, { msgid: sendId, userid: settings.sender }, settings.timeoutMs)
      if (answer.got !== 'json' || errcodeOf(answer.body) !== 0) return 'unknown'
      const own = asList(answer.body.send_list)
        .map(asObject)
        .find((row) => row?.external_userid === to)
      // Source for the numbers: recalled, not read; an unlisted one is no claim.
      return ({ '0': 'waiting', '1': 'delivered', '2': 'failed', '3': 'failed' } as const)[asText(own?.status)] ?? 'unknown'
    },
  }
}
