import { readFile, stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { LIMITS } from './pack-format.ts'
import { readFingerprint } from './signing.ts'
import { verifyText } from './verdict-text.ts'
import { verifyPack } from './verify.ts'
import { printable } from './words.ts'

export type VerifyIo = { out: (text: string) => void; err: (text: string) => void }

const USAGE = '用法：dingxin evidence verify 文件 [--fingerprint 指纹] [--json]\n'

/** 0: it fits. 1: it does not. 64 (EX_USAGE of sysexits.h): we could not even look. */
export type ExitCode = 0 | 1 | 64

/** `dingxin evidence verify FILE [--fingerprint F] [--json]`; `argv` is what follows `verify`. */
export async function verifyCommand(argv: readonly string[], io: VerifyIo): Promise<ExitCode> {
  const request = readArguments(argv)
  if (typeof request === 'string') return cannot(io, `${request}\n${USAGE}`)
  const bytes = await readPack(request.file)
  if (typeof bytes === 'string') return cannot(io, `${bytes}\n`)

  const verdict = verifyPack(bytes, { fingerprint: request.fingerprint })
  io.out(request.json ? `${JSON.stringify(verdict, null, 2)}\n` : verifyText(verdict))
  return verdict.ok ? 0 : 1
}

function cannot(io: VerifyIo, message: string): ExitCode {
  io.err(message)
  return 64
}

type Request = { file: string; fingerprint: string | undefined; json: boolean }

function readArguments(argv: readonly string[]): Request | string {
  let parsed: { values: { fingerprint?: string; json?: boolean }; positionals: string[] }
  try {
    const options = { fingerprint: { type: 'string' }, json: { type: 'boolean' } } as const
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch {
    return '有不认识的选项，或选项后面少了内容。'
  }
  const { values, positionals } = parsed
  const [file] = positionals
  if (file === undefined || positionals.length > 1) return '请给出一个证据包文件。'
  const fingerprint = values.fingerprint === undefined ? undefined : readFingerprint(values.fingerprint)
  if (values.fingerprint !== undefined && !fingerprint)
    return '指纹应是 64 位十六进制数（可以带空格或冒号），请完整地粘贴。没有核对。'
  return { file, fingerprint, json: values.json ?? false }
}

async function readPack(file: string): Promise<Uint8Array | string> {
  const shown = printable(file)
  try {
    const about = await stat(file)
    if (!about.isFile()) return `“${shown}”不是文件。请给出 zip 文件本身，不要解压。`
    if (about.size > LIMITS.pack) return `“${shown}”有 ${about.size} 字节，大得不像证据包，没有打开。`
    return await readFile(file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return `找不到文件“${shown}”。请检查路径。`
    if (code === 'EACCES' || code === 'EPERM') return `没有权限读“${shown}”。`
    throw error
  }
}
