import type { Instant } from '../../platform/time.ts'
import { readAliyunPush } from './receipts-aliyun.ts'
import { type DingtalkSecrets, readDingtalkPush } from './receipts-dingtalk.ts'
import { type FeishuSecrets, readFeishuPush } from './receipts-feishu.ts'
import { readTencentPush } from './receipts-tencent.ts'
import { readWecomPush, type WecomSecrets } from './receipts-wecom.ts'

export type PushProvider = 'wecom' | 'dingtalk' | 'feishu' | 'aliyun' | 'tencent'

/**
 * What a provider told us. Only a press, a telephone key and a reply are a person's doing; `delivered` and `read` speak of a
 * device, and a telephone that "heard it all" may be a voicemail.
 */
export type Receipt = {
  kind: 'delivered' | 'failed' | 'read' | 'acknowledge' | 'hand-over' | 'answer'
  provider: PushProvider
  /** The same event comes again under the same id: once is enough. */
  eventId: string
  sendId?: string
  /** What `referenceOf(key)` gave when we sent: matches even when the receipt overtakes the answer to the sending. */
  taskId?: string
  phone?: string
  userId?: string
  /** What was pressed: a button's key, or the digit. */
  key?: string
  /** The short code a person typed after the digit: "1 8342". Without one, match by phone and recency. */
  code?: string
  /** With it the card may be rewritten: a press gives a fresh one. */
  update?: string
  /** The provider's own word for what happened, for the timeline. */
  detail?: string
}

export type Push = { method: 'GET' | 'POST'; query: URLSearchParams; headers: Headers; rawBody: string }
export type PushReply = { status: number; body: string; contentType: string }
/** `refused` is for our log, in English, without any secret: the push was not genuine or not readable. */
export type PushReading = { receipts: Receipt[]; reply: PushReply; refused?: string }

export type PushSecrets = { wecom?: WecomSecrets; dingtalk?: DingtalkSecrets; feishu?: FeishuSecrets }

/**
 * Reads one push. WeCom, DingTalk and Feishu are checked by signature. Aliyun and Tencent sign nothing: mount those two under an
 * unguessable path, with an allow-list of addresses, and let a status never acknowledge anything.
 */
export function readPush(provider: PushProvider, push: Push, secrets: PushSecrets, now: Instant): PushReading {
  switch (provider) {
    case 'wecom':
      return secrets.wecom ? readWecomPush(push, secrets.wecom, now) : notConfigured(provider)
    case 'dingtalk':
      return secrets.dingtalk ? readDingtalkPush(push, secrets.dingtalk, now) : notConfigured(provider)
    case 'feishu':
      return secrets.feishu ? readFeishuPush(push, secrets.feishu, now) : notConfigured(provider)
    case 'aliyun':
      return readAliyunPush(push)
    case 'tencent':
      return readTencentPush(push)
  }
}

const notConfigured = (provider: PushProvider): PushReading => ({
  receipts: [],
  reply: { status: 404, body: '', contentType: 'text/plain' },
  refused: `no ${provider} callback is configured`,
})
