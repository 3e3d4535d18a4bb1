import { after, type Instant, seconds } from '../platform/time.ts'
import { nothing } from './articles.ts'
import type { Answer, WeChat } from './client.ts'
import type { Component } from './credentials.ts'
import { moment, nested, number, numberOr, objects, text, textOr } from './fields.ts'
import type { JsonObject } from './json.ts'
import type { ComponentSession } from './session.ts'

/** A third-party platform and the accounts that authorised it (section a.2). */
export type Authorization = {
  appid: string
  accessToken: string
  expiresAt: Instant
  refreshToken: string
  permissions: number[]
}

/** Asks WeChat to begin, or begin again, to push tickets. Needs no token, since it is what tokens begin with. */
export function startTickets(client: WeChat, { appid, secret }: Pick<Component, 'appid' | 'secret'>): Promise<Answer<undefined>> {
  const body = { component_appid: appid, component_secret: secret }
  return client.send(appid, {
    path: '/cgi-bin/component/api_start_push_ticket',
    method: 'POST',
    intent: 'write',
    body,
    read: nothing,
  })
}

/** Begins an authorisation; the code is for `authorizationPage` and lives as long as WeChat says. */
export function createPreAuthCode(
  session: ComponentSession,
  now: Instant,
): Promise<Answer<{ code: string; expiresAt: Instant }>> {
  const read = (a: JsonObject) => ({ code: text(a, 'pre_auth_code'), expiresAt: after(now, seconds(number(a, 'expires_in'))) })
  const body = { component_appid: session.appid }
  return session.call({ path: '/cgi-bin/component/api_create_preauthcode', method: 'POST', intent: 'write', body, read })
}

/** Where the account's administrator scans, on a computer or on the phone itself. */
export function authorizationPage(
  where: 'computer' | 'phone',
  page: { component: string; preAuthCode: string; redirectUri: string; appid?: string },
): string {
  const query = new URLSearchParams({
    component_appid: page.component,
    pre_auth_code: page.preAuthCode,
    redirect_uri: page.redirectUri,
    auth_type: '1',
  })
  if (page.appid) query.set('biz_appid', page.appid)
  return where === 'computer'
    ? `https://mp.weixin.qq.com/cgi-bin/componentloginpage?${query}`
    : `https://open.weixin.qq.com/wxaopen/safe/bindcomponent?action=bindcomponent&no_scan=1&${query}#wechat_redirect`
}

/** Exchanges the code of an authorisation for lasting credentials. Works once: keep the answer before anything else. */
export function queryAuthorization(session: ComponentSession, code: string, now: Instant): Promise<Answer<Authorization>> {
  return session.call({
    path: '/cgi-bin/component/api_query_auth',
    method: 'POST',
    intent: 'write',
    body: { component_appid: session.appid, authorization_code: code },
    read: (a) => {
      const info = nested(a, 'authorization_info')
      return {
        appid: text(info, 'authorizer_appid'),
        accessToken: text(info, 'authorizer_access_token'),
        expiresAt: after(now, seconds(number(info, 'expires_in'))),
        refreshToken: text(info, 'authorizer_refresh_token'),
        permissions: permissionsIn(info),
      }
    },
  })
}

/** Every account that authorised us, with its refresh token: the way back when those were lost. At most 500 at a time. */
export function listAuthorizers(
  session: ComponentSession,
  page: { offset: number; count: number },
): Promise<Answer<{ total: number; items: { appid: string; refreshToken: string; authorizedAt: Instant | null }[] }>> {
  return session.call({
    path: '/cgi-bin/component/api_get_authorizer_list',
    method: 'POST',
    intent: 'read',
    body: { component_appid: session.appid, ...page },
    read: (a) => ({
      total: number(a, 'total_count'),
      items: objects(a, 'list').map((item) => ({
        appid: text(item, 'authorizer_appid'),
        refreshToken: text(item, 'refresh_token'),
        authorizedAt: moment(item, 'auth_time'),
      })),
    }),
  })
}

export const permissionsIn = (info: JsonObject): number[] =>
  objects(info, 'func_info').map((func) => numberOr(nested(func, 'funcscope_category'), 'id'))

export type AuthorizerOption = 'location_report' | 'voice_recognize' | 'customer_service'

export function getOption(session: ComponentSession, appid: string, name: AuthorizerOption): Promise<Answer<string>> {
  const body = { component_appid: session.appid, authorizer_appid: appid, option_name: name }
  const read = (a: JsonObject) => textOr(a, 'option_value')
  return session.call({ path: '/cgi-bin/component/api_get_authorizer_option', method: 'POST', intent: 'read', body, read })
}

export function setOption(
  session: ComponentSession,
  appid: string,
  name: AuthorizerOption,
  value: string,
): Promise<Answer<undefined>> {
  const body = { component_appid: session.appid, authorizer_appid: appid, option_name: name, option_value: value }
  return session.call({
    path: '/cgi-bin/component/api_set_authorizer_option',
    method: 'POST',
    intent: 'write',
    body,
    read: nothing,
  })
}
