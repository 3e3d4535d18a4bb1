// The same on every start, so that a demonstration can configure itself. They open nothing but this simulator.

export type Template = { code: string; text: string }
export type NumberedTemplate = { id: string; text: string; order: string[] }

const sms: Record<string, string> = {
  page: '{level} {client}{what}，{by}须告知客户。接手：dxw.cn/{code}',
  'page-reply': '{level} {client}{what}，{by}须告知客户。回复“1 {code}”接手，“2 {code}”转后备。',
  client: '{at}发现公众号有{what}，{done}，正在核实。进展：dxw.cn/{code}',
  reminder: '{client}{at}推送缺{what}，还有{left}。处理：dxw.cn/{code}',
  ask: '{client}公众号{at}有一次登录，是您本人吗？是请回复“1 {code}”，不是请回复“2 {code}”。',
  'client-verifying': '{at}发现公众号有一处改动，{done}，正在核实。进展：dxw.cn/{code}',
  'client-first': '{at}发现公众号有异常内容，{done}，正在处理。进展：dxw.cn/{code}',
  'client-plans': '公众号的事备好了两个办法，请您选一个，{next}前再告知进展：dxw.cn/{code}',
  'client-progress': '公众号的事有新进展，{next}前再告知：dxw.cn/{code}',
  'client-restored': '公众号已恢复正常，详情：dxw.cn/{code}',
  'tell-by-hand': '请在{by}前把情况转告{client}，内容：dxw.cn/{code}',
  code: '验证码 {code}，{minutes} 分钟内有效，请勿告诉他人。',
}
const voice: Record<string, string> = {
  page: '定心丸通知：{level}事件，{client}，{what}。{by}前要告知客户。接手请按 1，转给后备请按 2。',
  bye: '已收到，请看手机上的定心丸。',
  'client-verifying': '您好，{at}发现公众号有一处改动，{done}，正在核实，请看短信。',
  'client-first': '您好，{at}发现公众号有异常内容，{done}，正在处理，请看短信。',
  'client-plans': '您好，公众号的事备好了两个办法，请看短信选一个。',
  'client-progress': '您好，公众号的事有新进展，请看短信。',
  'client-restored': '您好，公众号已恢复正常。',
  'tell-by-hand': '请在{by}前把情况转告{client}，内容请看手机上的定心丸。',
}

const named = (texts: Record<string, string>, prefix: string): Record<string, Template> =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text], index) => [
      name,
      { code: `${prefix}${1001 + index}`, text: text.replace(/\{(\w+)\}/g, '$${$1}') },
    ]),
  )

/** The second vendor fills by position: `{client}` becomes {2}. */
const numbered = (texts: Record<string, string>, first: number): Record<string, NumberedTemplate> =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text], index) => {
      const order = [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))]
      const positional = text.replace(/\{(\w+)\}/g, (_, value: string) => `{${order.indexOf(value) + 1}}`)
      return [name, { id: String(first + index), text: positional, order }]
    }),
  )

export function defaultCredentials() {
  return {
    wecom: {
      corpId: 'ww5i3mu1at0r00001',
      agentId: 1000002,
      secret: 'simulated-wecom-secret',
      robotKey: '5a6b7c8d-0000-4000-8000-000000000001',
      callbackToken: 'simulatedToken',
      encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    },
    dingtalk: {
      robotToken: 'simulated-dingtalk-robot-token',
      robotSecret: 'SECsimulated0123456789',
      /** Set by config to demand a keyword as well. */
      keyword: '',
      appKey: 'dingsimulated01',
      appSecret: 'simulated-dingtalk-secret',
      agentId: '2000001',
      robotCode: 'dingsimulated01',
      cardTemplateId: 'simulated-card.schema',
    },
    feishu: {
      robotToken: '00000000-1111-4222-8333-444444444444',
      robotSecret: 'simulated-feishu-robot-secret',
      keyword: '',
      appId: 'cli_simulated0001',
      appSecret: 'simulated-feishu-secret',
      encryptKey: 'simulated encrypt key',
      verificationToken: 'simulated-verification-token',
    },
    aliyun: {
      accessKeyId: 'LTAIsimulated0001',
      accessKeySecret: 'simulated-aliyun-secret',
      signName: '云帆托管',
      smsTemplates: named(sms, 'SMS_'),
      voiceTemplates: named(voice, 'TTS_'),
      calledShowNumber: '05710000001',
    },
    tencent: {
      secretId: 'AKIDsimulated0001',
      secretKey: 'simulated-tencent-key',
      signName: '云帆托管',
      smsAppId: '1400000001',
      voiceAppId: '1600000001',
      smsTemplates: numbered(sms, 1_100_001),
      voiceTemplates: numbered(voice, 1_200_001),
    },
    s3: { accessKeyId: 'SIMULATEDS3KEY', secretAccessKey: 'simulated-s3-secret', bucket: 'evidence', region: 'simulated' },
  }
}
export type Credentials = ReturnType<typeof defaultCredentials>

/** Each channel's settings under the names clients usually give them, with the addresses of this simulator. */
export function channelSettings(credentials: Credentials, origin: string, smtpPort: number | undefined) {
  const { wecom, dingtalk, feishu, aliyun, tencent } = credentials
  const wecomApp = { baseUrl: `${origin}/wecom`, corpId: wecom.corpId, secret: wecom.secret }
  const aliyunKey = { baseUrl: `${origin}/aliyun`, accessKeyId: aliyun.accessKeyId, accessKeySecret: aliyun.accessKeySecret }
  const tencentKey = { baseUrl: `${origin}/tencent`, secretId: tencent.secretId, secretKey: tencent.secretKey }
  return {
    'wecom-robot': { baseUrl: `${origin}/wecom`, key: wecom.robotKey },
    'wecom-app': { ...wecomApp, agentId: wecom.agentId },
    'wecom-customers': { ...wecomApp, sender: 'zhou' },
    'dingtalk-robot': { baseUrl: `${origin}/dingtalk`, accessToken: dingtalk.robotToken, secret: dingtalk.robotSecret },
    'dingtalk-app': {
      baseUrl: `${origin}/dingtalk`,
      apiUrl: `${origin}/dingtalk`,
      appKey: dingtalk.appKey,
      appSecret: dingtalk.appSecret,
      agentId: dingtalk.agentId,
      robotCode: dingtalk.robotCode,
      cardTemplateId: dingtalk.cardTemplateId,
    },
    'feishu-robot': { baseUrl: `${origin}/feishu`, token: feishu.robotToken, secret: feishu.robotSecret },
    'feishu-app': { baseUrl: `${origin}/feishu`, appId: feishu.appId, appSecret: feishu.appSecret },
    'sms-aliyun': { ...aliyunKey, signName: aliyun.signName, templates: aliyun.smsTemplates },
    'sms-tencent': { ...tencentKey, sdkAppId: tencent.smsAppId, signName: tencent.signName, templates: tencent.smsTemplates },
    'voice-aliyun': {
      ...aliyunKey,
      calledShowNumber: aliyun.calledShowNumber,
      byeTemplate: aliyun.voiceTemplates.bye?.code,
      templates: aliyun.voiceTemplates,
    },
    'voice-tencent': { ...tencentKey, sdkAppId: tencent.voiceAppId, templates: tencent.voiceTemplates },
    ...(smtpPort === undefined
      ? {}
      : { email: { host: '127.0.0.1', port: smtpPort, secure: false, from: '定心丸 <alarm@dingxin.example>' } }),
  }
}
