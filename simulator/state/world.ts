import { Clock } from '../clock.ts'
import { refuse } from '../errors.ts'
import { Faults } from '../faults.ts'
import { Ledger } from '../ledger.ts'
import { Pushes } from '../pushes.ts'
import { Random } from '../random.ts'
import { type Account, newAccount } from './account.ts'
import { type Component, newComponent } from './component.ts'
import { defaultSwitches, type Switches } from './switches.ts'

/** Where a token came from decides what kills it. */
export type TokenFamily = 'token' | 'stable' | 'authorizer' | 'component'
export type Token = { value: string; family: TokenFamily; appid: string; expiresAt: number; dead: boolean }

/** All there is: one pretend WeChat. Nothing outlives it but the settings it was started with. */
export type World = {
  seed: string
  baseUrl: string
  clock: Clock
  random: Random
  switches: Switches
  accounts: Map<string, Account>
  component: Component
  tokens: Map<string, Token>
  /** The same tokens by account, without those long dead. */
  tokensOf: Map<string, Token[]>
  ledger: Ledger
  pushes: Pushes
  faults: Faults
  /** The next number of each kind: message ids, publish ids and so on. */
  counters: Counters
}
export type Counters = {
  msg: number
  msgData: number
  publish: number
  messageId: bigint
  comment: number
  menu: number
  tag: number
  template: bigint
}

const DEFAULT_ACCOUNTS = [
  { kind: 'SUB', verified: true, name: '云岭文旅' },
  { kind: 'SVC', verified: true, name: '清禾生活服务' },
  { kind: 'SUB', verified: false, name: '小城观察' },
  { kind: 'SUB', verified: true, name: '北岸书店' },
  { kind: 'SVC', verified: true, name: '南桥健康服务' },
] as const

export const FOLLOWERS = 20

export function newWorld(seed: string, baseUrl: string, realNow?: () => number): World {
  const clock = new Clock(realNow)
  const accounts = new Map<string, Account>()
  for (const [place, given] of DEFAULT_ACCOUNTS.entries()) {
    const identity = new Random(`${seed}/account/${place + 1}`)
    const account = newAccount({ ...given, followers: FOLLOWERS, identity, now: clock.now() })
    accounts.set(account.appid, account)
  }
  return {
    seed,
    baseUrl,
    clock,
    random: new Random(`${seed}/course`),
    switches: { ...defaultSwitches },
    accounts,
    component: newComponent(new Random(`${seed}/component`)),
    tokens: new Map(),
    tokensOf: new Map(),
    ledger: new Ledger(),
    pushes: new Pushes(),
    faults: new Faults(),
    counters: {
      msg: 3147504500,
      msgData: 2247483700,
      publish: 2247487700,
      messageId: 24612345678901234n,
      comment: 1,
      menu: 412345670,
      tag: 101,
      template: 2407691253817712641n,
    },
  }
}

export const accountOf = (world: World, appid: string): Account => world.accounts.get(appid) ?? refuse(40013)
