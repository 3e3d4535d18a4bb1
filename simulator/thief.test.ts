import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Fields } from './json.ts'
import { aCover, aReceiver, aSimulator, type Receiver } from './test-world.ts'
import { textOf } from './xml.ts'

const world = aSimulator()
let receiver: Receiver
beforeEach(async () => {
  receiver = await aReceiver()
  await world.director(`/accounts/${world.sub.appid}/callback`, { url: receiver.url, token: 'token', mode: 'plain' })
})
afterEach(() => receiver.close())

const steal = async (body: object = {}) =>
  (await world.director(`/accounts/${world.sub.appid}/thief/stolen`, body)).acts as (Fields & { ids: Fields })[]
const act = (name: string, body: object = {}) => world.director(`/accounts/${world.sub.appid}/thief/${name}`, body)
const byConsole = (name: string, body: object) => world.director(`/accounts/${world.sub.appid}/console/${name}`, body)
const thiefCalls = async () =>
  ((await world.director('/calls?caller=thief')).calls as { path: string; errcode: number }[]).map((one) => [
    one.path,
    one.errcode,
  ])

describe('the story of a stolen account', () => {
  test('two advertisements without notice can be found and deleted by the API', async () => {
    const [first, second] = await steal()

    const listed = await world.call(world.sub, '/cgi-bin/freepublish/batchget', { offset: 0, count: 20, no_content: 1 })
    expect((listed.item as { article_id: string }[]).map((one) => one.article_id).sort()).toEqual(
      [first!.ids.articleId, second!.ids.articleId].sort(),
    )
    expect(await world.call(world.sub, '/cgi-bin/freepublish/delete', { article_id: first!.ids.articleId })).toMatchObject({
      errcode: 0,
    })
    expect(await world.call(world.sub, '/cgi-bin/freepublish/batchget', { offset: 0, count: 20 })).toMatchObject({
      total_count: 1,
    })
  })

  test('the broadcast is told by its event with a small id, and the API cannot remove it', async () => {
    const [, , broadcast] = await steal()

    expect(broadcast).toMatchObject({ act: 'broadcast', ok: true, ids: { msgId: 1000000037 } })
    expect(receiver.received.map((one) => [textOf(one.body, 'Event'), textOf(one.body, 'MsgID')])).toEqual([
      ['MASSSENDJOBFINISH', '1000000037'],
    ])
    expect(await world.call(world.sub, '/cgi-bin/message/mass/delete', { msg_id: 1000000037 })).toMatchObject({ errcode: 40059 })
  })

  test('without the switch the console’s broadcast is not told at all', async () => {
    await world.director('/switches', { consoleSendsPush: false })
    await steal()
    expect(receiver.received).toEqual([])
  })

  test('the menu is changed with the copied secret: the call is in the ledger, and our /token token dies', async () => {
    const { appid, secret } = world.sub
    const mine = JSON.parse(
      (await world.raw(`/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=${secret}`)).text,
    ) as Fields
    await steal()

    expect(await thiefCalls()).toEqual([
      ['/cgi-bin/token', 0],
      ['/cgi-bin/menu/create', 0],
    ])
    expect(JSON.parse((await world.raw(`/cgi-bin/menu/get?access_token=${mine.access_token}`)).text)).toMatchObject({
      errcode: 40001,
    })
    expect(await world.call(world.sub, '/cgi-bin/menu/get')).toMatchObject({
      menu: { button: [{ name: '领礼包' }, { name: '更多福利' }] },
    })
    expect(await world.call(world.sub, '/cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/menu/create' })).toMatchObject({
      quota: { used: 1 },
    })
  })

  test('acts can be chosen and spread over time', async () => {
    await steal({ acts: ['menu', 'publish'], gapMs: 60_000 })
    expect((await world.director(`/accounts/${world.sub.appid}/thief`)).acts).toHaveLength(1)
    await world.advance(60_000)
    expect((await world.director(`/accounts/${world.sub.appid}/thief`)).acts).toMatchObject([
      { act: 'menu' },
      { act: 'publish', at: '2026-03-04T04:01:00.000Z' },
    ])
  })
})

describe('what stops the thief', () => {
  test('a frozen secret', async () => {
    await byConsole('secret', { act: 'freeze' })
    expect(await steal({ acts: ['menu'] })).toMatchObject([{ ok: false, errcode: 40243 }])
    expect((await world.state(world.sub)).menu).toBeNull()
  })

  test('a reset one: the copy is worthless', async () => {
    await steal({ acts: ['token'] })
    await byConsole('secret', { act: 'reset' })
    expect(await act('menu')).toMatchObject({ ok: false, errcode: 40125 })
  })

  test('a whitelist', async () => {
    await byConsole('whitelist', { ips: ['127.0.0.1'] })
    expect(await act('menu')).toMatchObject({ ok: false, errcode: 40164 })
  })
})

test('a thief who shares our stable token does not make our own calls look like the thief’s', async () => {
  await act('menu', { family: 'stable' })
  await world.call(world.sub, '/cgi-bin/menu/get')

  const { calls } = await world.director('/calls?path=menu/')
  expect(calls).toMatchObject([
    { path: '/cgi-bin/menu/create', caller: 'thief' },
    { path: '/cgi-bin/menu/get', caller: 'product' },
  ])
})

test('a thief may also delete our article and answer in our name', async () => {
  const made = await byConsole('publish', { title: '我们的文章' })
  expect(await act('delete')).toMatchObject({ ok: true, ids: { articleId: made.articleId } })
  await act('auto-reply')

  expect((await world.state(world.sub)).articles).toMatchObject({ live: [], deleted: [{ articles: [{ deletedBy: 'thief' }] }] })
  expect(await world.call(world.sub, '/cgi-bin/get_current_autoreply_info')).toMatchObject({ is_autoreply_open: 1 })
})

test('a thief who publishes by the API needs a cover to be there, and is seen by the event of a job we did not start', async () => {
  expect(await act('publish-api')).toMatchObject({ ok: false, errcode: 40007 })
  await aCover(world, world.sub)
  const { ids } = await act('publish-api')
  await world.advance(1000)

  expect(textOf(receiver.received[0]!.body, 'publish_id')).toBe((ids as Fields).publish_id)
})

test('a forced refresh by the thief is our sudden 40001', async () => {
  const token = await world.stableToken(world.sub)
  await act('force-refresh')

  expect(JSON.parse((await world.raw(`/cgi-bin/draft/count?access_token=${token}`)).text)).toMatchObject({ errcode: 40001 })
})

test('a person at the console can publish, edit once, delete, pin and change the replies', async () => {
  const made = await byConsole('publish', { title: '手动发表', notify: false })
  const url = (made.urls as string[])[0]!
  const page = async () => (await fetch(url)).text()

  await byConsole('edit', { url, append: '更正：九点开始' })
  expect(await page()).toContain('更正：九点开始')
  expect(await byConsole('edit', { url, append: '再改' })).toHaveProperty('error')

  const comment = await world.director(`/accounts/${world.sub.appid}/readers/comment`, { url, content: '好' })
  expect(await byConsole('pin-comment', { commentId: comment.id })).toMatchObject({ pinned: true })

  await byConsole('auto-reply', {
    added: { type: 'text', content: '欢迎' },
    keywords: [{ rule_name: '价格', reply_mode: 'reply_all' }],
  })
  expect(await world.call(world.sub, '/cgi-bin/get_current_autoreply_info')).toMatchObject({
    is_add_friend_reply_open: 1,
    add_friend_autoreply_info: { type: 'text', content: '欢迎' },
    keyword_autoreply_info: { list: [{ rule_name: '价格' }] },
  })

  await byConsole('menu', { button: [{ name: '更多', sub_button: [{ type: 'text', name: '电话', value: '010' }] }] })
  expect(await world.call(world.sub, '/cgi-bin/menu/get')).toMatchObject({ errcode: 46003 })
  expect(await world.call(world.sub, '/cgi-bin/get_current_selfmenu_info')).toEqual({
    is_menu_open: 1,
    selfmenu_info: { button: [{ name: '更多', sub_button: { list: [{ type: 'text', name: '电话', value: '010' }] } }] },
  })

  await byConsole('delete', { url })
  expect(await page()).toContain('该内容已被发布者删除')
})
