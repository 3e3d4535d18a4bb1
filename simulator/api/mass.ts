import { refuse } from '../errors.ts'
import { type Fields, fieldsAt, flagAt, maybeText, numberAt, textAt, textsAt } from '../json.ts'
import { type Account, type Script, subscribed } from '../state/account.ts'
import { publicationByUrl, removeArticles } from '../state/articles.ts'
import type { Send } from '../state/content.ts'
import type { World } from '../state/world.ts'
import { type Call, type Endpoint, OK, type Reply } from './call.ts'
import { checkDuplicate, deriveClientMsgId } from './clientmsgid.ts'
import { readContent, type SendContent } from './mass-content.ts'
import { finishSend, waitForAdministrator } from './mass-outcome.ts'
import { checkQuota, reachable } from './mass-quota.ts'

type Target = { toAll: boolean; scope: string; openids: string[] }

function readFilter(account: Account, body: Fields): Target {
  const filter = fieldsAt(body, 'filter')
  if (flagAt(filter, 'is_to_all')) return { toAll: true, scope: 'all', openids: subscribed(account).map((one) => one.openid) }
  const tag = numberAt(filter, 'tag_id', -1)
  if (!account.tags.has(tag)) refuse(40152)
  const openids = subscribed(account)
    .filter((one) => one.tags.includes(tag))
    .map((one) => one.openid)
  return { toAll: false, scope: `tag ${tag}`, openids }
}

function readOpenids(account: Account, body: Fields): Target {
  const openids = textsAt(body, 'touser')
  if (openids.length < 2) refuse(40130)
  if (openids.length > 10_000) refuse(40032)
  if (openids.every((openid) => !account.followers.get(openid)?.subscribed)) refuse(40031)
  return { toAll: false, scope: openids.join(), openids }
}

/**
 * Accepts a send. The clientmsgid is looked at before draft and quota: a repeat of what went out must say 45065,
 * although its draft is spent and the day's send used.
 */
async function accept(call: Call, target: Target): Promise<Reply> {
  const { world, account, by, body } = call
  const content = readContent(account, body)
  const clientmsgid = maybeText(body, 'clientmsgid') ?? deriveClientMsgId(target.scope, content)
  checkDuplicate(world, account, clientmsgid)
  if (content.gone) refuse(40007)
  if ([...account.sends.values()].some((one) => one.state === 'waiting-for-administrator')) refuse(89504)
  checkQuota(world, account, target.toAll)
  const script = account.scripts.mass.shift() ?? {}
  if (typeof script.status === 'number' && script.status > 1000) refuse(script.status)
  const send = newSend(world, account, target, content, clientmsgid, by)
  if (account.protection && target.toAll) waitForAdministrator(world, account, send, script)
  else await start(world, account, send, script)
  if (script.emptyReply) return { raw: Buffer.alloc(0), type: 'text/plain' }
  return {
    errcode: 0,
    errmsg: 'send job submission success',
    msg_id: send.msgId,
    ...(content.msgtype === 'mpnews' ? { msg_data_id: send.msgDataId } : {}),
  }
}

function newSend(
  world: World,
  account: Account,
  target: Target,
  content: SendContent,
  clientmsgid: string,
  by: Send['by'],
): Send {
  const now = world.clock.now()
  const send: Send = {
    msgId: world.counters.msg++,
    msgDataId: content.msgDataId ?? world.counters.msgData++,
    msgtype: content.msgtype,
    via: 'api',
    by,
    toAll: target.toAll,
    target: reachable(world, account, target.openids),
    clientmsgid,
    acceptedAt: now,
    lastTriedAt: now,
    state: 'SENDING',
    status: '',
    counts: { total: target.openids.length, filter: 0, sent: 0, error: 0 },
    mediaId: content.mediaId,
    text: content.text,
  }
  account.sends.set(send.msgId, send)
  return send
}

async function start(world: World, account: Account, send: Send, script: Script): Promise<void> {
  const finish = () => finishSend(world, account, send, script)
  if (script.event === 'before-response') await finish()
  else world.clock.after(script.delayMs ?? world.switches.massDelayMs, () => void world.pushes.track(finish()))
}

const sendOf = (account: Account, id: unknown): Send => account.sends.get(Number(id)) ?? refuse(40059)

/** Only what the API sent can be deleted by the API; the console's own sends are unknown to it. */
function remove({ world, account, by, body }: Call): Fields {
  const url = maybeText(body, 'url')
  const found = url ? publicationByUrl(account, url) : undefined
  if (url && !found) refuse(40066)
  const sends = [...account.sends.values()]
  const send = found ? sends.find((one) => one.publication === found.publication) : sendOf(account, body.msg_id)
  if (!send || send.via === 'console') refuse(found ? 40065 : 40059)
  if (send.state !== 'SEND_SUCCESS' || !send.publication) refuse(40065)
  const index = found ? found.index + 1 : numberAt(body, 'article_idx')
  if (index < 0 || index > send.publication.articles.length) refuse(40060)
  removeArticles(world, send.publication, index, by)
  if (send.publication.articles.every((article) => article.deletedAt !== undefined)) send.state = 'DELETE'
  return OK
}

function get({ account, body }: Call): Fields {
  const send = sendOf(account, body.msg_id)
  if (send.via === 'console') refuse(40059)
  const state = send.state === 'waiting-for-administrator' ? 'SENDING' : send.state
  return { msg_id: send.msgId, msg_status: state }
}

function preview({ world, account, body }: Call): Fields {
  const content = readContent(account, body)
  if (content.gone) refuse(40007)
  if (!textAt(body, 'touser') && !textAt(body, 'towxname')) refuse(40003)
  if (textAt(body, 'touser') && !account.followers.get(textAt(body, 'touser'))?.subscribed) refuse(40003)
  return { errcode: 0, errmsg: 'preview success', msg_id: world.counters.msg++ }
}

const SPEEDS = [80, 60, 45, 30, 10]

function setSpeed({ account, body }: Call): Fields {
  if (body.speed === undefined) refuse(45084)
  const speed = numberAt(body, 'speed', -1)
  if (!(speed in SPEEDS)) refuse(45083)
  account.speed = speed
  return OK
}

const limits = { dailyLimit: 100, minuteLimit: 60 }
export const mass: Endpoint[] = [
  {
    path: '/cgi-bin/message/mass/sendall',
    method: 'POST',
    group: 'mass',
    body: 'json',
    ...limits,
    handle: (call) => accept(call, readFilter(call.account, call.body)),
  },
  {
    path: '/cgi-bin/message/mass/send',
    method: 'POST',
    group: 'mass-openids',
    body: 'json',
    ...limits,
    handle: (call) => accept(call, readOpenids(call.account, call.body)),
  },
  { path: '/cgi-bin/message/mass/preview', method: 'POST', group: 'mass', body: 'json', ...limits, handle: preview },
  { path: '/cgi-bin/message/mass/delete', method: 'POST', group: 'mass', body: 'json', dailyLimit: 10, handle: remove },
  { path: '/cgi-bin/message/mass/get', method: 'POST', group: 'mass', body: 'json', handle: get },
  {
    path: '/cgi-bin/message/mass/speed/get',
    method: 'POST',
    group: 'mass',
    body: 'optional-json',
    handle: ({ account }) => ({ speed: account.speed, realspeed: SPEEDS[account.speed] }),
  },
  { path: '/cgi-bin/message/mass/speed/set', method: 'POST', group: 'mass', body: 'json', handle: setSpeed },
]
