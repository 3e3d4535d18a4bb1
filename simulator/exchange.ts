import { isRaw, type Raw, type Reply } from './api/call.ts'
import { iso, unix } from './clock.ts'
import { Refusal, wordingOf } from './errors.ts'
import type { Fault } from './faults.ts'
import { answerCall, errcodeOf, type Incoming } from './gate.ts'
import { toJson } from './json.ts'
import { summary } from './ledger.ts'
import type { World } from './state/world.ts'

/** What goes back over the socket, mishaps included. */
export type Outgoing = {
  status: number
  type: string
  body: Buffer
  headers?: Record<string, string>
  hangUp?: boolean
  waitMs?: number
  /** Between the headers and the body. */
  bodyWaitMs?: number
}
export type Exchanged = { outgoing: Outgoing; reply: Reply; errcode: number }

/** One API call from receipt to answer: mishaps, the answer itself, and its line in the ledger. */
export async function exchange(world: World, incoming: Incoming, wait: (ms: number) => Promise<void>): Promise<Exchanged> {
  const startedAt = performance.now()
  const { appid, key } = whoCalls(world, incoming)
  // The thief's own calls meet no mishaps: those are for whoever calls over HTTP.
  const fault = incoming.by === 'thief' ? undefined : world.faults.take(incoming.path, appid, incoming.ip)
  if (fault?.fault === 'slow-before') await wait(fault.ms)
  const rid = `${unix(world.clock.now()).toString(16)}-${world.random.hex(8)}-${world.random.hex(8)}`
  const executed = !fault || carriesOut(fault)
  const at = iso(world.clock.now())
  const reply = executed ? await carryOut(world, incoming, rid) : refusal(instead(fault), rid, incoming.ip)
  const outgoing = disturb(dress(reply), fault, rid)
  const errcode = executed && fault?.fault === 'busy-after' ? -1 : errcodeOf(reply)
  world.ledger.add({
    at,
    method: incoming.method,
    path: incoming.path,
    appid,
    caller: incoming.by,
    key,
    ip: incoming.ip,
    errcode,
    rid,
    executed,
    ...(fault ? { fault: fault.fault } : {}),
    body: summary(shownBody(incoming)),
    response: summary(isRaw(reply) ? `(${reply.raw.length} bytes of ${reply.type})` : toJson(reply)),
    ms: Math.round(performance.now() - startedAt),
  })
  return { outgoing, reply, errcode }
}

const shownBody = ({ contentType, body }: Incoming) =>
  contentType.includes('multipart') ? `(form of ${body.length} bytes)` : body.toString('utf8')

async function carryOut(world: World, incoming: Incoming, rid: string): Promise<Reply> {
  try {
    return await answerCall(world, incoming)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { errcode: error.code, errmsg: `${error.message} rid: ${rid}`, ...error.extra }
  }
}

function whoCalls(world: World, incoming: Incoming): { appid: string; key: string } {
  const token = world.tokens.get(incoming.query.get('access_token') ?? incoming.query.get('component_access_token') ?? '')
  if (token) return { appid: token.appid, key: token.family }
  const asked =
    incoming.query.get('appid') ?? /"(?:component_)?appid"\s*:\s*"([^"]+)"/.exec(incoming.body.toString('utf8'))?.[1] ?? ''
  return { appid: asked, key: asked ? 'secret' : 'none' }
}

/** Some mishaps befall a call before it is carried out, others lose its answer. */
function carriesOut(fault: Fault): boolean {
  switch (fault.fault) {
    case 'slow':
    case 'slow-before':
    case 'slow-body':
    case 'busy-after':
    case 'hangup-after':
      return true
    case 'status5xx':
    case 'html':
    case 'empty':
    case 'badjson':
      return fault.executed
    default:
      return false
  }
}

const INSTEAD: Partial<Record<Fault['fault'], number>> = {
  'expired-token': 42001,
  quota: 45009,
  whitelist: 40164,
  'busy-before': -1,
}
const instead = (fault: Fault): number => (fault.fault === 'errcode' ? fault.code : (INSTEAD[fault.fault] ?? -1))

function refusal(code: number, rid: string, ip: string): Reply {
  const text = code === 40164 ? `invalid ip ${ip} ipv6 ::ffff:${ip}, not in whitelist` : wordingOf(code)
  return { errcode: code, errmsg: `${text} rid: ${rid}` }
}

const JSON_TYPE = 'application/json; encoding=utf-8'
function dress(reply: Reply): Outgoing {
  if (isRaw(reply)) return rawOutgoing(reply)
  return { status: 200, type: JSON_TYPE, body: Buffer.from(toJson(reply), 'utf8') }
}
const rawOutgoing = ({ raw, type, headers }: Raw): Outgoing => ({ status: 200, type, body: raw, headers })

const PAGE = '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>'

function disturb(outgoing: Outgoing, fault: Fault | undefined, rid: string): Outgoing {
  switch (fault?.fault) {
    case 'slow':
      return { ...outgoing, waitMs: fault.ms }
    case 'slow-body':
      return { ...outgoing, bodyWaitMs: fault.ms }
    case 'status5xx':
      return { status: fault.status, type: 'text/html', body: Buffer.from(PAGE.replaceAll('502', String(fault.status))) }
    case 'html':
      return { status: 200, type: 'text/html', body: Buffer.from(PAGE) }
    case 'empty':
      return { ...outgoing, body: Buffer.alloc(0) }
    case 'badjson':
      return { ...outgoing, body: Buffer.from('{"errcode":0,"errm') }
    case 'busy-after':
      return { ...outgoing, body: Buffer.from(toJson({ errcode: -1, errmsg: `system error rid: ${rid}` })) }
    case 'hangup-before':
    case 'hangup-after':
      return { ...outgoing, hangUp: true }
    default:
      return outgoing
  }
}
