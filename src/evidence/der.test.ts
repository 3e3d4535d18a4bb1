import { expect, test } from 'vitest'
import { DerError, der, derOid, OCTETS, readChildren, readDer, readOid, SEQUENCE } from './der.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

// X.690 §8.1.3 (lengths) and §8.19 (object identifiers).
test('lengths and object identifiers are written as X.690 says', () => {
  expect(hex(der(OCTETS, new Uint8Array(127))).slice(0, 4)).toBe('047f')
  expect(hex(der(OCTETS, new Uint8Array(128))).slice(0, 6)).toBe('048180')
  expect(hex(der(OCTETS, new Uint8Array(256))).slice(0, 8)).toBe('04820100')
  expect(hex(derOid('1.2.840.113549.1.9.16.1.4'))).toBe('060b2a864886f70d0109100104')
})

test.each(['1.2.840.113549.1.7.2', '2.16.840.1.101.3.4.2.1', '0.9.2342', '2.999.3', '1.3.101.112'])(
  '%s reads back as written',
  (oid) => {
    expect(readOid(readDer(derOid(oid)))).toBe(oid)
  },
)

test('what is nested reads back in order', () => {
  const value = der(SEQUENCE, derOid('1.3.101.112'), der(OCTETS, Buffer.from('x')))

  expect(readChildren(readDer(value)).map(({ tag }) => tag)).toEqual([6, 4])
})

test.each([
  ['nothing', ''],
  ['a tag alone', '30'],
  ['a value cut short', '040261'],
  ['bytes after the end', '04016162'],
  ['an endless length', '3080040161000000'],
  ['a length written longer than needed', '04810161'],
  ['a length with a leading zero', '0482000161'],
  ['a length of five bytes', '04850000000001'],
  ['a tag of several bytes', '1f8101'],
])('%s is an error', (_, bytes) => {
  expect(() => readDer(Buffer.from(bytes, 'hex'))).toThrow(DerError)
})
