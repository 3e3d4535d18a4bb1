import assert from 'node:assert/strict'
import { test } from 'vitest'
import { maskedJson, maskedText } from './masking.ts'

const openid = 'oABCDEFGHIJKLMNOPQRSTUVWXYZ0'

test('no token, secret, ticket or code is kept of a request, at any depth', () => {
  const request = {
    component_appsecret: 's1',
    component_verify_ticket: 's2',
    authorization_code: 's3',
    deep: [{ authorizer_refresh_token: 's4', title: '标题' }],
  }
  assert.deepEqual(maskedJson(request), {
    component_appsecret: '***',
    component_verify_ticket: '***',
    authorization_code: '***',
    deep: [{ authorizer_refresh_token: '***', title: '标题' }],
  })
})

test('error codes and other harmless things stay readable', () => {
  assert.equal(maskedText('{"errcode":40001,"errmsg":"no","media_id":"M"}'), '{"errcode":40001,"errmsg":"no","media_id":"M"}')
})

test('nor of an answer, even when it is broken off or quotes a request inside', () => {
  const answers = [
    '{"access_token":"s1-\\"quoted\\"-s2","expires_in":7200}',
    '{"authorizer_refresh_token" : "s1-cut off s2',
    JSON.stringify({
      request: { request_url: 'https://api/x?access_token=s1&a=1', request_body: JSON.stringify({ appid: 'wx', secret: 's2' }) },
    }),
  ]
  for (const answer of answers) assert.doesNotMatch(maskedText(answer), /s1|s2/, answer)
})

test('the token in use is masked wherever it appears', () => {
  assert.equal(maskedText('echo of TOKEN-123 here', ['TOKEN-123']), 'echo of *** here')
})

test('a person is shortened to what tells two apart but does not find them', () => {
  assert.deepEqual(maskedJson({ touser: openid }), { touser: 'oABCDE…XYZ0' })
  assert.equal(maskedText(`{"openid":"${openid}"}`), '{"openid":"oABCDE…XYZ0"}')
})

test('long texts and lists are cut and say how long they were', () => {
  assert.match(String(maskedJson('x'.repeat(500))), /500 characters/)
  assert.match(JSON.stringify(maskedJson([...Array(100).keys()])), /100 in all/)
})
