import { DAY } from '../clock.ts'
import { refuse } from '../errors.ts'
import { type Fields, maybeText, textAt } from '../json.ts'
import type { Account } from '../state/account.ts'
import { accountOf, type World } from '../state/world.ts'
import { type Call, type Endpoint, OK, type OpenCall, type OpenEndpoint } from './call.ts'
import { publishedLimits } from './published-limits.ts'
import { clearUsed, dailyLimitOf, OTHER_DAILY_LIMIT, spendClearing, usedToday } from './quotas.ts'

function quota({ world, account, body }: Call): Fields {
  const path = textAt(body, 'cgi_path')
  if (!path.startsWith('/')) refuse(76003)
  const limit = publishedLimits.get(path) ?? refuse(76021)
  const daily_limit = dailyLimitOf(account, path, limit.daily)
  const used = usedToday(world, account, path)
  return {
    ...OK,
    quota: { daily_limit, used, remain: Math.max(0, daily_limit - used) },
    ...(limit.minute ? { rate_limit: { call_count: limit.minute, refresh_second: 60 } } : {}),
  }
}

function clearPath({ world, account, body }: Call): Fields {
  const path = textAt(body, 'cgi_path')
  if (!publishedLimits.has(path)) refuse(76021)
  spendClearing(world, account, 'path', 50)
  clearUsed(account, path)
  return OK
}

const clearAll = (world: World, account: Account): Fields => {
  spendClearing(world, account, 'all', 10)
  clearUsed(account)
  return OK
}

function clear({ world, account, body }: Call): Fields {
  const appid = maybeText(body, 'appid') ?? refuse(41002)
  if (!world.accounts.has(appid)) refuse(40013)
  if (appid !== account.appid) refuse(49001)
  return clearAll(world, account)
}

function clearBySecret({ world, query, body }: OpenCall): Fields {
  const given = { ...Object.fromEntries(query), ...body }
  const account = accountOf(world, maybeText(given, 'appid') ?? refuse(41002))
  if ((maybeText(given, 'appsecret') ?? refuse(41004)) !== account.secret) refuse(40125)
  return clearAll(world, account)
}

/** What the platform received and answered, for seven days and only to the account it concerns. */
function rid({ world, account, body }: Call): Fields {
  const asked = maybeText(body, 'rid') ?? refuse(76002)
  if (!/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/.test(asked)) refuse(76002)
  const entry = world.ledger.byRid(asked) ?? refuse(76001)
  if (entry.appid !== account.appid) refuse(76003)
  const invokedAt = Date.parse(entry.at)
  if (world.clock.now() - invokedAt > 7 * DAY) refuse(76004)
  return {
    ...OK,
    request: {
      invoke_time: Math.floor(invokedAt / 1000),
      cost_in_ms: entry.ms,
      request_url: `access_token=***`,
      request_body: entry.body,
      response_body: entry.response,
      client_ip: entry.ip,
    },
  }
}

const ACTIONS = ['dns', 'ping', 'all']
const OPERATORS = ['DEFAULT', 'CHINANET', 'UNICOM', 'CAP']

/** Tests the callback's host from the platform's side. Nothing outside this machine is asked. */
function callbackCheck({ world, account, body }: Call): Fields {
  const action = textAt(body, 'action')
  if (!ACTIONS.includes(action)) refuse(40202)
  const operator = textAt(body, 'check_operator') || 'DEFAULT'
  if (!OPERATORS.includes(operator)) refuse(40203)
  const url = account.callback?.url ?? refuse(40201)
  const failing = world.clock.now() < account.markFail.until
  const ip = new URL(url).hostname
  const dns = [{ ip, real_operator: operator === 'DEFAULT' ? 'UNICOM' : operator }]
  const ping = [{ ip, from_operator: operator, package_loss: failing ? '100%' : '0%', time: failing ? '0.000ms' : '23.079ms' }]
  return { ...(action === 'ping' ? {} : { dns }), ...(action === 'dns' ? {} : { ping }) }
}

const addresses = ['127.0.0.1', '101.226.103.0/25', '101.226.233.128/25']
const post = (path: string, handle: Endpoint['handle']): Endpoint => ({
  path: `/cgi-bin/${path}`,
  method: 'POST',
  group: 'basic',
  body: 'json',
  handle,
})

export const operations: Endpoint[] = [
  post('openapi/quota/get', quota),
  post('openapi/quota/clear', clearPath),
  post('openapi/rid/get', rid),
  post('clear_quota', clear),
  post('callback/check', callbackCheck),
  { path: '/cgi-bin/get_api_domain_ip', method: 'GET', group: 'basic', handle: () => ({ ip_list: addresses }) },
  { path: '/cgi-bin/getcallbackip', method: 'GET', group: 'basic', handle: () => ({ ip_list: addresses }) },
]
export const openOperations: OpenEndpoint[] = [{ path: '/cgi-bin/clear_quota/v2', method: 'any', handle: clearBySecret }]

for (const { path } of operations) publishedLimits.set(path, { daily: OTHER_DAILY_LIMIT })
