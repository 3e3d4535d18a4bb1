import { openAliyunSms } from './aliyun-sms.ts'
import { openAliyunVoice } from './aliyun-voice.ts'
import { openDingtalkApp } from './dingtalk-app.ts'
import { openDingtalkRobot } from './dingtalk-robot.ts'
import { openEmail } from './email.ts'
import { openFeishuApp } from './feishu-app.ts'
import { openFeishuRobot } from './feishu-robot.ts'
import { checkSettings } from './settings.ts'
import { openTencentSms } from './tencent-sms.ts'
import { openTencentVoice } from './tencent-voice.ts'
import { openWecomApp } from './wecom-app.ts'
import { openWecomCustomers } from './wecom-customers.ts'
import { openWecomRobot } from './wecom-robot.ts'

export type ChannelKind =
  | 'wecom-robot'
  | 'wecom-app'
  | 'wecom-customers'
  | 'dingtalk-robot'
  | 'dingtalk-app'
  | 'feishu-robot'
  | 'feishu-app'
  | 'sms-aliyun'
  | 'sms-tencent'
  | 'voice-aliyun'
  | 'voice-tencent'
  | 'email'

/** A button a person may press. On the telephone the first button is key 1, the second key 2. */
export type NoticeButton = { key: string; label: string }

/** What a person is to read or hear. `template` names a registered template for SMS and voice; the caller filled its values. */
export type Notice = {
  title: string
  lines: string[]
  action?: { label: string; url: string }
  buttons?: NoticeButton[]
  template?: { name: string; values: Record<string, string> }
  /** The whole of it in one plain paragraph, for channels that know no layout. */
  text: string
}

/**
 * What became of one sending. `done` means the provider took it, not that a person saw it. `unknown` means it may have gone out:
 * look for a receipt before sending again on the same channel, and meanwhile use the next one.
 */
export type SendResult =
  | { result: 'done'; receipt: string; sendId?: string; update?: string }
  | { result: 'refused'; retry: 'later'; afterMs: number; reason: string }
  | { result: 'refused'; retry: 'never'; whose: 'recipient' | 'configuration' | 'message'; reason: string }
  | { result: 'unknown'; reason: string }

/** What the provider later says about a sending, for the providers that can be asked. */
export type SendState = 'waiting' | 'delivered' | 'read' | 'failed' | 'unknown'

export type Channel = {
  kind: ChannelKind
  send(to: string, notice: Notice, key: string): Promise<SendResult>
  /** Rewrites the card a person already has. The token comes from `send` or from a press on that card. */
  update?(token: string, notice: Notice): Promise<SendResult>
  /** Asks the provider what became of a sending. Never counts as an acknowledgement. */
  check?(to: string, sendId: string): Promise<SendState>
}

export type ChannelIo = { fetch: typeof fetch; now(): number; nonce(): string }

/**
 * Opens one configured channel. Keep it open: it caches the provider's access token, and providers limit how often one may be
 * fetched. Throws `ChannelSettingsError` when the settings do not fit.
 */
export function openChannel(kind: ChannelKind, settings: unknown, io: ChannelIo): Channel {
  switch (kind) {
    case 'wecom-robot':
      return openWecomRobot(checkSettings(kind, settings), io)
    case 'wecom-app':
      return openWecomApp(checkSettings(kind, settings), io)
    case 'wecom-customers':
      return openWecomCustomers(checkSettings(kind, settings), io)
    case 'dingtalk-robot':
      return openDingtalkRobot(checkSettings(kind, settings), io)
    case 'dingtalk-app':
      return openDingtalkApp(checkSettings(kind, settings), io)
    case 'feishu-robot':
      return openFeishuRobot(checkSettings(kind, settings), io)
    case 'feishu-app':
      return openFeishuApp(checkSettings(kind, settings), io)
    case 'sms-aliyun':
      return openAliyunSms(checkSettings(kind, settings), io)
    case 'sms-tencent':
      return openTencentSms(checkSettings(kind, settings), io)
    case 'voice-aliyun':
      return openAliyunVoice(checkSettings(kind, settings), io)
    case 'voice-tencent':
      return openTencentVoice(checkSettings(kind, settings), io)
    case 'email':
      return openEmail(checkSettings(kind, settings), io)
  }
}
