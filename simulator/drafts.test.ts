import { expect, test } from 'vitest'
import { aSimulator, drafted, picture } from './test-world.ts'

const world = aSimulator()
const draft = (media_id: string) => world.call(world.sub, '/cgi-bin/draft/get', { media_id })

test('a body loses its scripts and foreign pictures and keeps its own', async () => {
  const { url } = await world.call(world.sub, '/cgi-bin/media/uploadimg', picture('body.png'))
  const content = `<p onclick="x()">茶</p><script>steal()</script><img src="https://elsewhere.example/a.png"><img class="k" src="${url}">`
  const id = await drafted(world, world.sub, { content })

  const { news_item } = await draft(id)
  expect(news_item).toMatchObject([{ content: `<p>茶</p><img class="k" src="${url}">` }])
  expect((await fetch(String(url))).headers.get('content-type')).toBe('image/png')
})

test('letters arrive as written, in raw UTF-8', async () => {
  const id = await drafted(world, world.sub, { title: '春茶 🍵 上新' })
  const token = await world.stableToken(world.sub)
  const { text } = await world.raw(`/cgi-bin/draft/get?access_token=${token}`, {
    method: 'POST',
    body: JSON.stringify({ media_id: id }),
  })

  expect(text).toContain('"title":"春茶 🍵 上新"')
})

test('escaped letters are refused, because readers would see them as they stand', async () => {
  const token = await world.stableToken(world.sub)
  const { text } = await world.raw(`/cgi-bin/draft/add?access_token=${token}`, {
    method: 'POST',
    body: '{"articles":[{"title":"\\u6625"}]}',
  })

  expect(JSON.parse(text)).toMatchObject({ errcode: 40033 })
})

test('each limit has its own refusal', async () => {
  const thumb_media_id = (await world.call(world.sub, '/cgi-bin/material/add_material?type=image', picture())).media_id
  const add = async (article: object) =>
    (
      await world.call(world.sub, '/cgi-bin/draft/add', {
        articles: [{ title: '题', content: '文', thumb_media_id, ...article }],
      })
    ).errcode

  expect(await add({ title: '长'.repeat(32) })).toBeUndefined()
  expect(await add({ title: '长'.repeat(33) })).toBe(45003)
  expect(await add({ author: '长'.repeat(17) })).toBe(45110)
  expect(await add({ digest: '长'.repeat(129) })).toBe(45004)
  expect(await add({ content: '长'.repeat(20_000) })).toBe(45002)
  expect(await add({ thumb_media_id: 'gone' })).toBe(40007)
  expect((await world.call(world.sub, '/cgi-bin/draft/add', { articles: Array(9).fill({}) })).errcode).toBe(45008)
})

test('before 19 December 2025 a title could have 64 letters, before 26 November an author eight', async () => {
  const at = (now: string) => world.director('/clock', { now })
  await at('2025-11-25T12:00:00+08:00')
  await expect(drafted(world, world.sub, { title: '长'.repeat(64), author: '长'.repeat(8) })).resolves.toBeTypeOf('string')
  await expect(drafted(world, world.sub, { author: '长'.repeat(9) })).rejects.toThrow('45110')
  await at('2025-12-18T23:59:00+08:00')
  await expect(drafted(world, world.sub, { title: '长'.repeat(64), author: '长'.repeat(16) })).resolves.toBeTypeOf('string')
  await at('2025-12-19T00:00:00+08:00')
  await expect(drafted(world, world.sub, { title: '长'.repeat(33) })).rejects.toThrow('45003')
})

test('updating replaces one article and deleting is final', async () => {
  const id = await drafted(world, world.sub)
  const first = ((await draft(id)).news_item as { thumb_media_id: string }[])[0]!
  const articles = { title: '改过', content: '<p>改</p>', thumb_media_id: first.thumb_media_id }

  expect(await world.call(world.sub, '/cgi-bin/draft/update', { media_id: id, index: 1, articles })).toMatchObject({
    errcode: 40114,
  })
  expect(await world.call(world.sub, '/cgi-bin/draft/update', { media_id: id, index: 0, articles })).toMatchObject({ errcode: 0 })
  expect(await draft(id)).toMatchObject({ news_item: [{ title: '改过' }] })
  await world.call(world.sub, '/cgi-bin/draft/delete', { media_id: id })
  expect(await draft(id)).toMatchObject({ errcode: 40007 })
})

test('the box lists the newest first, with or without bodies', async () => {
  await drafted(world, world.sub, { title: '旧' })
  await world.advance(1000)
  await drafted(world, world.sub, { title: '新' })

  const listed = await world.call(world.sub, '/cgi-bin/draft/batchget', { offset: 0, count: 20, no_content: 1 })
  expect(listed).toMatchObject({ total_count: 2, item_count: 2 })
  const titles = (listed.item as { content: { news_item: { title: string; content?: string }[] } }[]).map(
    (one) => one.content.news_item[0],
  )
  expect(titles.map((one) => one?.title)).toEqual(['新', '旧'])
  expect(titles[0]).not.toHaveProperty('content')
})

test('a draft can be looked at by its temporary address', async () => {
  const id = await drafted(world, world.sub, { title: '预览我' })
  const url = ((await draft(id)).news_item as { url: string }[])[0]!.url

  expect(await (await fetch(url)).text()).toContain('预览我')
})
