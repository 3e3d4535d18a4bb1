import { createHmac, hash as digest } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ObjectDamaged } from './object-store.ts'
import { s3ObjectStore } from './object-store-s3.ts'
import { signedHeaders } from './object-store-signature.ts'
import { instant } from './time.ts'

const bytes = Buffer.from('evidence-1')
const hash = '5108deb71ee1d00d8e14ad48f2ddee3dca264528a5ae802ac5a682ee11ecc0d7'
const now = instant('2026-11-21T19:00:00Z')
const credentials = { region: 'cn-north-1', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a very secret key' }

/** A tiny S3: it keeps objects, and answers 403 to whatever is not signed as the protocol asks. */
let server: Server
let endpoint: string
let objects: Map<string, Buffer>
let requests: string[]
let nextStatus: number[]
beforeEach(async () => {
  objects = new Map()
  requests = []
  nextStatus = []
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { status, body } = answer(request, Buffer.concat(chunks))
    response.writeHead(status).end(request.method === 'HEAD' ? undefined : body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

function answer(request: IncomingMessage, body: Buffer): { status: number; body?: Buffer } {
  const path = request.url!
  requests.push(`${request.method} ${path}`)
  const ordered = nextStatus.shift()
  if (ordered) return { status: ordered, body: Buffer.from('<Error><Code>SlowDown</Code></Error>') }
  const fault = signatureFault(request, body)
  if (fault) return { status: 403, body: Buffer.from(`<Error><Code>${fault}</Code></Error>`) }
  if (!path.startsWith('/evidence/')) return { status: 404, body: Buffer.from('<Error><Code>NoSuchBucket</Code></Error>') }
  const kept = objects.get(path)
  if (request.method !== 'PUT')
    return kept ? { status: 200, body: kept } : { status: 404, body: Buffer.from('<Error><Code>NoSuchKey</Code></Error>') }
  if (kept && request.headers['if-none-match'] === '*')
    return { status: 412, body: Buffer.from('<Error><Code>PreconditionFailed</Code></Error>') }
  objects.set(path, body)
  return { status: 200 }
}

/** Written from the specification and not from our code: it works on what arrived on the wire. */
function signatureFault(request: IncomingMessage, body: Buffer): string | undefined {
  const sent =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    )
  if (!sent) return 'AuthorizationHeaderMalformed'
  const [, id, day, region, names, signature] = sent
  if (id !== credentials.accessKeyId || region !== credentials.region) return 'InvalidAccessKeyId'
  if (request.headers['x-amz-content-sha256'] !== digest('sha256', body)) return 'XAmzContentSHA256Mismatch'
  const required = ['host', 'x-amz-content-sha256', 'x-amz-date', ...(request.headers['if-none-match'] ? ['if-none-match'] : [])]
  if (!required.every((name) => names!.split(';').includes(name))) return 'MissingSignedHeader'
  let canonical = `${request.method}\n${request.url}\n\n`
  for (const name of names!.split(';')) canonical += `${name}:${request.headers[name]}\n`
  canonical += `\n${names}\n${request.headers['x-amz-content-sha256']}`
  const text = `AWS4-HMAC-SHA256\n${request.headers['x-amz-date']}\n${day}/${region}/s3/aws4_request\n${digest('sha256', canonical)}`
  let key: Buffer = Buffer.from(`AWS4${credentials.secretAccessKey}`)
  for (const part of [day!, region!, 's3', 'aws4_request']) key = createHmac('sha256', key).update(part).digest()
  return createHmac('sha256', key).update(text).digest('hex') === signature ? undefined : 'SignatureDoesNotMatch'
}

const aStore = (overrides: Partial<Parameters<typeof s3ObjectStore>[0]> = {}) =>
  s3ObjectStore({ endpoint, bucket: 'evidence', ...credentials, fetch, now: () => now, ...overrides })

test('what is put comes back, and every request is signed', async () => {
  const store = aStore()

  expect(await store.has(hash)).toBe(false)
  expect(await store.get(hash)).toBeNull()
  expect(await store.put(bytes)).toEqual({ hash, size: 10 })
  expect(Buffer.from((await store.get(hash))!)).toEqual(bytes)
  expect(await store.has(hash)).toBe(true)
  expect(requests).toContain(`PUT /evidence/51/${hash}`)
})

test('putting again leaves what is there alone', async () => {
  const store = aStore()
  await store.put(bytes)
  objects.set(`/evidence/51/${hash}`, Buffer.from('was first'))

  await store.put(bytes)

  expect(objects.get(`/evidence/51/${hash}`)!.toString()).toBe('was first')
})

test('an object changed in the bucket is never handed out', async () => {
  const store = aStore()
  await store.put(bytes)
  objects.set(`/evidence/51/${hash}`, Buffer.from('evidence-2'))

  await expect(store.get(hash)).rejects.toThrow(ObjectDamaged)
})

test('two writers at the same moment: the one told to try again does so, and not for ever', async () => {
  nextStatus = [409]
  expect(await aStore().put(bytes)).toEqual({ hash, size: 10 })

  nextStatus = [409, 409, 409]
  await expect(aStore().put(bytes)).rejects.toThrow(/could not store object .*409/)
})

test('a store that knows no conditions is written to without one', async () => {
  nextStatus = [501]
  const store = aStore()

  expect(await store.put(bytes)).toEqual({ hash, size: 10 })
  expect(await store.has(hash)).toBe(true)
})

test('a bucket can be addressed by host name', async () => {
  const asked: string[] = []
  const catching: typeof fetch = async (url) => {
    asked.push(String(url))
    return new Response(null, { status: 200 })
  }
  await aStore({ endpoint: 'https://oss.example.cn', addressing: 'host', fetch: catching }).has(hash)

  expect(asked).toEqual([`https://evidence.oss.example.cn/51/${hash}`])
})

test('a refusal names the object, the bucket and the reason, and no secret', async () => {
  const attempt = aStore({ secretAccessKey: 'a wrong secret' }).put(bytes)

  await expect(attempt).rejects.toThrow(`could not store object ${hash} in bucket evidence: 403 SignatureDoesNotMatch`)
  await expect(attempt).rejects.not.toThrow(/secret/)
})

test('a missing bucket is an error and not a missing object', async () => {
  await expect(aStore({ bucket: 'elsewhere' }).get(hash)).rejects.toThrow(/NoSuchBucket/)
})

test('an unavailable store is an error and not a missing object', async () => {
  nextStatus = [503, 503, 503]
  const store = aStore()

  await expect(store.get(hash)).rejects.toThrow(/could not read object .*503/)
  await expect(store.has(hash)).rejects.toThrow(/could not look for object .*503/)
  await expect(store.put(bytes)).rejects.toThrow(/503 SlowDown/)
})

test('“../” is not a hash and asks for nothing', async () => {
  await expect(aStore().get('../x')).rejects.toThrow(/not a SHA-256/)
  expect(requests).toEqual([])
})

// Amazon S3 API reference, “Authenticating Requests: Using the Authorization Header”, examples GET Object and GET Bucket (List Objects).
test.each([
  ['/test.txt', { range: 'bytes=0-9' }, 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
  ['/?max-keys=2&prefix=J', {}, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
])('the signature of %s is the one Amazon prints', (path, headers, signature) => {
  const signed = signedHeaders(
    {
      method: 'GET',
      url: new URL(`https://examplebucket.s3.amazonaws.com${path}`),
      headers: headers as Record<string, string>,
      payloadHash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    },
    { region: 'us-east-1', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    instant('2013-05-24T00:00:00Z'),
  )

  expect(signed.authorization).toContain(`Signature=${signature}`)
})
