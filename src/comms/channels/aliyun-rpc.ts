import { type Answer, asText, callProvider } from './call.ts'
import type { ChannelIo } from './channel.ts'
import { signAliyunAcs3 } from './signing.ts'

type AliyunAccount = { baseUrl: string; accessKeyId: string; accessKeySecret: string; timeoutMs: number }

const VERSION = '2017-05-25'

/** Calls one action of Aliyun's SMS or voice service. Parameters go in the query, the body stays empty, ACS3 signs both. */
export function callAliyun(
  settings: AliyunAccount,
  io: ChannelIo,
  action: string,
  query: Record<string, string>,
): Promise<Answer> {
  const base = new URL(settings.baseUrl)
  const signed = signAliyunAcs3({
    method: 'POST',
    host: base.host,
    query,
    body: '',
    action,
    version: VERSION,
    date: new Date(io.now()).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    nonce: io.nonce(),
    accessKeyId: settings.accessKeyId,
    accessKeySecret: settings.accessKeySecret,
  })
  const url = `${base.origin}${base.pathname.replace(/\/*$/, '/')}?${signed.query}`
  return callProvider(io, { url, method: 'POST', headers: { ...signed.headers, accept: 'application/json' } }, settings.timeoutMs)
}

export const aliyunCode = (body: Record<string, unknown>) => ({ code: asText(body.Code), text: asText(body.Message) })
