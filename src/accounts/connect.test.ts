import { expect, test } from 'vitest'
import { withAgency } from '../platform/database.ts'
import { menu } from '../wechat/index.ts'
import { connectAccount } from './connect.ts'
import { disconnectAccount, releaseCallback } from './disconnect.ts'
import { givenWeChatWorld, must, type WeChatWorld } from './given-wechat.ts'
import { tokenStore } from './token-store.ts'
import { weChatFor } from './wechat-session.ts'

const rows = (
  world: WeChatWorld,
  table:
    | 'dx.accounts'
    | 'dx.known_articles'
    | 'dx.baselines'
    | 'dx.wechat_calls'
    | 'dx.wechat_tokens'
    | 'dx.callback_doors'
    | 'dx.clients',
) => withAgency(world.app.database, world.agency, (tx) => tx.selectFrom(table).selectAll().execute())
const console_ = (world: WeChatWorld, act: string, body: object) =>
  world.sim(`/accounts/${world.card.appid}/console/${act}`, body)

test('connecting with a secret changes nothing at WeChat and polls by default', async () => {
  const world = await givenWeChatWorld()

  const { account, callback } = await world.connect()

  expect(account).toMatchObject({ reception: 'poll', verified: true, mode: 'secret' })
  expect(account.abilities.calls).toMatchObject({ publish: 'yes', menu: 'yes', comments: 'yes', 'mass-send': 'yes' })
  expect(callback.url).toMatch(new RegExp(`^${world.doorUrl}/wx/[A-Za-z0-9]{22}$`))
  expect(callback.aesKey).toMatch(/^[A-Za-z0-9]{43}$/)
  const { calls } = (await world.sim(`/calls?appid=${world.card.appid}`)) as { calls: { path: string }[] }
  expect(calls.length).toBeGreaterThan(5)
  expect(calls.map((call) => call.path).filter((path) => /create|delete|add|submit|send(all)?$|set$/.test(path))).toEqual([])
})

test('what was live before us is known as such, with today’s menu and replies as the baseline', async () => {
  const world = await givenWeChatWorld()
  await console_(world, 'publish', { notify: false, articles: [{ title: '旧文章' }] })
  await console_(world, 'menu', { button: [{ type: 'text', name: '优惠', value: '今日八折' }] })
  await console_(world, 'auto-reply', { added: { type: 'text', content: '欢迎' } })

  const { found, wouldLose, choices } = await world.connect()

  expect(found).toMatchObject({
    menu: 'set-in-console',
    publishedBefore: { count: 1, complete: true },
    autoReply: { onFollow: true },
  })
  expect(wouldLose[0]).toBe('公众平台里的菜单和自动回复编辑器会停用，原来接收消息的系统（如商城、机器人）会断开。')
  expect(wouldLose.join()).toContain('关注后回复')
  expect(choices.find((choice) => choice.isDefault)?.reception).toBe('poll')
  expect(await rows(world, 'dx.known_articles')).toMatchObject([{ origin: 'before-us', title: '旧文章' }])
  expect((await rows(world, 'dx.baselines')).length).toBe(2)
})

test('an unverified subscription account is recognised by what it may not call', async () => {
  const world = await givenWeChatWorld(2)

  const { account, found } = await world.connect()

  expect(account).toMatchObject({ kind: 'SUB', verified: false })
  expect(account.abilities.calls).toMatchObject({ publish: 'no', menu: 'no', 'self-menu': 'yes', drafts: 'yes' })
  expect(found.otherCallback).toEqual({ use: 'unknown' })
})

test('a wrong secret is refused in words, and nothing is saved', async () => {
  const world = await givenWeChatWorld()

  const answer = await connectAccount(world.app, world.mei, {
    appid: world.card.appid,
    secret: 'f'.repeat(32),
    baseUrl: world.wechat.url,
  })

  expect(answer).toMatchObject({ ok: false })
  expect(answer.ok ? '' : answer.reason).toContain('什么都没有保存')
  expect(await rows(world, 'dx.accounts')).toEqual([])
  expect(await rows(world, 'dx.clients')).toEqual([])
})

test('a wrong secret for a connected account neither borrows nor forgets the token of the right one', async () => {
  const world = await givenWeChatWorld()
  const { account } = await world.connect()
  await menu.getSelfMenu(must(await weChatFor(world.app, world.agency, account.id)).session)
  const before = await rows(world, 'dx.wechat_tokens')

  const answer = await connectAccount(world.app, world.mei, {
    appid: account.appid,
    secret: 'f'.repeat(32),
    baseUrl: world.wechat.url,
  })

  expect(before).toHaveLength(1)
  expect(answer.ok).toBe(false)
  expect(await rows(world, 'dx.wechat_tokens')).toEqual(before)
})

test('a missing entry on the whitelist names the address to be added', async () => {
  const world = await givenWeChatWorld()
  await world.sim(`/accounts/${world.card.appid}`, { whitelist: ['203.0.113.9'] })

  const answer = await connectAccount(world.app, world.mei, {
    appid: world.card.appid,
    secret: world.card.secret,
    baseUrl: world.wechat.url,
  })

  expect(answer.ok ? '' : answer.reason).toContain('127.0.0.1 加入 IP 白名单')
})

test('connecting again refreshes the account and never approves what a thief changed meanwhile', async () => {
  const world = await givenWeChatWorld()
  const first = await world.connect()
  await world.sim(`/accounts/${world.card.appid}/thief/stolen`, {})

  const second = await world.connect()

  expect(second).toMatchObject({ isNew: false, callback: first.callback })
  expect(second.account.id).toBe(first.account.id)
  expect(await rows(world, 'dx.known_articles')).toEqual([])
  expect(JSON.stringify(await rows(world, 'dx.baselines'))).not.toContain('领')
})

test('no secret, token or key is readable in the database', async () => {
  const world = await givenWeChatWorld()
  const { callback, account } = await world.connect()
  await menu.getSelfMenu(must(await weChatFor(world.app, world.agency, account.id)).session)
  const token = await tokenStore(world.app, world.agency).read(`secret:${account.appid}`)

  const kept = JSON.stringify(
    await Promise.all(
      ['dx.accounts', 'dx.callback_doors', 'dx.wechat_calls', 'dx.wechat_tokens'].map((table) =>
        rows(world, table as 'dx.accounts'),
      ),
    ),
    (_, value) => (value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value),
  )

  expect(token?.token.length).toBeGreaterThan(100)
  for (const secret of [world.card.secret, callback.token, callback.aesKey, token!.token]) expect(kept).not.toContain(secret)
})

test('every call is in the ledger before its answer is used', async () => {
  const world = await givenWeChatWorld()
  const { account } = await world.connect()
  const { session } = must(await weChatFor(world.app, world.agency, account.id))
  await menu.getAutoReply(session)
  const before = (await rows(world, 'dx.wechat_calls')).length

  await menu.getSelfMenu(session)

  const calls = (await rows(world, 'dx.wechat_calls')) as { path: string; account_id: string }[]
  expect(calls.length).toBe(before + 1)
  expect(calls.at(-1)).toMatchObject({ path: '/cgi-bin/get_current_selfmenu_info', account_id: account.id })
})

test('two processes in need of a token get one between them', async () => {
  const world = await givenWeChatWorld()
  const { account } = await world.connect()
  await withAgency(world.app.database, world.agency, (tx) => tx.deleteFrom('dx.wechat_tokens').execute())
  const before = ((await world.sim('/calls?path=/cgi-bin/stable_token')) as { count: number }).count

  const sessions = await Promise.all(Array.from({ length: 12 }, () => weChatFor(world.app, world.agency, account.id)))
  const answers = await Promise.all(sessions.map((opened) => menu.getSelfMenu(must(opened).session)))

  expect(answers.every((answer) => answer.ok)).toBe(true)
  expect(((await world.sim('/calls?path=/cgi-bin/stable_token')) as { count: number }).count).toBe(before + 1)
})

test('the callback address is given back with one call, and a person is told what only they can do', async () => {
  const world = await givenWeChatWorld()
  const { account } = await world.connect({ reception: 'relay', relayUrl: 'https://shop.example/wx' })

  const released = must(await releaseCallback(world.app, world.mei, account.id))

  expect(released.account).toMatchObject({ reception: 'poll', relayUrl: null })
  expect(released.todo[0]).toContain('https://shop.example/wx')
})

test('a disconnected account keeps no secret and is called no more', async () => {
  const world = await givenWeChatWorld()
  const { account } = await world.connect()

  must(await disconnectAccount(world.app, world.mei, account.id))

  expect(await rows(world, 'dx.accounts')).toMatchObject([{ secret_sealed: null }])
  expect(await rows(world, 'dx.wechat_tokens')).toEqual([])
  expect(await weChatFor(world.app, world.agency, account.id)).toMatchObject({ ok: false })
})

test('another agency sees nothing of the account', async () => {
  const world = await givenWeChatWorld()
  const { account } = await world.connect()

  expect(await weChatFor(world.app, 'chens-agency', account.id)).toEqual({
    ok: false,
    reason: '没有找到这个账号，什么都没有做。',
  })
})
