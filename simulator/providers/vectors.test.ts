import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { providers } from './index.ts'
import { sealForApp, unsealFromApp, wecomSignature } from './wecom-seal.ts'

// The providers' published samples, on the provider's side: it must accept what the samples sign, and nothing else.

const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'

test("WeCom's envelope is sealed and opened as in its own samples", () => {
  const sealed = sealForApp(
    aesKey,
    'wx5823bf96d3bd56c7',
    '0123456789abcdef',
    '<xml><Event><![CDATA[template_card_event]]></Event></xml>',
  )

  expect(sealed).toBe(
    'sKqRbbiSUnDhFHOvPjtUMRaC1jud9XKQi4jPrNGQF6NuMYGcVS1j7ydc6MhXPmq3B9B5mrIBthNYa9/Xag9jeJ8oRRIF8ZLj2dI0wPxB2pYECWOEpZF0JS3YuBBwaxKE',
  )
  expect(wecomSignature('QDG6eK', '1767323045', 'nonce1', sealed)).toBe('94d6c880c38ea75585cdd28fb66f0eefbbd5c542')
  expect(unsealFromApp(aesKey, 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==')).toBe(
    '1616140317555161061',
  )
})

async function at(moment: number | string, credentials: Record<string, Record<string, string>>) {
  const simulator = providers({ now: () => (typeof moment === 'number' ? moment * 1000 : Date.parse(moment)), random: () => 0.5 })
  const call = async (url: string, init: RequestInit = {}) => {
    const response = await simulator.handle(new Request(url, init))
    return (await response?.json()) as Record<string, unknown>
  }
  await call('http://sim/_sim/providers/config', { method: 'POST', body: JSON.stringify({ credentials }) })
  return call
}

const v1 =
  'AccessKeyId=testId&Action=SendSms&Format=XML&OutId=123&PhoneNumbers=15300000001&RegionId=cn-hangzhou&SignName=%E9%98%BF%E9%87%8C%E4%BA%91%E7%9F%AD%E4%BF%A1%E6%B5%8B%E8%AF%95%E4%B8%93%E7%94%A8&SignatureMethod=HMAC-SHA1&SignatureNonce=45e25e9b-0a6f-4070-8c85-2956eda1b466&SignatureVersion=1.0&TemplateCode=SMS_71390007&TemplateParam=%7B%22customer%22%3A%22test%22%7D&Timestamp=2017-07-12T02%3A42%3A19Z&Version=2017-05-25'

test.each([
  ['GET', 'zJDF+Lrzhj/ThnlvIToysFRq6t4=', 'isv.SMS_SIGNATURE_ILLEGAL'],
  ['POST', 'Xvhv7fPXrPkLVSnlt0jIr08o8NQ=', 'isv.SMS_SIGNATURE_ILLEGAL'],
  ['GET', 'aJDF+Lrzhj/ThnlvIToysFRq6t4=', 'SignatureDoesNotMatch'],
])('Aliyun, older signature: a %s signed %s gets %s', async (method, signature, code) => {
  const call = await at('2017-07-12T02:42:19Z', { aliyun: { accessKeyId: 'testId', accessKeySecret: 'testSecret' } })

  // Past the signature the sample's own signature name is unknown here: that is the answer of one who was let in.
  expect(await call(`http://sim/aliyun/?${v1}&Signature=${encodeURIComponent(signature)}`, { method })).toMatchObject({
    Code: code,
  })
})

test.each([
  ['45dac40fd5b22320671139c9c93e2e13b9dd9d81958fdafc203e67307e808b4d', 'isv.SMS_SIGNATURE_ILLEGAL'],
  ['55dac40fd5b22320671139c9c93e2e13b9dd9d81958fdafc203e67307e808b4d', 'SignatureDoesNotMatch'],
])('Aliyun, ACS3: a call signed %s gets %s', async (signature, code) => {
  const call = await at('2026-01-02T03:04:05Z', { aliyun: { accessKeyId: 'testId', accessKeySecret: 'testSecret' } })
  const names = 'host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version'
  const query = new URLSearchParams({
    PhoneNumbers: '13900000000',
    SignName: '阿里云',
    TemplateCode: 'SMS_15305000',
    TemplateParam: '{"code":"1234"}',
  })

  const answer = await call(`http://dysmsapi.aliyuncs.com/aliyun/?${query}`, {
    method: 'POST',
    headers: {
      'x-acs-action': 'SendSms',
      'x-acs-version': '2017-05-25',
      'x-acs-date': '2026-01-02T03:04:05Z',
      'x-acs-signature-nonce': '0123456789abcdef0123456789abcdef',
      'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      authorization: `ACS3-HMAC-SHA256 Credential=testId,SignedHeaders=${names},Signature=${signature}`,
    },
  })

  expect(answer).toMatchObject({ Code: code })
})

test.each([
  ['63e2592a8fe69f2b00c9f1546920b7bc31e1cd01a1f7a85590bf9b5392a9ba74', 1767323045, 'UnauthorizedOperation.SmsSdkAppIdVerifyFail'],
  ['73e2592a8fe69f2b00c9f1546920b7bc31e1cd01a1f7a85590bf9b5392a9ba74', 1767323045, 'AuthFailure.SignatureFailure'],
  ['63e2592a8fe69f2b00c9f1546920b7bc31e1cd01a1f7a85590bf9b5392a9ba74', 1767323045 + 301, 'AuthFailure.SignatureExpire'],
])('Tencent: a call signed %s, looked at at %i, gets %s', async (signature, now, code) => {
  const call = await at(now, { tencent: { secretId: 'AKIDexample', secretKey: 'SKexample' } })

  const answer = await call('http://sms.tencentcloudapi.com/tencent/', {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-tc-action': 'SendSms',
      'x-tc-version': '2021-01-11',
      'x-tc-region': 'ap-guangzhou',
      'x-tc-timestamp': '1767323045',
      authorization: `TC3-HMAC-SHA256 Credential=AKIDexample/2026-01-02/sms/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=${signature}`,
    },
    body: '{"PhoneNumberSet":["+8613900000000"],"SmsSdkAppId":"1400006666","SignName":"腾讯云","TemplateId":"1110","TemplateParamSet":["1234"]}',
  })

  expect(answer).toMatchObject({ Response: { Error: { Code: code } } })
})

test.each([
  ['8mVlT9l8MctCL%2BPEVtn%2FeYPNWk88pSFq2eGXy96zTZA%3D', '1767323045000', 0],
  // Not encoded, a plus sign arrives as a space.
  ['8mVlT9l8MctCL+PEVtn/eYPNWk88pSFq2eGXy96zTZA=', '1767323045000', 310000],
  ['8mVlT9l8MctCL%2BPEVtn%2FeYPNWk88pSFq2eGXy96zTZA%3D', '1767323045', 310000],
])('DingTalk: sign=%s with timestamp %s gets %i', async (sign, timestamp, errcode) => {
  const call = await at(1767323045, { dingtalk: { robotToken: 'T', robotSecret: 'SEC0123456789abcdef' } })
  const body = JSON.stringify({ msgtype: 'text', text: { content: 'hello' } })

  expect(
    await call(`http://sim/dingtalk/robot/send?access_token=T&timestamp=${timestamp}&sign=${sign}`, { method: 'POST', body }),
  ).toMatchObject({ errcode })
})

test.each([
  ['l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=', '1599360473', 0],
  // The DingTalk way round.
  ['DkEDUyVoOOJ539qBvUgMyzkzIdRWlf4e/V3Rq+ONJnQ=', '1599360473', 19021],
  [createHmac('sha256', '1599360473000\ndemo').digest('base64'), '1599360473000', 19021],
])('Feishu: sign %s with timestamp %s gets %i', async (sign, timestamp, code) => {
  const call = await at(1599360473, { feishu: { robotToken: 'T', robotSecret: 'demo' } })
  const body = JSON.stringify({ timestamp, sign, msg_type: 'text', content: { text: 'hello' } })

  expect(await call('http://sim/feishu/open-apis/bot/v2/hook/T', { method: 'POST', body })).toMatchObject({ code })
})
