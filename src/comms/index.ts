export type { ChannelKind, Notice, SendResult } from './channels/index.ts'
export { budgetFor, type Channels, configureChannel, type Delivery, deliver, makeChannels } from './deliver.ts'
export { handNotice, pageNotice, type TellFacts, tellNotice } from './notices.ts'
