import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'vitest'
import { problemTable } from './problem-table.ts'
import { asCredentialProblem, noAnswer, problemOf, ridIn } from './problems.ts'

const { codes } = JSON.parse(readFileSync('fixtures/wechat/error-codes.json', 'utf8')) as {
  codes: { code: number; class: string }[]
}

test('every collected error code is known, in the class it was collected with', () => {
  const ours = codes.map(({ code }) => ({ code, class: problemTable.get(code)?.class }))

  assert.ok(codes.length > 250)
  assert.deepEqual(ours, codes)
})

test('the table claims nothing beyond what was collected', () => {
  const collected = new Set(codes.map(({ code }) => code))
  assert.deepEqual(
    [...problemTable.keys()].filter((code) => !collected.has(code)),
    [],
  )
})

const said = (code: number, errmsg = 'something') => problemOf({ code, errmsg }, '/cgi-bin/draft/add', 'write')

test('every problem speaks Chinese, says what to do and ends as a sentence', () => {
  for (const { code } of codes) assert.match(said(code).message, /[\u4e00-\u9fff]{2}.*（-?\d+）。[^。]+.*。$/, String(code))
})

test('only an ambiguous answer and a too-quick repetition leave the outcome open', () => {
  const open = codes.filter(({ code }) => said(code).outcome === 'unknown').map(({ code }) => code)
  assert.deepEqual(open, [-1, 45066, 61450, 268487001, 268487002, 268488001])
})

test('a busy system is a question on a write and only a nuisance on a read', () => {
  assert.deepEqual([said(-1).class, said(-1).outcome], ['ambiguous', 'unknown'])
  const read = problemOf({ code: -1, errmsg: 'system error' }, '/cgi-bin/draft/get', 'read')
  assert.deepEqual([read.class, read.outcome], ['retry', 'not-executed'])
})

test('a code nobody has described stops things and shows the words of WeChat', () => {
  const problem = said(99999, 'brand new refusal')
  assert.equal(problem.class, 'unknown-code')
  assert.match(problem.message, /99999.*brand new refusal/)
})

test('a refused address is named, so that it can be put on the whitelist', () => {
  const problem = said(40164, 'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 64f0a1b2-12ab34cd-56ef7890')

  assert.equal(problem.callerIp, '203.0.113.7')
  assert.equal(problem.rid, '64f0a1b2-12ab34cd-56ef7890')
  assert.match(problem.message, /203\.0\.113\.7/)
})

describe('the request id', () => {
  test('is found in the new form and the old', () => {
    assert.equal(ridIn('invalid media_id rid: 64f0a1b2-12ab34cd-56ef7890'), '64f0a1b2-12ab34cd-56ef7890')
    assert.equal(ridIn('invalid credential hint: [abcd1234]'), 'abcd1234')
    assert.equal(ridIn('ok'), null)
  })
})

test('a message that was already accepted carries its id and says not to send again', () => {
  const problem = problemOf(
    { code: 45065, errmsg: 'clientmsgid exist', msgId: '3147494552' },
    '/cgi-bin/message/mass/sendall',
    'write',
  )

  assert.equal(problem.msgId, '3147494552')
  assert.match(problem.message, /不要再发/)
})

test('a wrong secret at the token endpoint is a setting to correct, not a token to renew', () => {
  assert.equal(asCredentialProblem(said(40001)).class, 'config')
  assert.equal(asCredentialProblem(said(40243)).code, 40243)
})

test('silence after a write is an open question; after a read it is not', () => {
  assert.deepEqual([noAnswer('x', 'p', 'write').class, noAnswer('x', 'p', 'write').outcome], ['ambiguous', 'unknown'])
  assert.deepEqual([noAnswer('x', 'p', 'read').class, noAnswer('x', 'p', 'read').outcome], ['retry', 'not-executed'])
})
