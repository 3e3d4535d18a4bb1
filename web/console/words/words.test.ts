import { expect, test } from 'vitest'
import { en } from './en.ts'
import { zh } from './zh.ts'

const entries = Object.entries(zh)
const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()

test('both languages have the same words with the same places to fill', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
  for (const [key, text] of entries) expect([key, places(en[key as keyof typeof zh])]).toEqual([key, places(text)])
})

test('Chinese words keep full-width punctuation and never raise their voice', () => {
  for (const [key, text] of entries) {
    expect([key, /[一-鿿][,:;?!]|[!！]/.test(text)]).toEqual([key, false])
  }
})

test('no button says only “OK” or “Cancel”', () => {
  for (const [key, text] of entries) expect([key, ['确定', '取消'].includes(text)]).toEqual([key, false])
})
