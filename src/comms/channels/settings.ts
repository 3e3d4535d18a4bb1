import { z } from 'zod'
import type { ChannelKind } from './channel.ts'

const host = (real: string) => z.url().default(real)
const secret = z.string().min(1)
const quick = z.number().int().positive().max(60_000).default(8_000)
// A person waits for the next rung of the ladder while we wait for a carrier, so SMS and voice get less.
const quicker = z.number().int().positive().max(60_000).default(5_000)

/** A template as it was registered: its text lets us count characters before we pay for a second part. */
const aliyunTemplate = z.object({ code: z.string().min(1), text: z.string().min(1) })
/** Tencent fills by position: `order` names the values from {1} on. */
const tencentTemplate = z.object({ id: z.string().min(1), text: z.string().min(1), order: z.array(z.string()) })

const aliyunAccount = { accessKeyId: z.string().min(1), accessKeySecret: secret, timeoutMs: quicker }
const tencentAccount = {
  secretId: z.string().min(1),
  secretKey: secret,
  region: z.string().default('ap-guangzhou'),
  sdkAppId: z.string().min(1),
  timeoutMs: quicker,
}

export const settingsSchemas = {
  'wecom-robot': z.object({ baseUrl: host('https://qyapi.weixin.qq.com'), key: secret, timeoutMs: quick }),
  'wecom-app': z.object({
    baseUrl: host('https://qyapi.weixin.qq.com'),
    corpId: z.string().min(1),
    agentId: z.coerce.number().int(),
    secret,
    timeoutMs: quick,
  }),
  'wecom-customers': z.object({
    baseUrl: host('https://qyapi.weixin.qq.com'),
    corpId: z.string().min(1),
    secret,
    /** The member who will be asked to tap "send"; without one WeCom picks whoever last spoke with the client. */
    sender: z.string().optional(),
    timeoutMs: quick,
  }),
  'dingtalk-robot': z.object({
    baseUrl: host('https://oapi.dingtalk.com'),
    accessToken: secret,
    secret: secret.optional(),
    keyword: z.string().optional(),
    timeoutMs: quick,
  }),
  'dingtalk-app': z.object({
    baseUrl: host('https://oapi.dingtalk.com'),
    apiUrl: host('https://api.dingtalk.com'),
    appKey: z.string().min(1),
    appSecret: secret,
    agentId: z.coerce.string().min(1),
    robotCode: z.string().optional(),
    /** Without a card template the notice goes as a work notice with a link and no buttons. */
    cardTemplateId: z.string().optional(),
    callbackType: z.enum(['HTTP', 'STREAM']).default('HTTP'),
    callbackRouteKey: z.string().optional(),
    timeoutMs: quick,
  }),
  'feishu-robot': z.object({
    baseUrl: host('https://open.feishu.cn'),
    token: secret,
    secret: secret.optional(),
    keyword: z.string().optional(),
    timeoutMs: quick,
  }),
  'feishu-app': z.object({
    baseUrl: host('https://open.feishu.cn'),
    appId: z.string().min(1),
    appSecret: secret,
    receiveIdType: z.enum(['open_id', 'user_id', 'union_id', 'email', 'chat_id']).default('open_id'),
    timeoutMs: quick,
  }),
  'sms-aliyun': z.object({
    baseUrl: host('https://dysmsapi.aliyuncs.com'),
    ...aliyunAccount,
    signName: z.string().min(1),
    templates: z.record(z.string(), aliyunTemplate),
  }),
  'sms-tencent': z.object({
    baseUrl: host('https://sms.tencentcloudapi.com'),
    ...tencentAccount,
    signName: z.string().min(1),
    templates: z.record(z.string(), tencentTemplate),
  }),
  'voice-aliyun': z.object({
    baseUrl: host('https://dyvmsapi.aliyuncs.com'),
    ...aliyunAccount,
    /** A bought number. Without it a call can only be heard, not answered with a key. */
    calledShowNumber: z.string().optional(),
    /** What is said after a key was pressed. */
    byeTemplate: z.string().optional(),
    playTimes: z.number().int().min(1).max(3).default(3),
    templates: z.record(z.string(), aliyunTemplate),
  }),
  'voice-tencent': z.object({
    baseUrl: host('https://vms.tencentcloudapi.com'),
    ...tencentAccount,
    playTimes: z.number().int().min(1).max(3).default(3),
    templates: z.record(z.string(), tencentTemplate),
  }),
  email: z.object({
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535).default(465),
    /** TLS from the first byte; otherwise STARTTLS, which may only be skipped on the machine itself. */
    secure: z.boolean().default(true),
    user: z.string().optional(),
    password: secret.optional(),
    from: z.string().min(3),
    timeoutMs: quick,
  }),
} satisfies Record<ChannelKind, z.ZodType>

export type ChannelSettings = { [K in ChannelKind]: z.output<(typeof settingsSchemas)[K]> }

export class ChannelSettingsError extends Error {
  readonly problems: string[]
  constructor(kind: ChannelKind, problems: string[]) {
    // Only names of settings: the values may be secrets.
    super(`settings of channel ${kind} do not fit: ${problems.join('; ')}`)
    this.name = 'ChannelSettingsError'
    this.problems = problems
  }
}

/** Checks settings as they come from a form or a file; defaults filled in. */
export function checkSettings<K extends ChannelKind>(kind: K, settings: unknown): ChannelSettings[K] {
  const checked = settingsSchemas[kind].safeParse(settings)
  if (!checked.success) {
    throw new ChannelSettingsError(
      kind,
      checked.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`),
    )
  }
  return checked.data as ChannelSettings[K]
}
