import { type Answer, asObject, asText, callProvider } from './call.ts'
import type { ChannelIo } from './channel.ts'
import { signTencent } from './signing.ts'

type TencentAccount = { baseUrl: string; secretId: string; secretKey: string; region: string; timeoutMs: number }
type Service = { name: 'sms'; version: '2021-01-11' } | { name: 'vms'; version: '2020-09-02' }

const CONTENT_TYPE = 'application/json; charset=utf-8'

/** Calls one action of Tencent Cloud. Failures of the whole call come at HTTP 200 as `Response.Error`. */
export function callTencent(
  settings: TencentAccount,
  io: ChannelIo,
  service: Service,
  action: string,
  content: unknown,
): Promise<Answer> {
  const base = new URL(settings.baseUrl)
  const body = JSON.stringify(content)
  const timestampSeconds = Math.floor(io.now() / 1000)
  const { authorization } = signTencent({
    service: service.name,
    host: base.host,
    action,
    timestampSeconds,
    body,
    contentType: CONTENT_TYPE,
    secretId: settings.secretId,
    secretKey: settings.secretKey,
  })
  const headers = {
    'content-type': CONTENT_TYPE,
    authorization,
    'x-tc-action': action,
    'x-tc-version': service.version,
    'x-tc-region': settings.region,
    'x-tc-timestamp': String(timestampSeconds),
  }
  return callProvider(io, { url: `${base.origin}${base.pathname.replace(/\/*$/, '/')}`, headers, body }, settings.timeoutMs)
}

export type TencentReading = { response: Record<string, unknown>; error?: string }

export function readTencent(body: Record<string, unknown>): TencentReading {
  const response = asObject(body.Response) ?? {}
  const error = asObject(response.Error)
  return error ? { response, error: asText(error.Code) } : { response }
}
