import { accessTokens } from './access-token.ts'
import { address, asText, callProvider, unjudged } from './call.ts'
import type { ChannelIo } from './channel.ts'
import { judgeWecom } from './codes-wecom.ts'
import { resultOf } from './verdicts.ts'
import { errcodeOf } from './wecom-robot.ts'

type WecomAccount = { baseUrl: string; corpId: string; secret: string; timeoutMs: number }

export function wecomTokens(settings: WecomAccount, io: ChannelIo, name: string) {
  return accessTokens(io.now, async () => {
    const url = address(settings.baseUrl, '/cgi-bin/gettoken', { corpid: settings.corpId, corpsecret: settings.secret })
    const answer = await callProvider(io, { url, method: 'GET' }, settings.timeoutMs)
    if (answer.got !== 'json') return { failed: unjudged(answer, name) }
    const verdict = judgeWecom(errcodeOf(answer.body))
    if (verdict.class !== 'ok') return { failed: resultOf(verdict, name, asText(answer.body.errcode)) }
    return { token: asText(answer.body.access_token), livesMs: Number(answer.body.expires_in ?? 7200) * 1000 }
  })
}
