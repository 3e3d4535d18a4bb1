import { expect, test } from 'vitest'
import { openFeishu, openWecom, sealWecom } from './sealing.ts'
import {
  encodeRfc3986,
  sameSignature,
  signAliyunAcs3,
  signAliyunV1,
  signDingtalk,
  signFeishuOldCard,
  signFeishuPush,
  signFeishuRobot,
  signTencent,
  signWecomPush,
} from './signing.ts'

const wecomKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'
const wecomCorp = 'wx5823bf96d3bd56c7'

test("WeCom's published sample is verified and opened", () => {
  const echo = 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=='

  expect(signWecomPush('QDG6eK', '1409659589', '263014780', echo)).toBe('5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3')
  expect(openWecom(wecomKey, echo)).toEqual({ message: '1616140317555161061', receiveId: wecomCorp })
})

test('what we seal for WeCom is byte for byte what WeCom would seal, and opens again', () => {
  const message = '<xml><Event><![CDATA[template_card_event]]></Event></xml>'
  const sealed = sealWecom(wecomKey, '0123456789abcdef', { message, receiveId: wecomCorp })

  expect(sealed).toBe(
    'sKqRbbiSUnDhFHOvPjtUMRaC1jud9XKQi4jPrNGQF6NuMYGcVS1j7ydc6MhXPmq3B9B5mrIBthNYa9/Xag9jeJ8oRRIF8ZLj2dI0wPxB2pYECWOEpZF0JS3YuBBwaxKE',
  )
  expect(signWecomPush('QDG6eK', '1767323045', 'nonce1', sealed)).toBe('94d6c880c38ea75585cdd28fb66f0eefbbd5c542')
  expect(openWecom(wecomKey, sealed).message).toBe(message)
})

test('a text sealed with another key does not open', () => {
  const sealed = sealWecom(wecomKey, '0123456789abcdef', { message: 'hello', receiveId: wecomCorp })

  expect(() => openWecom('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG', sealed)).toThrow()
})

test('a DingTalk robot message is signed over milliseconds and the secret', () => {
  const sign = signDingtalk('SEC0123456789abcdef', '1767323045000')

  expect(sign).toBe('8mVlT9l8MctCL+PEVtn/eYPNWk88pSFq2eGXy96zTZA=')
  expect(encodeURIComponent(sign)).toBe('8mVlT9l8MctCL%2BPEVtn%2FeYPNWk88pSFq2eGXy96zTZA%3D')
})

test('a Feishu robot message is signed the Feishu way round, never the DingTalk way', () => {
  expect(signFeishuRobot('demo', '1599360473')).toBe('l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=')
  expect(signFeishuRobot('demo', '1599360473')).not.toBe('DkEDUyVoOOJ539qBvUgMyzkzIdRWlf4e/V3Rq+ONJnQ=')
  // The wrong value is what the DingTalk function gives: proof that the two are not mixed up.
  expect(signDingtalk('demo', '1599360473')).toBe('DkEDUyVoOOJ539qBvUgMyzkzIdRWlf4e/V3Rq+ONJnQ=')
})

test('Feishu pushes are verified over the raw body, and opened', () => {
  const body = '{"encrypt":"abc"}'

  expect(signFeishuPush('1767323045', 'nonce1', 'key1', body)).toBe(
    '8f8212fba8cd69e3b134b509570eedb94b8c6414aa9a8469502f724d1169bf57',
  )
  expect(signFeishuOldCard('1767323045', 'nonce1', 'vtoken', body)).toBe('8424932d18049725f11447d714ffad408e7e8ef1')
  expect(openFeishu('test key', 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=')).toBe('hello world')
})

const aliyunSample = {
  AccessKeyId: 'testId',
  Action: 'SendSms',
  Format: 'XML',
  OutId: '123',
  PhoneNumbers: '15300000001',
  RegionId: 'cn-hangzhou',
  SignName: '阿里云短信测试专用',
  SignatureMethod: 'HMAC-SHA1',
  SignatureNonce: '45e25e9b-0a6f-4070-8c85-2956eda1b466',
  SignatureVersion: '1.0',
  TemplateCode: 'SMS_71390007',
  TemplateParam: '{"customer":"test"}',
  Timestamp: '2017-07-12T02:42:19Z',
  Version: '2017-05-25',
}

test("Aliyun's older signature matches its published sample, by GET and by POST", () => {
  expect(signAliyunV1('GET', aliyunSample, 'testSecret')).toBe('zJDF+Lrzhj/ThnlvIToysFRq6t4=')
  expect(signAliyunV1('POST', aliyunSample, 'testSecret')).toBe('Xvhv7fPXrPkLVSnlt0jIr08o8NQ=')
})

test('spaces, stars and tildes are encoded as Aliyun wants them', () => {
  expect(encodeRfc3986("a b*~!'()")).toBe('a%20b%2A~%21%27%28%29')
})

test("Aliyun's ACS3 signature matches its published sample", () => {
  const { signature } = signAliyunAcs3({
    method: 'POST',
    host: 'ecs.cn-shanghai.aliyuncs.com',
    query: { ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd', RegionId: 'cn-shanghai' },
    body: '',
    action: 'RunInstances',
    version: '2014-05-26',
    date: '2023-10-26T10:22:32Z',
    nonce: '3156853299f313e23d1673dc12e1703d',
    accessKeyId: 'YourAccessKeyId',
    accessKeySecret: 'YourAccessKeySecret',
  })

  expect(signature).toBe('06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0')
})

test('an SMS by ACS3 hashes and signs to the known values', () => {
  const signed = signAliyunAcs3({
    method: 'POST',
    host: 'dysmsapi.aliyuncs.com',
    query: { PhoneNumbers: '13900000000', SignName: '阿里云', TemplateCode: 'SMS_15305000', TemplateParam: '{"code":"1234"}' },
    body: '',
    action: 'SendSms',
    version: '2017-05-25',
    date: '2026-01-02T03:04:05Z',
    nonce: '0123456789abcdef0123456789abcdef',
    accessKeyId: 'testId',
    accessKeySecret: 'testSecret',
  })

  expect(signed.canonicalHash).toBe('d9fc15c6a98019b17ceb40e58286c401b5d1d8ebe759115158401beb8687139e')
  expect(signed.signature).toBe('45dac40fd5b22320671139c9c93e2e13b9dd9d81958fdafc203e67307e808b4d')
  expect(signed.headers.authorization).toContain('SignedHeaders=host;x-acs-action;')
})

test("Tencent's published samples, with and without the action header, come out the same", () => {
  const sample = {
    service: 'cvm',
    host: 'cvm.tencentcloudapi.com',
    timestampSeconds: 1551113065,
    body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
    contentType: 'application/json; charset=utf-8',
    secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
  }

  expect(signTencent({ ...sample, secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE' }).signature).toBe(
    '72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
  )
  expect(signTencent({ ...sample, secretKey: '*'.repeat(32), action: 'DescribeInstances' }).signature).toBe(
    '10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f',
  )
})

test('a Tencent SMS signs to the known value', () => {
  const { signature, authorization } = signTencent({
    service: 'sms',
    host: 'sms.tencentcloudapi.com',
    action: 'SendSms',
    timestampSeconds: 1767323045,
    body: '{"PhoneNumberSet":["+8613900000000"],"SmsSdkAppId":"1400006666","SignName":"腾讯云","TemplateId":"1110","TemplateParamSet":["1234"]}',
    contentType: 'application/json; charset=utf-8',
    secretId: 'AKIDexample',
    secretKey: 'SKexample',
  })

  expect(signature).toBe('63e2592a8fe69f2b00c9f1546920b7bc31e1cd01a1f7a85590bf9b5392a9ba74')
  expect(authorization).toMatch(/^TC3-HMAC-SHA256 Credential=AKIDexample\/2026-01-02\/sms\/tc3_request, SignedHeaders=/)
})

test('signatures are equal only when all of them is equal', () => {
  expect(sameSignature('abc', 'abc')).toBe(true)
  expect(sameSignature('abc', 'abd')).toBe(false)
  expect(sameSignature('abc', 'abcd')).toBe(false)
})
