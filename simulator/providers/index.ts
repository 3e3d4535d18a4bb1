import { aliyunAction } from './aliyun-gate.ts'
import { aliyunSms } from './aliyun-sms.ts'
import { aliyunVoice, isVoiceAction } from './aliyun-voice.ts'
import { answer, type Call, respond, type Service } from './answers.ts'
import { control } from './control.ts'
import { dingtalkApp } from './dingtalk-app.ts'
import { dingtalkRobot } from './dingtalk-robot.ts'
import { feishuApp } from './feishu-app.ts'
import { feishuRobot } from './feishu-robot.ts'
import { mailServer } from './mail.ts'
import type { City } from './people.ts'
import { s3 } from './s3.ts'
import { telephones } from './telephone.ts'
import { tencentSms } from './tencent-sms.ts'
import { tencentVoice } from './tencent-voice.ts'
import { tsa } from './tsa.ts'
import { wecomApp, wecomTokens } from './wecom-app.ts'
import { wecomCustomers } from './wecom-customers.ts'
import { wecomRobot } from './wecom-robot.ts'
import { makeWorld } from './world.ts'

const PUMP_EVERY_MS = 100

type Built = City & { route(prefix: string, call: Call): Service | undefined; close(): Promise<void> }

function build(options: { now(): number; random(): number }): Built {
  const world = makeWorld(options)
  const phones = telephones(world)
  const tokens = wecomTokens(world)
  const city = {
    world,
    telephones: phones,
    wecomApp: wecomApp(world, tokens),
    wecomCustomers: wecomCustomers(world, tokens),
    dingtalkApp: dingtalkApp(world),
    feishuApp: feishuApp(world),
    aliyunSms: aliyunSms(world),
    tencentSms: tencentSms(world),
  }
  const robots = { wecom: wecomRobot(world), dingtalk: dingtalkRobot(world), feishu: feishuRobot(world) }
  const voices = { aliyun: aliyunVoice(world, phones), tencent: tencentVoice(world, phones) }
  const shelf = s3(options.now)
  const authority = tsa(world)

  function route(prefix: string, call: Call): Service | undefined {
    switch (prefix) {
      case 'wecom':
        if (call.path === '/cgi-bin/webhook/send') return robots.wecom
        return call.path.startsWith('/cgi-bin/externalcontact/') ? city.wecomCustomers : city.wecomApp
      case 'dingtalk':
        return call.path === '/robot/send' ? robots.dingtalk : city.dingtalkApp
      case 'feishu':
        return call.path.startsWith('/open-apis/bot/') ? robots.feishu : city.feishuApp
      case 'aliyun':
        return isVoiceAction(aliyunAction(call)) ? voices.aliyun : city.aliyunSms
      case 'tencent':
        return call.headers.get('x-tc-action') === 'SendTtsVoice' ? voices.tencent : city.tencentSms
      case 's3':
        return shelf
      case 'tsa':
        return authority
      default:
        return undefined
    }
  }
  return { ...city, route, close: () => authority.close() }
}

/**
 * The pretend providers of messages, storage and time stamps. Mount `handle` for /wecom, /dingtalk, /feishu, /aliyun, /tencent,
 * /s3, /tsa and /_sim/providers; it answers undefined for anything else. `start` opens the mail server and lets receipts go out
 * by themselves; without it they wait for POST /_sim/providers/flush.
 */
export function providers(options: { now(): number; random(): number }): {
  handle(request: Request): Promise<Response | undefined>
  smtpPort(): number | undefined
  start(): Promise<void>
  close(): Promise<void>
  reset(): void
} {
  let city = build(options)
  let closing = new AbortController()
  let pump: NodeJS.Timeout | undefined
  const mail = mailServer(() => city.world)

  return {
    async handle(request) {
      const call = await readCall(request)
      if (call.prefix === '_sim') return respond(await control(city, call, mail.port()))
      const service = city.route(call.prefix, call)
      return service && answer(city.world, service, call, closing.signal)
    },
    smtpPort: () => mail.port(),
    async start() {
      closing = new AbortController()
      await mail.start()
      pump = setInterval(() => void city.world.pushes.flush(), PUMP_EVERY_MS)
      pump.unref()
    },
    async close() {
      clearInterval(pump)
      closing.abort()
      await mail.close()
      await city.close()
    },
    reset() {
      // Whoever was kept waiting by a fault of the old world is let go.
      closing.abort()
      closing = new AbortController()
      city.world.pushes.clear()
      void city.close()
      city = build(options)
    },
  }
}

async function readCall(request: Request): Promise<Call & { prefix: string }> {
  const url = new URL(request.url)
  const control = url.pathname.startsWith('/_sim/providers/')
  const [, first = '', ...rest] = url.pathname.split('/')
  const bytes = new Uint8Array(await request.arrayBuffer())
  const headers = new Headers(request.headers)
  if (!headers.has('host')) headers.set('host', url.host)
  return {
    prefix: control ? '_sim' : first === '_sim' ? '' : first,
    path: `/${(control ? rest.slice(1) : rest).join('/')}`,
    method: request.method,
    url,
    query: url.searchParams,
    headers,
    bytes,
    text: new TextDecoder().decode(bytes),
    gone: request.signal,
  }
}
