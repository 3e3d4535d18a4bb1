import { expect, test } from 'vitest'
import type { Json } from '../platform/json.ts'
import { hashOf } from './baseline.ts'

const menuHash = (content: object) => hashOf('menu', content as Json)

const shown = {
  is_menu_open: 1,
  selfmenu_info: {
    button: [
      { name: '服务', sub_button: { list: [{ type: 'view', name: '官网', url: 'https://brand.example/' }] } },
      { type: 'click', name: '客服', key: 'k' },
    ],
  },
}

test('the order of keys, empty lists and the shape of sub-menus are no difference', () => {
  const created = {
    button: [
      { sub_button: [{ url: 'https://brand.example/', name: '官网', type: 'view', sub_button: [] }], name: '服务' },
      { key: 'k', name: '客服', type: 'click', sub_button: [] },
    ],
  }

  expect(menuHash(created)).toBe(menuHash(shown))
  expect(menuHash({ menu: created })).toBe(menuHash(shown))
})

test.each([
  ['another address', { ...shown, selfmenu_info: { button: [{ type: 'view', name: '官网', url: 'https://evil.example/' }] } }],
  ['another order of buttons', { ...shown, selfmenu_info: { button: [...shown.selfmenu_info.button].reverse() } }],
  ['a menu switched off', { ...shown, is_menu_open: 0 }],
  ['no menu', { is_menu_open: 0, selfmenu_info: {} }],
])('%s is a difference', (_, other) => {
  expect(menuHash(other)).not.toBe(menuHash(shown))
})

test('a temporary id of a picture and the moment a rule was made are no difference; a text is', () => {
  const rule = (content: string, type: string, create_time: number) => ({
    keyword_autoreply_info: { list: [{ rule_name: '价格', create_time, reply_list_info: [{ type, content }] }] },
  })

  expect(hashOf('auto-reply', rule('media-1', 'img', 1))).toBe(hashOf('auto-reply', rule('media-2', 'img', 2)))
  expect(hashOf('auto-reply', rule('九折', 'text', 1))).not.toBe(hashOf('auto-reply', rule('加微信', 'text', 1)))
})
