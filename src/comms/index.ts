export type { ChannelKind, Notice, SendResult } from './channels/index.ts'
export { budgetFor, type Channels, configureChannel, deliver, type Delivery, makeChannels } from './deliver.ts'
export { handNotice, pageNotice, type TellFacts, tellNotice } from './notices.ts'
