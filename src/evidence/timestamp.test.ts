import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from './canonical.ts'
import { der, derInteger, INTEGER, readDer, SEQUENCE } from './der.ts'
import { edited } from './given-attack.ts'
import { type Authority, givenAuthority, hasOpenssl } from './given-authority.ts'
import { aPack, filesOf } from './given-pack.ts'
import { checkTimestamp, requestTimestamp, timestampRequest } from './timestamp.ts'
import { isForTimestampsOnly, readCertificate } from './timestamp-certificate.ts'
import { verifyText } from './verdict-text.ts'
import { verifyPack } from './verify.ts'

const hash = sha256('evidence-1')
const nonce = Buffer.from('0102030405060708', 'hex')
const reasonOf = (outcome: ReturnType<typeof checkTimestamp>) => (outcome.ok ? 'accepted' : outcome.reason)

// The vector was parsed back by OpenSSL 3.0; it is RFC 3161 §2.4.1 byte by byte.
test('a request is written as the standard says', () => {
  expect(Buffer.from(timestampRequest(hash, nonce)).toString('hex')).toBe(
    '30430201013031300d0609608648016503040201050004205108deb71ee1d00d8e14ad48f2ddee3dca264528a5ae802ac5a682ee11ecc0d7020801020304050607080101ff',
  )
})

test('a nonce whose first bit is set, or that begins with zeros, stays a positive number in its shortest form', () => {
  expect(Buffer.from(derInteger(Buffer.from('ff01', 'hex'))).toString('hex')).toBe('020300ff01')
  expect(Buffer.from(derInteger(Buffer.from('000001', 'hex'))).toString('hex')).toBe('020101')
  expect(Buffer.from(derInteger(Buffer.from('0000', 'hex'))).toString('hex')).toBe('020100')
})

test('a rejection says what the authority said', () => {
  const badAlgorithm = der(0x03, Buffer.from('0780', 'hex'))
  const response = der(SEQUENCE, der(SEQUENCE, der(INTEGER, Uint8Array.of(2)), badAlgorithm))

  expect(reasonOf(checkTimestamp(response, { sha256: hash }))).toBe('时间戳机构没有签发：拒绝（不支持这种摘要算法）')
})

test('“granted” without a timestamp is not a timestamp', () => {
  const response = der(SEQUENCE, der(SEQUENCE, der(INTEGER, Uint8Array.of(0))))

  expect(reasonOf(checkTimestamp(response, { sha256: hash }))).toMatch(/没有时间戳/)
})

test.each([
  ['nothing', ''],
  ['a web page', Buffer.from('<html>').toString('hex')],
  ['a cut value', '3044020100'],
  ['an endless length', '3080020100'],
])('%s is refused as a timestamp', (_, hex) => {
  expect(reasonOf(checkTimestamp(Buffer.from(hex, 'hex'), { sha256: hash }))).toMatch(/不是完整的 RFC 3161/)
})

describe.skipIf(!hasOpenssl)('with an authority', () => {
  let authority: Authority
  let response: Uint8Array
  beforeAll(() => {
    authority = givenAuthority()
    response = authority.answer(timestampRequest(hash, nonce))
  })
  afterAll(() => authority.close())

  test('its timestamp is accepted, with its time, serial number and name', () => {
    const checked = checkTimestamp(response, { sha256: hash, nonce })

    if (!checked.ok) throw new Error(checked.reason)
    expect(checked.value).toMatchObject({ authority: 'CN=Example Time Authority, O=Example', policy: '1.2.3.4.1', serial: '02' })
    const shown = authority.openssl('ts', '-reply', '-in', 'reply.tsr', '-text').match(/Time stamp: (.*) GMT/)![1]
    expect(Math.floor(Date.parse(checked.value.at) / 1000)).toBe(
      Math.floor(Date.parse(`${shown} GMT`.replace(/\.\d+/, '')) / 1000),
    )
  })

  test('a timestamp over something else, or in answer to another request, is refused', () => {
    expect(reasonOf(checkTimestamp(response, { sha256: sha256('evidence-2'), nonce }))).toMatch(/为别的内容签发/)
    expect(reasonOf(checkTimestamp(response, { sha256: hash, nonce: Buffer.from('0102030405060709', 'hex') }))).toMatch(
      /随机数不同/,
    )
  })

  test('no flipped bit turns it into another timestamp', () => {
    const original = checkTimestamp(response, { sha256: hash, nonce })
    const copy = Buffer.from(response)
    const changed: number[] = []
    for (let at = 0; at < copy.length; at++) {
      copy[at]! ^= 1 << (at % 8)
      const checked = checkTimestamp(copy, { sha256: hash, nonce })
      // Bits outside the signature (the status, an unused certificate field) may change, but never what was signed.
      if (checked.ok && JSON.stringify(checked) !== JSON.stringify(original)) changed.push(at)
      copy[at]! ^= 1 << (at % 8)
    }

    expect(original.ok).toBe(true)
    expect(changed).toEqual([])
  })

  test('what the authority refuses is refused with its reason', () => {
    const picky = givenAuthority({ accepted: 'sha512' })
    const refusal = picky.answer(timestampRequest(hash, nonce))
    picky.close()

    expect(reasonOf(checkTimestamp(refusal, { sha256: hash, nonce }))).toBe('时间戳机构没有签发：拒绝（不支持这种摘要算法）')
  })

  test.each([
    ['an elliptic curve and SHA-384', { key: 'ec', digest: 'sha384' }],
    ['the older certificate reference', { essAlgorithm: 'sha1' }],
    ['SHA-512', { digest: 'sha512' }],
  ] as const)('an authority with %s is understood', (_, wishes) => {
    const other = givenAuthority(wishes)
    const answer = other.answer(timestampRequest(hash, nonce))
    other.close()

    expect(checkTimestamp(answer, { sha256: hash, nonce }).ok).toBe(true)
  })

  test('a timestamp whose time was altered, or whose signature was, is refused', () => {
    const altered = Buffer.from(response)
    const year = altered.indexOf(`${new Date(timeOf(response)).getUTCFullYear()}`, altered.indexOf(Buffer.from(hash, 'hex')))
    altered.write('2019', year, 'latin1')
    const unsigned = Buffer.from(response)
    // The signature is the last thing in the token.
    unsigned[unsigned.length - 5]! ^= 1

    expect(reasonOf(checkTimestamp(altered, { sha256: hash, nonce }))).toBe('时间戳的内容在签发后被改过')
    expect(reasonOf(checkTimestamp(unsigned, { sha256: hash, nonce }))).toBe('时间戳的签名不对')
  })

  function timeOf(bytes: Uint8Array): string {
    const checked = checkTimestamp(bytes, { sha256: hash, nonce })
    if (!checked.ok) throw new Error(checked.reason)
    return checked.value.at
  }

  test('a certificate that is not for timestamps cannot sign one', () => {
    const other = givenAuthority({ extendedKeyUsage: 'critical,codeSigning' })
    const signed = other.signAnyhow(response)
    other.close()

    expect(reasonOf(checkTimestamp(signed, { sha256: hash, nonce }))).toBe('签发者的证书不是时间戳专用证书')
  })

  test('a time at which the certificate was not valid is refused, and one that does not name its certificate too', () => {
    const early = authority.signAnyhow(response, {
      alter: (info) => void info.write('2001', info.indexOf(timeOf(response).slice(0, 4)), 'latin1'),
    })
    const nameless = authority.signAnyhow(response, { namesCertificate: false })

    expect(checkTimestamp(authority.signAnyhow(response), { sha256: hash, nonce }).ok).toBe(true)
    expect(reasonOf(checkTimestamp(early, { sha256: hash, nonce }))).toMatch(/证书不在有效期内/)
    expect(reasonOf(checkTimestamp(nameless, { sha256: hash, nonce }))).toMatch(/不是同一张/)
  })

  test('something signed as another kind of document is not a timestamp, whatever its label says', () => {
    const other = Buffer.from(authority.signAnyhow(response, { contentType: '1.2.840.113549.1.9.16.1.5' }))
    const relabelled = Buffer.from(other)
    // The first mention is the label outside the signature; the second is signed.
    relabelled[relabelled.indexOf('2a864886f70d0109100105', 'hex') + 10] = 4

    expect(reasonOf(checkTimestamp(other, { sha256: hash, nonce }))).toBe('签名数据里装的不是时间戳')
    expect(reasonOf(checkTimestamp(relabelled, { sha256: hash, nonce }))).toBe('时间戳签的不是时间戳内容')
  })

  describe('over HTTP', () => {
    let server: Server
    let url: string
    let reply: (request: Uint8Array) => { status: number; body: Uint8Array }
    let contentType: string | undefined
    beforeAll(async () => {
      server = createServer(async (request, response) => {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(chunk)
        contentType = request.headers['content-type']
        const { status, body } = reply(Buffer.concat(chunks))
        response.writeHead(status, { 'content-type': 'application/timestamp-reply' }).end(body)
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`
    })
    afterAll(() => new Promise((resolve) => server.close(resolve)))

    test('a timestamp is asked for, checked, goes into the pack, and OpenSSL agrees with it', async () => {
      reply = (request) => ({ status: 200, body: authority.answer(request) })
      const { pack, print } = await aPack({
        timestamp: async (manifestHash) => {
          const got = await requestTimestamp(url, manifestHash, { fetch, nonce })
          return got.ok ? got.value.response : null
        },
      })

      const verdict = verifyPack(pack, { fingerprint: print })
      expect(verdict).toMatchObject({ ok: true, facts: { timestamp: { authority: 'CN=Example Time Authority, O=Example' } } })
      expect(verifyText(verdict)).toMatch(/最迟在 .*这些内容已经存在/)
      expect(contentType).toBe('application/timestamp-query')
      for (const name of ['manifest.json', 'timestamp.tsr']) writeFileSync(join(authority.folder, name), filesOf(pack).get(name)!)
      expect(authority.openssl('ts', '-verify', '-data', 'manifest.json', '-in', 'timestamp.tsr', '-CAfile', 'tsa.pem')).toMatch(
        /OK/,
      )
      const swapped = await edited(pack, (files) => files.set('timestamp.tsr', response))
      expect(verifyPack(swapped)).toMatchObject({
        ok: false,
        problem: { what: 'timestamp', sentence: expect.stringMatching(/别的内容/) },
      })
    })

    test('a wrong timestamp never reaches a pack', async () => {
      await expect(aPack({ timestamp: async () => response })).rejects.toThrow(/时间戳.*别的内容/)
    })

    test.each<[string, () => { status: number; body: Uint8Array }, RegExp]>([
      ['an error page', () => ({ status: 503, body: Buffer.from('busy') }), /HTTP 503/],
      ['an endless answer', () => ({ status: 200, body: Buffer.alloc(2 * 1024 * 1024) }), /大得不合理/],
      [
        'somebody else’s timestamp',
        () => ({ status: 200, body: authority.answer(timestampRequest(sha256('x'), nonce)) }),
        /别的内容/,
      ],
      [
        'a timestamp from before',
        () => ({ status: 200, body: authority.answer(timestampRequest(hash, Buffer.from('09', 'hex'))) }),
        /随机数不同/,
      ],
    ])('%s is a refusal with its reason', async (_, answer, reason) => {
      reply = answer
      const got = await requestTimestamp(url, hash, { fetch, nonce })

      expect(got).toMatchObject({ ok: false, reason: expect.stringMatching(reason) })
    })

    test('an authority that cannot be reached, or is given up on, is a refusal', async () => {
      const refused = await requestTimestamp('http://127.0.0.1:9/', hash, { fetch, nonce })
      const gaveUp = await requestTimestamp(url, hash, { fetch, nonce, signal: AbortSignal.abort() })

      expect([refused.ok, gaveUp.ok]).toEqual([false, false])
    })
  })
})

test.skipIf(!hasOpenssl).each<[string, string, boolean]>([
  ['for timestamps and nothing else, and says so critically', 'critical,timeStamping', true],
  ['for timestamps, but not critically', 'timeStamping', false],
  ['for timestamps and for something else', 'critical,timeStamping,codeSigning', false],
  ['for something else', 'critical,codeSigning', false],
  ['for anything', '', false],
])('a certificate %s: accepted or not', (_, extendedKeyUsage, accepted) => {
  const authority = givenAuthority({ extendedKeyUsage })
  const certificate = new X509Certificate(readFileSync(join(authority.folder, 'tsa.pem')))
  authority.close()

  expect(isForTimestampsOnly(readCertificate(readDer(certificate.raw)))).toBe(accepted)
})
