import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as waitFor } from 'node:timers/promises'
import { control } from './control/control.ts'
import { exchange, type Outgoing } from './exchange.ts'
import { isApiPath } from './gate.ts'
import { isNeighbours, type Neighbours, passOn } from './neighbours.ts'
import { page } from './pages.ts'
import { providers } from './providers/index.ts'
import { Random } from './random.ts'
import { type AccountCard, cardsOf } from './state/cards.ts'
import { newWorld, type World } from './state/world.ts'

export type SimulatorOptions = {
  port?: number
  host?: string
  seed?: string
  /** Stands in for real time in tests. */
  realNow?: () => number
}
export type Simulator = {
  url: string
  port: number
  accounts: AccountCard[]
  component: { appid: string; secret: string; token: string; aesKey: string }
  smtp: { port: number } | undefined
  close(): Promise<void>
}
/** The running simulator's world can be replaced as a whole: that is what a reset is. */
export type Stage = { world: World; neighbours: Neighbours; reset(): void }

/** What was to happen in a world that ends does not reach the one after it. */
function end(world: World): void {
  world.clock.close()
  world.pushes.isClosed = true
}

/** Starts a pretend WeChat on 127.0.0.1. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', seed = 'dingxin' } = options
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: taken } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${taken}`
  const chance = new Random(`${seed}/providers`)
  const stage: Stage = {
    world: newWorld(seed, url, options.realNow),
    neighbours: providers({ now: () => stage.world.clock.now(), random: () => chance.fraction() }),
    reset() {
      end(stage.world)
      stage.world = newWorld(seed, url, options.realNow)
      stage.neighbours.reset()
    },
  }
  await stage.neighbours.start()
  server.on('request', (request, response) => {
    serve(stage, request, response).catch((error: unknown) => {
      // Whoever hung up while still sending is not owed an answer.
      if (request.destroyed && !request.complete) return
      // A mistake of the simulator's own must not look like one of WeChat's answers.
      process.stderr.write(
        `simulator: ${request.method} ${request.url?.split('?')[0]} failed: ${error instanceof Error ? error.stack : error}\n`,
      )
      write(response, {
        status: 599,
        type: 'text/plain',
        body: Buffer.from('the simulator itself failed; see its standard error\n'),
      })
    })
  })
  const { appid, secret, token, aesKey } = stage.world.component
  const smtpPort = stage.neighbours.smtpPort()
  return {
    url,
    port: taken,
    accounts: cardsOf(stage.world),
    component: { appid, secret, token, aesKey },
    smtp: smtpPort === undefined ? undefined : { port: smtpPort },
    async close() {
      end(stage.world)
      await stage.neighbours.close()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function serve(stage: Stage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world } = stage
  const url = new URL(request.url ?? '/', world.baseUrl)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const method = request.method ?? 'GET'
  if (isNeighbours(url.pathname) && (await passOn(stage.neighbours, request, body, response))) return
  if (url.pathname.startsWith('/_sim/'))
    return write(response, await control(stage, { method, url, body: body.toString('utf8') }))
  const shown = page(world, method, url, body.toString('utf8'))
  if (shown) return write(response, shown)
  // As on the real host, an address that is no API gives 404 and no errcode.
  if (!isApiPath(url.pathname))
    return write(response, { status: 404, type: 'text/html', body: Buffer.from('<html><body>404 Not Found</body></html>') })
  const incoming = {
    method,
    path: url.pathname,
    query: url.searchParams,
    body,
    contentType: request.headers['content-type'] ?? '',
    ip: callerIp(request),
    by: 'product' as const,
  }
  const { outgoing } = await exchange(world, incoming, (ms) => waitFor(ms))
  if (outgoing.waitMs) await waitFor(outgoing.waitMs)
  if (outgoing.bodyWaitMs) await writeSlowly(response, outgoing, outgoing.bodyWaitMs)
  else write(response, outgoing)
}

/** A proxy in front (another way out) names the address it came from. */
function callerIp(request: IncomingMessage): string {
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')[0]
    ?.trim()
  return forwarded || (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')
}

/** Headers at once, half the body, and the rest after a while: what a read time-out is for. */
async function writeSlowly(response: ServerResponse, outgoing: Outgoing, ms: number): Promise<void> {
  response.writeHead(outgoing.status, { 'content-type': outgoing.type, 'content-length': outgoing.body.length })
  const half = Math.ceil(outgoing.body.length / 2)
  response.write(outgoing.body.subarray(0, half))
  await waitFor(ms)
  response.end(outgoing.body.subarray(half))
}

function write(response: ServerResponse, outgoing: Outgoing): void {
  if (outgoing.hangUp) {
    response.destroy()
    return
  }
  if (response.headersSent) return
  response.writeHead(outgoing.status, { 'content-type': outgoing.type, ...outgoing.headers })
  response.end(outgoing.body)
}
