import { expect, test } from 'vitest'
import { isForUs, nameOfPress } from './keyboard.ts'

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  nameOfPress({ key, ctrlKey: false, metaKey: false, altKey: false, ...more })

test('a key has the same name with and without capitals, and with Ctrl or ⌘', () => {
  expect(press('x')).toBe(press('X'))
  expect(press('k', { ctrlKey: true })).toBe('ctrl+k')
  expect(press('k', { metaKey: true })).toBe('ctrl+k')
  expect(press('?')).toBe('?')
})

test('no shortcut acts while an input method composes or a dialog lies over the page', () => {
  expect(isForUs('x', null, true, false)).toBe(false)
  expect(isForUs('ctrl+enter', null, false, true)).toBe(false)
  expect(isForUs('x', null, false, false)).toBe(true)
})

test('Enter belongs to the button or link that has the focus, letters to the field being typed in', () => {
  const focused = (tag: string) => ({ matches: (selector: string) => selector.split(', ').includes(tag) }) as Element

  expect(isForUs('enter', focused('button'), false, false)).toBe(false)
  expect(isForUs('x', focused('button'), false, false)).toBe(true)
  expect(isForUs('x', focused('textarea'), false, false)).toBe(false)
  expect(isForUs('ctrl+enter', focused('textarea'), false, false)).toBe(true)
})
