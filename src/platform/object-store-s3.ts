import { checkedHash, ObjectDamaged, type ObjectStore, sha256Of } from './object-store.ts'
import { type S3Credentials, signedHeaders } from './object-store-signature.ts'
import type { Instant } from './time.ts'

export type S3Settings = S3Credentials & {
  /** For example https://s3.cn-north-1.amazonaws.com.cn or http://127.0.0.1:9000 */
  endpoint: string
  bucket: string
  /** `path`: endpoint/bucket/… ; `host`: bucket.endpoint/… , which some clouds insist on. */
  addressing?: 'path' | 'host'
  fetch: typeof globalThis.fetch
  now: () => Instant
}

const EMPTY = sha256Of(new Uint8Array())

/** Keeps objects in a bucket of S3 or of anything that speaks its protocol: `ab/abcd…`. */
export function s3ObjectStore(settings: S3Settings): ObjectStore {
  const { endpoint, bucket, fetch } = settings
  const base = new URL(endpoint)
  const root = settings.addressing === 'host' ? `${base.protocol}//${bucket}.${base.host}` : `${base.origin}/${bucket}`
  const urlOf = (hash: string) => new URL(`${root}/${hash.slice(0, 2)}/${hash}`)

  async function send(method: string, hash: string, headers: Record<string, string> = {}, body?: Uint8Array): Promise<Response> {
    const url = urlOf(hash)
    const payloadHash = body ? hash : EMPTY
    const signed = signedHeaders({ method, url, headers, payloadHash }, settings, settings.now())
    return fetch(url, { method, headers: signed, body: body as BodyInit | undefined })
  }

  async function put(bytes: Uint8Array, triesLeft = 2, onlyNew = true): Promise<{ hash: string; size: number }> {
    const hash = sha256Of(bytes)
    const condition: Record<string, string> = onlyNew ? { 'if-none-match': '*' } : {}
    const response = await send('PUT', hash, { ...condition, 'content-type': 'application/octet-stream' }, bytes)
    // 412: it is there already, under the hash of the same bytes.
    if (response.ok || response.status === 412) {
      await response.body?.cancel()
      return { hash, size: bytes.length }
    }
    // 409: somebody is writing the same object this moment; S3 asks for another try.
    if (response.status === 409 && triesLeft > 0) {
      await response.body?.cancel()
      return put(bytes, triesLeft - 1)
    }
    // 501: this store knows no conditions. Writing the same bytes over themselves does no harm either.
    if (response.status === 501 && onlyNew) {
      await response.body?.cancel()
      return put(bytes, triesLeft, false)
    }
    throw await failure('store', hash, bucket, response)
  }

  return {
    put: (bytes) => put(bytes),
    async get(hash) {
      const response = await send('GET', checkedHash(hash))
      if (response.status === 404 && (await isAboutKey(response.clone()))) return null
      if (!response.ok) throw await failure('read', hash, bucket, response)
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (sha256Of(bytes) !== hash) throw new ObjectDamaged(hash, `bucket ${bucket}`)
      return bytes
    },
    async has(hash) {
      const response = await send('HEAD', checkedHash(hash))
      if (response.status === 404) return false
      if (!response.ok) throw await failure('look for', hash, bucket, response)
      return true
    },
  }
}

/** A missing bucket is a wrong setting, not a missing object: taking it for "never stored" would hide lost evidence. */
async function isAboutKey(response: Response): Promise<boolean> {
  return !(await response.text()).includes('<Code>NoSuchBucket</Code>')
}

async function failure(act: string, hash: string, bucket: string, response: Response): Promise<Error> {
  const code = /<Code>([A-Za-z]{1,60})<\/Code>/.exec(await response.text())?.[1]
  return new Error(`could not ${act} object ${hash} in bucket ${bucket}: ${response.status} ${code ?? response.statusText}`)
}
