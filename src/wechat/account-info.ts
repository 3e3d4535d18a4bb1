import type { Answer } from './client.ts'
import { permissionsIn } from './component.ts'
import { nested, numberOrNull, text, textOr, textOrNull } from './fields.ts'
import type { JsonObject } from './json.ts'
import type { ComponentSession } from './session.ts'

/** How the platform regards an account. No other API tells, and no event announces it (sections a.2, c.4): ask regularly. */
export type AccountStatus = 'normal' | 'closed' | 'banned' | 'warned' | 'frozen' | { unrecognised: number | null }
export type AccountInfo = {
  appid: string
  name: string
  userName: string
  alias: string | null
  principal: string
  headImage: string | null
  kind: 'subscription' | 'service' | 'other'
  isVerified: boolean
  status: AccountStatus
  permissions: number[]
}

const statuses: Record<number, AccountStatus> = { 1: 'normal', 14: 'closed', 16: 'banned', 18: 'warned', 19: 'frozen' }

/** Only for an account that authorised our component. */
export function accountInfo(session: ComponentSession, appid: string): Promise<Answer<AccountInfo>> {
  const body = { component_appid: session.appid, authorizer_appid: appid }
  const path = '/cgi-bin/component/api_get_authorizer_info'
  return session.call({ path, method: 'POST', intent: 'read', body, read: (a) => readInfo(a, appid) })
}

function readInfo(a: JsonObject, appid: string): AccountInfo {
  const info = nested(a, 'authorizer_info')
  const status = numberOrNull(info, 'account_status')
  return {
    appid,
    name: textOr(info, 'nick_name'),
    userName: text(info, 'user_name'),
    alias: textOrNull(info, 'alias'),
    principal: textOr(info, 'principal_name'),
    headImage: textOrNull(info, 'head_img'),
    kind: kindOf(numberOrNull(nested(info, 'service_type_info'), 'id')),
    isVerified: isVerified(numberOrNull(nested(info, 'verify_type_info'), 'id')),
    status: (status === null ? undefined : statuses[status]) ?? { unrecognised: status },
    permissions: permissionsIn(nested(a, 'authorization_info')),
  }
}

const kindOf = (id: number | null) => (id === 0 || id === 1 ? 'subscription' : id === 2 ? 'service' : 'other')
/** 0 fully; 3 and 4 are qualified but not yet named, which suffices for the APIs. */
const isVerified = (id: number | null) => id === 0 || id === 3 || id === 4
