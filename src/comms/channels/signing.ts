import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

// How each provider wants a request signed, and how it signs what it pushes to us. Sources: the providers' own pages, checked
// against their published samples (signing.test.ts holds every one of them).

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const hmac256 = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** Compares two signatures without telling, by the time it takes, how much of them agrees. */
export function sameSignature(a: string, b: string): boolean {
  const left = createHash('sha256').update(a).digest()
  const right = createHash('sha256').update(b).digest()
  return timingSafeEqual(left, right)
}

/** DingTalk robot: the secret is the key, and stands in the text once more. Milliseconds. */
export function signDingtalk(secret: string, timestampMs: string): string {
  return createHmac('sha256', secret).update(`${timestampMs}\n${secret}`).digest('base64')
}

/** Feishu robot: the other way round, the text is the *key* and nothing is hashed. Seconds. The DingTalk order gives 19021. */
export function signFeishuRobot(secret: string, timestampSeconds: string): string {
  return createHmac('sha256', `${timestampSeconds}\n${secret}`).update('').digest('base64')
}

/** Feishu's signature over a push: the raw bytes of the body, since its key order differs from what JSON.stringify would give. */
export function signFeishuPush(timestamp: string, nonce: string, encryptKey: string, rawBody: string): string {
  return sha256(timestamp + nonce + encryptKey + rawBody)
}

/** The same for card presses of apps that set no encrypt key. */
export function signFeishuOldCard(timestamp: string, nonce: string, verificationToken: string, rawBody: string): string {
  return sha1(timestamp + nonce + verificationToken + rawBody)
}

export function signWecomPush(token: string, timestamp: string, nonce: string, encrypted: string): string {
  return sha1([token, timestamp, nonce, encrypted].sort().join(''))
}

/** RFC 3986, as Aliyun wants it: what encodeURIComponent leaves alone but must not. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

function canonicalQuery(params: Record<string, string>): string {
  return Object.keys(params)
    .sort()
    .map((name) => `${encodeRfc3986(name)}=${encodeRfc3986(params[name] ?? '')}`)
    .join('&')
}

/** Aliyun RPC signature 1.0. The path is always "/", wherever the endpoint is mounted. */
export function signAliyunV1(method: 'GET' | 'POST', params: Record<string, string>, secret: string): string {
  const text = `${method}&${encodeRfc3986('/')}&${encodeRfc3986(canonicalQuery(params))}`
  return createHmac('sha1', `${secret}&`).update(text).digest('base64')
}

export type AliyunRequest = {
  method: 'GET' | 'POST'
  host: string
  query: Record<string, string>
  body: string
  contentType?: string
  action: string
  version: string
  /** ISO 8601 without milliseconds, UTC. */
  date: string
  nonce: string
  accessKeyId: string
  accessKeySecret: string
}

export type SignedAliyunRequest = { headers: Record<string, string>; query: string; canonicalHash: string; signature: string }

/** Aliyun ACS3-HMAC-SHA256: the newer signature, which covers the body too. */
export function signAliyunAcs3(request: AliyunRequest): SignedAliyunRequest {
  const bodyHash = sha256(request.body)
  const signed: Record<string, string> = {
    host: request.host,
    'x-acs-action': request.action,
    'x-acs-content-sha256': bodyHash,
    'x-acs-date': request.date,
    'x-acs-signature-nonce': request.nonce,
    'x-acs-version': request.version,
    ...(request.contentType ? { 'content-type': request.contentType } : {}),
  }
  const names = Object.keys(signed).sort()
  const query = canonicalQuery(request.query)
  const headerLines = names.map((name) => `${name}:${signed[name]}\n`).join('')
  const canonicalHash = sha256([request.method, '/', query, headerLines, names.join(';'), bodyHash].join('\n'))
  const signature = hmac256(request.accessKeySecret, `ACS3-HMAC-SHA256\n${canonicalHash}`).toString('hex')
  const { host: _, ...headers } = signed
  return {
    query,
    canonicalHash,
    signature,
    headers: {
      ...headers,
      authorization: `ACS3-HMAC-SHA256 Credential=${request.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`,
    },
  }
}

export type TencentRequest = {
  service: string
  host: string
  /** Left out of the signed headers when undefined, as in the oldest sample. */
  action?: string
  timestampSeconds: number
  body: string
  contentType: string
  secretId: string
  secretKey: string
}

/** Tencent Cloud TC3-HMAC-SHA256 for a POST to "/". */
export function signTencent(request: TencentRequest): { signature: string; authorization: string } {
  const signed: [string, string][] = [
    ['content-type', request.contentType],
    ['host', request.host],
  ]
  if (request.action !== undefined) signed.push(['x-tc-action', request.action.toLowerCase()])
  const names = signed.map(([name]) => name).join(';')
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('')
  const canonical = `POST\n/\n\n${lines}\n${names}\n${sha256(request.body)}`

  const date = new Date(request.timestampSeconds * 1000).toISOString().slice(0, 10)
  const scope = `${date}/${request.service}/tc3_request`
  const text = `TC3-HMAC-SHA256\n${request.timestampSeconds}\n${scope}\n${sha256(canonical)}`
  const key = hmac256(hmac256(hmac256(`TC3${request.secretKey}`, date), request.service), 'tc3_request')
  const signature = hmac256(key, text).toString('hex')
  const authorization = `TC3-HMAC-SHA256 Credential=${request.secretId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
  return { signature, authorization }
}
