import assert from 'node:assert/strict'
import { test } from 'vitest'
import type { ShownButton } from './menu.ts'
import { restorable } from './menu-restoring.ts'

const shown = (button: Partial<ShownButton>): ShownButton => ({
  name: '按钮',
  type: '',
  value: null,
  key: null,
  url: null,
  mediaId: null,
  articleId: null,
  appid: null,
  pagePath: null,
  news: [],
  children: [],
  ...button,
})
const story = (n: number) => ({ title: `文章${n}`, url: `https://mp/${n}`, coverUrl: 'c', digest: 'd' })

test('a menu that came from the API goes back as it was', () => {
  const buttons = [
    shown({ name: '查询', type: 'click', key: 'K' }),
    shown({
      name: '更多',
      children: [
        shown({ name: '官网', type: 'view', url: 'https://a' }),
        shown({ name: '图', type: 'media_id', mediaId: 'M' }),
        shown({ name: '文', type: 'article_id', articleId: 'A' }),
        shown({ name: '小程序', type: 'miniprogram', appid: 'wx1', pagePath: 'p', url: 'https://b' }),
        shown({ name: '扫', type: 'scancode_push', key: 'S' }),
      ],
    }),
  ]

  assert.deepEqual(restorable({ buttons }), {
    buttons: [
      { name: '查询', type: 'click', key: 'K' },
      {
        name: '更多',
        children: [
          { name: '官网', type: 'view', url: 'https://a' },
          { name: '图', type: 'media_id', mediaId: 'M' },
          { name: '文', type: 'article_id', articleId: 'A' },
          { name: '小程序', type: 'miniprogram', appid: 'wx1', pagePath: 'p', url: 'https://b' },
          { name: '扫', type: 'scancode_push', key: 'S' },
        ],
      },
    ],
    degraded: [],
    lost: [],
  })
})

test('a text from the console becomes a click that we answer with the same words', () => {
  const { buttons, degraded } = restorable({ buttons: [shown({ name: '地址', type: 'text', value: '广州天河' })] })

  const [change] = degraded
  assert.ok(change?.answer)
  assert.deepEqual(buttons, [{ name: '地址', type: 'click', key: change.answer.key }])
  assert.deepEqual(change.answer.reply, { type: 'text', content: '广州天河' })
  assert.ok(Buffer.byteLength(change.answer.key) <= 128)
})

test('a picture from the console warns that its file must be fetched in time', () => {
  const { degraded } = restorable({ buttons: [shown({ type: 'img', value: 'temporary' })] })
  assert.deepEqual(degraded[0]?.answer?.reply, { type: 'image', temporaryMediaId: 'temporary' })
})

test('one article behind a button becomes a link, several become a click', () => {
  const one = restorable({ buttons: [shown({ type: 'news', news: [story(1)] })] })
  const two = restorable({ buttons: [shown({ type: 'news', news: [story(1), story(2)] })] })

  assert.deepEqual(one.buttons, [{ name: '按钮', type: 'view', url: 'https://mp/1' }])
  assert.match(one.degraded[0]?.note ?? '', /文章1/)
  assert.deepEqual(two.degraded[0]?.answer?.reply, { type: 'news', articles: [story(1), story(2)] })
})

test('what no API accepts is named as lost, with the way to it', () => {
  const buttons = [shown({ name: '服务', children: [shown({ name: '视频号', type: 'finder', value: 'x' })] })]

  const { buttons: kept, lost } = restorable({ buttons })

  assert.deepEqual(kept, [])
  assert.deepEqual(
    lost.map(({ path }) => path),
    [['服务', '视频号'], ['服务']],
  )
  assert.match(lost[0]?.note ?? '', /手工/)
})

test('the same content keeps its key and other content gets another', () => {
  const key = (value: string) => restorable({ buttons: [shown({ type: 'text', value })] }).degraded[0]?.answer?.key
  assert.equal(key('a'), key('a'))
  assert.notEqual(key('a'), key('b'))
})

test('an empty menu restores to an empty menu', () => {
  assert.deepEqual(restorable({ buttons: [] }), { buttons: [], degraded: [], lost: [] })
})
