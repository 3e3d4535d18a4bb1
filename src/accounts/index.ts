/** The door of accounts: whose accounts we look after, how we may speak for them, and WeChat's way in. */
export {
  type Abilities,
  type Ability,
  type Account,
  type AccountId,
  type AccountKind,
  type Custodian,
  mayCall,
  type Outsider,
  outsiderAt,
  type Reception,
  type RemovalAgreement,
} from './account.ts'
export { acceptRestored, type Baseline, type BaselineKind, baselineOf, hashOf, sameAsBaseline, setBaseline } from './baseline.ts'
export { keepNoticed, type Noticed } from './call-ledger.ts'
export { beijingDay } from './capabilities.ts'
export type { Client, ClientWay } from './client.ts'
export {
  type AccountChange,
  agreeToRemoval,
  type ClientInput,
  changeAccount,
  changeClient,
  createClient,
} from './commands.ts'
export {
  type Connected,
  type ConnectInput,
  connectAccount,
} from './connect.ts'
export {
  type Authorised,
  askForTicket,
  authorizationUrl,
  type ComponentInput,
  connectByAuthorization,
  refreshAuthorised,
  setComponent,
} from './connect-component.ts'
export { disconnectAccount, type Released, releaseCallback } from './disconnect.ts'
export type { Findings, ListedArticle, ReceptionChoice } from './discovery.ts'
export { allPublished, listed } from './discovery.ts'
export type { CallbackSettings } from './door-rows.ts'
export { accountEffects } from './effects.ts'
export type { ClickAnswer } from './passive-reply.ts'
export { accountDeadlines } from './reader-pushes.ts'
export { callbackRoutes } from './routes.ts'
export { type Standing, standingOf, standingWords } from './standing.ts'
export { accountByAppid, accountById, accountOf, clientById, listAccounts, listClients } from './store.ts'
export { tokenStore } from './token-store.ts'
export { type AccountSession, type SessionOptions, sessionIn, weChatFor } from './wechat-session.ts'
