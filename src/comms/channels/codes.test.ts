import { expect, test } from 'vitest'
import { hours, instant, minutes, seconds } from '../../platform/time.ts'
import { judgeAliyunSms, judgeAliyunVoice } from './codes-aliyun.ts'
import { judgeDingtalk, judgeDingtalkNew } from './codes-dingtalk.ts'
import { judgeFeishu } from './codes-feishu.ts'
import { judgeTencent } from './codes-tencent.ts'
import { judgeWecom } from './codes-wecom.ts'
import { resultOf } from './verdicts.ts'

const eleven = Date.parse(instant('2026-11-22T23:00:00+08:00'))

test.each([
  [0, 'ok'],
  [-1, 'later'],
  [45009, 'later'],
  [45033, 'later'],
  [93000, 'never'],
  [40058, 'never'],
  [40008, 'never'],
  [44004, 'never'],
  [45002, 'never'],
  [40014, 'token'],
  [41001, 'token'],
  [42001, 'token'],
  [60020, 'never'],
  [81013, 'never'],
  [48002, 'never'],
  [50003, 'never'],
  [301002, 'never'],
  [84061, 'never'],
  [Number.NaN, 'unknown'],
])('WeCom %d is %s', (code, kind) => {
  expect(judgeWecom(code).class).toBe(kind)
})

test.each([
  [0, 'ok'],
  [130101, 'later'],
  [90030, 'later'],
  [410100, 'later'],
  [400101, 'never'],
  [400102, 'never'],
  [400013, 'never'],
  [430101, 'never'],
  [430104, 'never'],
  [-1, 'later'],
  [88, 'never'],
  [40001, 'token'],
  [40014, 'token'],
  [Number.NaN, 'unknown'],
])('DingTalk %d is %s', (code, kind) => {
  expect(judgeDingtalk(code, '').class).toBe(kind)
})

test('DingTalk says "wait 5" and means ten minutes', () => {
  expect(judgeDingtalk(130101, 'send too fast')).toMatchObject({ afterMs: minutes(10) })
})

test.each([
  [401, 'InvalidAuthentication', 'token'],
  [429, 'Forbidden.AccessDenied.QpsLimitForApi', 'later'],
  [503, 'ServiceUnavailable', 'later'],
  [403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied', 'never'],
  [400, 'param.userNotFound', 'never'],
])('DingTalk, newer API: HTTP %d %s is %s', (status, code, kind) => {
  expect(judgeDingtalkNew(status, code).class).toBe(kind)
})

test.each([
  [0, 'ok'],
  [19021, 'never'],
  [19022, 'never'],
  [19024, 'never'],
  [9499, 'never'],
  [11232, 'later'],
  [99991400, 'later'],
  [99991663, 'token'],
  [230001, 'never'],
  [Number.NaN, 'unknown'],
])('Feishu %d is %s', (code, kind) => {
  expect(judgeFeishu(code, new Headers()).class).toBe(kind)
})

test.each(['soon', '0', '-3', ''])('Feishu: a reset header of %j still gives a sensible wait', (reset) => {
  expect(judgeFeishu(99991400, new Headers({ 'x-ogw-ratelimit-reset': reset }))).toMatchObject({ afterMs: seconds(5) })
})

test.each([
  ['触发分钟级流控Permits:1', minutes(1)],
  ['触发小时级流控Permits:5', hours(1)],
  ['触发天级流控Permits:10', hours(24)],
])('Aliyun names the window only in its message: %s', (text, afterMs) => {
  expect(judgeAliyunSms('isv.BUSINESS_LIMIT_CONTROL', text)).toMatchObject({ class: 'later', afterMs })
})

test('without a named window a telephone is tried again after its hour', () => {
  expect(judgeAliyunVoice('isv.BUSINESS_LIMIT_CONTROL', '')).toMatchObject({ afterMs: hours(1) })
  expect(judgeAliyunVoice('Throttling.Api', '')).toMatchObject({ class: 'later' })
  expect(judgeAliyunVoice('', '')).toMatchObject({ class: 'unknown' })
})

test.each([
  ['Ok', 'ok'],
  ['LimitExceeded.PhoneNumberThirtySecondLimit', 'later'],
  ['LimitExceeded.SomethingNew', 'later'],
  ['RequestLimitExceeded', 'later'],
  ['InternalError.Timeout', 'unknown'],
  ['InternalError.SomethingNew', 'unknown'],
  ['InternalError.UpstreamError', 'later'],
  ['LimitExceeded.PhoneNumberCountLimit', 'never'],
  ['FailedOperation.TemplateIncorrectOrUnapproved', 'never'],
  ['AuthFailure.SecretIdNotFound', 'never'],
  ['', 'unknown'],
])('Tencent %s is %s', (code, kind) => {
  expect(judgeTencent(code, eleven).class).toBe(kind)
})

test("Tencent's day ends at midnight in Beijing", () => {
  expect(judgeTencent('LimitExceeded.PhoneNumberDailyLimit', eleven)).toMatchObject({ afterMs: hours(1) })
})

test('a person reads what happened, what is true and what to do', () => {
  const told = resultOf({ class: 'later', afterMs: minutes(10), say: '超过每分钟 20 条' }, '钉钉群机器人', '130101')

  expect(told).toMatchObject({ reason: '钉钉群机器人（130101）：超过每分钟 20 条。消息没有发出，10 分钟后可以再试。' })
})
