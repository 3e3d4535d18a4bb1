import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Call, Reply, Service } from './answers.ts'
import type { World } from './world.ts'

const run = promisify(execFile)

const config = (folder: string) => `[req]
distinguished_name = dn
prompt = no
x509_extensions = signer
[dn]
CN = Simulated time stamp authority
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = own
[own]
dir = ${folder}
serial = ${folder}/serial
signer_cert = ${folder}/cert.pem
signer_key = ${folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`

/** PKIStatusInfo with status 2 and a sentence: what every RFC 3161 client must read as "no", HTTP 200 notwithstanding. */
export function rejection(sentence: string): Uint8Array {
  const der = (tag: number, body: Buffer) => Buffer.concat([Buffer.from([tag, body.length]), body])
  const text = der(0x30, der(0x0c, Buffer.from(sentence.slice(0, 100))))
  return der(0x30, der(0x30, Buffer.concat([Buffer.from([0x02, 0x01, 0x02]), text])))
}

export type Tsa = Service & { close(): Promise<void>; certificate(): Promise<string | undefined> }

/** A time stamp authority on openssl; where there is none it says so in a proper rejection. Its certificate is made on first use. */
export function tsa(world: World): Tsa {
  let folder: Promise<string | undefined> | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const stamped = (bytes: Uint8Array, status = 200): Reply => ({
    status,
    bytes,
    headers: { 'content-type': 'application/timestamp-reply' },
  })

  async function prepare(): Promise<string | undefined> {
    const made = await mkdtemp(join(tmpdir(), 'simulated-tsa-'))
    try {
      await writeFile(join(made, 'tsa.cnf'), config(made))
      await writeFile(join(made, 'serial'), '01\n')
      const files = ['-keyout', join(made, 'key.pem'), '-out', join(made, 'cert.pem')]
      await run('openssl', [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '3650',
        '-config',
        join(made, 'tsa.cnf'),
        ...files,
      ])
      return made
    } catch {
      await rm(made, { recursive: true, force: true })
      return undefined
    }
  }
  const ready = () => (folder ??= prepare())

  async function answer(call: Call): Promise<Reply> {
    if (call.method === 'GET' && call.path === '/certificate') {
      const certificate = await own.certificate()
      return certificate ? { status: 200, text: certificate } : { status: 404, text: 'openssl is not installed' }
    }
    if (!(call.headers.get('content-type') ?? '').includes('application/timestamp-query'))
      return { status: 415, text: 'send application/timestamp-query' }
    const fault = world.faults.take('tsa', 'wrong-nonce', 'other-digest', 'reject')
    if (fault === 'reject') return stamped(rejection('rejected, as was asked for'))
    // One at a time: openssl keeps its serial number in a file.
    const reply = turn.then(() => stamp(spoil(call.bytes, fault)))
    turn = reply.catch(() => undefined)
    return stamped((await reply) ?? rejection('openssl is not installed here, or the query is not one'))
  }

  async function stamp(query: Uint8Array): Promise<Uint8Array | undefined> {
    const at = await ready()
    if (!at) return undefined
    try {
      await writeFile(join(at, 'query.tsq'), query)
      const files = ['-queryfile', join(at, 'query.tsq'), '-out', join(at, 'reply.tsr')]
      await run('openssl', ['ts', '-reply', '-config', join(at, 'tsa.cnf'), '-section', 'own', ...files])
      return await readFile(join(at, 'reply.tsr'))
    } catch {
      return undefined
    }
  }

  /** Alters the question, so that a genuine signature covers something else. Offsets: a SHA-256 query written by hand has them here. */
  function spoil(query: Uint8Array, fault: string | undefined): Uint8Array {
    const altered = Uint8Array.from(query)
    const at = fault === 'other-digest' ? 40 : fault === 'wrong-nonce' ? query.length - 5 : -1
    const byte = altered[at]
    if (byte !== undefined) altered[at] = byte ^ 1
    return altered
  }

  const own: Tsa = {
    provider: 'tsa',
    isSending: (call) => call.method === 'POST',
    answer,
    refuse: () => stamped(rejection('refused, as was asked for')),
    async certificate() {
      const at = await ready()
      return at ? readFile(join(at, 'cert.pem'), 'utf8') : undefined
    },
    async close() {
      const at = await folder
      if (at) await rm(at, { recursive: true, force: true })
      folder = undefined
    },
  }
  return own
}
