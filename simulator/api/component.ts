import { unix } from '../clock.ts'
import { refuse } from '../errors.ts'
import { type Fields, maybeText, numberAt, textAt } from '../json.ts'
import type { Authorisation } from '../state/component.ts'
import { accountOf, type World } from '../state/world.ts'
import { OK, type OpenCall, type OpenEndpoint } from './call.ts'
import { startTickets } from './consent.ts'
import { clearUsed, spendClearing } from './quotas.ts'
import { issueToken, TOKEN_SECONDS } from './tokens.ts'

const PREAUTH_SECONDS = 1800

function checkComponent(world: World, body: Fields, secretName: string): void {
  if (maybeText(body, 'component_appid') !== world.component.appid) refuse(61011)
  if (maybeText(body, secretName) !== world.component.secret) refuse(40125)
}

function startPush({ world, body }: OpenCall): Fields {
  checkComponent(world, body, 'component_secret')
  startTickets(world)
  return OK
}

function componentToken({ world, body }: OpenCall): Fields {
  checkComponent(world, body, 'component_appsecret')
  const goodUntil = world.component.tickets.get(textAt(body, 'component_verify_ticket')) ?? refuse(61006)
  if (goodUntil <= world.clock.now()) refuse(61005)
  const token = issueToken(world, world.component.appid, 'component')
  return { component_access_token: token.value, expires_in: TOKEN_SECONDS }
}

const NEEDS_COMPONENT_TOKEN = new Set(
  [
    'create_preauthcode',
    'query_auth',
    'authorizer_token',
    'get_authorizer_list',
    'get_authorizer_info',
    'get_authorizer_option',
    'set_authorizer_option',
  ].map((name) => `/cgi-bin/component/api_${name}`),
)

/** The component's calls carry its own token, and are answered only to addresses it registered. */
export function checkComponentCall(
  world: World,
  incoming: { path: string; query: URLSearchParams; ip: string },
  body: Fields,
): void {
  if (!incoming.path.startsWith('/cgi-bin/component/')) return
  const { whitelist, appid } = world.component
  if (whitelist && !whitelist.includes(incoming.ip)) refuse(61004)
  if (!NEEDS_COMPONENT_TOKEN.has(incoming.path)) return
  const given = incoming.query.get('component_access_token') ?? incoming.query.get('access_token')
  const token = world.tokens.get(given ?? refuse(41001)) ?? refuse(40001)
  if (token.family !== 'component') refuse(61014)
  if (token.expiresAt <= world.clock.now()) refuse(42006)
  if (token.dead) refuse(40001)
  if (textAt(body, 'component_appid') !== appid) refuse(61011)
}

function preauthCode({ world }: OpenCall): Fields {
  const code = `preauthcode@@@${world.random.letters(64)}`
  world.component.preauth.set(code, { expiresAt: world.clock.now() + PREAUTH_SECONDS * 1000 })
  return { pre_auth_code: code, expires_in: PREAUTH_SECONDS }
}

function queryAuth({ world, body }: OpenCall): Fields {
  const { component } = world
  const code = component.codes.get(maybeText(body, 'authorization_code') ?? refuse(61009)) ?? refuse(61009)
  if (code.expiresAt <= world.clock.now()) refuse(61010)
  component.codes.delete(textAt(body, 'authorization_code'))
  const authorisation = authorisationOf(world, { authorizer_appid: code.appid })
  return {
    authorization_info: {
      authorizer_appid: code.appid,
      authorizer_access_token: issueToken(world, code.appid, 'authorizer').value,
      expires_in: TOKEN_SECONDS,
      authorizer_refresh_token: authorisation.refreshToken,
      func_info: funcInfo(authorisation),
    },
  }
}
const funcInfo = ({ funcscopes }: Authorisation) => funcscopes.map((id) => ({ funcscope_category: { id } }))

function authorisationOf(world: World, body: Fields): Authorisation {
  const appid = textAt(body, 'authorizer_appid')
  if (!world.accounts.has(appid)) refuse(40013)
  const authorisation = world.component.authorisations.get(appid)
  return authorisation && !authorisation.withdrawn ? authorisation : refuse(61003)
}

function authorizerToken({ world, body }: OpenCall): Fields {
  const appid = textAt(body, 'authorizer_appid')
  const authorisation = world.component.authorisations.get(appid)
  if (!authorisation) refuse(61003)
  if (authorisation.withdrawn || textAt(body, 'authorizer_refresh_token') !== authorisation.refreshToken) refuse(61023)
  const token = issueToken(world, appid, 'authorizer')
  return { authorizer_access_token: token.value, expires_in: TOKEN_SECONDS, authorizer_refresh_token: authorisation.refreshToken }
}

function authorizerList({ world, body }: OpenCall): Fields {
  const count = numberAt(body, 'count')
  const offset = numberAt(body, 'offset')
  if (count > 500) refuse(40170)
  const all = [...world.component.authorisations.values()].filter((one) => !one.withdrawn)
  const list = all.slice(offset, offset + count).map(({ appid, refreshToken, authorisedAt }) => ({
    authorizer_appid: appid,
    refresh_token: refreshToken,
    auth_time: unix(authorisedAt),
  }))
  return { total_count: all.length, list }
}

function authorizerInfo({ world, body }: OpenCall): Fields {
  const authorisation = authorisationOf(world, body)
  const account = accountOf(world, authorisation.appid)
  return {
    authorizer_info: {
      nick_name: account.name,
      head_img: `${world.baseUrl}/mmbiz_head/${account.appid}`,
      service_type_info: { id: account.kind === 'SVC' ? 2 : 0 },
      verify_type_info: { id: account.verified ? 0 : -1 },
      user_name: account.userName,
      alias: '',
      qrcode_url: `${world.baseUrl}/mmbiz_qrcode/${account.appid}`,
      principal_name: `${account.name}（演示）`,
      signature: '',
      business_info: { open_store: 0, open_scan: 0, open_pay: 0, open_card: 0, open_shake: 0 },
      account_status: account.accountStatus,
    },
    authorization_info: {
      authorizer_appid: account.appid,
      authorizer_refresh_token: authorisation.refreshToken,
      func_info: funcInfo(authorisation),
    },
  }
}

function option({ world, body }: OpenCall): Fields {
  const authorisation = authorisationOf(world, body)
  const option_name = textAt(body, 'option_name')
  const option_value = authorisation.options[option_name] ?? refuse(40035)
  return { authorizer_appid: authorisation.appid, option_name, option_value }
}

function setOption({ world, body }: OpenCall): Fields {
  const authorisation = authorisationOf(world, body)
  const name = textAt(body, 'option_name')
  if (!(name in authorisation.options)) refuse(40035)
  authorisation.options[name] = textAt(body, 'option_value')
  return OK
}

function clearQuota({ world, body }: OpenCall): Fields {
  checkComponent(world, body, 'component_appsecret')
  const account = accountOf(world, maybeText(body, 'appid') ?? refuse(41002))
  spendClearing(world, account, 'all', 10)
  clearUsed(account)
  return OK
}

const post = (name: string, handle: (call: OpenCall) => Fields): OpenEndpoint => ({
  path: `/cgi-bin/component/${name}`,
  method: 'POST',
  handle,
})
export const component: OpenEndpoint[] = [
  post('api_start_push_ticket', startPush),
  post('api_component_token', componentToken),
  post('api_create_preauthcode', preauthCode),
  post('api_query_auth', queryAuth),
  post('api_authorizer_token', authorizerToken),
  post('api_get_authorizer_list', authorizerList),
  post('api_get_authorizer_info', authorizerInfo),
  post('api_get_authorizer_option', option),
  post('api_set_authorizer_option', setOption),
  post('clear_quota/v2', clearQuota),
]
