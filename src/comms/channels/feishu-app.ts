import { accessTokens, withToken } from './access-token.ts'
import { address, asObject, asText, type Call, callProvider, postJson, referenceOf, unjudged } from './call.ts'
import type { Channel, ChannelIo, SendResult } from './channel.ts'
import { judgeFeishu } from './codes-feishu.ts'
import { feishuCode } from './feishu-robot.ts'
import { renderFeishuCard } from './render.ts'
import type { ChannelSettings } from './settings.ts'
import { resultOf, staleToken } from './verdicts.ts'

const NAME = '飞书应用'
const stale = resultOf(staleToken('令牌无效'), NAME, '99991663')

/** Cards of an application to one person. `uuid` is our key: within an hour Feishu delivers it at most once, so a retry is safe. */
export function openFeishuApp(settings: ChannelSettings['feishu-app'], io: ChannelIo): Channel {
  const tokens = accessTokens(io.now, async () => {
    const url = address(settings.baseUrl, '/open-apis/auth/v3/tenant_access_token/internal')
    const answer = await postJson(io, url, { app_id: settings.appId, app_secret: settings.appSecret }, settings.timeoutMs)
    if (answer.got !== 'json') return { failed: unjudged(answer, NAME) }
    const code = feishuCode(answer.body)
    const verdict = judgeFeishu(code, answer.headers)
    if (verdict.class !== 'ok') return { failed: resultOf(verdict, NAME, String(code)) }
    return { token: asText(answer.body.tenant_access_token), livesMs: Number(answer.body.expire ?? 7200) * 1000 }
  })

  const call = (
    request: Omit<Call, 'headers' | 'body'> & { content: unknown },
    onOk: (data: Record<string, unknown>) => SendResult,
  ) =>
    withToken(
      tokens,
      async (token) => {
        const headers = { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token}` }
        const answer = await callProvider(
          io,
          { url: request.url, method: request.method, headers, body: JSON.stringify(request.content) },
          settings.timeoutMs,
        )
        if (answer.got !== 'json') return unjudged(answer, NAME)
        const code = feishuCode(answer.body)
        const verdict = judgeFeishu(code, answer.headers)
        if (verdict.class === 'token') return 'stale-token'
        return verdict.class === 'ok' ? onOk(asObject(answer.body.data) ?? {}) : resultOf(verdict, NAME, String(code))
      },
      stale,
    )

  return {
    kind: 'feishu-app',
    send(to, notice, key) {
      const reference = referenceOf(key)
      const content = {
        receive_id: to,
        msg_type: 'interactive',
        // A string of JSON inside JSON: that is how Feishu wants it.
        content: JSON.stringify(renderFeishuCard(notice, true, reference)),
        uuid: reference,
      }
      const url = address(settings.baseUrl, '/open-apis/im/v1/messages', { receive_id_type: settings.receiveIdType })
      return call({ url, method: 'POST', content }, (data) => {
        const id = asText(data.message_id)
        return { result: 'done', receipt: `飞书已接收 ${id}`, sendId: id, update: id }
      })
    },
    /** By message id for 14 days; by the token of a press (`c-…`) for 30 minutes and twice, and only after the press was answered. */
    update(token, notice) {
      const card = renderFeishuCard(notice, true, token)
      const updated = (): SendResult => ({ result: 'done', receipt: '卡片已更新' })
      if (token.startsWith('c-')) {
        const url = address(settings.baseUrl, '/open-apis/interactive/v1/card/update')
        return call({ url, method: 'POST', content: { token, card } }, updated)
      }
      const url = address(settings.baseUrl, `/open-apis/im/v1/messages/${encodeURIComponent(token)}`)
      return call({ url, method: 'PATCH', content: { content: JSON.stringify(card) } }, updated)
    },
  }
}
