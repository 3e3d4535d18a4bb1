import { expect, test } from 'vitest'
import { instant } from '../platform/time.ts'
import { handNotice, pageNotice, tellNotice } from './notices.ts'

const by = instant('2026-11-21T19:17:00Z')
const aPage = (drill = false) =>
  pageNotice({
    severity: 'P1',
    title: '账号被盗',
    client: '青禾教育',
    account: '青禾教育',
    now: '问一句：是您发的吗',
    tellBy: by,
    waitsFor: '等待接手',
    url: 'https://dx.example/m/i/1?k=a7K2Qm',
    code: 'a7K2Qm',
    agency: '云帆托管',
    drill,
  })

test('the first line alone tells what, whose, by when', () => {
  expect(aPage().text).toBe('P1 账号被盗 · 青禾教育，03:17前须告知客户。')
  expect(aPage().lines).toEqual(['现在做：问一句：是您发的吗', '告知客户：03:17 前', '负责人：等待接手'])
})

test('a drill is marked in every form in which it can be read or heard', () => {
  const page = aPage(true)
  const hand = handNotice({
    title: '账号被盗',
    client: '青禾教育',
    text: '王总，…',
    by,
    url: 'https://dx.example/m',
    code: 'a7K2Qm',
    drill: true,
  })

  for (const heard of [page.title, page.text, page.template!.values.level, hand.title, hand.text, hand.template!.values.client])
    expect(heard).toContain('【演练】')
  expect(JSON.stringify(aPage(false))).not.toContain('演练')
})

test('values of registered templates carry no address: carriers refuse those', () => {
  const tell = tellNotice({
    agency: '云帆托管',
    account: '青禾教育',
    kind: 'first',
    verifying: true,
    text: '王总，…',
    time: by,
    doing: '已暂停全部待发内容',
    next: by,
    url: 'https://dx.example/c/x',
    code: 'x',
  })
  for (const notice of [aPage(), tell])
    for (const value of Object.values(notice.template!.values)) expect(value).not.toMatch(/https?:|\/\//)
})

test('to a client a check is called a check, and the short text says only what it was given as done', () => {
  const facts = {
    agency: '云帆托管',
    account: '青禾教育',
    kind: 'first' as const,
    text: '王总，…',
    time: by,
    doing: '已暂停全部待发内容',
    url: 'https://dx.example/c/x',
    code: 'x',
  }

  expect(tellNotice({ ...facts, verifying: true }).template?.name).toBe('client-verifying')
  expect(tellNotice({ ...facts, verifying: false }).template?.name).toBe('client-first')
  expect(tellNotice({ ...facts, verifying: true }).template?.values).toEqual({
    at: '03:17',
    done: '已暂停全部待发内容',
    next: '',
    code: 'x',
  })
  expect(tellNotice({ ...facts, verifying: true }).title).not.toMatch(/盗|P1/)
})
