import { isRaw } from '../api/call.ts'
import { withdraw } from '../api/consent.ts'
import { iso } from '../clock.ts'
import { exchange } from '../exchange.ts'
import { type Fields, listAt, maybeText, numberAt, textAt } from '../json.ts'
import type { Account } from '../state/account.ts'
import { isGone, removeArticles } from '../state/articles.ts'
import type { World } from '../state/world.ts'
import { publishByHand, writtenByHand } from './console-publish.ts'
import { accountIn, misuse, type Request, type Route } from './door.ts'
import { adverts, rogueMenu, rogueReply } from './thief-props.ts'

/** Where the thief calls from: an address no whitelist of ours would hold. */
export const THIEF_IP = '198.51.100.66'

export type Act =
  | 'publish'
  | 'broadcast'
  | 'menu'
  | 'auto-reply'
  | 'delete'
  | 'publish-api'
  | 'draft'
  | 'force-refresh'
  | 'kick'
  | 'token'
type Done = { act: Act; at: string; ok: boolean; errcode?: number; ids: Fields }

/** What a thief has: a console session (no API call to be seen) and the AppSecret (an API call like any other). */
const acts: Record<Act, (world: World, account: Account, turn: number, body: Fields) => Promise<Fields>> = {
  async publish(world, account, turn, body) {
    return publishByHand(world, account, { by: 'thief', notify: false, articles: [advert(turn, body)] })
  },
  async broadcast(world, account, turn, body) {
    return publishByHand(world, account, { by: 'thief', notify: true, articles: [advert(turn, body)] })
  },
  async menu(world, account, _turn, body) {
    const button = body.button === undefined ? rogueMenu : listAt(body, 'button')
    return withStolenSecret(world, account, body, '/cgi-bin/menu/create', { button })
  },
  async 'auto-reply'(_world, account, _turn, body) {
    const content = maybeText(body, 'content') ?? rogueReply
    account.autoReply.fallback = { type: 'text', content }
    return { content }
  },
  async delete(world, account) {
    const newest = account.publications.findLast((one) => !isGone(one) && one.by !== 'thief')
    if (!newest) return {}
    removeArticles(world, newest, 0, 'thief')
    return { articleId: newest.articleId, msgDataId: newest.msgDataId }
  },
  async draft(world, account, turn, body) {
    const thumb = [...account.materials.values()].find((one) => one.expiresAt === undefined && one.type !== 'video')
    const article = { ...advert(turn, body), thumb_media_id: thumb?.mediaId ?? '' }
    return withStolenSecret(world, account, body, '/cgi-bin/draft/add', { articles: [article] })
  },
  async 'publish-api'(world, account, turn, body) {
    const drafted = await acts.draft(world, account, turn, body)
    if (typeof drafted.media_id !== 'string') return drafted
    return {
      ...drafted,
      ...(await withStolenSecret(world, account, body, '/cgi-bin/freepublish/submit', { media_id: drafted.media_id })),
    }
  },
  async 'force-refresh'(world, account) {
    return getToken(world, account, 'stable', true)
  },
  async token(world, account, _turn, body) {
    return getToken(world, account, familyOf(body), false)
  },
  async kick(world, account) {
    await withdraw(world, account.appid)
    return {}
  },
}

const advert = (turn: number, body: Fields) =>
  writtenByHand({ ...adverts[turn % adverts.length]!, ...(maybeText(body, 'title') ? { title: textAt(body, 'title') } : {}) })
const familyOf = (body: Fields): 'token' | 'stable' => (body.family === 'stable' ? 'stable' : 'token')

/** The secret the thief copied. A reset makes the copy worthless, which is the point of resetting. */
const stolen = new WeakMap<Account, string>()

async function getToken(world: World, account: Account, family: 'token' | 'stable', force: boolean): Promise<Fields> {
  const asked = { grant_type: 'client_credential', appid: account.appid, secret: stolen.get(account) ?? account.secret }
  if (family === 'stable') return call(world, 'POST', '/cgi-bin/stable_token', {}, { ...asked, force_refresh: force })
  return call(world, 'GET', '/cgi-bin/token', asked)
}

async function withStolenSecret(world: World, account: Account, body: Fields, path: string, content: Fields): Promise<Fields> {
  const { access_token, ...refusal } = await getToken(world, account, familyOf(body), false)
  if (typeof access_token !== 'string') return refusal
  return call(world, 'POST', path, { access_token }, content)
}

async function call(
  world: World,
  method: 'GET' | 'POST',
  path: string,
  query: Record<string, string>,
  content?: Fields,
): Promise<Fields> {
  const body = content ? Buffer.from(JSON.stringify(content)) : Buffer.alloc(0)
  const incoming = {
    method,
    path,
    query: new URLSearchParams(query),
    body,
    contentType: 'application/json',
    ip: THIEF_IP,
    by: 'thief' as const,
  }
  const { reply } = await exchange(world, incoming, () => Promise.resolve())
  return isRaw(reply) ? {} : reply
}

async function perform(world: World, account: Account, act: Act, turn: number, body: Fields): Promise<Done> {
  const at = iso(world.clock.now())
  const { errcode, errmsg, access_token, expires_in, ...ids } = await acts[act](world, account, turn, body)
  const code = Number(errcode ?? 0)
  return {
    act,
    at,
    ok: code === 0,
    ...(code === 0 ? {} : { errcode: code, errmsg }),
    ids: access_token ? { ...ids, expires_in } : ids,
  }
}

const STORY: Act[] = ['publish', 'publish', 'broadcast', 'menu']
const history = new WeakMap<Account, Done[]>()
const past = (account: Account): Done[] => {
  const known = history.get(account) ?? []
  history.set(account, known)
  return known
}

/** The theft as a story. With gapMs the acts after the first wait for the simulator's clock; GET …/thief shows them as they happen. */
async function steal(request: Request): Promise<unknown> {
  const { world, body } = request
  const account = accountIn(request)
  const wanted = (body.acts === undefined ? STORY : listAt(body, 'acts').map(String)) as Act[]
  const unknown = wanted.find((act) => !Object.hasOwn(acts, act))
  if (unknown !== undefined) misuse(`no act ${unknown}; there are ${Object.keys(acts).join(', ')}`)
  if (request.params.act === undefined || !stolen.has(account)) stolen.set(account, account.secret)
  const gap = numberAt(body, 'gapMs')
  const started = world.clock.now()
  const results: (Done | { act: Act; at: string; planned: true })[] = []
  for (const [turn, act] of wanted.entries()) {
    const now = async () => {
      const done = await perform(world, account, act, turn, body)
      past(account).push(done)
      return done
    }
    if (gap === 0 || turn === 0) results.push(await now())
    else {
      world.clock.at(started + gap * turn, () => void world.pushes.track(now()))
      results.push({ act, at: iso(started + gap * turn), planned: true })
    }
  }
  return { acts: results }
}

async function single(request: Request): Promise<unknown> {
  const { acts: done } = (await steal({ ...request, body: { ...request.body, acts: [request.params.act], gapMs: 0 } })) as {
    acts: Done[]
  }
  return done[0]
}

export const thiefRoutes: Route[] = [
  ['POST', '/accounts/:appid/thief/stolen', steal],
  ['POST', '/accounts/:appid/thief/:act', single],
  ['GET', '/accounts/:appid/thief', (request) => ({ ip: THIEF_IP, acts: past(accountIn(request)) })],
]
