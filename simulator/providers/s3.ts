import { createHash } from 'node:crypto'
import type { Call, Reply, Service } from './answers.ts'

type Thing = { bytes: Uint8Array; headers: Record<string, string>; etag: string; at: string }

const escapeXml = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
const xml = (status: number, body: string): Reply => ({
  status,
  text: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  headers: { 'content-type': 'application/xml' },
})

/** A shelf that speaks a little S3: put, get, head, delete and list, path style. Looks whether a call is signed, not whether rightly. */
export function s3(now: () => number): Service {
  const shelf = new Map<string, Thing>()
  const refuse = (code: string): Reply =>
    xml(
      code === 'NoSuchKey' ? 404 : code === 'SlowDown' ? 503 : 403,
      `<Error><Code>${escapeXml(code)}</Code><Message>simulated</Message></Error>`,
    )

  function answer(call: Call): Reply {
    const signed =
      (call.headers.get('authorization') ?? '').startsWith('AWS4-HMAC-SHA256 Credential=') || call.query.has('X-Amz-Signature')
    if (!signed) return refuse('AccessDenied')
    const [, bucket = '', ...rest] = decodeURIComponent(call.path).split('/')
    const key = rest.join('/')
    const name = `${bucket}/${key}`
    if (key === '' && call.method === 'GET') return listing(bucket, call.query.get('prefix') ?? '')
    if (key === '') return { status: 200, text: '' }
    const thing = shelf.get(name)
    switch (call.method) {
      case 'PUT':
        return put(call, name)
      case 'DELETE':
        shelf.delete(name)
        return { status: 204 }
      case 'HEAD':
        return thing ? { status: 200, text: '', headers: described(thing) } : { status: 404, text: '' }
      case 'GET':
        return thing ? { status: 200, bytes: thing.bytes, headers: described(thing) } : refuse('NoSuchKey')
      default:
        return refuse('MethodNotAllowed')
    }
  }

  function put(call: Call, name: string): Reply {
    if (call.headers.get('if-none-match') === '*' && shelf.has(name))
      return xml(412, '<Error><Code>PreconditionFailed</Code></Error>')
    const etag = `"${createHash('md5').update(call.bytes).digest('hex')}"`
    const kept = [...call.headers].filter(([header]) => header === 'content-type' || header.startsWith('x-amz-meta-'))
    shelf.set(name, { bytes: call.bytes, headers: Object.fromEntries(kept), etag, at: new Date(now()).toUTCString() })
    return { status: 200, text: '', headers: { etag } }
  }

  const described = (thing: Thing) => ({
    ...thing.headers,
    etag: thing.etag,
    'last-modified': thing.at,
    'content-length': String(thing.bytes.length),
  })

  function listing(bucket: string, prefix: string): Reply {
    const keys = [...shelf.keys()].filter((name) => name.startsWith(`${bucket}/${prefix}`)).sort()
    const rows = keys.map(
      (name) =>
        `<Contents><Key>${escapeXml(name.slice(bucket.length + 1))}</Key><Size>${shelf.get(name)?.bytes.length}</Size></Contents>`,
    )
    return xml(
      200,
      `<ListBucketResult><Name>${escapeXml(bucket)}</Name><KeyCount>${keys.length}</KeyCount><IsTruncated>false</IsTruncated>${rows.join('')}</ListBucketResult>`,
    )
  }

  return { provider: 's3', isSending: () => true, answer, refuse }
}
