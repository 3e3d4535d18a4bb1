import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasOpenssl } from './given-authority.ts'
import { aPack, filesOf, textOf } from './given-pack.ts'
import { verifyCommand } from './verify-command.ts'

let folder: string
let pack: Uint8Array
let print: string
let file: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'))
  ;({ pack, print } = await aPack())
  file = join(folder, '证据 包.zip')
  writeFileSync(file, pack)
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const io = {
    out: (text: string) => {
      said.out += text
    },
    err: (text: string) => {
      said.err += text
    },
  }
  return { code: await verifyCommand(argv, io), ...said }
}

const written = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

test('a sound pack ends with 0 and says so', async () => {
  expect(await run(file, '--fingerprint', print)).toMatchObject({ code: 0, out: expect.stringContaining('✓ 核对通过'), err: '' })
})

test('a changed pack ends with 1 and says where', async () => {
  const changed = Buffer.from(pack)
  changed[changed.indexOf('让陌生登录下线')]! ^= 1
  const { code, out } = await run(written('changed.zip', changed))

  expect(code).toBe(1)
  expect(out).toMatch(/✗ 核对不通过：时间线第 2 条/)
})

test('a pack of another key ends with 1', async () => {
  expect((await run(file, '--fingerprint', 'ab'.repeat(32))).code).toBe(1)
})

test('what is not a zip ends with 1 and is called what it is', async () => {
  expect(await run(written('letter.pdf', '%PDF-1.7'))).toMatchObject({ code: 1, out: expect.stringContaining('不是 zip') })
})

test('with --json a machine can read the verdict', async () => {
  const { code, out } = await run('--json', file)

  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ ok: true, facts: { fingerprint: print, keyCompared: false } })
})

test.each([
  ['no file', [], /请给出一个证据包文件/],
  ['two files', ['a', 'b'], /请给出一个证据包文件/],
  ['an unknown option', ['a', '--trust-me'], /不认识的选项/],
  ['half a fingerprint', ['a', '--fingerprint', 'abcd'], /64 位十六进制/],
  ['a file that is not there', ['/nowhere/pack.zip'], /找不到文件/],
  ['a folder', ['.'], /不是文件/],
])('%s ends with 64 and says what to do', async (_, argv, message) => {
  const { code, out, err } = await run(...argv)

  expect({ code, out }).toEqual({ code: 64, out: '' })
  expect(err).toMatch(message)
})

test.skipIf(!hasOpenssl || process.platform === 'win32')('the commands in README.txt check a pack without dingxin', () => {
  const unpacked = mkdtempSync(join(tmpdir(), 'unpacked-'))
  for (const name of ['manifest.json', 'manifest.sig', 'public-key.pem'])
    writeFileSync(join(unpacked, name), filesOf(pack).get(name)!)
  writeFileSync(join(unpacked, 'pack.zip'), pack)
  const commands = textOf(filesOf(pack), 'README.txt')
    .split('\n')
    .filter((line) => /^ {2}(openssl pkey|head|tail)/.test(line))
    // xxd is not on every machine that runs our tests; node reads hex as well.
    .map((line) =>
      line
        .trim()
        .replace('xxd -r -p', `node -e "process.stdin.toArray().then(a=>process.stdout.write(Buffer.from(a.join(''),'hex')))"`),
    )
  const path = `${dirname(process.execPath)}:${process.env.PATH}`
  const said = commands.map((command) =>
    execFileSync('sh', ['-c', command], { cwd: unpacked, env: { PATH: path }, encoding: 'utf8' }),
  )
  rmSync(unpacked, { recursive: true })

  expect(commands).toHaveLength(5)
  expect(said[0]).toContain(print)
  expect(said.filter((text) => /Signature Verified Successfully/.test(text))).toHaveLength(2)
})
