import { randomBytes } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { streamSSE } from 'hono/streaming'
import { type Actor, mayPass, type Need } from './access.ts'
import type { Hub, LiveEvent } from './live.ts'

export type Env = { Bindings: HttpBindings; Variables: { nonce: string; actor: Actor | undefined } }
export type Ctx = Context<Env>
export type DoorEntry = { method: 'GET' | 'POST'; path: string; need: Need; what: string }
type Handler = (c: Ctx, actor: Actor) => Response | Promise<Response>
type Refusal = (c: Ctx, status: 401 | 403 | 404 | 409 | 500, words: string) => Response | Promise<Response>

/** An upload of 20 MB with the fields beside it. */
const LARGEST_BODY = 20 * 1024 * 1024 + 64 * 1024
const boundedParts = ['/m/*', '/c/*', '/signin/*', '/setup/*', '/api/*', '/hooks/*']
/** PostgreSQL on NUL and on half characters: the sender's mistake too. */
const unkeepable: ReadonlySet<string> = new Set(['22021', '22P05', '22P02'])

/**
 * Every page and action of the product enters here with what it needs; a test walks the list. Nothing is mounted on the
 * server that is not in it.
 */
export function makeDoors(whoIs: (c: Ctx) => Promise<Actor | undefined>, refuse: Refusal) {
  const hono = new Hono<Env>()
  const list: DoorEntry[] = []
  hono.use(async (c, next) => {
    c.set('nonce', randomBytes(16).toString('base64url'))
    await next()
    securityHeaders(c)
  })
  hono.onError((error, c) => {
    // A body that is no form and no JSON is the sender's mistake, not ours.
    if (error instanceof SyntaxError || (error instanceof TypeError && /Content-Type|FormData|body/i.test(error.message)))
      return refuse(c as Ctx, 409, '收到的内容读不懂，没有执行')
    if (unkeepable.has((error as { code?: string }).code ?? ''))
      return refuse(c as Ctx, 409, '收到的内容里有不能保存的字符，没有执行。请删掉特殊符号再试')
    console.error(error)
    return refuse(c as Ctx, 500, '系统出了点问题')
  })
  // Whoever sends without end is stopped, whether they say how much or not. WeChat's addresses have a bound of their own.
  const bounded = bodyLimit({
    maxSize: LARGEST_BODY,
    onError: (c) => refuse(c as Ctx, 409, '文件超过 20 MB，没有上传。请压缩后再试'),
  })
  for (const part of boundedParts) hono.use(part, bounded)
  hono.notFound((c) => refuse(c as Ctx, 404, '没有这个页面'))
  const add = (method: 'GET' | 'POST', path: string, need: Need, what: string, handler: Handler) => {
    list.push({ method, path, need, what })
    hono.on(method, [path], async (c) => {
      if (method === 'POST' && need.who !== 'local' && !isSameSite(c)) return refuse(c, 403, '请求来自别的网站，没有执行')
      if (need.who === 'anyone' || need.who === 'client') return handler(c, undefined as never)
      const actor = await whoIs(c)
      if (!actor) return refuse(c, 401, '请先登录')
      if (!mayPass(need, actor)) return refuse(c, 403, '你没有这个权限')
      return handler(c, actor)
    })
  }
  return { hono, list, add }
}
export type Doors = ReturnType<typeof makeDoors>

/** A browser tells where a form comes from; a press prepared on another site is not carried out (CSRF). */
export function isSameSite(c: Ctx): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site && !['same-origin', 'none'].includes(site)) return false
  const origin = c.req.header('origin')
  if (!origin) return true
  return URL.canParse(origin) && new URL(origin).host === c.req.header('host')
}

function securityHeaders(c: Ctx) {
  const h = c.res.headers
  if (!h.has('content-security-policy')) {
    const nonce = `'nonce-${c.get('nonce')}'`
    h.set(
      'content-security-policy',
      `default-src 'none'; script-src 'self' ${nonce}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'`,
    )
  }
  h.set('x-content-type-options', 'nosniff')
  h.set('referrer-policy', 'no-referrer')
  h.set('x-robots-tag', 'noindex')
  if (!h.has('cache-control')) h.set('cache-control', 'no-store')
}

/** Tells an open page that something it shows changed; a beat every 15 s keeps proxies from closing the line. */
export function liveStream(c: Ctx, hub: Hub, concerns: (event: LiveEvent) => boolean): Response {
  return streamSSE(c, async (stream) => {
    const queue: LiveEvent[] = []
    let wake = () => {}
    const off = hub.on((event) => {
      if (!concerns(event)) return
      queue.push(event)
      wake()
    })
    stream.onAbort(() => {
      off()
      wake()
    })
    await stream.writeSSE({ event: 'hello', data: '{}' })
    while (!stream.aborted) {
      const event = queue.shift()
      if (event)
        await stream.writeSSE({
          event: 'changed',
          data: JSON.stringify({ seq: event.seq, incident: event.incident }),
          id: String(event.seq),
        })
      else {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(() => stream.writeSSE({ event: 'beat', data: '' }).then(resolve, resolve), 15_000)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
    }
  })
}
