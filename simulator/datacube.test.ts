import { expect, test } from 'vitest'
import { aReceiver, aSimulator, drafted, hours } from './test-world.ts'

const world = aSimulator()
const TODAY = '2026-03-04'
const ask = (name: string, begin_date = TODAY, end_date = begin_date) =>
  world.call(world.sub, `/datacube/${name}`, { begin_date, end_date })
const nextMorning = (time: string) => world.director('/clock', { now: `2026-03-05T${time}+08:00` })

test('a day’s figures appear at eight the next morning and not before', async () => {
  expect(await ask('getusersummary')).toMatchObject({ errcode: 61501 })
  await nextMorning('07:59:59')
  expect(await ask('getusersummary')).toMatchObject({ errcode: 61503 })
  await nextMorning('08:00:00')
  expect(await ask('getusersummary')).toEqual({ list: [] })
})

test('dates must be dates, and ranges not too wide', async () => {
  expect(await ask('getusersummary', '04.03.2026')).toMatchObject({ errcode: 61500 })
  expect(await ask('getusersummary', '2026-02-01', '2026-02-08')).toMatchObject({ errcode: 61501 })
  expect(await ask('getusersummary', '2026-02-01', '2026-02-07')).toEqual({ list: [] })
})

test('followers who came and went are counted by source', async () => {
  await world.director(`/accounts/${world.sub.appid}/readers/follow`, { count: 3, source: 1 })
  await world.director(`/accounts/${world.sub.appid}/readers/unfollow`, { count: 5 })
  await nextMorning('09:00:00')

  expect(await ask('getusersummary')).toEqual({
    list: [
      { ref_date: TODAY, user_source: 1, new_user: 3, cancel_user: 0 },
      { ref_date: TODAY, user_source: 0, new_user: 0, cancel_user: 5 },
    ],
  })
  expect(await ask('getusercumulate', '2026-03-03', TODAY)).toEqual({
    list: [
      { ref_date: '2026-03-03', user_source: 0, cumulate_user: 20 },
      { ref_date: TODAY, user_source: 0, cumulate_user: 18 },
    ],
  })
})

test('the details of the day show every article, the console’s notified ones included', async () => {
  const loud = await world.director(`/accounts/${world.sub.appid}/console/publish`, { title: '手动群发', notify: true })
  await world.call(world.sub, '/cgi-bin/freepublish/submit', { media_id: await drafted(world, world.sub, { title: '静静发布' }) })
  await world.advance(1000)
  await world.director(`/accounts/${world.sub.appid}/readers/read`, {
    msgDataId: loud.msgDataId,
    index: 1,
    count: 120,
    shares: 4,
  })
  await nextMorning('08:00:00')

  const { list, is_delay } = await ask('getarticletotaldetail')
  expect(is_delay).toBe(false)
  expect(list).toMatchObject([
    {
      title: '手动群发',
      publish_type: 0,
      msgid: `${loud.msgDataId}_1`,
      content_url: (loud.urls as string[])[0],
      detail_list: [{ stat_date: TODAY, read_user: 120, share_user: 4 }],
    },
    { title: '静静发布', publish_type: 1 },
  ])
  expect(await ask('getarticleread')).toMatchObject({ list: [{ msgid: `${loud.msgDataId}_1`, detail: { read_user: 120 } }] })
  expect(await ask('getarticleshare')).toMatchObject({ list: [{ detail: { share_user: 4 } }] })
  expect(await ask('getbizsummary')).toMatchObject({ list: [{ detail: { read_user: 120, send_page_count: 2 } }] })
})

test.each(['getarticlesummary', 'getarticletotal', 'getuserread', 'getuserreadhour', 'getusershare', 'getusersharehour'])(
  '%s is retired',
  async (name) => {
    expect(await ask(name)).toMatchObject({
      errcode: 47009,
      errmsg: expect.stringContaining('this api is offline, please use the new api'),
    })
  },
)

test('messages are counted, and so are the pushes that we failed to take', async () => {
  const receiver = await aReceiver()
  await world.director(`/accounts/${world.sub.appid}/callback`, { url: receiver.url, token: 't', mode: 'plain' })
  await world.director(`/accounts/${world.sub.appid}/readers/message`, { content: '在吗' })
  receiver.answerWith(() => 'oops')
  await world.director(`/accounts/${world.sub.appid}/readers/message`, { content: '有人吗' })
  await receiver.close()
  await nextMorning('08:00:00')

  expect(await ask('getupstreammsg')).toEqual({ list: [{ ref_date: TODAY, msg_type: 1, msg_user: 1, msg_count: 2 }] })
  expect(await ask('getinterfacesummary')).toMatchObject({ list: [{ ref_date: TODAY, callback_count: 2, fail_count: 1 }] })
  expect(await ask('getinterfacesummaryhour')).toMatchObject({ list: [{ ref_hour: 1200, callback_count: 2 }] })
})

test('reads of later days are added to the article’s own list', async () => {
  const made = await world.director(`/accounts/${world.sub.appid}/console/publish`, { title: '长尾', notify: true })
  const read = (count: number) =>
    world.director(`/accounts/${world.sub.appid}/readers/read`, { msgDataId: made.msgDataId, index: 1, count })
  await read(10)
  await world.advance(hours(24))
  await read(3)
  await world.advance(hours(24))

  expect(await ask('getarticletotaldetail')).toMatchObject({
    list: [
      {
        detail_list: [
          { stat_date: TODAY, read_user: 10 },
          { stat_date: '2026-03-05', read_user: 3 },
        ],
      },
    ],
  })
})
