import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aReceiver, aSimulator, hours, minutes, type Receiver } from './test-world.ts'
import { textOf } from './xml.ts'

const world = aSimulator()
let receiver: Receiver
beforeEach(async () => {
  receiver = await aReceiver()
  await world.director(`/accounts/${world.svc.appid}/callback`, { url: receiver.url, token: 'token', mode: 'plain' })
})
afterEach(() => receiver.close())

const reader = (name: string, body: object = {}) =>
  world.director(`/accounts/${world.svc.appid}/readers/${name}`, { openid: world.svc.openids[0], ...body })
const write = async (touser = world.svc.openids[0]) =>
  (await world.call(world.svc, '/cgi-bin/message/custom/send', { touser, msgtype: 'text', text: { content: '抱歉' } })).errcode
const writeOften = async (times: number) => {
  const codes = []
  for (let i = 0; i < times; i++) codes.push(await write())
  return codes
}

describe('who may be written to', () => {
  test('nobody who has not acted', async () => {
    expect(await write()).toBe(45015)
  })

  test('whoever wrote in: five times within 48 hours', async () => {
    await reader('message')
    expect(await writeOften(6)).toEqual([0, 0, 0, 0, 0, 45047])
    await reader('message')
    await world.advance(hours(48))
    expect(await write()).toBe(45015)
  })

  test('whoever clicked the menu: three times within a minute; a link opens nothing', async () => {
    await reader('view')
    expect(await write()).toBe(45015)
    await reader('click', { key: 'HELP' })
    expect(await writeOften(4)).toEqual([0, 0, 0, 45047])
    await world.advance(minutes(1))
    expect(await write()).toBe(45015)
  })

  test('not those who left, shut us off, are minors, or are strangers', async () => {
    await reader('message')
    await reader('change', { blocksMessages: true })
    expect(await write()).toBe(48002)
    await reader('change', { blocksMessages: false, minor: true })
    expect(await write()).toBe(70000)
    await reader('change', { minor: false })
    await reader('unfollow')
    expect(await write()).toBe(43004)
    expect(await write('oNobody')).toBe(40003)
  })
})

test('a template message reports its end with a nineteen-digit id, written bare in JSON', async () => {
  const token = await world.stableToken(world.svc)
  const body = JSON.stringify({
    touser: world.svc.openids[0],
    template_id: 't',
    data: { thing1: { value: '更正' } },
    client_msg_id: 'once',
  })
  const send = async () =>
    (await world.raw(`/cgi-bin/message/template/send?access_token=${token}`, { method: 'POST', body })).text
  const answer = await send()
  await world.advance(1000)

  const id = /"msgid":(\d{19})\b/.exec(answer)?.[1]
  expect(textOf(receiver.received[0]!.body, 'MsgID')).toBe(id)
  expect(textOf(receiver.received[0]!.body, 'Status')).toBe('success')
  expect(await send()).toBe(answer)
})

test('a subscription notice goes once per consent, and not after a refusal', async () => {
  const notify = async () =>
    (
      await world.call(world.svc, '/cgi-bin/message/subscribe/bizsend', {
        touser: world.svc.openids[0],
        template_id: 't',
        data: { thing1: { value: '更正' } },
      })
    ).errcode
  await reader('consent', { templateId: 't', accept: false })
  expect(await notify()).toBe(43101)
  await reader('consent', { templateId: 't' })
  expect([await notify(), await notify()]).toEqual([0, 43101])
  await world.advance(1000)

  expect(
    receiver.received.map((one) => [
      textOf(one.body, 'Event'),
      textOf(one.body, 'SubscribeStatusString'),
      textOf(one.body, 'ErrorStatus'),
    ]),
  ).toEqual([
    ['subscribe_msg_popup_event', 'reject', undefined],
    ['subscribe_msg_popup_event', 'accept', undefined],
    ['subscribe_msg_sent_event', undefined, 'success'],
  ])
})

test('what was written both ways can be read back', async () => {
  await reader('message', { content: '在吗' })
  await write()
  const starttime = Date.parse('2026-03-04T00:00:00+08:00') / 1000

  expect(
    await world.call(world.svc, '/customservice/msgrecord/getmsglist', {
      starttime,
      endtime: starttime + 86_400,
      msgid: 1,
      number: 100,
    }),
  ).toMatchObject({
    number: 2,
    recordlist: [
      { opercode: 2003, text: '在吗' },
      { opercode: 2002, text: '抱歉' },
    ],
  })
})

describe('followers', () => {
  test('are listed in pages that end without data', async () => {
    const first = await world.call(world.svc, '/cgi-bin/user/get')
    expect(first).toMatchObject({ total: 20, count: 20, data: { openid: world.svc.openids }, next_openid: '' })
    const end = await world.call(world.svc, `/cgi-bin/user/get?next_openid=${world.svc.openids.at(-1)}`)
    expect(end).toEqual({ total: 20, count: 0, next_openid: '' })
  })

  test('have no name or picture, and those who left only an openid', async () => {
    const openid = world.svc.openids[0]
    const seen = await world.call(world.svc, `/cgi-bin/user/info?openid=${openid}`)
    expect(seen).toMatchObject({ subscribe: 1, openid, tagid_list: [world.svc.tagId] })
    expect(seen).not.toHaveProperty('nickname')
    await reader('unfollow')
    expect(await world.call(world.svc, '/cgi-bin/user/info/batchget', { user_list: [{ openid }] })).toEqual({
      user_info_list: [{ subscribe: 0, openid }],
    })
  })

  test('can be tagged, found by tag, and barred', async () => {
    const openid = world.svc.openids[9]
    const { tag } = await world.call(world.svc, '/cgi-bin/tags/create', { tag: { name: '老客' } })
    const { id } = tag as { id: number }
    await world.call(world.svc, '/cgi-bin/tags/members/batchtagging', { tagid: id, openid_list: [openid] })
    expect(await world.call(world.svc, '/cgi-bin/user/tag/get', { tagid: id })).toMatchObject({
      count: 1,
      data: { openid: [openid] },
    })
    expect(await world.call(world.svc, '/cgi-bin/tags/getidlist', { openid })).toEqual({ tagid_list: [id] })

    await reader('message', { openid })
    await world.call(world.svc, '/cgi-bin/tags/members/batchblacklist', { openid_list: [openid] })
    expect(await write(openid)).toBe(43019)
    expect(await world.call(world.svc, '/cgi-bin/tags/members/getblacklist', {})).toMatchObject({ total: 1 })

    expect(await world.call(world.svc, '/cgi-bin/tags/create', { tag: { name: '老客' } })).toMatchObject({ errcode: 45157 })
    expect(await world.call(world.svc, '/cgi-bin/tags/delete', { tag: { id: 2 } })).toMatchObject({ errcode: 45058 })
    expect(await world.call(world.svc, '/cgi-bin/tags/delete', { tag: { id } })).toMatchObject({ errcode: 0 })
  })
})
