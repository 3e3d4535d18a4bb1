import { BOOLEAN, type Der, expectTag, INTEGER, OCTETS, readChildren, readDer, readOid, SEQUENCE } from './der.ts'

/** What a token is matched by, and the extensions `X509Certificate` does not tell the criticality of. */
export type Certificate = {
  whole: Uint8Array
  issuer: Uint8Array
  serial: Uint8Array
  keyId: Uint8Array | undefined
  purposes: { critical: boolean; oids: string[] } | undefined
}

const KEY_ID = '2.5.29.14'
const PURPOSES = '2.5.29.37'
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'

export function readCertificate(certificate: Der): Certificate {
  const fields = readChildren(expectTag(readChildren(certificate)[0], SEQUENCE))
  const [serial, , issuer] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields
  const extensions = extensionsOf(fields)
  const keyId = extensions.get(KEY_ID)
  const purposes = extensions.get(PURPOSES)
  return {
    whole: certificate.whole,
    issuer: expectTag(issuer, SEQUENCE).whole,
    serial: expectTag(serial, INTEGER).whole,
    keyId: keyId && expectTag(readDer(keyId.value), OCTETS).content,
    purposes: purposes && { critical: purposes.critical, oids: readChildren(readDer(purposes.value)).map(readOid) },
  }
}

/** RFC 3161 §2.3: the extended key usage is critical and holds time stamping and nothing else. */
export const isForTimestampsOnly = ({ purposes }: Certificate): boolean =>
  purposes?.critical === true && purposes.oids.length === 1 && purposes.oids[0] === TIME_STAMPING

function extensionsOf(fields: Der[]): Map<string, { critical: boolean; value: Uint8Array }> {
  const holder = fields.find(({ tag }) => tag === 0xa3)
  const extensions = holder ? readChildren(expectTag(readDer(holder.content), SEQUENCE)) : []
  return new Map(
    extensions.map((extension) => {
      const [oid, second, third] = readChildren(expectTag(extension, SEQUENCE))
      const critical = second?.tag === BOOLEAN && second.content[0] === 0xff
      return [readOid(oid), { critical, value: expectTag(third ?? second, OCTETS).content }] as const
    }),
  )
}
