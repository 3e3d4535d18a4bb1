import { beforeEach, describe, expect, test } from 'vitest'
import { aSimulator, drafted } from './test-world.ts'

const world = aSimulator()
let msg_data_id: unknown
beforeEach(async () => {
  const media_id = await drafted(world, world.sub, { need_open_comment: 1 })
  msg_data_id = (
    await world.call(world.sub, '/cgi-bin/message/mass/sendall', {
      filter: { is_to_all: true },
      msgtype: 'mpnews',
      mpnews: { media_id },
    })
  ).msg_data_id
  await world.advance(1000)
})

const say = (content: string) =>
  world.director(`/accounts/${world.sub.appid}/readers/comment`, { msgDataId: msg_data_id, index: 1, content })
const comment = (name: string, body: object = {}) =>
  world.call(world.sub, `/cgi-bin/comment/${name}`, { msg_data_id, index: 0, ...body })
const list = (type = 0) => comment('list', { begin: 0, count: 49, type })

test('readers’ comments are listed, newest first, with who said it', async () => {
  await say('价格写错了')
  await say('什么时候开门')

  expect(await list()).toMatchObject({
    total: 2,
    comment: [
      { content: '什么时候开门', comment_type: 0, openid: world.sub.openids[0] },
      { content: '价格写错了', comment_type: 0 },
    ],
  })
  expect(await comment('list', { begin: 0, count: 50, type: 0 })).toMatchObject({ errcode: 88010 })
})

test('one reply per comment, which can be taken back once', async () => {
  const { id: user_comment_id } = await say('价格写错了')

  expect(await comment('reply/add', { user_comment_id, content: '已更正，谢谢' })).toMatchObject({ errcode: 0 })
  expect(await comment('reply/add', { user_comment_id, content: '再说一次' })).toMatchObject({ errcode: 88005 })
  expect(await list()).toMatchObject({ comment: [{ reply: { content: '已更正，谢谢' } }] })
  expect(await comment('reply/delete', { user_comment_id })).toMatchObject({ errcode: 0 })
  expect(await comment('reply/delete', { user_comment_id })).toMatchObject({ errcode: 88009 })
  expect(await comment('reply/add', { user_comment_id, content: '' })).toMatchObject({ errcode: 88007 })
})

test('featuring moves a comment between the two lists', async () => {
  const { id: user_comment_id } = await say('好文')
  await comment('markelect', { user_comment_id })
  expect(await list(2)).toMatchObject({ total: 1 })
  expect(await list(1)).toMatchObject({ total: 0 })
  await comment('unmarkelect', { user_comment_id })
  expect(await list(2)).toMatchObject({ total: 0 })
})

test('closing stops new ones, deleting is final, unknown ones are 88008', async () => {
  const { id: user_comment_id } = await say('好文')
  await comment('close')
  expect(await say('还想说')).toHaveProperty('error')
  await comment('delete', { user_comment_id })
  expect(await comment('delete', { user_comment_id })).toMatchObject({ errcode: 88008 })
})

describe('which articles have comments', () => {
  test('an unknown one is 88001, and an account without the ability 88000', async () => {
    expect(await comment('list', { msg_data_id: 1, begin: 0, count: 1 })).toMatchObject({ errcode: 88001 })
    await world.director(`/accounts/${world.sub.appid}`, { commentAbility: false }, 'PATCH')
    expect(await list()).toMatchObject({ errcode: 88000 })
  })

  test('one published without notice, only if the switch says so', async () => {
    const { msg_data_id: quiet } = await world.call(world.sub, '/cgi-bin/freepublish/submit', {
      media_id: await drafted(world, world.sub),
    })
    await world.advance(1000)
    const ask = () => comment('list', { msg_data_id: quiet, begin: 0, count: 1 })

    expect(await ask()).toMatchObject({ total: 0 })
    await world.director('/switches', { commentsAfterFreepublish: false })
    expect(await ask()).toMatchObject({ errcode: 88001 })
  })
})
