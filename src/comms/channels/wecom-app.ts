import { withToken } from './access-token.ts'
import { address, asText, postJson, referenceOf, unjudged } from './call.ts'
import type { Channel, ChannelIo, Notice, SendResult } from './channel.ts'
import { judgeWecom } from './codes-wecom.ts'
import { renderWecomCard, renderWecomMarkdown } from './render.ts'
import type { ChannelSettings } from './settings.ts'
import { configuration, recipient, resultOf, staleToken } from './verdicts.ts'
import { errcodeOf } from './wecom-robot.ts'
import { wecomTokens } from './wecom-token.ts'

const NAME = '企业微信应用'
const MARKDOWN_LIMIT = 2048
// WeCom drops a message it has seen within this time: the same key never rings twice, even after an unknown outcome.
const DUPLICATE_SECONDS = 1800

const stale = resultOf(staleToken('令牌无效'), NAME, '42001')

/** Messages of an application to one member; with buttons as a card that can be pressed and later rewritten. */
export function openWecomApp(settings: ChannelSettings['wecom-app'], io: ChannelIo): Channel {
  const tokens = wecomTokens(settings, io, NAME)

  const call = (path: string, body: unknown, onOk: (answer: Record<string, unknown>) => SendResult) =>
    withToken(
      tokens,
      async (token) => {
        const answer = await postJson(io, address(settings.baseUrl, path, { access_token: token }), body, settings.timeoutMs)
        if (answer.got !== 'json') return unjudged(answer, NAME)
        const verdict = judgeWecom(errcodeOf(answer.body))
        if (verdict.class === 'token') return 'stale-token'
        return verdict.class === 'ok' ? onOk(answer.body) : resultOf(verdict, NAME, asText(answer.body.errcode))
      },
      stale,
    )

  return {
    kind: 'wecom-app',
    send(to, notice, key) {
      const body = {
        touser: to,
        agentid: settings.agentId,
        ...content(notice, referenceOf(key)),
        enable_duplicate_check: 1,
        duplicate_check_interval: DUPLICATE_SECONDS,
      }
      return call('/cgi-bin/message/send', body, (answer) => received(to, answer))
    },
    update(token, notice) {
      const { userId, responseCode } = readUpdateToken(token)
      const body = notice.buttons?.length
        ? {
            userids: [userId],
            agentid: settings.agentId,
            response_code: responseCode,
            template_card: renderWecomCard(notice, referenceOf(responseCode)),
          }
        : { userids: [userId], agentid: settings.agentId, response_code: responseCode, button: { replace_name: notice.title } }
      return call('/cgi-bin/message/update_template_card', body, () => ({ result: 'done', receipt: '卡片已更新' }))
    },
  }
}

function content(notice: Notice, reference: string): Record<string, unknown> {
  return notice.buttons?.length
    ? { msgtype: 'template_card', template_card: renderWecomCard(notice, reference) }
    : { msgtype: 'markdown', markdown: { content: renderWecomMarkdown(notice, MARKDOWN_LIMIT) } }
}

/** errcode 0 with the member in a list of the refused is a refusal. The lists come back in lower case. */
function received(to: string, answer: Record<string, unknown>): SendResult {
  const listed = (field: unknown) => asText(field).toLowerCase().split('|').includes(to.toLowerCase())
  if (listed(answer.invaliduser)) return resultOf(recipient('收件人不存在，或不在应用的可见范围内'), NAME, 'invaliduser')
  if (listed(answer.unlicenseduser)) return resultOf(configuration('收件人没有企业微信的接口许可'), NAME, 'unlicenseduser')
  const code = asText(answer.response_code)
  return {
    result: 'done',
    receipt: `企业微信已接收 ${asText(answer.msgid)}`,
    sendId: asText(answer.msgid),
    ...(code ? { update: updateToken(to, code) } : {}),
  }
}

/** A response code updates one card once and lives 72 hours; the user id says whose card. */
export const updateToken = (userId: string, responseCode: string): string => `${userId}|${responseCode}`

function readUpdateToken(token: string): { userId: string; responseCode: string } {
  const at = token.indexOf('|')
  return { userId: token.slice(0, at), responseCode: token.slice(at + 1) }
}
