export { maySend, type NextSend, type PastSend, type SendBudget, soonest } from './budgets.ts'
export { referenceOf } from './call.ts'
export {
  type Channel,
  type ChannelIo,
  type ChannelKind,
  type Notice,
  type NoticeButton,
  openChannel,
  type SendResult,
  type SendState,
} from './channel.ts'
export { type Limit, limits } from './limits.ts'
export { type PushProvider, type PushReading, type PushSecrets, type Receipt, readPush } from './receipts.ts'
export { type ChannelSettings, ChannelSettingsError, checkSettings, settingsSchemas } from './settings.ts'
