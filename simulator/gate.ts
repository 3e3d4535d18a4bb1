import { type Call, type Endpoint, isRaw, type OpenEndpoint, type Reply, type Upload } from './api/call.ts'
import { comments } from './api/comments.ts'
import { checkComponentCall, component } from './api/component.ts'
import { datacube } from './api/datacube.ts'
import { drafts } from './api/drafts.ts'
import { freepublish } from './api/freepublish.ts'
import { mass } from './api/mass.ts'
import { material } from './api/material.ts'
import { menu } from './api/menu.ts'
import { notices } from './api/notices.ts'
import { openOperations, operations } from './api/operations.ts'
import { checkPermission } from './api/permissions.ts'
import { spend } from './api/quotas.ts'
import { reaching } from './api/reaching.ts'
import { checkToken, checkWhitelist, tokens } from './api/tokens.ts'
import { users } from './api/users.ts'
import { refuse } from './errors.ts'
import { type Fields, isFields } from './json.ts'
import type { Actor } from './state/content.ts'
import { accountOf, type World } from './state/world.ts'

/** A request as it reached the API, whoever sent it: the product over HTTP, or the thief from within. */
export type Incoming = {
  method: string
  path: string
  query: URLSearchParams
  body: Buffer
  contentType: string
  ip: string
  by: Actor
}

const byPath = new Map<string, Endpoint>(
  [
    ...drafts,
    ...freepublish,
    ...mass,
    ...material,
    ...menu,
    ...comments,
    ...reaching,
    ...notices,
    ...users,
    ...datacube,
    ...operations,
  ].map((one) => [one.path, one]),
)
const openByPath = new Map<string, OpenEndpoint>([...tokens, ...component, ...openOperations].map((one) => [one.path, one]))

export const knownPath = (path: string): Endpoint | undefined => byPath.get(path)
export const isApiPath = (path: string): boolean => byPath.has(path) || openByPath.has(path)

/**
 * Asks in WeChat's order: token present, token valid, whitelist, permission, quota, body, fields.
 * A caller without a token learns 41001 before anything else, even that the body is broken.
 */
export async function answerCall(world: World, incoming: Incoming): Promise<Reply> {
  const open = openByPath.get(incoming.path)
  if (open) return answerOpen(world, incoming, open)
  const endpoint = byPath.get(incoming.path)!
  const token = checkToken(world, incoming.query.get('access_token') ?? undefined)
  if (token.family === 'component') refuse(61015)
  const account = accountOf(world, token.appid)
  if (world.switches.whitelistForEveryCall && token.family !== 'authorizer') checkWhitelist(account, incoming.ip)
  checkMethod(endpoint.method, incoming.method)
  checkPermission(world, account, token, endpoint.group)
  spend(world, account, endpoint.path, endpoint.dailyLimit, endpoint.minuteLimit)
  const content = await readBody(incoming, endpoint.body ?? 'none')
  const call: Call = { world, account, token, by: incoming.by, query: incoming.query, ...content }
  return endpoint.handle(call)
}

async function answerOpen(world: World, incoming: Incoming, open: OpenEndpoint): Promise<Reply> {
  checkMethod(open.method, incoming.method)
  const rawBody = incoming.body.toString('utf8')
  if (open.method === 'POST' && rawBody === '') refuse(44002)
  const body = rawBody === '' ? {} : parse(rawBody)
  checkComponentCall(world, incoming, body)
  const { path, query, ip, by, method } = incoming
  return open.handle({ world, by, ip, method, path, query, body, rawBody })
}

function checkMethod(wanted: 'GET' | 'POST' | 'any', method: string): void {
  if (wanted === 'any' || wanted === method) return
  refuse(wanted === 'GET' ? 43001 : 43002)
}

type Content = Pick<Call, 'body' | 'uploads' | 'form'>

async function readBody(incoming: Incoming, wanted: NonNullable<Endpoint['body']>): Promise<Content> {
  const nothing: Content = { body: {}, uploads: new Map(), form: new Map() }
  if (wanted === 'none') return nothing
  if (wanted === 'form') return { ...nothing, ...(await readForm(incoming)) }
  const text = incoming.body.toString('utf8')
  if (text === '') return wanted === 'json' ? refuse(44002) : nothing
  // Escaped characters would reach readers as they stand; WeChat refuses them.
  if (/(^|[^\\])(\\\\)*\\u(?!00[01])[0-9a-f]{4}/i.test(text)) refuse(40033)
  return { ...nothing, body: parse(text) }
}

function parse(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text)
    if (isFields(value)) return value
  } catch {
    // Falls through to the same refusal as JSON that is no object.
  }
  return refuse(47001)
}

async function readForm({ body, contentType }: Incoming): Promise<Pick<Content, 'uploads' | 'form'>> {
  const uploads = new Map<string, Upload>()
  const form = new Map<string, string>()
  if (body.length === 0) refuse(44002)
  const data = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => refuse(41005))
  for (const [name, value] of data.entries()) {
    if (typeof value === 'string') form.set(name, value)
    else uploads.set(name, { name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) })
  }
  return { uploads, form }
}

export const errcodeOf = (reply: Reply): number => (isRaw(reply) ? 0 : Number(reply.errcode ?? 0))
