import { constants, type KeyObject, verify, type X509Certificate } from 'node:crypto'
import { type Der, DerError, expectTag, readChildren, readDer, readOid, readSmallInteger, SEQUENCE } from './der.ts'

export const DIGESTS: Record<string, string> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
const SIGNATURE_DIGESTS: Record<string, string> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
}
const RSA_PLAIN = '1.2.840.113549.1.1.1'
const RSA_PSS = '1.2.840.113549.1.1.10'
const ED25519 = '1.3.101.112'

/** Undefined when the algorithm is not one of ours. */
export function isSignatureGood(
  algorithm: Der,
  digest: string,
  bytes: Uint8Array,
  certificate: X509Certificate,
  signature: Uint8Array,
): boolean | undefined {
  try {
    return verifyWith(algorithm, digest, bytes, certificate.publicKey, signature)
  } catch (error) {
    if (error instanceof DerError) throw error
    // OpenSSL throws when the key cannot be used with this algorithm, for example an RSA signature with an EC key.
    return false
  }
}

function verifyWith(
  algorithm: Der,
  digest: string,
  bytes: Uint8Array,
  key: KeyObject,
  signature: Uint8Array,
): boolean | undefined {
  const [oid, parameters] = readChildren(algorithm)
  const name = readOid(oid)
  if (name === ED25519) return verify(null, bytes, key, signature)
  if (name === RSA_PSS) return verifyPss(digest, parameters, bytes, key, signature)
  if (name === RSA_PLAIN) return verify(digest, bytes, key, signature)
  const own = SIGNATURE_DIGESTS[name]
  return own ? verify(own, bytes, key, signature) : undefined
}

function verifyPss(
  digest: string,
  parameters: Der | undefined,
  bytes: Uint8Array,
  key: KeyObject,
  signature: Uint8Array,
): boolean {
  const salt = readChildren(expectTag(parameters, SEQUENCE)).find(({ tag }) => tag === 0xa2)
  // 20 is the default of RFC 4055 when the salt length is left out.
  const saltLength = salt ? readSmallInteger(readDer(salt.content)) : 20
  return verify(digest, bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature)
}
