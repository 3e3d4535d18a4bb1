import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { providers } from './index.ts'
import { readLetter } from './mail.ts'

const run = promisify(execFile)

let clock: number
let simulator: ReturnType<typeof providers>
beforeEach(async () => {
  clock = Date.parse('2026-11-22T12:00:00+08:00')
  simulator = providers({ now: () => clock, random: () => 0.5 })
  await simulator.start()
})
afterEach(() => simulator.close())

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await simulator.handle(new Request(`http://127.0.0.1${path}`, init))
  if (!response) throw new Error(`nobody answers ${path}`)
  return response
}
const post = (path: string, body: unknown) => call(path, { method: 'POST', body: JSON.stringify(body) })
const credentials = async () =>
  (await call('/_sim/providers/credentials')).json() as Promise<Record<string, Record<string, string>>>
const robot = async (content = 'hello') => {
  const key = (await credentials()).wecom?.robotKey
  return (await post(`/wecom/cgi-bin/webhook/send?key=${key}`, { msgtype: 'text', text: { content } })).json()
}
const messages = async () =>
  ((await (await call('/_sim/providers/messages')).json()) as { messages: Record<string, unknown>[] }).messages

test('addresses that are not ours are left to others', async () => {
  expect(await simulator.handle(new Request('http://127.0.0.1/cgi-bin/token'))).toBeUndefined()
  expect(await simulator.handle(new Request('http://127.0.0.1/_sim/clock'))).toBeUndefined()
})

test('the keys are the same on every start, and the mail port is told', async () => {
  const one = await credentials()
  const other = providers({ now: () => 0, random: () => 0 })
  const two = await (await other.handle(new Request('http://127.0.0.1/_sim/providers/credentials')))?.json()

  expect(one.smtp?.port).toBe(simulator.smtpPort())
  expect({ ...one, smtp: 0, channels: 0 }).toEqual({ ...two, smtp: 0, channels: 0 })
})

test('a wrong key, an empty text and 4097 bytes are refused as WeCom refuses them; 4096 bytes go', async () => {
  const key = (await credentials()).wecom?.robotKey
  const markdown = async (content: string) =>
    (await post(`/wecom/cgi-bin/webhook/send?key=${key}`, { msgtype: 'markdown', markdown: { content } })).json()

  expect(await (await post('/wecom/cgi-bin/webhook/send?key=wrong', {})).json()).toMatchObject({ errcode: 93000 })
  expect(await markdown('')).toMatchObject({ errcode: 44004 })
  expect(await markdown(`${'字'.repeat(1365)}a`)).toMatchObject({ errcode: 0 })
  expect(await markdown(`${'字'.repeat(1365)}ab`)).toMatchObject({ errcode: 40058 })
})

test('a reset forgets messages, faults, limits and changed keys', async () => {
  for (let n = 0; n < 21; n++) await robot()
  await post('/_sim/providers/faults', { provider: 'wecom-robot', fault: 'robot-removed' })
  await post('/_sim/providers/config', { credentials: { wecom: { corpId: 'changed' } } })

  simulator.reset()

  expect(await messages()).toEqual([])
  expect((await credentials()).wecom?.corpId).not.toBe('changed')
  expect(await robot()).toMatchObject({ errcode: 0 })
})

test('a fault happens as often as was asked for, and then no more', async () => {
  await post('/_sim/providers/faults', { provider: 'wecom-robot', fault: 'code:-1', times: 2 })

  expect([await robot(), await robot(), await robot()]).toMatchObject([{ errcode: -1 }, { errcode: -1 }, { errcode: 0 }])
  expect(await messages()).toHaveLength(1)
})

test('mistakes in setting things up are told, not swallowed', async () => {
  expect((await post('/_sim/providers/faults', { provider: 'wecome', fault: 'hang' })).status).toBe(400)
  expect((await post('/_sim/providers/config', { receiptUrls: { wechat: 'x' } })).status).toBe(400)
  expect((await post('/_sim/providers/people', { person: 'zhou', act: 'dance' })).status).toBe(409)
  expect((await post('/_sim/providers/people', { person: 'zhou', act: 'press', key: 'acknowledge' })).status).toBe(409)
  expect((await call('/_sim/providers/nowhere')).status).toBe(404)
})

test('somebody kept waiting by a fault is let go when the simulator closes', async () => {
  await post('/_sim/providers/faults', { provider: 'wecom-robot', fault: 'hang' })
  const waiting = robot().catch(() => 'let go')
  // The message is delivered before the silence begins.
  await expect.poll(async () => (await messages()).length).toBe(1)

  await simulator.close()

  expect(await waiting).toBe('let go')
})

test('a scanner opens every link to this machine, HEAD first or not, and never posts', async () => {
  const visits: string[] = []
  const page = createServer((request, response) => {
    visits.push(request.method ?? '')
    response.end('page')
  })
  await new Promise<void>((ready) => page.listen(0, '127.0.0.1', ready))
  const key = (await credentials()).wecom?.robotKey
  await post('/_sim/providers/config', { linkBot: true })
  const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}/m/i/1`

  await post(`/wecom/cgi-bin/webhook/send?key=${key}`, {
    msgtype: 'markdown',
    markdown: { content: `[接手](${url}) [外部](https://elsewhere.example/x)` },
  })
  clock += 3000
  await post('/_sim/providers/flush', {})
  page.close()

  expect(visits.sort()).toEqual(['GET', 'GET', 'HEAD'])
})

describe('storage', () => {
  const signed = {
    authorization:
      'AWS4-HMAC-SHA256 Credential=SIMULATEDS3KEY/20261122/simulated/s3/aws4_request, SignedHeaders=host, Signature=0',
  }

  test('what was put comes back unchanged, with its type and its hash', async () => {
    const bytes = new Uint8Array([0, 255, 1, 254])
    const put = await call('/s3/evidence/a/b.bin', {
      method: 'PUT',
      headers: { ...signed, 'content-type': 'application/zip', 'x-amz-meta-case': '7' },
      body: bytes,
    })
    const got = await call('/s3/evidence/a/b.bin', { headers: signed })
    const head = await call('/s3/evidence/a/b.bin', { method: 'HEAD', headers: signed })

    expect(put.headers.get('etag')).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`)
    expect(new Uint8Array(await got.arrayBuffer())).toEqual(bytes)
    expect(got.headers.get('content-type')).toBe('application/zip')
    expect(head.headers.get('content-length')).toBe('4')
    expect(head.headers.get('x-amz-meta-case')).toBe('7')
  })

  test('unsigned is refused, missing is missing, listed is what is there', async () => {
    await call('/s3/evidence/a/1', { method: 'PUT', headers: signed, body: 'x' })

    expect((await call('/s3/evidence/a/1')).status).toBe(403)
    expect((await call('/s3/evidence/a/2', { headers: signed })).status).toBe(404)
    expect(await (await call('/s3/evidence?list-type=2&prefix=a/', { headers: signed })).text()).toContain('<Key>a/1</Key>')
  })

  test('"only if it is not there yet" is honoured', async () => {
    const once = { method: 'PUT', headers: { ...signed, 'if-none-match': '*' }, body: 'x' }

    expect((await call('/s3/evidence/k', once)).status).toBe(200)
    expect((await call('/s3/evidence/k', once)).status).toBe(412)
  })
})

const opensslIsHere = await run('openssl', ['version']).then(
  () => true,
  () => false,
)

describe('time stamps', () => {
  const digest = createHash('sha256').update('evidence-1').digest('hex')
  const query = Buffer.from(`30430201013031300d060960864801650304020105000420${digest}020801020304050607080101ff`, 'hex')
  const ask = async () =>
    Buffer.from(
      await (
        await call('/tsa', { method: 'POST', headers: { 'content-type': 'application/timestamp-query' }, body: query })
      ).arrayBuffer(),
    )

  async function verified(reply: Buffer): Promise<boolean> {
    const folder = await mkdtemp(join(tmpdir(), 'tsa-test-'))
    try {
      const certificate = await (await call('/tsa/certificate')).text()
      await writeFile(join(folder, 'q'), query)
      await writeFile(join(folder, 'r'), reply)
      await writeFile(join(folder, 'c'), certificate)
      const files = ['-queryfile', join(folder, 'q'), '-in', join(folder, 'r'), '-CAfile', join(folder, 'c')]
      return await run('openssl', ['ts', '-verify', ...files]).then(
        () => true,
        () => false,
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  test.runIf(opensslIsHere)('a query gets a token that openssl verifies against it', async () => {
    expect(await verified(await ask())).toBe(true)
  })

  test.runIf(opensslIsHere).each(['wrong-nonce', 'other-digest'])(
    'with "%s" the token is genuine and not for this query',
    async (fault) => {
      await post('/_sim/providers/faults', { provider: 'tsa', fault })
      const reply = await ask()

      expect(reply.length).toBeGreaterThan(500)
      expect(await verified(reply)).toBe(false)
    },
  )

  test('a rejection is status 2 at HTTP 200', async () => {
    await post('/_sim/providers/faults', { provider: 'tsa', fault: 'reject' })
    const reply = await ask()

    // SEQUENCE { SEQUENCE { INTEGER 2, … } }
    expect(reply[0]).toBe(0x30)
    expect(reply.subarray(4, 7)).toEqual(Buffer.from([0x02, 0x01, 0x02]))
  })
})

test('letters are read whatever way they were encoded', () => {
  const letter = readLetter(
    [
      'Subject: =?UTF-8?B?6LSm5Y+3?= =?UTF-8?Q?=E8=A2=AB=E7=9B=97?=',
      'Message-ID: <1@x>',
      'Content-Type: multipart/alternative; boundary="b1"',
      '',
      '--b1',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      '=E6=8E=A5=E6=89=8B https://dx.example/?k=3Dabc=',
      'def',
      '--b1',
      'Content-Type: text/html',
      '',
      '<p>x</p>',
      '--b1--',
    ].join('\r\n'),
  )

  expect(letter).toMatchObject({ subject: '账号被盗', text: '接手 https://dx.example/?k=abcdef', id: '<1@x>' })
})
