import { done, type Outcome, refused } from '../platform/outcome.ts'
import { type Instant, instant } from '../platform/time.ts'
import {
  type Der,
  DerError,
  derIntegerContent,
  expectTag,
  GENERALIZED_TIME,
  INTEGER,
  OCTETS,
  OID,
  readChildren,
  readDer,
  readOid,
  SEQUENCE,
  SET,
  sameBytes,
} from './der.ts'
import { DIGESTS } from './timestamp-signature.ts'
import { checkSignature } from './timestamp-signer.ts'

export type Timestamp = { at: Instant; serial: string; policy: string; authority: string; issuedBy: string }
type Info = { policy: string; digest: string; imprint: Uint8Array; serial: string; at: Instant; nonce?: Uint8Array }

const SIGNED_DATA = '1.2.840.113549.1.7.2'
const TST_INFO = '1.2.840.113549.1.9.16.1.4'

/** Reads and checks a time-stamp token: CMS SignedData (RFC 5652) around a TSTInfo (RFC 3161 §2.4.2). */
export function readToken(token: Uint8Array, expected: { sha256: string; nonce?: Uint8Array }): Outcome<Timestamp> {
  const [type, wrapped] = readChildren(expectTag(readDer(token), SEQUENCE))
  if (readOid(type) !== SIGNED_DATA) return refused('时间戳不是 CMS 签名数据')
  const signedData = readChildren(expectTag(readChildren(expectTag(wrapped, 0xa0))[0], SEQUENCE))
  const encapsulated = readChildren(expectTag(signedData[2], SEQUENCE))
  if (readOid(encapsulated[0]) !== TST_INFO) return refused('签名数据里装的不是时间戳')
  const content = expectTag(readChildren(expectTag(encapsulated[1], 0xa0))[0], OCTETS).content

  const info = readInfo(content)
  const mismatch = compare(info, expected)
  if (mismatch) return refused(mismatch)
  const certificates = signedData.find(({ tag }) => tag === 0xa0)
  const signers = readChildren(expectTag(signedData.at(-1), SET))
  if (!certificates || signers.length !== 1) return refused('时间戳里缺少签发者的证书，或不止一个签名')
  const signer = checkSignature(signers[0]!, readChildren(certificates), content, info.at)
  if (!signer.ok) return signer
  return done({ at: info.at, serial: info.serial, policy: info.policy, ...signer.value })
}

function compare(info: Info, expected: { sha256: string; nonce?: Uint8Array }): string | undefined {
  if (DIGESTS[info.digest] !== 'sha256' || !sameBytes(info.imprint, Buffer.from(expected.sha256, 'hex'))) {
    return '时间戳是为别的内容签发的（摘要不同）'
  }
  if (expected.nonce && (!info.nonce || !sameBytes(info.nonce, derIntegerContent(expected.nonce)))) {
    return '时间戳不是对这一次请求的回答（随机数不同）'
  }
  return undefined
}

function readInfo(content: Uint8Array): Info {
  const [version, policy, imprint, serial, time, ...optional] = readChildren(expectTag(readDer(content), SEQUENCE))
  if (expectTag(version, INTEGER).content[0] !== 1) throw new DerError('TSTInfo of another version')
  const [algorithm, digest] = readChildren(expectTag(imprint, SEQUENCE))
  return {
    policy: readOid(expectTag(policy, OID)),
    digest: readOid(readChildren(expectTag(algorithm, SEQUENCE))[0]),
    imprint: expectTag(digest, OCTETS).content,
    serial: Buffer.from(expectTag(serial, INTEGER).content).toString('hex'),
    at: readTime(expectTag(time, GENERALIZED_TIME)),
    // Accuracy is a sequence and ordering a boolean, so the one integer left is the nonce.
    nonce: optional.find(({ tag }) => tag === INTEGER)?.content,
  }
}

/** GeneralizedTime in UTC, as RFC 3161 narrows it: 20261122030712.5Z */
function readTime(value: Der): Instant {
  const text = Buffer.from(value.content).toString('latin1')
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(text)
  if (!match) throw new DerError('not a GeneralizedTime in UTC')
  const [, year, month, day, hour, minute, second, fraction = ''] = match
  const at = `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`
  if (Number.isNaN(Date.parse(at))) throw new DerError('no such time')
  return instant(at)
}
