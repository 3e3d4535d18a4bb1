import { beijingDay } from '../clock.ts'
import { refuse } from '../errors.ts'
import { type Fields, flagAt, maybeText } from '../json.ts'
import type { Account } from '../state/account.ts'
import { accountOf, type Token, type TokenFamily, type World } from '../state/world.ts'
import type { OpenCall, OpenEndpoint } from './call.ts'
import { spend } from './quotas.ts'

export const TOKEN_SECONDS = 7200
/** stable_token renews itself this long before the end; both tokens work meanwhile. */
const RENEWED_BEFORE_MS = 300_000
const FORCED_APART_MS = 30_000
const FORCED_A_DAY = 20

export function issueToken(world: World, appid: string, family: TokenFamily): Token {
  const value = `${world.random.digits(2)}_${world.random.letters(134)}`
  const token: Token = { value, family, appid, dead: false, expiresAt: world.clock.now() + TOKEN_SECONDS * 1000 }
  world.tokens.set(value, token)
  const others = liveTokens(world, appid)
  world.tokensOf.set(appid, [...others, token])
  return token
}

export const liveTokens = (world: World, appid: string, family?: TokenFamily): Token[] =>
  (world.tokensOf.get(appid) ?? []).filter(
    (one) => !one.dead && one.expiresAt > world.clock.now() && (family === undefined || one.family === family),
  )

/** Kills tokens of one family, at once or after the overlap. */
export function killTokens(world: World, appid: string, family: TokenFamily, afterMs = 0): void {
  for (const token of liveTokens(world, appid, family)) {
    if (afterMs === 0) token.dead = true
    else
      world.clock.after(afterMs, () => {
        token.dead = true
      })
  }
}

/** The checks both ways of getting a token share: appid before anything about the grant, then who asks and from where. */
function checkHolder(world: World, ip: string, asked: Fields): Account {
  const account = accountOf(world, maybeText(asked, 'appid') ?? refuse(41002))
  const secret = maybeText(asked, 'secret') ?? refuse(41004)
  if (maybeText(asked, 'grant_type') !== 'client_credential') refuse(40002)
  if (account.penal === 'frozen') refuse(50007)
  if (secret !== account.secret) refuse(40125)
  if (account.secretFrozen) refuse(40243)
  checkWhitelist(account, ip)
  checkGate(world, account, ip)
  return account
}

export function checkWhitelist(account: Account, ip: string): void {
  if (!account.whitelist || account.whitelist.includes(ip)) return
  refuse(40164, { errmsg: `invalid ip ${ip} ipv6 ::ffff:${ip}, not in whitelist` })
}

/** 89501/89503/89506/89507: the administrator is asked about an address that is not the usual one. */
function checkGate(world: World, account: Account, ip: string): void {
  const { gate } = account
  if (!gate || gate.allowIps.includes(ip)) return
  if (gate.until !== undefined && world.clock.now() >= gate.until) {
    account.gate = undefined
    return
  }
  refuse(gate.code)
}

function plainToken({ world, ip, query }: OpenCall): Fields {
  const account = checkHolder(world, ip, Object.fromEntries(query))
  spend(world, account, '/cgi-bin/token', 2000)
  killTokens(world, account.appid, 'token', world.switches.tokenOverlapSeconds * 1000)
  return { access_token: issueToken(world, account.appid, 'token').value, expires_in: TOKEN_SECONDS }
}

function stableToken({ world, ip, body }: OpenCall): Fields {
  const account = checkHolder(world, ip, body)
  spend(world, account, '/cgi-bin/stable_token', 500_000, 10_000)
  if (flagAt(body, 'force_refresh') && mayForce(world, account)) {
    killTokens(world, account.appid, 'stable')
    account.forcedRefreshes.push(world.clock.now())
    return answer(world, issueToken(world, account.appid, 'stable'))
  }
  const fresh = liveTokens(world, account.appid, 'stable').find((one) => one.expiresAt - world.clock.now() > RENEWED_BEFORE_MS)
  return answer(world, fresh ?? issueToken(world, account.appid, 'stable'))
}

/** Too soon after the last one it quietly behaves as normal mode; beyond the day's twenty it is refused. */
function mayForce(world: World, account: Account): boolean {
  const now = world.clock.now()
  account.forcedRefreshes = account.forcedRefreshes.filter((at) => beijingDay(at) === beijingDay(now))
  if (account.forcedRefreshes.length >= FORCED_A_DAY) refuse(45011)
  return now - (account.forcedRefreshes.at(-1) ?? Number.NEGATIVE_INFINITY) >= FORCED_APART_MS
}

const answer = (world: World, token: Token): Fields => ({
  access_token: token.value,
  expires_in: Math.floor((token.expiresAt - world.clock.now()) / 1000),
})

/** A token as a call presents it: replaced ones are 40001, old ones 42001, nonsense is 40014. */
export function checkToken(world: World, value: string | undefined): Token {
  if (!value) refuse(41001)
  const token = world.tokens.get(value)
  if (!token) refuse(value.length < 100 ? 40014 : 40001)
  if (token.dead) refuse(40001)
  if (token.expiresAt <= world.clock.now()) refuse(42001)
  return token
}

export const tokens: OpenEndpoint[] = [
  { path: '/cgi-bin/token', method: 'GET', handle: plainToken },
  { path: '/cgi-bin/stable_token', method: 'POST', handle: stableToken },
]
