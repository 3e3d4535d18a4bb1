import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { der, INTEGER, SEQUENCE } from './der.ts'

/** For tests: a time-stamp authority of our own, made with the openssl on this machine. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) console.warn('skipped: tests that need the openssl command, which this machine does not have')

const TST_INFO = '1.2.840.113549.1.9.16.1.4'
type How = { alter?: (info: Buffer) => void; namesCertificate?: boolean; contentType?: string }

export type Authority = {
  folder: string
  /** Answers a request as the authority would. */
  answer: (request: Uint8Array) => Uint8Array
  /** Signs the time of somebody's answer with this authority's certificate, whatever that certificate is for. */
  signAnyhow: (response: Uint8Array, how?: How) => Uint8Array
  openssl: (...args: string[]) => string
  close: () => void
}

type Wishes = {
  key?: 'rsa' | 'ec'
  extendedKeyUsage?: string
  essAlgorithm?: 'sha1' | 'sha256'
  digest?: string
  accepted?: string
}

export function givenAuthority(wishes: Wishes = {}): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'authority-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  writeFileSync(join(folder, 'tsa.cnf'), settings(wishes))
  writeFileSync(join(folder, 'serial'), '01\n')
  const key = wishes.key === 'ec' ? ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] : ['rsa:2048']
  const request = ['req', '-x509', '-newkey', ...key, '-nodes', '-keyout', 'tsa.key', '-out', 'tsa.pem', '-days', '3650']
  openssl(...request, '-config', 'tsa.cnf', '-extensions', 'tsa_ext')
  return {
    folder,
    openssl,
    answer(query) {
      writeFileSync(join(folder, 'query.tsq'), query)
      openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query.tsq', '-out', 'reply.tsr')
      return readFileSync(join(folder, 'reply.tsr'))
    },
    signAnyhow(response, { alter, namesCertificate = true, contentType = TST_INFO } = {}) {
      writeFileSync(join(folder, 'other.tsr'), response)
      openssl('ts', '-reply', '-in', 'other.tsr', '-token_out', '-out', 'token.der')
      openssl('cms', '-verify', '-noverify', '-inform', 'DER', '-in', 'token.der', '-out', 'info.der')
      const info = readFileSync(join(folder, 'info.der'))
      alter?.(info)
      writeFileSync(join(folder, 'info.der'), info)
      const signer = [
        '-signer',
        'tsa.pem',
        '-inkey',
        'tsa.key',
        '-outform',
        'DER',
        '-out',
        'signed.der',
        '-in',
        'info.der',
        ...(namesCertificate ? ['-cades'] : []),
      ]
      openssl('cms', '-sign', '-binary', '-nodetach', '-md', 'sha256', '-econtent_type', contentType, ...signer)
      const granted = der(SEQUENCE, der(INTEGER, Uint8Array.of(0)))
      return der(SEQUENCE, granted, readFileSync(join(folder, 'signed.der')))
    },
    close: () => rmSync(folder, { recursive: true }),
  }
}

const settings = ({
  extendedKeyUsage = 'critical,timeStamping',
  essAlgorithm = 'sha256',
  digest = 'sha256',
  accepted = 'sha256',
}: Wishes) => `
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Example Time Authority
O = Example
[tsa_ext]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
${extendedKeyUsage ? `extendedKeyUsage = ${extendedKeyUsage}` : ''}
subjectKeyIdentifier = hash
[tsa]
default_tsa = main
[main]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = ${digest}
default_policy = 1.2.3.4.1
digests = ${accepted}
accuracy = secs:1, millisecs:500
clock_precision_digits = 3
ess_cert_id_alg = ${essAlgorithm}
`
