import { expect, test } from 'vitest'
import { aSimulator, minutes, picture } from './test-world.ts'

const world = aSimulator()
const add = (type: string, form: FormData) => world.call(world.sub, `/cgi-bin/material/add_material?type=${type}`, form)
const file = (name: string, bytes: number, first: number[] = []) => {
  const content = new Uint8Array(bytes)
  content.set(first)
  const form = new FormData()
  form.set('media', new Blob([content]), name)
  return form
}
const JPEG = [0xff, 0xd8, 0xff]

test('a permanent picture comes back byte for byte, is listed, counted and deleted', async () => {
  const { media_id, url } = await add('image', picture('店面.png'))
  const token = await world.stableToken(world.sub)
  const got = await fetch(`${world.url}/cgi-bin/material/get_material?access_token=${token}`, {
    method: 'POST',
    body: JSON.stringify({ media_id }),
  })
  const sent = await (picture().get('media') as Blob).arrayBuffer()

  expect(Buffer.from(await got.arrayBuffer()).equals(Buffer.from(sent))).toBe(true)
  expect(got.headers.get('content-type')).toBe('image/png')
  expect(
    await world.call(world.sub, '/cgi-bin/material/batchget_material', { type: 'image', offset: 0, count: 20 }),
  ).toMatchObject({
    total_count: 1,
    item: [{ media_id, name: '店面.png', url }],
  })
  expect(await world.call(world.sub, '/cgi-bin/material/get_materialcount')).toEqual({
    voice_count: 0,
    video_count: 0,
    image_count: 1,
    news_count: 0,
  })
  expect(await world.call(world.sub, '/cgi-bin/material/del_material', { media_id })).toMatchObject({ errcode: 0 })
  expect(await world.call(world.sub, '/cgi-bin/material/get_material', { media_id })).toMatchObject({ errcode: 40007 })
})

test('each kind has its own size and form', async () => {
  expect(await add('thumb', file('t.jpg', 65_537, JPEG))).toMatchObject({ errcode: 40012 })
  expect(await add('voice', file('v.mp3', 2 * 1_048_576 + 1))).toMatchObject({ errcode: 40010 })
  expect(await add('voice', file('v.txt', 10))).toMatchObject({ errcode: 40005 })
  expect(await add('image', file('not-a-picture.png', 100))).toMatchObject({ errcode: 40005 })
  expect(await add('music', picture())).toMatchObject({ errcode: 40004 })
  expect(await world.call(world.sub, '/cgi-bin/media/uploadimg', file('big.jpg', 1_048_576, JPEG))).toMatchObject({
    errcode: 40009,
  })
  expect(await world.call(world.sub, '/cgi-bin/media/uploadimg', new FormData())).toHaveProperty('errcode')
})

test('a video carries its description and a place to fetch it', async () => {
  const form = file('clip.mp4', 1000)
  form.set('description', JSON.stringify({ title: '开业', introduction: '现场' }))
  const { media_id } = await add('video', form)

  const video = await world.call(world.sub, '/cgi-bin/material/get_material', { media_id })
  expect(video).toMatchObject({ title: '开业', description: '现场' })
  expect((await (await fetch(String(video.down_url))).arrayBuffer()).byteLength).toBe(1000)
})

test('temporary material lives three days and is no cover', async () => {
  const { media_id } = await world.call(world.sub, '/cgi-bin/media/upload?type=image', picture())
  const get = async () => {
    const token = await world.stableToken(world.sub)
    return (await fetch(`${world.url}/cgi-bin/media/get?access_token=${token}&media_id=${media_id}`)).headers.get('content-type')
  }
  expect(await get()).toBe('image/png')
  expect(
    await world.call(world.sub, '/cgi-bin/draft/add', { articles: [{ title: '题', content: '文', thumb_media_id: media_id }] }),
  ).toMatchObject({ errcode: 40007 })
  await world.advance(minutes(3 * 24 * 60))
  expect(await get()).toMatch(/json/)
})

test('what the menu uses cannot be deleted', async () => {
  const { media_id } = await add('image', picture())
  await world.call(world.sub, '/cgi-bin/menu/create', { button: [{ type: 'media_id', name: '海报', media_id }] })

  expect(await world.call(world.sub, '/cgi-bin/material/del_material', { media_id })).toMatchObject({ errcode: 48005 })
})
