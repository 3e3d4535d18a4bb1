import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { verifyCommand } from './evidence/index.ts'

const USAGE = `用法：
  dingxin setup [--json]                              建立第一位管理员的一次性地址（服务须在本机运行）
  dingxin sign-in-link 姓名 [--json]                   给同事一个一次性登录地址
  dingxin accounts connect --appid … --secret … [--name …] [--base-url …] [--reception poll|callback|relay] [--relay-url … --token … --aes-key …] [--json]
  dingxin accounts list [--json]
  dingxin evidence verify FILE [--fingerprint F] [--json]   离线验证证据包
  dingxin doctor [--json]                             本机服务是否在正常干活
环境变量 DINGXIN_HOME 指数据文件夹（默认 ~/.dingxin）；AppSecret 也可放在环境变量 DINGXIN_APP_SECRET 里，不进命令历史。`

type Options = Record<string, string | boolean | undefined>
const say = (text: string) => process.stdout.write(`${text}\n`)
const complain = (text: string) => process.stderr.write(`${text}\n`)
const USAGE_ERROR = 64

/** The command line of the running local instance. Answers the exit status: 0 done, 1 refused, 64 wrong usage. */
export async function runCommand(words: string[], options: Options, raw: readonly string[]): Promise<number> {
  const [first, second] = words
  if (first === 'evidence' && second === 'verify')
    return verifyCommand(raw.slice(2), {
      out: (text) => void process.stdout.write(text),
      err: (text) => void process.stderr.write(text),
    })
  if (first === 'accounts' && second === 'connect') return connect(options)
  if (first === 'accounts' && second === 'list') return show('GET', '/api/v1/accounts', undefined, options)
  if (first === 'setup') return show('POST', '/api/local/setup', {}, { ...options, plain: 'url' })
  if (first === 'sign-in-link' && second)
    return show('POST', '/api/local/sign-in-link', { person: second }, { ...options, plain: 'url' })
  if (first === 'doctor') return show('GET', '/healthz', undefined, options)
  complain(USAGE)
  return USAGE_ERROR
}

async function connect(options: Options): Promise<number> {
  const secret = options.secret ?? process.env.DINGXIN_APP_SECRET
  if (!options.appid || !secret) {
    complain(`缺少 ${options.appid ? '--secret' : '--appid'}，没有接入。\n${USAGE}`)
    return USAGE_ERROR
  }
  const body = {
    appid: options.appid,
    secret,
    ...(options.name ? { name: options.name } : {}),
    ...(options['base-url'] ? { baseUrl: options['base-url'] } : {}),
    ...(options.reception ? { reception: options.reception } : {}),
    ...(options['relay-url'] ? { relayUrl: options['relay-url'] } : {}),
    ...(options.token && options['aes-key'] ? { callback: { token: options.token, aesKey: options['aes-key'] } } : {}),
  }
  const answer = await call('POST', '/api/v1/accounts/connect', body, options)
  if (!answer.ok) return 1
  const result = answer.body as { callbackUrl: string; token: string; aesKey: string; name: string; findings: { text: string }[] }
  if (options.json) say(JSON.stringify({ callbackUrl: result.callbackUrl, token: result.token, aesKey: result.aesKey }))
  else {
    say(`已接入 ${result.name}。`)
    for (const finding of result.findings) say(`  ${finding.text}`)
    say(
      `如要由微信推送，请在公众平台填：\n  地址 ${result.callbackUrl}\n  Token ${result.token}\n  EncodingAESKey ${result.aesKey}`,
    )
  }
  return 0
}

async function show(method: string, where: string, body: object | undefined, options: Options): Promise<number> {
  const answer = await call(method, where, body, options)
  if (!answer.ok) return 1
  const plain = options.plain ? (answer.body as Record<string, string>)[options.plain as string] : undefined
  say(!options.json && plain ? plain : JSON.stringify(answer.body, null, options.json ? 0 : 2))
  return 0
}

/** Speaks to the instance that runs on this machine, shown by the token file that only its owner can read. */
async function call(
  method: string,
  where: string,
  body: object | undefined,
  options: Options,
): Promise<{ ok: boolean; body: unknown }> {
  const home = path.resolve(process.env.DINGXIN_HOME ?? path.join(os.homedir(), '.dingxin'))
  let running: { url: string }
  let token: string
  try {
    running = JSON.parse(fs.readFileSync(path.join(home, 'running.json'), 'utf8')) as { url: string }
    token = fs.readFileSync(path.join(home, 'local.token'), 'utf8').trim()
  } catch {
    complain(`本机没有在 ${home} 运行的定心丸，什么都没有做。先运行 npm start，或用 DINGXIN_HOME 指到它的数据文件夹。`)
    return { ok: false, body: undefined }
  }
  try {
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json',
    }
    if (options.agency) headers['x-dingxin-agency'] = String(options.agency)
    const answer = await fetch(new URL(where, running.url), {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(60_000),
    })
    const read = (await answer.json().catch(() => ({}))) as { message?: string; reason?: string }
    if (answer.ok) return { ok: true, body: read }
    complain(read.message ?? read.reason ?? `服务回答 ${answer.status}`)
    return { ok: false, body: read }
  } catch {
    complain(
      `${running.url} 没有回答。服务可能已停：请运行 npm start 再试。${method === 'GET' ? '' : '刚才的操作结果不明，再看一眼再重试。'}`,
    )
    return { ok: false, body: undefined }
  }
}
