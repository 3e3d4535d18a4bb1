import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Duration, type Instant, instant } from '../platform/time.ts'

/** For tests: an HTTP server that gives prepared answers, one after another, and remembers what it was asked. */
export type Received = {
  method: string
  path: string
  query: URLSearchParams
  type: string
  bytes: Buffer
  json(): Record<string, unknown>
}
export type Reply = object | string | ((response: ServerResponse, request: Received) => void)

export type ScriptedServer = {
  url: string
  received: Received[]
  /** Answers the following requests; the last one given answers all that come after. */
  answers(...replies: Reply[]): void
  close(): Promise<void>
}

export async function scriptedServer(): Promise<ScriptedServer> {
  const received: Received[] = []
  let replies: Reply[] = []
  const server = createServer(async (request, response) => {
    const seen = await receive(request)
    received.push(seen)
    const reply = replies.length > 1 ? replies.shift() : replies[0]
    if (typeof reply === 'function') return reply(response, seen)
    response.setHeader('content-type', typeof reply === 'string' ? 'text/html' : 'application/json; encoding=utf-8')
    response.end(typeof reply === 'string' ? reply : JSON.stringify(reply ?? {}))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answers: (...next) => {
      replies = next
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

async function receive(request: IncomingMessage): Promise<Received> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const bytes = Buffer.concat(pieces)
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x')
  const type = request.headers['content-type'] ?? ''
  return {
    method: request.method ?? '',
    path: pathname,
    query: searchParams,
    type,
    bytes,
    json: () => JSON.parse(bytes.toString()),
  }
}

/** For tests: a clock that moves only when told. */
export function movableClock(start: string): { now(): Instant; advance(by: Duration): void } {
  let at = Date.parse(start)
  return {
    now: () => instant(at),
    advance: (by) => {
      at += by
    },
  }
}
