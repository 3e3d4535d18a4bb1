import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AccountCard } from './state/cards.ts'
import { aCover, aReceiver, aSimulator, drafted, minutes, type Receiver, type Reply } from './test-world.ts'
import { textOf } from './xml.ts'

const world = aSimulator()
let receiver: Receiver
beforeEach(async () => {
  receiver = await aReceiver()
  for (const { appid } of [world.sub, world.svc]) {
    await world.director(`/accounts/${appid}/callback`, { url: receiver.url, token: 'token', mode: 'plain' })
  }
})
afterEach(() => receiver.close())

const toAll = { filter: { is_to_all: true } }
const sendall = (account: AccountCard, body: object): Promise<Reply> =>
  world.call(account, '/cgi-bin/message/mass/sendall', { ...toAll, ...body })
const news = async (account: AccountCard, article = {}) => ({
  msgtype: 'mpnews',
  mpnews: { media_id: await drafted(world, account, article) },
  send_ignore_reprint: 0,
})
const text = (content: string) => ({ msgtype: 'text', text: { content } })
const status = async (account: AccountCard, msg_id: unknown) =>
  (await world.call(account, '/cgi-bin/message/mass/get', { msg_id })).msg_status
const told = () => receiver.received.map((one) => textOf(one.body, 'Status'))
const script = (mass: object) => world.director(`/accounts/${world.sub.appid}/next`, { mass })

test('a send is queued, then sent: the event has the numbers and the addresses, and the draft is gone', async () => {
  const body = await news(world.sub, { title: '周三见' })
  const accepted = await sendall(world.sub, body)
  expect(accepted).toEqual({
    errcode: 0,
    errmsg: 'send job submission success',
    msg_id: expect.any(Number),
    msg_data_id: expect.any(Number),
  })
  expect(await status(world.sub, accepted.msg_id)).toBe('SENDING')

  await world.advance(1000)

  expect(await status(world.sub, accepted.msg_id)).toBe('SEND_SUCCESS')
  const event = receiver.received[0]!.body
  expect(['MsgID', 'Status', 'TotalCount', 'SentCount'].map((one) => textOf(event, one))).toEqual([
    String(accepted.msg_id),
    'send success',
    '20',
    '20',
  ])
  const url = textOf(event, 'ArticleUrl') ?? ''
  expect(url).toContain(`mid=${accepted.msg_data_id}&idx=1`)
  expect(await (await fetch(url)).text()).toContain('周三见')
  expect(await world.call(world.sub, '/cgi-bin/draft/get', { media_id: body.mpnews.media_id })).toMatchObject({ errcode: 40007 })
})

describe('clientmsgid', () => {
  test('the same id within a minute is “too fast”, afterwards “exists” with the msg_id, although the draft is spent', async () => {
    const body = { ...(await news(world.sub)), clientmsgid: 'slot-1' }
    const first = await sendall(world.sub, body)
    expect(await sendall(world.sub, body)).toMatchObject({ errcode: 45066 })
    await world.advance(minutes(1))

    expect(await sendall(world.sub, body)).toMatchObject({ errcode: 45065, msg_id: first.msg_id })
    expect((await world.state(world.sub)).massSends).toHaveLength(1)
  })

  test('without one the same content is still refused for a day', async () => {
    await sendall(world.svc, text('同一段话'))
    await world.advance(minutes(5))

    expect(await sendall(world.svc, text('同一段话'))).toMatchObject({ errcode: 45065 })
    expect(await sendall(world.svc, { ...text('同一段话'), clientmsgid: 'on purpose' })).toMatchObject({ errcode: 0 })
    await world.advance(24 * minutes(60))
    expect(await sendall(world.svc, text('同一段话'))).toMatchObject({ errcode: 0 })
  })

  test('the same articles drafted again are recognised', async () => {
    const articles = [{ title: '重复', content: '<p>文</p>', thumb_media_id: await aCover(world, world.svc) }]
    const draftAndSend = async () => {
      const { media_id } = await world.call(world.svc, '/cgi-bin/draft/add', { articles })
      return sendall(world.svc, { msgtype: 'mpnews', mpnews: { media_id } })
    }
    const first = await draftAndSend()
    await world.advance(minutes(2))

    expect(await draftAndSend()).toMatchObject({ errcode: 45065, msg_id: first.msg_id })
  })
})

describe('quota', () => {
  test('a subscription account sends once a Beijing day, to all or to a tag, console included', async () => {
    await sendall(world.sub, text('早'))
    const toTag = { ...text('午'), filter: { is_to_all: false, tag_id: world.sub.tagId } }
    expect(await sendall(world.sub, toTag)).toMatchObject({ errcode: 45028 })
    await world.director('/clock', { now: '2026-03-05T00:00:00+08:00' })
    await world.director(`/accounts/${world.sub.appid}/console/publish`, { title: '手动', notify: true })

    expect(await sendall(world.sub, toTag)).toMatchObject({ errcode: 45028 })
  })

  test('a failed send gives the day back', async () => {
    await script({ status: 'err(20001)' })
    await sendall(world.sub, text('早'))
    await world.advance(1000)

    expect(told()).toEqual(['err(20001)'])
    expect(await sendall(world.sub, text('晚'))).toMatchObject({ errcode: 0 })
  })

  test('a service account sends four times a month to all; tagged surplus fails only for those who had four', async () => {
    for (const one of ['一', '二', '三', '四']) {
      expect(await sendall(world.svc, text(one))).toMatchObject({ errcode: 0 })
      await world.advance(1000)
    }
    expect(await sendall(world.svc, text('五'))).toMatchObject({ errcode: 45028 })
    const { openids } = await world.director(`/accounts/${world.svc.appid}/readers/follow`, {})
    const [newcomer] = openids as string[]
    await world.call(world.svc, '/cgi-bin/tags/members/batchtagging', { tagid: world.svc.tagId, openid_list: [newcomer] })
    receiver.received.length = 0

    await sendall(world.svc, { ...text('标签'), filter: { is_to_all: false, tag_id: world.svc.tagId } })
    await world.advance(1000)
    expect(['TotalCount', 'FilterCount', 'SentCount'].map((one) => textOf(receiver.received[0]!.body, one))).toEqual([
      '4',
      '1',
      '1',
    ])
    await world.director('/clock', { now: '2026-04-01T00:00:00+08:00' })
    expect(await sendall(world.svc, text('五'))).toMatchObject({ errcode: 0 })
  })
})

describe('with API群发保护', () => {
  beforeEach(() => world.director(`/accounts/${world.sub.appid}`, { protection: true }, 'PATCH'))
  const confirm = (yes: boolean) => world.director(`/accounts/${world.sub.appid}/console/confirm`, { yes })

  test('nothing goes out before the administrator scans, and another send is refused meanwhile', async () => {
    const { msg_id } = await sendall(world.sub, text('等扫码'))
    await world.advance(minutes(10))
    expect(await status(world.sub, msg_id)).toBe('SENDING')
    expect(await sendall(world.sub, text('另一条'))).toMatchObject({ errcode: 89504 })

    await confirm(true)
    await world.advance(1000)
    expect(told()).toEqual(['send success'])
  })

  test('a refusal is err(40001), half an hour of silence err(40002)', async () => {
    await sendall(world.sub, text('被拒'))
    await confirm(false)
    await sendall(world.sub, text('没人扫'))
    await world.advance(minutes(29))
    expect(told()).toEqual(['err(40001)'])
    await world.advance(minutes(1))
    expect(told()).toEqual(['err(40001)', 'err(40002)'])
  })

  test('a send to a tag does not wait', async () => {
    await sendall(world.sub, { ...text('标签'), filter: { is_to_all: false, tag_id: world.sub.tagId } })
    await world.advance(1000)
    expect(told()).toEqual(['send success'])
  })
})

describe('deleting', () => {
  const remove = (body: object) => world.call(world.sub, '/cgi-bin/message/mass/delete', body)

  test('works for our own sends by id or address, once they are out', async () => {
    const { msg_id } = await sendall(world.sub, await news(world.sub))
    expect(await remove({ msg_id })).toMatchObject({ errcode: 40065 })
    await world.advance(1000)
    const url = textOf(receiver.received[0]!.body, 'ArticleUrl') ?? ''

    expect(await remove({ url, article_idx: 1 })).toMatchObject({ errcode: 0 })
    expect(await status(world.sub, msg_id)).toBe('DELETE')
    expect(await (await fetch(url)).text()).toContain('该内容已被发布者删除')
    expect(await remove({ msg_id })).toMatchObject({ errcode: 40065 })
  })

  test('is refused for what the console sent', async () => {
    const made = await world.director(`/accounts/${world.sub.appid}/console/publish`, { title: '手动', notify: true })

    expect(await remove({ msg_id: made.msgId })).toMatchObject({ errcode: 40059 })
    expect(await remove({ url: (made.urls as string[])[0] })).toMatchObject({ errcode: 40065 })
  })
})

test('an accepted send may be answered with an empty body', async () => {
  await script({ emptyReply: true })
  const token = await world.stableToken(world.sub)
  const { text: answer } = await world.raw(`/cgi-bin/message/mass/sendall?access_token=${token}`, {
    method: 'POST',
    body: JSON.stringify({ ...toAll, ...text('空') }),
  })

  expect(answer).toBe('')
  expect((await world.state(world.sub)).massSends).toHaveLength(1)
})
