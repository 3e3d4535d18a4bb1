import assert from 'node:assert/strict'
import { afterAll, beforeAll, beforeEach, describe, test } from 'vitest'
import { type Simulator, startSimulator } from '../../simulator/simulator.ts'
import { after, before, days, hours, type Instant, instant, minutes } from '../platform/time.ts'
import {
  type Account,
  type Answer,
  accountInfo,
  comments,
  component,
  type Door,
  datacube,
  drafts,
  freepublish,
  mass,
  materials,
  menu,
  openComponentSession,
  openPush,
  openSession,
  openTokens,
  openWeChat,
  operations,
  type Push,
  reaching,
  restorable,
  type Session,
  type StoredToken,
  type TokenEvent,
  type Tokens,
  users,
  type WeChat,
  type WeChatCall,
} from './index.ts'
import { type ScriptedServer, scriptedServer } from './scripted-server.ts'

const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const picture = { fileName: 'cover.png', mediaType: 'image/png', bytes: PNG }

let simulator: Simulator
let receiver: ScriptedServer
let client: WeChat
let tokens: Tokens
let sub: Account
let svc: Account
let asSub: Session
let asSvc: Session
let pushes: Push[]
let refusals: string[]
let calls: WeChatCall[]
let tokenEvents: TokenEvent[]
/** Follows the simulator's clock, which moves only when told. */
let now: Instant

async function door<T = Record<string, unknown>>(path: string, body: object = {}, method = 'POST'): Promise<T> {
  const response = await fetch(`${simulator.url}/_sim${path}`, { method, body: JSON.stringify(body) })
  assert.ok(response.ok, `${path}: ${await response.clone().text()}`)
  return (await response.json().catch(() => ({}))) as T
}

async function advance(ms: number): Promise<void> {
  await door('/clock', { advanceMs: ms })
  await door('/settle')
  now = instant((await (await fetch(`${simulator.url}/_sim/clock`)).json()).now)
}

function value<T>(answer: Answer<T>): T {
  assert.ok(answer.ok, answer.ok ? '' : `${answer.problem.what}: ${answer.problem.message} ${answer.problem.errmsg ?? ''}`)
  return answer.value
}

function problem<T>(answer: Answer<T>) {
  assert.ok(!answer.ok)
  return answer.problem
}

const pushed = <K extends Push['kind']>(kind: K) =>
  pushes.filter((push): push is Extract<Push, { kind: K }> => push.kind === kind)
const beijingDay = (at: Instant) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(Date.parse(at))

/** The door a push came to, by its path: each account has its own, and the platform has two. */
function doorAt(path: string): Door {
  if (path.startsWith('/component')) {
    return {
      token: simulator.component.token,
      aesKeys: [simulator.component.aesKey],
      receiverId: simulator.component.appid,
      mode: 'safe',
    }
  }
  return { token: 'callback_token', aesKeys: [AES_KEY], receiverId: path.slice(1), mode: 'any' }
}

beforeAll(async () => {
  simulator = await startSimulator()
  receiver = await scriptedServer()
  receiver.answers((response, request) => {
    const query = Object.fromEntries(request.query)
    if (request.method === 'GET') return response.end(query.echostr)
    const outcome = openPush(doorAt(request.path), { query, body: request.bytes }, { now })
    if (outcome.ok) pushes.push(outcome.value)
    else refusals.push(outcome.code)
    response.end(outcome.ok ? 'success' : '')
  })
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
})

beforeEach(async () => {
  await door('/reset')
  await door('/clock', { freeze: true })
  const [first, second] = simulator.accounts
  assert.ok(first && second)
  pushes = []
  refusals = []
  calls = []
  tokenEvents = []
  const kept = new Map<string, StoredToken>()
  const store = {
    read: async (key: string) => kept.get(key) ?? null,
    write: async (key: string, token: StoredToken) => void kept.set(key, token),
    withLock: <T>(_: string, work: () => Promise<T>) => work(),
  }
  client = openWeChat({ baseUrl: simulator.url, fetch, now: () => now, observe: (call) => calls.push(call) })
  tokens = openTokens({ client, store, now: () => now, observeToken: (event) => tokenEvents.push(event) })
  sub = { mode: 'secret', appid: first.appid, secret: first.secret }
  svc = { mode: 'secret', appid: second.appid, secret: second.secret }
  asSub = openSession(client, tokens, sub)
  asSvc = openSession(client, tokens, svc)
  await advance(0)
})

const listen = (appid: string, mode: string) =>
  door(`/accounts/${appid}/callback`, { url: `${receiver.url}/${appid}`, token: 'callback_token', aesKey: AES_KEY, mode })

async function aDraft(session: Session, title = '春季上新'): Promise<string> {
  const { mediaId: thumbMediaId } = value(await materials.add(session, 'image', picture))
  return value(
    await drafts.add(session, [{ title, content: `<p>${title}</p>`, thumbMediaId, digest: '摘要', needOpenComment: true }]),
  ).mediaId
}

async function aPublication(session: Session) {
  const submitted = value(await freepublish.submit(session, await aDraft(session)))
  await advance(minutes(1))
  const publication = value(await freepublish.get(session, submitted.publishId))
  assert.ok(publication.articleId)
  return { ...publication, ...submitted, articleId: publication.articleId }
}

test('drafts: added, read, changed, listed, counted and removed', async () => {
  const mediaId = await aDraft(asSub)
  value(
    await drafts.update(asSub, mediaId, 1, {
      title: '新标题',
      content: '<p>新</p>',
      thumbMediaId: value(await materials.add(asSub, 'image', picture)).mediaId,
    }),
  )

  assert.equal(value(await drafts.get(asSub, mediaId))[0]?.title, '新标题')
  assert.equal(value(await drafts.count(asSub)), 1)
  const page = value(await drafts.batchGet(asSub, { offset: 0, count: 20 }))
  assert.deepEqual([page.total, page.items[0]?.mediaId, page.items[0]?.articles[0]?.title], [1, mediaId, '新标题'])
  assert.deepEqual(
    value(await drafts.batchGet(asSub, { offset: 0, count: 1, noContent: true })).items[0]?.articles.map((a) => [
      a.title,
      a.content,
    ]),
    [['新标题', null]],
  )
  assert.equal(value(await drafts.isSwitchedOn(asSub)), true)
  value(await drafts.remove(asSub, mediaId))
  assert.deepEqual(
    [problem(await drafts.get(asSub, mediaId)).class, problem(await drafts.get(asSub, mediaId)).code],
    ['state', 40007],
  )
})

describe.each(['plain', 'compat', 'safe'])('with pushes in %s mode', (mode) => {
  test('an article is published, reported, found, and deleted', async () => {
    await listen(sub.appid, mode)
    const { publishId, articleId, urls, status } = await aPublication(asSub)

    assert.equal(status, 'published')
    assert.deepEqual(
      pushed('publish-finished').map((p) => [p.publishId, p.status, p.articleId, p.urls]),
      [[publishId, 'published', articleId, urls]],
    )
    assert.deepEqual(refusals, [])
    assert.equal(value(await freepublish.batchGet(asSub, { offset: 0, count: 20 })).items[0]?.articleId, articleId)
    assert.equal(value(await freepublish.getArticle(asSub, articleId))[0]?.isDeleted, false)
    value(await freepublish.remove(asSub, articleId, { position: 'all' }))
    const gone = await freepublish.getArticle(asSub, articleId)
    assert.ok(gone.ok ? gone.value[0]?.isDeleted : gone.problem.code === 53600)
  })
})

test('a mass send is accepted, reported with its counts, recognised when repeated, and its page removed', async () => {
  await listen(svc.appid, 'safe')
  const send = {
    audience: { to: 'everybody' },
    content: { type: 'articles', mediaId: await aDraft(asSvc) },
    clientMsgId: 'send-1',
    whenReprint: 'stop',
  } satisfies mass.MassSend

  const { msgId, msgDataId } = value(await mass.send(asSvc, send))
  assert.ok(msgDataId)
  assert.equal(value(await mass.get(asSvc, msgId)).state, 'sending')
  await advance(minutes(2))

  assert.equal(value(await mass.get(asSvc, msgId)).state, 'sent')
  const [report] = pushed('mass-send-finished')
  assert.deepEqual([report?.msgId, report?.status, report?.urls.length], [msgId, 'success', 1])
  assert.ok((report?.counts.sent ?? 0) > 0)
  const again = problem(await mass.send(asSvc, send))
  assert.deepEqual([again.code, again.msgId], [45065, msgId])
  value(await mass.remove(asSvc, { msgId }, { position: 1 }))
  assert.equal(value(await mass.get(asSvc, msgId)).state, 'deleted')
})

test('a mass send to a tag, to named people, a preview, and the speed', async () => {
  const { tagId, openids } = simulator.accounts[1]!
  const content = { type: 'text', content: '通知' } as const

  value(await mass.preview(asSvc, { openid: openids[0]! }, content))
  value(await mass.send(asSvc, { audience: { to: 'tag', tagId }, content, clientMsgId: 'a', whenReprint: 'stop' }))
  value(
    await mass.send(asSvc, {
      audience: { to: 'openids', openids: openids.slice(0, 2) },
      content,
      clientMsgId: 'b',
      whenReprint: 'stop',
    }),
  )
  value(await mass.setSpeed(asSvc, 2))
  assert.equal(value(await mass.getSpeed(asSvc)).speed, 2)
})

test('materials: added, listed, counted, fetched byte for byte, removed', async () => {
  assert.match(value(await materials.uploadArticleImage(asSub, picture)).url, /^http/)
  const { mediaId } = value(await materials.add(asSub, 'image', picture))
  const temporary = value(await materials.addTemporary(asSub, 'image', picture))

  assert.deepEqual(value(await materials.get(asSub, mediaId)), { kind: 'file', bytes: PNG, mediaType: 'image/png' })
  assert.equal(value(await materials.getTemporary(asSub, temporary.mediaId)).kind, 'file')
  assert.equal(value(await materials.batchGet(asSub, 'image', { offset: 0, count: 20 })).items[0]?.mediaId, mediaId)
  assert.equal(value(await materials.counts(asSub)).images, 1)
  value(await materials.remove(asSub, mediaId))
  assert.equal(problem(await materials.get(asSub, mediaId)).code, 40007)
})

test('a video is described by where to fetch it', async () => {
  const film = { fileName: 'a.mp4', mediaType: 'video/mp4', bytes: Buffer.from('film') }
  const { mediaId } = value(await materials.add(asSub, 'video', film, { title: '片名', introduction: '简介' }))
  const content = value(await materials.get(asSub, mediaId))
  assert.ok(content.kind === 'video')
  assert.equal(content.title, '片名')
})

test('a menu is set, seen, spoiled in the console, and restored', async () => {
  const mine: menu.MenuButton[] = [
    { name: '官网', type: 'view', url: 'https://example.com/' },
    { name: '更多', children: [{ name: '查询', type: 'click', key: 'K' }] },
  ]
  assert.equal(value(await menu.get(asSub)), null)
  value(await menu.create(asSub, mine))
  assert.deepEqual(
    value(await menu.get(asSub))?.buttons.map(({ name, children }) => [name, children.map((child) => child.key)]),
    [
      ['官网', []],
      ['更多', ['K']],
    ],
  )
  const snapshot = value(await menu.getSelfMenu(asSub))

  await door(`/accounts/${sub.appid}/console/menu`, { button: [{ type: 'view', name: '广告', url: 'https://ads.example' }] })
  assert.equal(value(await menu.getSelfMenu(asSub)).buttons[0]?.name, '广告')
  const back = restorable(snapshot)
  assert.deepEqual(back, { buttons: mine, degraded: [], lost: [] })
  value(await menu.create(asSub, back.buttons))

  assert.deepEqual(value(await menu.getSelfMenu(asSub)).buttons, snapshot.buttons)
  const { menuId } = value(await menu.createConditional(asSub, mine, { tag_id: String(simulator.accounts[0]!.tagId) }))
  assert.deepEqual(
    value(await menu.get(asSub))?.conditional.map((one) => one.menuId),
    [menuId],
  )
  value(await menu.removeConditional(asSub, menuId))
  value(await menu.remove(asSub))
  assert.equal(value(await menu.get(asSub)), null)
})

test('automatic replies can be read', async () => {
  const reply = { added: { type: 'text', content: '你好' }, keywords: [] }
  await door(`/accounts/${sub.appid}/console/auto-reply`, reply)
  const { onFollow, keywords } = value(await menu.getAutoReply(asSub))
  assert.deepEqual([onFollow, keywords], [{ isOpen: true, content: { type: 'text', content: '你好', news: [] } }, []])
})

test('comments: listed, featured, answered once, closed', async () => {
  const { msgDataId } = await aPublication(asSub)
  assert.ok(msgDataId)
  const at = { msgDataId, position: 1 }
  await door(`/accounts/${sub.appid}/readers/comment`, { msgDataId: Number(msgDataId), index: 1, content: '写错了' })

  const page = { begin: 0, count: 49, which: 'all' } as const
  const [comment] = value(await comments.list(asSub, at, page)).comments
  assert.ok(comment)
  assert.deepEqual([comment.content, comment.isFeatured, comment.reply], ['写错了', false, null])
  value(await comments.feature(asSub, at, comment.commentId))
  value(await comments.reply(asSub, at, comment.commentId, '已更正'))
  assert.equal(problem(await comments.reply(asSub, at, comment.commentId, '再答')).code, 88005)
  const [seen] = value(await comments.list(asSub, at, page)).comments
  assert.deepEqual([seen?.isFeatured, seen?.reply?.content], [true, '已更正'])
  value(await comments.unfeature(asSub, at, comment.commentId))
  value(await comments.removeReply(asSub, at, comment.commentId))
  value(await comments.remove(asSub, at, comment.commentId))
  value(await comments.close(asSub, at))
  value(await comments.open(asSub, at))
})

test('who writes in may be answered; who did not may not', async () => {
  await listen(svc.appid, 'safe')
  const [writer, silent] = simulator.accounts[1]!.openids
  await door(`/accounts/${svc.appid}/readers/message`, { openid: writer, content: '在吗 <&>' })

  assert.deepEqual(
    pushed('text').map((p) => [p.fromUserName, p.content]),
    [[writer, '在吗 <&>']],
  )
  value(await reaching.sendCustom(asSvc, writer!, { type: 'text', content: '在' }))
  assert.equal(problem(await reaching.sendCustom(asSvc, silent!, { type: 'text', content: '在' })).code, 45015)
  value(await reaching.showTyping(asSvc, writer!, true))
  const asked = { from: before(now, hours(1)), to: after(now, minutes(1)), afterId: '1', count: 100 }
  const { records } = value(await reaching.customRecords(asSvc, asked))
  assert.deepEqual(
    records.map(({ openid, from, text }) => [openid, from, text]),
    [
      [writer, 'reader', '在吗 <&>'],
      [writer, 'us', '在'],
    ],
  )
})

test('a template message returns an id too long for a number, and its report', async () => {
  await listen(svc.appid, 'safe')
  const { msgId } = value(
    await reaching.sendTemplate(asSvc, {
      openid: simulator.accounts[1]!.openids[0]!,
      templateId: 'T'.repeat(43),
      values: { first: '你好' },
    }),
  )
  await advance(minutes(1))
  assert.ok(!Number.isSafeInteger(Number(msgId)))
  assert.deepEqual(
    pushed('template-finished').map((p) => [p.msgId, p.status]),
    [[msgId, 'success']],
  )
})

test('followers come, go, click and are listed, tagged and blocked', async () => {
  await listen(svc.appid, 'compat')
  const { tagId, openids } = simulator.accounts[1]!
  const [openid] = openids
  await door(`/accounts/${svc.appid}/readers/click`, { openid, key: 'MENU_1' })
  await door(`/accounts/${svc.appid}/readers/unfollow`, { openid })
  await door(`/accounts/${svc.appid}/readers/follow`, { openid })

  assert.deepEqual(
    pushes.map(({ kind, fromUserName }) => [kind, fromUserName]),
    [
      ['menu-click', openid],
      ['unsubscribe', openid],
      ['subscribe', openid],
    ],
  )
  const page = value(await users.list(asSvc, null))
  assert.ok(page.openids.includes(openid!) && page.total === page.openids.length)
  assert.equal(value(await users.get(asSvc, openid!)).follows, true)
  assert.equal(value(await users.batchGet(asSvc, [openid!]))[0]?.openid, openid)
  value(await users.tagPeople(asSvc, tagId, [openid!]))
  assert.ok(value(await users.listTagged(asSvc, tagId, null)).openids.includes(openid!))
  value(await users.untagPeople(asSvc, tagId, [openid!]))
  const tag = value(await users.createTag(asSvc, '待访'))
  assert.ok(value(await users.listTags(asSvc)).some(({ id, name }) => id === tag.id && name === '待访'))
  value(await users.removeTag(asSvc, tag.id))
  value(await users.block(asSvc, [openid!]))
  assert.deepEqual(value(await users.listBlocked(asSvc, null)).openids, [openid])
  value(await users.unblock(asSvc, [openid!]))
})

test('statistics appear the next morning and show what a person sent by hand', async () => {
  const day = beijingDay(now)
  const byHand = await door<{ urls: string[] }>(`/accounts/${sub.appid}/console/publish`, {
    title: '手发',
    content: '<p>x</p>',
    notify: true,
  })
  await door(`/accounts/${sub.appid}/readers/read`, { url: byHand.urls[0], count: 12, shares: 3 })
  await door(`/accounts/${sub.appid}/readers/unfollow`, { openid: simulator.accounts[0]!.openids[0] })

  assert.equal(problem(await datacube.articleTotals(asSub, day)).class, 'input')
  await advance(days(1) + hours(20))
  const range = { from: day, to: day }
  const [article] = value(await datacube.articleTotals(asSub, day)).rows
  assert.deepEqual([article?.title, article?.how, article?.url, article?.idx], ['手发', 'notified', byHand.urls[0], 1])
  assert.equal(value(await datacube.articleReads(asSub, day)).rows[0]?.readers, 12)
  assert.equal(value(await datacube.articleShares(asSub, day)).rows[0]?.sharers, 3)
  assert.equal(
    value(await datacube.followerChanges(asSub, range)).reduce((sum, row) => sum + row.lost, 0),
    1,
  )
  assert.equal(value(await datacube.followerTotals(asSub, range)).length, 1)
  assert.equal(value(await datacube.accountDays(asSub, range)).length, 1)
  value(await datacube.incomingMessages(asSub, range))
  value(await datacube.callbackDays(asSub, range))
})

test('quota, request ids and the state of our callback', async () => {
  await listen(sub.appid, 'safe')
  value(await drafts.count(asSub))

  const quota = value(await operations.quota(asSub, 'cgi-bin/draft/count'))
  assert.equal(quota.used, 1)
  value(await operations.clearQuota(asSub, '/cgi-bin/draft/count'))
  value(await operations.clearAllQuotas(asSub))
  const { rid } = problem(await drafts.get(asSub, 'unknown'))
  assert.ok(rid)
  const report = value(await operations.explainRid(asSub, rid))
  assert.match(report.responseBody, /40007/)
  assert.ok(value(await operations.callbackIps(asSub)).length > 0)
  assert.ok(value(await operations.apiIps(asSub)).length > 0)
  assert.ok(value(await operations.checkCallback(asSub)).ping.length > 0)
})

test('an account authorises our platform, works through it with its secret frozen, and withdraws', async () => {
  await door('/component', { eventUrl: `${receiver.url}/component/events`, messageUrl: `${receiver.url}/component/$APPID$` })
  const { appid, secret } = simulator.component
  value(await component.startTickets(client, { appid, secret }))
  await advance(minutes(11))
  const ticket = pushed('component-ticket').at(-1)?.ticket
  assert.ok(ticket)
  const platform = openComponentSession(client, tokens, { appid, secret, ticket })
  const pre = value(await component.createPreAuthCode(platform, now))
  assert.match(
    component.authorizationPage('computer', { component: appid, preAuthCode: pre.code, redirectUri: 'https://x/y' }),
    /auth_type=1/,
  )

  await door(`/accounts/${sub.appid}/console/authorise`)
  await door('/settle')
  const [granted] = pushed('authorized')
  assert.equal(granted?.appid, sub.appid)
  const given = value(await component.queryAuthorization(platform, granted?.authorizationCode ?? '', now))
  assert.ok(given.permissions.length > 0)
  const authorized: Account = {
    mode: 'component',
    appid: given.appid,
    refreshToken: given.refreshToken,
    component: { appid, secret, ticket },
  }
  const asAuthorized = openSession(client, tokens, authorized)

  await door(`/accounts/${sub.appid}/console/secret`, { act: 'freeze' })
  assert.equal(problem(await drafts.count(asSub)).code, 40243)
  assert.equal(value(await drafts.count(asAuthorized)), 0)
  await door(`/accounts/${sub.appid}/readers/message`, { openid: simulator.accounts[0]!.openids[0], content: '经平台' })
  assert.equal(pushed('text').at(-1)?.content, '经平台')

  const info = value(await accountInfo(platform, sub.appid))
  assert.deepEqual([info.kind, info.isVerified, info.status], ['subscription', true, 'normal'])
  await door(`/accounts/${sub.appid}`, { accountStatus: 18 }, 'PATCH')
  assert.equal(value(await accountInfo(platform, sub.appid)).status, 'warned')
  assert.equal(value(await component.listAuthorizers(platform, { offset: 0, count: 10 })).items[0]?.appid, sub.appid)
  value(await component.setOption(platform, sub.appid, 'location_report', '0'))
  assert.equal(value(await component.getOption(platform, sub.appid, 'location_report')), '0')

  await door(`/accounts/${sub.appid}/console/withdraw`)
  await door('/settle')
  assert.equal(pushed('unauthorized')[0]?.appid, sub.appid)
  assert.equal(problem(await drafts.count(asAuthorized)).class, 'permission')
  assert.deepEqual(refusals, [])
})

test('a thief who forces the token is survived once and reported when it happens again', async () => {
  value(await drafts.count(asSub))
  await door(`/accounts/${sub.appid}/thief/force-refresh`)
  value(await drafts.count(asSub))
  await advance(minutes(1))
  await door(`/accounts/${sub.appid}/thief/force-refresh`)
  value(await drafts.count(asSub))

  assert.deepEqual(
    tokenEvents.map(({ kind }) => kind),
    ['token-refused', 'token-killed'],
  )
})

describe('when something goes wrong under way', () => {
  const endings = ['hangup-before', 'hangup-after', 'busy-before', 'busy-after', 'html', 'empty', 'badjson', 'status5xx']
  test.each(endings)('%s leaves a write open, and it is sent once', async (fault) => {
    const mediaId = await aDraft(asSub)
    await door('/faults', { path: 'freepublish/submit', fault, times: 1 })

    const { class: name, outcome } = problem(await freepublish.submit(asSub, mediaId))

    assert.deepEqual([name, outcome], ['ambiguous', 'unknown'])
    assert.equal(calls.filter(({ path }) => path === '/cgi-bin/freepublish/submit').length, 1)
  })

  test('an expired token is renewed under way and the write done exactly once', async () => {
    const mediaId = await aDraft(asSub)
    await door('/faults', { path: 'freepublish/submit', fault: 'expired-token', times: 1 })
    value(await freepublish.submit(asSub, mediaId))
    await advance(minutes(1))
    assert.equal(value(await freepublish.batchGet(asSub, { offset: 0, count: 20 })).total, 1)
  })

  test('a whitelist names the address to add', async () => {
    await door(`/accounts/${sub.appid}/console/whitelist`, { ips: ['203.0.113.7'] })
    const { class: name, callerIp } = problem(await drafts.count(asSub))
    assert.deepEqual([name, callerIp], ['config', '127.0.0.1'])
  })

  test('a forged push is refused', async () => {
    await listen(sub.appid, 'safe')
    await door('/faults/callbacks', { appid: sub.appid, fault: 'wrong-signature' })
    await door(`/accounts/${sub.appid}/readers/click`, { openid: simulator.accounts[0]!.openids[0], key: 'K' })
    await door('/settle')
    assert.ok(refusals.includes('wrong-signature'))
  })
})
