import { type Context, Hono } from 'hono'
import type { App } from '../platform/app.ts'
import { type DoorAnswer, type DoorRequest, makeCallbackDoor } from './callback-door.ts'

const LARGEST_BODY = 64 * 1024

/** WeChat's addresses: /wx/:doorId of an account, /wx/c/:doorId and /wx/c/:doorId/:appid of a third-party platform. */
export function callbackRoutes(app: App): Hono {
  const door = makeCallbackDoor(app)
  const routes = new Hono()
  for (const path of ['/wx/:doorId', '/wx/c/:doorId', '/wx/c/:doorId/:appid'] as const) {
    routes.get(path, async (c) => shown(c, await door.handshake(requestOf(c))))
    routes.post(path, async (c) => {
      const request = requestOf(c)
      const body = await readBody(c.req.raw)
      return shown(c, body ? await door.push(request, body) : await door.tooLarge(request))
    })
  }
  return routes
}

function requestOf(c: Context): DoorRequest {
  const appid = c.req.param('appid')
  const mark = c.req.url.indexOf('?')
  return {
    doorId: (c.req.param('doorId') ?? '').slice(0, 64),
    query: c.req.query(),
    search: mark < 0 ? '' : c.req.url.slice(mark),
    contentType: c.req.header('content-type') ?? 'text/xml',
    ...(appid ? { appid: appid.slice(0, 32) } : {}),
  }
}

const shown = (c: Context, { status, text, contentType }: DoorAnswer) =>
  c.body(text, status, { 'content-type': contentType ?? 'text/plain; charset=utf-8' })

/** Undefined when it is larger than any push: what claims to be is not even read. */
async function readBody(request: Request): Promise<Buffer | undefined> {
  const claimed = Number(request.headers.get('content-length') ?? Number.NaN)
  if (claimed > LARGEST_BODY) return undefined
  if (claimed >= 0) return Buffer.from(await request.arrayBuffer())
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of request.body ?? []) {
    length += piece.length
    if (length > LARGEST_BODY) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
