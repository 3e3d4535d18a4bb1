import { createHash, createHmac } from 'node:crypto'
import { type Call, json, type Reply } from './answers.ts'
import type { World } from './world.ts'

const MINUTE = 60_000

const hash = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** A refusal of the whole call: HTTP 200 all the same. */
export const tencentError = (world: World, code: string, message = `simulated ${code}`): Reply =>
  json({ Response: { Error: { Code: code, Message: message }, RequestId: world.nextId('req-') } })

/** Verifies TC3-HMAC-SHA256 over exactly the headers the caller says it signed. */
export function tencentProblem(world: World, call: Call, service: 'sms' | 'vms'): Reply | undefined {
  const { secretId, secretKey } = world.credentials.tencent
  const match = /^TC3-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    call.headers.get('authorization') ?? '',
  )
  if (!match) return tencentError(world, 'AuthFailure.InvalidAuthorization')
  const [, id = '', scope = '', names = '', given = ''] = match
  if (id !== secretId) return tencentError(world, 'AuthFailure.SecretIdNotFound')
  const timestamp = call.headers.get('x-tc-timestamp') ?? ''
  if (!(Math.abs(Number(timestamp) * 1000 - world.now()) <= 5 * MINUTE)) return tencentError(world, 'AuthFailure.SignatureExpire')
  const day = new Date(Number(timestamp) * 1000).toISOString().slice(0, 10)
  if (scope !== `${day}/${service}/tc3_request` || !call.headers.get('x-tc-region'))
    return tencentError(world, 'AuthFailure.SignatureFailure')

  const signed = names.split(';')
  if (!signed.includes('content-type') || !signed.includes('host')) return tencentError(world, 'AuthFailure.SignatureFailure')
  const lines = signed.map((name) => {
    const value = call.headers.get(name) ?? ''
    return `${name}:${name === 'x-tc-action' ? value.toLowerCase() : value}\n`
  })
  const text = ['POST', '/', '', lines.join(''), names, hash(call.bytes)].join('\n')
  const key = mac(mac(mac(`TC3${secretKey}`, day), service), 'tc3_request')
  const right = mac(key, ['TC3-HMAC-SHA256', timestamp, scope, hash(text)].join('\n')).toString('hex')
  return right === given ? undefined : tencentError(world, 'AuthFailure.SignatureFailure')
}

/** Fills `{1}`, `{2}`; undefined when the number of values does not fit. */
export function fillNumbered(text: string, values: string[], wanted: number): string | undefined {
  return values.length === wanted ? text.replace(/\{(\d+)\}/g, (_, n: string) => values[Number(n) - 1] ?? '') : undefined
}

export function pushTencent(world: World, body: unknown): void {
  world.pushes.later(0, async () => {
    const url = world.receiptUrls.tencent
    if (url) await world.pushes.post('tencent', url, { 'content-type': 'application/json' }, JSON.stringify(body), 5000)
  })
}
