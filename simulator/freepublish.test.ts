import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aCover, aReceiver, aSimulator, drafted, hours, type Receiver } from './test-world.ts'
import { textOf } from './xml.ts'

const world = aSimulator()
let receiver: Receiver
beforeEach(async () => {
  receiver = await aReceiver()
  await world.director(`/accounts/${world.sub.appid}/callback`, { url: receiver.url, token: 'token', mode: 'plain' })
})
afterEach(() => receiver.close())

const submit = (media_id: string) => world.call(world.sub, '/cgi-bin/freepublish/submit', { media_id })
const job = (publish_id: unknown) => world.call(world.sub, '/cgi-bin/freepublish/get', { publish_id })
const script = (publish: object | object[]) => world.director(`/accounts/${world.sub.appid}/next`, { publish })
const events = () =>
  receiver.received.map((one) => [textOf(one.body, 'Event'), textOf(one.body, 'publish_id'), textOf(one.body, 'publish_status')])

test('accepted is not published: the article appears when the work is done, and the draft leaves its box', async () => {
  const media_id = await drafted(world, world.sub, { title: '春季上新' })
  const accepted = await submit(media_id)
  expect(accepted).toEqual({ errcode: 0, errmsg: 'ok', publish_id: expect.any(String), msg_data_id: expect.any(Number) })
  expect(await job(accepted.publish_id)).toMatchObject({ publish_status: 1, fail_idx: [] })
  expect(await world.call(world.sub, '/cgi-bin/draft/get', { media_id })).toHaveProperty('news_item')

  await world.advance(1000)

  const done = await job(accepted.publish_id)
  expect(done).toMatchObject({ publish_status: 0, article_detail: { count: 1 } })
  expect(await world.call(world.sub, '/cgi-bin/draft/get', { media_id })).toMatchObject({ errcode: 40007 })
  expect(events()).toEqual([['PUBLISHJOBFINISH', accepted.publish_id, '0']])
  const url = (done.article_detail as { item: { article_url: string }[] }).item[0]!.article_url
  expect(await (await fetch(url)).text()).toContain('春季上新')
})

test('in real time it finishes by itself a second later', async () => {
  await world.director('/clock', { freeze: false })
  await world.director('/switches', { publishDelayMs: 20 })
  const finished = new Promise<string>((resolve) => {
    receiver.answerWith((got) => {
      resolve(textOf(got.body, 'publish_status') ?? '')
      return 'success'
    })
  })
  await submit(await drafted(world, world.sub))

  expect(await finished).toBe('0')
})

test('submitting the same draft twice publishes it twice: nothing here protects the caller', async () => {
  const media_id = await drafted(world, world.sub)
  await submit(media_id)
  await submit(media_id)
  await world.advance(1000)

  expect(await world.call(world.sub, '/cgi-bin/freepublish/batchget', { offset: 0, count: 20 })).toMatchObject({ total_count: 2 })
})

describe('a scripted outcome', () => {
  test.each([2, 3, 4])('status %i is a failure that names the articles and leaves the draft', async (status) => {
    await script({ status, delayMs: 5000 })
    const media_id = await drafted(world, world.sub)
    const { publish_id } = await submit(media_id)
    await world.advance(5000)

    expect(await job(publish_id)).toMatchObject({ publish_status: status, fail_idx: status === 3 ? [] : [1] })
    expect(events()).toEqual([['PUBLISHJOBFINISH', publish_id, String(status)]])
    expect(await world.call(world.sub, '/cgi-bin/draft/count')).toEqual({ total_count: 1 })
  })

  test('status 1 never ends', async () => {
    await script({ status: 1 })
    const { publish_id } = await submit(await drafted(world, world.sub))
    await world.advance(hours(24))

    expect(await job(publish_id)).toMatchObject({ publish_status: 1 })
    expect(events()).toEqual([])
  })

  test('the event can fail to come, come twice, or come before the answer', async () => {
    await script([{ event: 'none' }, { event: 'twice' }, { event: 'before-response' }])
    await submit(await drafted(world, world.sub))
    await world.advance(1000)
    expect(events()).toHaveLength(0)
    await submit(await drafted(world, world.sub))
    await world.advance(1000)
    expect(events()).toHaveLength(2)

    const { publish_id } = await submit(await drafted(world, world.sub))
    expect(events().at(-1)).toEqual(['PUBLISHJOBFINISH', publish_id, '0'])
  })

  test('a refusal code refuses the call itself', async () => {
    await script({ status: 53503 })
    expect(await submit(await drafted(world, world.sub))).toMatchObject({ errcode: 53503 })
  })
})

describe('afterwards', () => {
  const published = async () => {
    const { publish_id } = await submit(await drafted(world, world.sub))
    await world.advance(1000)
    const { article_id, article_detail } = await job(publish_id)
    return { publish_id, article_id, url: (article_detail as { item: { article_url: string }[] }).item[0]!.article_url }
  }

  test('deleting is irreversible: the page says so, the status becomes 5, a second time is 53600', async () => {
    const { publish_id, article_id, url } = await published()

    expect(await world.call(world.sub, '/cgi-bin/freepublish/delete', { article_id })).toMatchObject({ errcode: 0 })
    expect(await (await fetch(url)).text()).toContain('该内容已被发布者删除')
    expect(await job(publish_id)).toMatchObject({ publish_status: 5 })
    expect(await world.call(world.sub, '/cgi-bin/freepublish/getarticle', { article_id })).toMatchObject({
      news_item: [{ is_deleted: true }],
    })
    expect(await world.call(world.sub, '/cgi-bin/freepublish/delete', { article_id })).toMatchObject({ errcode: 53600 })
    expect(events()).toHaveLength(1)
  })

  test('a ban is status 6, pushed only when the switch says so', async () => {
    await world.director('/switches', { pushLateStatus: true })
    const { publish_id, url } = await published()
    await world.director(`/accounts/${world.sub.appid}/platform/ban`, { url })

    expect(await job(publish_id)).toMatchObject({ publish_status: 6 })
    expect(events().at(-1)).toEqual(['PUBLISHJOBFINISH', publish_id, '6'])
  })

  test('without an index every article of the message goes; with one only that', async () => {
    const article = { title: '一', content: '文', thumb_media_id: await aCover(world, world.sub) }
    const two = await world.call(world.sub, '/cgi-bin/draft/add', { articles: [article, { ...article, title: '二' }] })
    const { publish_id } = await submit(String(two.media_id))
    await world.advance(1000)
    const { article_id } = await job(publish_id)

    await world.call(world.sub, '/cgi-bin/freepublish/delete', { article_id, index: 2 })

    const { news_item: left } = await world.call(world.sub, '/cgi-bin/freepublish/getarticle', { article_id })
    expect(left).toMatchObject([
      { title: '一', is_deleted: false },
      { title: '二', is_deleted: true },
    ])
  })

  test('unknown ids have their own codes', async () => {
    expect(await job('1')).toMatchObject({ errcode: 53502 })
    expect(await world.call(world.sub, '/cgi-bin/freepublish/getarticle', { article_id: 'x' })).toMatchObject({ errcode: 53600 })
  })
})
