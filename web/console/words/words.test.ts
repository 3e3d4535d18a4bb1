import { expect, test } from 'vitest'
import { en } from './en.ts'
import { setupEn } from './setup-en.ts'
import { setupZh } from './setup-zh.ts'
import { zh } from './zh.ts'

const chinese: Record<string, string> = { ...zh, ...setupZh }
const english: Record<string, string> = { ...en, ...setupEn }
const entries = Object.entries(chinese)
const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()

test('both languages have the same words with the same places to fill', () => {
  expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort())
  for (const [key, text] of entries) expect([key, places(english[key] ?? '')]).toEqual([key, places(text)])
})

test('Chinese words keep full-width punctuation and never raise their voice', () => {
  for (const [key, text] of entries) {
    expect([key, /[一-鿿][,:;?!]|[!！]/.test(text)]).toEqual([key, false])
  }
})

test('no button says only “OK” or “Cancel”', () => {
  for (const [key, text] of entries) expect([key, ['确定', '取消'].includes(text)]).toEqual([key, false])
})
