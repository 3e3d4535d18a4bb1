import { createHash } from 'node:crypto'
import { push } from '../callbacks.ts'
import { DAY, unix } from '../clock.ts'
import { refuse } from '../errors.ts'
import { type Fields, fieldsAt, maybeText, numberAt, textAt } from '../json.ts'
import type { Account, Follower } from '../state/account.ts'
import type { World } from '../state/world.ts'
import { type Call, type Endpoint, OK } from './call.ts'

/** What a follower's act allows in return: a message 5 in 48 hours, a click, scan or follow 3 in a minute. */
export const WINDOWS = { message: { ms: 2 * DAY, messages: 5 }, touch: { ms: 60_000, messages: 3 } } as const

export function openWindow(world: World, follower: Follower, kind: keyof typeof WINDOWS): void {
  const { ms, messages } = WINDOWS[kind]
  follower.windows = [
    ...follower.windows.filter((one) => one.until > world.clock.now()),
    { until: world.clock.now() + ms, left: messages },
  ]
}

export function receiver(account: Account, openid: string | undefined): Follower {
  const follower = account.followers.get(openid ?? refuse(40003)) ?? refuse(40003)
  if (follower.minor) refuse(70000)
  if (follower.blacklisted) refuse(43019)
  if (!follower.subscribed) refuse(43004)
  if (follower.blocksMessages) refuse(48002)
  return follower
}

const TYPES = new Set([
  'text',
  'image',
  'voice',
  'video',
  'music',
  'news',
  'mpnews',
  'mpnewsarticle',
  'msgmenu',
  'wxcard',
  'miniprogrampage',
])

function custom({ world, account, body }: Call): Fields {
  const follower = receiver(account, maybeText(body, 'touser'))
  const msgtype = textAt(body, 'msgtype')
  if (!TYPES.has(msgtype)) refuse(40008)
  const content = fieldsAt(body, msgtype)
  if (msgtype === 'text' && !textAt(content, 'content')) refuse(44004)
  if (msgtype === 'news' && Array.isArray(content.articles) && content.articles.length !== 1) refuse(45008)
  const open = follower.windows.filter((one) => one.until > world.clock.now())
  if (open.length === 0) refuse(45015)
  const window = open.find((one) => one.left > 0) ?? refuse(45047)
  window.left--
  account.messages.push({
    at: world.clock.now(),
    openid: follower.openid,
    way: 'out',
    content: textAt(content, 'content') || JSON.stringify(content),
  })
  return OK
}

function typing({ world, account, body }: Call): Fields {
  const follower = receiver(account, maybeText(body, 'touser'))
  const last = follower.lastMessageAt ?? Number.NEGATIVE_INFINITY
  if (textAt(body, 'command') === 'Typing' && world.clock.now() - last > 30_000) refuse(45080)
  return OK
}

const TEMPLATE_REPEAT_MS = 600_000

function template({ world, account, body }: Call): Fields {
  const follower = receiver(account, maybeText(body, 'touser'))
  if (!textAt(body, 'template_id')) refuse(40037)
  if (Object.keys(fieldsAt(body, 'data')).length === 0) refuse(47003)
  const again = maybeText(body, 'client_msg_id')
  const key = again && createHash('sha1').update(`${account.appid} ${again}`).digest('hex')
  const now = world.clock.now()
  const earlier = key ? sentTemplates(world).get(key) : undefined
  if (earlier && now - earlier.at < TEMPLATE_REPEAT_MS) return { ...OK, msgid: earlier.id }
  const id = world.counters.template++
  if (key) sentTemplates(world).set(key, { id, at: now })
  account.messages.push({ at: now, openid: follower.openid, way: 'out', content: JSON.stringify(body.data) })
  const event = { FromUserName: follower.openid, MsgType: 'event', Event: 'TEMPLATESENDJOBFINISH', MsgID: id, Status: 'success' }
  world.clock.after(world.switches.massDelayMs, () => void push(world, account, event))
  return { ...OK, msgid: id }
}

const templates = new WeakMap<World, Map<string, { id: bigint; at: number }>>()
function sentTemplates(world: World) {
  const known = templates.get(world) ?? new Map<string, { id: bigint; at: number }>()
  templates.set(world, known)
  return known
}

function record({ account, body }: Call): Fields {
  const from = numberAt(body, 'starttime')
  const until = numberAt(body, 'endtime')
  if (until <= from || until - from > DAY / 1000) refuse(65417)
  const number = numberAt(body, 'number')
  const first = numberAt(body, 'msgid', 1)
  if (number < 1 || number > 10_000 || first < 1) refuse(65416)
  const all = account.messages.filter((one) => unix(one.at) >= from && unix(one.at) < until)
  const page = all.slice(first - 1, first - 1 + number)
  const recordlist = page.map(({ at, openid, way, content }) => ({
    openid,
    opercode: way === 'out' ? 2002 : 2003,
    text: content,
    time: unix(at),
    worker: '',
  }))
  return { recordlist, number: page.length, msgid: first + page.length }
}

export const reaching: Endpoint[] = [
  { path: '/cgi-bin/message/custom/send', method: 'POST', group: 'custom', body: 'json', dailyLimit: 500_000, handle: custom },
  { path: '/cgi-bin/message/custom/typing', method: 'POST', group: 'custom', body: 'json', handle: typing },
  {
    path: '/cgi-bin/message/template/send',
    method: 'POST',
    group: 'template',
    body: 'json',
    dailyLimit: 100_000,
    handle: template,
  },
  { path: '/customservice/msgrecord/getmsglist', method: 'POST', group: 'custom', body: 'json', handle: record },
]
