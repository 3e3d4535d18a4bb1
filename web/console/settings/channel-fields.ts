import type { ChannelKind } from '../../../src/comms/channels/channel.ts'
import type { SetupKey } from '../words/setup-zh.ts'

type SettingName = Extract<SetupKey, `setting.${string}`> extends `setting.${infer Name}` ? Name : never
export type ChannelField = {
  name: SettingName
  as: 'text' | 'secret' | 'number' | 'choice' | 'switch' | 'templates'
  required?: true
  choices?: readonly string[]
  /** Has a good value without anybody's help, so it is folded away. */
  rarely?: true
  otherwise?: string | boolean
}

const must = (name: SettingName, as: ChannelField['as'] = 'text'): ChannelField => ({ name, as, required: true })
const may = (name: SettingName, as: ChannelField['as'] = 'text'): ChannelField => ({ name, as })
const rarely = (name: SettingName, as: ChannelField['as'] = 'text', more: Partial<ChannelField> = {}): ChannelField => ({
  name,
  as,
  rarely: true,
  ...more,
})
const common = [rarely('baseUrl'), rarely('timeoutMs', 'number')]
const aliyun = [must('accessKeyId'), must('accessKeySecret', 'secret')]
const tencent = [must('secretId'), must('secretKey', 'secret'), must('sdkAppId'), rarely('region')]

/** What each kind of channel must be told. Mirrors src/comms/channels/settings.ts; a test compares the two. */
export const channelFields: Record<ChannelKind, ChannelField[]> = {
  'wecom-robot': [must('key', 'secret'), ...common],
  'wecom-app': [must('corpId'), must('agentId', 'number'), must('secret', 'secret'), ...common],
  'wecom-customers': [must('corpId'), must('secret', 'secret'), may('sender'), ...common],
  'dingtalk-robot': [must('accessToken', 'secret'), may('secret', 'secret'), may('keyword'), ...common],
  'dingtalk-app': [
    must('appKey'),
    must('appSecret', 'secret'),
    must('agentId'),
    may('robotCode'),
    may('cardTemplateId'),
    rarely('callbackType', 'choice', { choices: ['HTTP', 'STREAM'] }),
    rarely('callbackRouteKey'),
    rarely('apiUrl'),
    ...common,
  ],
  'feishu-robot': [must('token', 'secret'), may('secret', 'secret'), may('keyword'), ...common],
  'feishu-app': [
    must('appId'),
    must('appSecret', 'secret'),
    rarely('receiveIdType', 'choice', { choices: ['open_id', 'user_id', 'union_id', 'email', 'chat_id'] }),
    ...common,
  ],
  'sms-aliyun': [...aliyun, must('signName'), must('templates', 'templates'), ...common],
  'sms-tencent': [...tencent, must('signName'), must('templates', 'templates'), ...common],
  'voice-aliyun': [
    ...aliyun,
    may('calledShowNumber'),
    may('byeTemplate'),
    must('templates', 'templates'),
    rarely('playTimes', 'number'),
    ...common,
  ],
  'voice-tencent': [...tencent, must('templates', 'templates'), rarely('playTimes', 'number'), ...common],
  email: [
    must('host'),
    rarely('port', 'number'),
    rarely('secure', 'switch', { otherwise: true }),
    may('user'),
    may('password', 'secret'),
    must('from'),
    rarely('timeoutMs', 'number'),
  ],
}
export const channelKinds = Object.keys(channelFields) as ChannelKind[]
export const isChannelKind = (kind: string): kind is ChannelKind => kind in channelFields

/** The templates a carrier must have registered, and the values each is filled with (src/comms/notices.ts). */
export const templateNames = [
  'page (level, client, what, by, code)',
  'tell-by-hand (client, by, code)',
  'client-first · client-verifying · client-plans · client-progress · client-restored (at, done, next, code)',
  'code (code, minutes)',
]
export const templateSample = (kind: ChannelKind): string =>
  kind.endsWith('tencent')
    ? '{"tell-by-hand": {"id": "123456", "text": "{1}，{2}，{3}", "order": ["client", "by", "code"]}}'
    : // biome-ignore lint/suspicious/noTemplateCurlyInString: the carrier's own way of marking values
      '{"tell-by-hand": {"code": "SMS_123456", "text": "${client}，${by}，${code}"}}'

export const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What was typed, as the server wants it; what was left empty is left out, so that the server's own value holds. */
export function settingsFrom(kind: ChannelKind, typed: Record<string, unknown>): Record<string, unknown> {
  const settings: Record<string, unknown> = {}
  for (const field of channelFields[kind]) {
    const value = typed[field.name]
    if (value === undefined || value === null || value === '') continue
    settings[field.name] =
      field.as === 'number'
        ? Number(value)
        : field.as === 'templates'
          ? readJson(String(value))
          : typeof value === 'string'
            ? value.trim()
            : value
  }
  return settings
}
