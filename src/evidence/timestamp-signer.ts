import { hash, X509Certificate } from 'node:crypto'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import { epoch, type Instant } from '../platform/time.ts'
import { type Der, DerError, expectTag, INTEGER, OCTETS, readChildren, readOid, SEQUENCE, SET, sameBytes } from './der.ts'
import { type Certificate, isForTimestampsOnly, readCertificate } from './timestamp-certificate.ts'
import { DIGESTS, isSignatureGood } from './timestamp-signature.ts'

const CONTENT_TYPE = '1.2.840.113549.1.9.3'
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4'
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12'
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47'
const TST_INFO = '1.2.840.113549.1.9.16.1.4'

/**
 * Checks the one signature of a token against the certificate inside it (RFC 5652 §5.4, RFC 3161 §2.3 and §2.4.2,
 * RFC 5816). Whether that certificate leads to an authority the reader trusts is theirs to decide: we name it.
 */
export function checkSignature(
  signerInfo: Der,
  certificates: Der[],
  content: Uint8Array,
  at: Instant,
): Outcome<{ authority: string; issuedBy: string }> {
  const [, signerId, digestAlgorithm, attributes, algorithm, signature] = readChildren(expectTag(signerInfo, SEQUENCE))
  const digest = DIGESTS[algorithmOf(digestAlgorithm)]
  if (!digest) return refused('时间戳用了本工具不认识的摘要算法，无法核对')
  const certificate = certificates
    .filter(({ tag }) => tag === SEQUENCE)
    .map(readCertificate)
    .find((one) => isNamedBy(one, signerId))
  if (!certificate) return refused('时间戳里没有签发者的证书，无法核对')
  if (!isForTimestampsOnly(certificate)) return refused('签发者的证书不是时间戳专用证书')

  const signed = new Map(
    readChildren(expectTag(attributes, 0xa0)).map((attribute) => {
      const [type, values] = readChildren(expectTag(attribute, SEQUENCE))
      return [readOid(type), readChildren(expectTag(values, SET))[0]] as const
    }),
  )
  if (readOid(signed.get(CONTENT_TYPE)) !== TST_INFO) return refused('时间戳签的不是时间戳内容')
  if (!sameBytes(expectTag(signed.get(MESSAGE_DIGEST), OCTETS).content, hash(digest, content, 'buffer'))) {
    return refused('时间戳的内容在签发后被改过')
  }
  if (!namesCertificate(signed, certificate)) return refused('时间戳里签下的证书与附带的证书不是同一张')

  const x509 = readX509(certificate)
  // The attributes are signed as a SET, though they are stored under another tag (RFC 5652 §5.4).
  const signedBytes = Buffer.concat([Uint8Array.of(SET), attributes!.whole.subarray(1)])
  const bytes = expectTag(signature, OCTETS).content
  const fits = isSignatureGood(expectTag(algorithm, SEQUENCE), digest, signedBytes, x509, bytes)
  if (fits === undefined) return refused('时间戳用了本工具不认识的签名算法，无法核对')
  if (!fits) return refused('时间戳的签名不对')
  // Asked this way round, a certificate whose dates cannot be read is refused too.
  if (!(epoch(at) >= x509.validFromDate.getTime() && epoch(at) <= x509.validToDate.getTime())) {
    return refused('时间戳签发的时候，签发者的证书不在有效期内')
  }
  return done({ authority: oneLine(x509.subject), issuedBy: oneLine(x509.issuer) })
}

function readX509({ whole }: Certificate): X509Certificate {
  try {
    return new X509Certificate(whole)
  } catch {
    throw new DerError('not an X.509 certificate')
  }
}

const algorithmOf = (identifier: Der | undefined): string => readOid(readChildren(expectTag(identifier, SEQUENCE))[0])
const oneLine = (name: string | undefined): string => (name ?? '').split('\n').join(', ')

/** A signer is named by issuer and serial number, or by the key identifier. */
function isNamedBy(certificate: Certificate, signerId: Der | undefined): boolean {
  if (signerId?.tag === 0x80) return certificate.keyId !== undefined && sameBytes(signerId.content, certificate.keyId)
  const [issuer, serial] = readChildren(expectTag(signerId, SEQUENCE))
  return (
    sameBytes(expectTag(issuer, SEQUENCE).whole, certificate.issuer) &&
    sameBytes(expectTag(serial, INTEGER).whole, certificate.serial)
  )
}

/** The certificate's hash is itself signed, so that another certificate for the same key cannot be slipped in. */
function namesCertificate(signed: Map<string, Der | undefined>, { whole }: Certificate): boolean {
  const attribute = signed.get(SIGNING_CERTIFICATE_V2) ?? signed.get(SIGNING_CERTIFICATE)
  if (!attribute) return false
  const first = readChildren(expectTag(readChildren(expectTag(attribute, SEQUENCE))[0], SEQUENCE))[0]
  const parts = readChildren(expectTag(first, SEQUENCE))
  const algorithm =
    parts[0]?.tag === SEQUENCE ? DIGESTS[algorithmOf(parts[0])] : signed.has(SIGNING_CERTIFICATE_V2) ? 'sha256' : 'sha1'
  const named = expectTag(
    parts.find(({ tag }) => tag === OCTETS),
    OCTETS,
  ).content
  return algorithm !== undefined && sameBytes(named, hash(algorithm, whole, 'buffer'))
}
