import { createHash, createHmac } from 'node:crypto'
import { type Call, json, type Reply } from './answers.ts'
import type { World } from './world.ts'

const MINUTE = 60_000

const percent = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
const canonical = (params: Map<string, string>) =>
  [...params.keys()]
    .sort()
    .map((name) => `${percent(name)}=${percent(params.get(name) ?? '')}`)
    .join('&')
const hash = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex')

/** The parameters of an Aliyun call: the query, and the form if there is one. */
export function aliyunParams(call: Call): Map<string, string> {
  const params = new Map(call.query)
  if ((call.headers.get('content-type') ?? '').includes('x-www-form-urlencoded')) {
    for (const [name, value] of new URLSearchParams(call.text)) params.set(name, value)
  }
  return params
}

export const aliyunAction = (call: Call): string => call.headers.get('x-acs-action') ?? aliyunParams(call).get('Action') ?? ''

export const aliyunSays = (world: World, code: string, message: string, status = 200): Reply =>
  json({ Code: code, Message: message, RequestId: world.nextId('REQ-') }, status)

/** What is wrong with the signature of a call, as Aliyun would put it. Both signatures are known: the older RPC one and ACS3. */
export function aliyunProblem(world: World, call: Call): Reply | undefined {
  const authorization = call.headers.get('authorization') ?? ''
  return authorization.startsWith('ACS3-HMAC-SHA256 ') ? acs3Problem(world, call, authorization) : v1Problem(world, call)
}

const skewed = (world: World, date: string): boolean => !(Math.abs(Date.parse(date) - world.now()) <= 15 * MINUTE)

function acs3Problem(world: World, call: Call, authorization: string): Reply | undefined {
  const { accessKeyId, accessKeySecret } = world.credentials.aliyun
  const part = (name: string) => new RegExp(`${name}=([^,\\s]+)`).exec(authorization)?.[1] ?? ''
  if (part('Credential') !== accessKeyId)
    return aliyunSays(world, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.', 404)
  if (skewed(world, call.headers.get('x-acs-date') ?? ''))
    return aliyunSays(world, 'InvalidTimeStamp.Expired', 'Specified time stamp is expired.', 400)

  const signed = part('SignedHeaders').split(';')
  const needed = ['host', 'x-acs-action', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-version']
  const lines = signed.map((name) => `${name}:${(call.headers.get(name) ?? '').trim()}\n`).join('')
  const text = [
    call.method,
    '/',
    canonical(new Map(call.query)),
    lines,
    signed.join(';'),
    call.headers.get('x-acs-content-sha256') ?? '',
  ].join('\n')
  const right = createHmac('sha256', accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${hash(text)}`)
    .digest('hex')
  const complete = needed.every((name) => signed.includes(name)) && call.headers.get('x-acs-content-sha256') === hash(call.bytes)
  return complete && right === part('Signature') ? undefined : mismatch(world)
}

function v1Problem(world: World, call: Call): Reply | undefined {
  const { accessKeyId, accessKeySecret } = world.credentials.aliyun
  const params = aliyunParams(call)
  if (params.get('AccessKeyId') !== accessKeyId)
    return aliyunSays(world, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.', 404)
  if (skewed(world, params.get('Timestamp') ?? ''))
    return aliyunSays(world, 'InvalidTimeStamp.Expired', 'Specified time stamp is expired.', 400)
  const given = params.get('Signature')
  params.delete('Signature')
  const right = createHmac('sha1', `${accessKeySecret}&`)
    .update(`${call.method}&%2F&${percent(canonical(params))}`)
    .digest('base64')
  return given === right ? undefined : mismatch(world)
}

const mismatch = (world: World) =>
  aliyunSays(world, 'SignatureDoesNotMatch', 'Specified signature is not matched with our calculation.', 400)

/** Fills `${name}`; tells the first name that has no value. */
export function fill(text: string, values: Record<string, unknown>): { text: string; missing?: string } {
  let missing: string | undefined
  const filled = text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) missing ??= name
    return String(value ?? '')
  })
  return { text: filled, missing }
}

export const hasAddress = (value: unknown): boolean =>
  /https?:\/\/|\b[a-z0-9-]+\.(?:cn|com|net|org|top|link)\b/i.test(String(value))
export const isMobile = (number: string): boolean => /^1[3-9]\d{9}$/.test(number)

/** Pushes an array, and again after 1, 5 and 10 minutes until somebody answers 200 with a number in `code`. */
export function pushAliyun(world: World, rows: () => unknown[], times = [0, 1, 5, 10]): void {
  const [wait, ...rest] = times
  if (wait === undefined) return
  world.pushes.later(wait * MINUTE, async () => {
    const url = world.receiptUrls.aliyun
    if (!url) return
    const record = await world.pushes.post('aliyun', url, { 'content-type': 'application/json' }, JSON.stringify(rows()), 5000)
    if (record.status === 200 && /"code"\s*:\s*-?\d/.test(record.answer)) return
    const again = rest[0]
    if (again !== undefined) pushAliyun(world, rows, [again - wait, ...rest.slice(1).map((later) => later - wait)])
  })
}
