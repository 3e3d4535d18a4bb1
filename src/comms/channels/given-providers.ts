import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { providers } from '../../../simulator/providers/index.ts'
import type { Seen } from '../../../simulator/providers/world.ts'
import { instant } from '../../platform/time.ts'
import { type Channel, type ChannelKind, type Notice, openChannel } from './channel.ts'
import { type PushProvider, type PushSecrets, type Receipt, readPush } from './receipts.ts'

// For tests only: the pretend providers on a real port, our callback address on another, and a clock that the test moves.

type Given = {
  channels: Record<ChannelKind, Record<string, unknown>>
  wecom: Record<string, string>
  dingtalk: Record<string, string>
  feishu: Record<string, string>
}

export type ProvidersWorld = Awaited<ReturnType<typeof givenProviders>>

type Listening = { url: string; close(): Promise<void> }

/** A plain server: an answer whose body breaks before its first byte becomes a connection that is cut. */
async function listen(handle: (request: Request) => Promise<Response>): Promise<Listening> {
  const server = createServer((incoming, outgoing) => {
    const gone = new AbortController()
    outgoing.on('close', () => gone.abort())
    serveOne(handle, incoming, outgoing, gone.signal).catch(() => outgoing.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function serveOne(
  handle: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  signal: AbortSignal,
) {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const method = incoming.method ?? 'GET'
  const body = method === 'GET' || method === 'HEAD' ? undefined : Buffer.concat(parts)
  const headers = incoming.headers as Record<string, string>
  const answer = await handle(new Request(`http://${incoming.headers.host}${incoming.url}`, { method, headers, body, signal }))
  const reader = answer.body?.getReader()
  let chunk = await reader?.read()
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers))
  while (chunk && !chunk.done) {
    outgoing.write(chunk.value)
    chunk = await reader?.read()
  }
  outgoing.end()
}

export async function givenProviders(at = '2026-11-22T12:00:00+08:00') {
  const clock = { now: Date.parse(at) }
  let seed = 7
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const simulator = providers({ now: () => clock.now, random })
  await simulator.start()
  const there = await listen(async (request) => (await simulator.handle(request)) ?? new Response('not found', { status: 404 }))
  const ask = async (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') => {
    const response = await fetch(`${there.url}/_sim/providers${path}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    return { status: response.status, body: await response.json() }
  }
  const given = (await ask('/credentials')).body as Given

  const secrets: PushSecrets = {
    wecom: {
      token: given.wecom.callbackToken ?? '',
      encodingAesKey: given.wecom.encodingAesKey ?? '',
      corpId: given.wecom.corpId ?? '',
    },
    dingtalk: { appSecret: given.dingtalk.appSecret ?? '' },
    feishu: { encryptKey: given.feishu.encryptKey, verificationToken: given.feishu.verificationToken ?? '' },
  }
  const receipts: Receipt[] = []
  const refusals: string[] = []
  const here = await listen(async (request) => {
    const url = new URL(request.url)
    const push = {
      method: request.method as 'GET' | 'POST',
      query: url.searchParams,
      headers: request.headers,
      rawBody: await request.text(),
    }
    const reading = readPush(url.pathname.slice(1) as PushProvider, push, secrets, instant(clock.now))
    receipts.push(...reading.receipts)
    if (reading.refused) refusals.push(reading.refused)
    return new Response(reading.reply.body, {
      status: reading.reply.status,
      headers: { 'content-type': reading.reply.contentType },
    })
  })
  await ask('/config', { receiptUrl: here.url })

  let nonces = 0
  const io = { fetch: globalThis.fetch, now: () => clock.now, nonce: () => `nonce-${++nonces}` }

  return {
    url: there.url,
    callbackUrl: here.url,
    secrets,
    receipts,
    refusals,
    settings: given.channels,
    open: (kind: ChannelKind, changes: Record<string, unknown> = {}): Channel =>
      openChannel(kind, { ...given.channels[kind], ...changes }, io),
    fault: async (provider: string, fault: string, times = 1): Promise<void> => {
      const { status } = await ask('/faults', { provider, fault, times })
      if (status !== 200) throw new Error(`the simulator does not know ${provider}`)
    },
    configure: (body: unknown) => ask('/config', body),
    act: (body: { person: string; act: string; key?: string; text?: string; message?: string }) => ask('/people', body),
    seen: async (provider: string, to?: string): Promise<Seen[]> =>
      ((await ask(`/messages?provider=${provider}${to ? `&to=${encodeURIComponent(to)}` : ''}`)).body as { messages: Seen[] })
        .messages,
    /** Moves the clock and lets everything that became due happen. */
    advance: async (milliseconds: number): Promise<void> => {
      clock.now += milliseconds
      await ask('/flush', {})
    },
    checkAddresses: async () => (await ask('/check-addresses', {})).body,
    pushes: async () => (await ask('/pushes')).body as { pushes: { vendor: string; status: number | string }[]; waiting: number },
    now: () => clock.now,
    close: async (): Promise<void> => {
      await simulator.close()
      await there.close()
      await here.close()
    },
  }
}

/** An address at which nobody listens: the port was free a moment ago. */
export async function aClosedPort(): Promise<string> {
  const { url, close } = await listen(async () => new Response())
  await close()
  return url
}

export function aNotice(changes: Partial<Notice> = {}): Notice {
  return {
    title: 'P1 账号被盗 · 青禾教育',
    lines: ['现在做：三重验证', '告知客户：03:17 前（剩 13 分）', '负责人：等待接手，03:08 转给 吴桐'],
    action: { label: '我来接手', url: 'https://dx.example/m/i/2611?k=a7K2Qm' },
    text: 'P1 账号被盗 · 青禾教育，03:17 前须告知客户。',
    template: { name: 'page', values: { level: 'P1', client: '青禾教育', what: '账号被盗', by: '03:17前', code: 'a7K2Qm' } },
    ...changes,
  }
}

export const pressable = [
  { key: 'acknowledge', label: '我来接手' },
  { key: 'hand-over', label: '转给后备' },
]
