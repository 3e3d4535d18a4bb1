import type { KeyObject } from 'node:crypto'
import { isSignedBy, type SigningKey, signBytes } from './signing.ts'

/**
 * The seal is the comment at the very end of the zip: a signature over every byte before it, among them the comment's own
 * length. Lower-case hex has one spelling only, so no bit of the comment can change either.
 */
const LABEL = 'dingxin-seal-1:'
export const SEAL_LENGTH = LABEL.length + 128

export const EMPTY_SEAL = '-'.repeat(SEAL_LENGTH)

/** Puts the seal into a zip that was written with `EMPTY_SEAL` as its comment. */
export function sealed(zip: Uint8Array, key: SigningKey): Uint8Array {
  const body = zip.subarray(0, zip.length - SEAL_LENGTH)
  return Buffer.concat([body, encode(signBytes(key, body))])
}

export function isSealIntact(zip: Uint8Array, publicKey: KeyObject): boolean {
  if (zip.length <= SEAL_LENGTH) return false
  const body = zip.subarray(0, zip.length - SEAL_LENGTH)
  const comment = zip.subarray(zip.length - SEAL_LENGTH)
  const signature = Buffer.from(Buffer.from(comment).toString('latin1').slice(LABEL.length), 'hex')
  // Written again and compared, so that what a lenient decoder would accept (capitals, say) is found.
  return Buffer.compare(encode(signature), comment) === 0 && isSignedBy(publicKey, body, signature)
}

const encode = (signature: Uint8Array): Uint8Array => Buffer.from(LABEL + Buffer.from(signature).toString('hex'), 'latin1')
