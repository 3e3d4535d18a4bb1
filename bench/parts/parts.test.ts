import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { decrypt } from '../../simulator/crypto.ts'
import { compare } from './arrivals.ts'
import { median, percentile } from './figures.ts'
import { messageOf } from './messages.ts'
import { numberFlag, readCommandLine } from './options.ts'
import { prepare } from './requests.ts'
import { readAnswer } from './wire.ts'

const receiver = { userName: 'gh_bench', createTime: 1_750_000_000 }
const numbers = Array.from({ length: 10_000 }, (_, number) => number)
const rowOf = (number: number) => {
  const { kind, platformId } = messageOf(number, receiver)
  return { kind, platform_id: platformId ?? null }
}

test('the nearest rank is a value that was measured', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)

  expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile(hundred, 1)]).toEqual([50, 99, 100])
  expect(median([9, 1, 5])).toBe(5)
  expect(percentile([], 0.99)).toBeNaN()
})

test('no two messages are the same, and one in five thousand is about the account', () => {
  const messages = numbers.map((number) => messageOf(number, receiver))

  expect(new Set(messages.map(({ xml }) => xml)).size).toBe(numbers.length)
  expect(messages.filter(({ platformId }) => platformId)).toHaveLength(2)
})

test('when all that was accepted is there once, nothing is lost and nothing twice', () => {
  const all = { accepted: numbers, sent: numbers, sender: receiver }

  expect(compare(all, numbers.map(rowOf))).toEqual({ lost: 0, twice: 0 })
})

test('a missing row is lost, a surplus row is twice, and neither hides the other', () => {
  const all = { accepted: numbers, sent: numbers, sender: receiver }
  const rows = numbers.map(rowOf)

  expect(compare(all, rows.slice(0, -1))).toEqual({ lost: 1, twice: 0 })
  expect(compare(all, [...rows, rowOf(3)])).toEqual({ lost: 0, twice: 1 })
  // The report 5000 is missing and the report 0 is there twice: the number of rows is right, the rows are not.
  expect(compare(all, [...rows.filter((_, number) => number !== 5000), rowOf(0)])).toEqual({ lost: 1, twice: 1 })
})

test('what was sent and never answered may be there or not', () => {
  const half = { accepted: numbers.slice(0, 200), sent: numbers, sender: receiver }

  expect(compare(half, numbers.slice(0, 200).map(rowOf))).toEqual({ lost: 0, twice: 0 })
  expect(compare(half, numbers.map(rowOf))).toEqual({ lost: 0, twice: 0 })
})

test('a request is a whole push of WeChat, and a repeat has the same message under another seal', () => {
  const sender = { ...receiver, path: '/wx/door', token: 'token', aesKey: 'k'.repeat(43), appid: 'wx0123456789abcdef' }
  const prepared = prepare(sender, { from: 0, to: 300 })
  const messageIn = (bytes: Buffer) => decrypt(sender.aesKey, /<Encrypt><!\[CDATA\[(.+?)\]\]>/.exec(bytes.toString())![1]!)
  const first = prepared.filter(({ number }) => number === 50)

  expect(prepared).toHaveLength(300 + 2)
  expect(first).toHaveLength(2)
  expect(first.map(({ bytes }) => messageIn(bytes).message)).toEqual(Array(2).fill(messageOf(50, sender).xml))
  expect(new Set(first.map(({ bytes }) => createHash('sha1').update(bytes).digest('hex'))).size).toBe(2)
})

test('an answer is read when it is complete, not before', () => {
  const sized = 'HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nsuccess'
  const chunked = 'HTTP/1.1 503 Service Unavailable\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'

  expect(readAnswer(sized.slice(0, -1))).toBeUndefined()
  expect(readAnswer(sized)).toEqual({ status: 200, body: 'success' })
  expect(readAnswer(chunked.slice(0, -5))).toBeUndefined()
  expect(readAnswer(chunked)?.status).toBe(503)
})

test('the command line says which bench, how, and refuses what it does not understand', () => {
  expect(readCommandLine(['ingest', '--json', '--count', '500'])).toEqual({
    name: 'ingest',
    json: true,
    quick: false,
    flags: { count: '500' },
  })
  expect(() => readCommandLine(['ingest', 'start'])).toThrow('one bench at a time')
  expect(() => readCommandLine(['ingest', '--count', '--json'])).toThrow('--count needs a value')
  expect(() => numberFlag({ flags: { count: '1e9' } }, 'count', 1, 1000)).toThrow('from 1 to 1000')
})
