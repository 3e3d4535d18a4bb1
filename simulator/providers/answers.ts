import { generalFaults } from './faults.ts'
import type { Provider, World } from './world.ts'

export type Call = {
  method: string
  url: URL
  /** The path behind the provider's prefix. */
  path: string
  query: URLSearchParams
  headers: Headers
  text: string
  bytes: Uint8Array
  /** Aborts when the caller hangs up. */
  gone: AbortSignal
}

export type Reply = { status: number; json?: unknown; text?: string; bytes?: Uint8Array; headers?: Record<string, string> }

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Reply => ({
  status,
  json: body,
  headers,
})

/** One provider: what it answers, how it says no, and which calls count as sendings (faults strike those). */
export type Service = {
  provider: Provider
  isSending(call: Call): boolean
  answer(call: Call): Reply | Promise<Reply>
  refuse(code: string): Reply
}

/** Answers a call, with whatever fault waits for this provider. */
export async function answer(world: World, service: Service, call: Call, closing: AbortSignal): Promise<Response> {
  const fault = service.isSending(call) ? world.faults.take(service.provider, ...generalFaults) : undefined
  if (!fault) return respond(await service.answer(call))
  if (fault === 'refuse-connection') return broken()
  if (fault === 'html-502-before') return gatewayPage()
  if (fault === 'hang-before') return hang(call.gone, closing)
  if (fault.startsWith('code:')) return respond(service.refuse(fault.slice(5)))

  const reply = await service.answer(call)
  switch (fault) {
    case 'hang':
      return hang(call.gone, closing)
    case 'hang-up':
      return broken()
    case 'html-502':
      return gatewayPage()
    case 'empty-200':
      return new Response('', { status: 200 })
    case 'not-json-200':
      return new Response('<html><body>ok</body></html>', { status: 200, headers: { 'content-type': 'text/html' } })
    case 'slow':
      return trickle(reply, call.gone, closing)
    case 'code-as-string':
      return respond({ ...reply, json: codesAsText(reply.json) })
    case 'duplicate-field':
      return respond({ ...reply, json: undefined, text: textOf(reply).replace(/^\{/, '{"errmsg":"first","errcode":0,"code":0,') })
    default:
      return respond(reply)
  }
}

const textOf = (reply: Reply): string => reply.text ?? JSON.stringify(reply.json)

export function respond(reply: Reply): Response {
  const type = reply.json === undefined ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  const body = reply.bytes
    ? new Uint8Array(reply.bytes)
    : reply.json === undefined
      ? (reply.text ?? '')
      : JSON.stringify(reply.json)
  return new Response(reply.status === 204 || reply.status === 304 ? null : body, {
    status: reply.status,
    headers: { 'content-type': type, ...reply.headers },
  })
}

const gatewayPage = () =>
  new Response('<html><head><title>502 Bad Gateway</title></head></html>', {
    status: 502,
    headers: { 'content-type': 'text/html' },
  })

/** A body that breaks before its first byte: the server can only cut the connection. */
function broken(): Response {
  return new Response(
    new ReadableStream({
      pull(controller) {
        controller.error(new Error('the simulated provider hung up'))
      },
    }),
    { status: 200, headers: { 'content-type': 'application/json' } },
  )
}

/** Says nothing until the caller gives up or the simulator closes. */
function hang(gone: AbortSignal, closing: AbortSignal): Promise<Response> {
  const over = AbortSignal.any([gone, closing])
  return new Promise((resolve) => {
    const end = () => resolve(new Response(null, { status: 504 }))
    if (over.aborted) end()
    else over.addEventListener('abort', end, { once: true })
  })
}

/** One byte a second, so that no idle time-out of a careless client ever strikes. */
function trickle(reply: Reply, gone: AbortSignal, closing: AbortSignal): Response {
  const bytes = new TextEncoder().encode(textOf(reply))
  const over = AbortSignal.any([gone, closing])
  let next = 0
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (over.aborted || next >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(next, ++next))
      await pause(1000, over)
    },
  })
  return new Response(body, { status: reply.status, headers: { 'content-type': 'application/json' } })
}

function pause(milliseconds: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    over.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}

function codesAsText(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, ['errcode', 'code', 'StatusCode'].includes(name) ? String(value) : value]),
  )
}

export function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

export const object = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const string = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length

/** Links as Markdown writes them. */
export const linksIn = (markdown: string) =>
  [...markdown.matchAll(/\[([^\]]*)\]\((https?:[^)\s]+)\)/g)].map(([, label, url]) => ({ label: label ?? '', url: url ?? '' }))
/** Markdown as the eye sees it. */
export const seenText = (markdown: string) =>
  markdown
    .replace(/<\/?font[^>]*>/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*(?:>|#{1,6}|-)\s?/gm, '')
    .replace(/\*\*/g, '')
