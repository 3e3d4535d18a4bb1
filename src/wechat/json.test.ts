import assert from 'node:assert/strict'
import { test } from 'vitest'
import { moment, numberOrNull, text, textOrNull, UnexpectedAnswer } from './fields.ts'
import { parseJson } from './json.ts'

test('an id longer than a number can hold keeps every digit', () => {
  assert.deepEqual(parseJson('{"MsgID":4561255354251345929,"x":[9007199254740993,-9007199254740993]}'), {
    MsgID: '4561255354251345929',
    x: ['9007199254740993', '-9007199254740993'],
  })
})

test('an id is text whether it is short, long, a number or a string', () => {
  for (const value of ['3147504593', '"3147504593"']) {
    for (const name of ['msg_id', 'msgid', 'msg_data_id', 'publish_id', 'user_comment_id']) {
      assert.deepEqual(parseJson(`{"${name}":${value}}`), { [name]: '3147504593' })
    }
  }
})

test('other numbers stay numbers', () => {
  assert.deepEqual(parseJson('{"errcode":-1,"rate":0.25,"big":9007199254740991,"exp":1e20}'), {
    errcode: -1,
    rate: 0.25,
    big: 9007199254740991,
    exp: 1e20,
  })
})

test('what is no JSON is undefined, not an exception', () => {
  for (const body of ['', '<html>', '{"a":', '{"a":1}x']) assert.equal(parseJson(body), undefined)
})

test('a field may come as text or number, be empty or absent', () => {
  assert.equal(textOrNull({ a: 5 }, 'a'), '5')
  assert.equal(textOrNull({ a: '' }, 'a'), null)
  assert.equal(numberOrNull({ a: '12' }, 'a'), 12)
  assert.equal(numberOrNull({ a: 'x' }, 'a'), null)
  assert.equal(moment({ a: 1763811064 }, 'a'), '2025-11-22T11:31:04.000Z')
  assert.equal(moment({ a: 0 }, 'a'), null)
  assert.throws(() => text({}, 'publish_id'), UnexpectedAnswer)
})
