import { FIRST_TAG, type Kind } from './account.ts'
import type { World } from './world.ts'

/** What one needs to know of an account to begin: printed at the start. */
export type AccountCard = {
  appid: string
  secret: string
  kind: Kind
  verified: boolean
  openids: string[]
  tagId: number
  userName: string
  name: string
}

export const cardsOf = (world: World): AccountCard[] =>
  [...world.accounts.values()].map(({ appid, secret, kind, verified, followers, userName, name }) => ({
    appid,
    secret,
    kind,
    verified,
    openids: [...followers.values()].filter((one) => one.subscribed).map((one) => one.openid),
    tagId: FIRST_TAG,
    userName,
    name,
  }))
