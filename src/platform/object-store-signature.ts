import { createHmac, hash } from 'node:crypto'
import type { Instant } from './time.ts'

export type S3Credentials = { region: string; accessKeyId: string; secretAccessKey: string }

/**
 * Signs a request to S3 (AWS Signature Version 4). Returns the headers to send with it; `host` is signed too and is set
 * by the HTTP client. Every header handed in is signed.
 */
export function signedHeaders(
  request: { method: string; url: URL; headers: Record<string, string>; payloadHash: string },
  credentials: S3Credentials,
  at: Instant,
): Record<string, string> {
  const stamp = at.replace(/[-:]|\.\d{3}/g, '')
  const scope = `${stamp.slice(0, 8)}/${credentials.region}/s3/aws4_request`
  const headers = { ...request.headers, 'x-amz-content-sha256': request.payloadHash, 'x-amz-date': stamp }
  const all = Object.entries({ ...headers, host: request.url.host })
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const names = all.map(([name]) => name).join(';')
  const canonicalRequest = [
    request.method,
    request.url.pathname,
    canonicalQuery(request.url),
    ...all.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    request.payloadHash,
  ].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, hash('sha256', canonicalRequest)].join('\n')
  const signature = hmac(signingKey(credentials, scope), toSign).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
  return { ...headers, authorization }
}

function signingKey(credentials: S3Credentials, scope: string): Buffer {
  const parts = scope.split('/')
  return parts.reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${credentials.secretAccessKey}`))
}

const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** S3 wants the query sorted by name, each part escaped as RFC 3986 says. */
function canonicalQuery(url: URL): string {
  return [...url.searchParams]
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .sort()
    .join('&')
}

const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
