import type { AccountStatus } from '../wechat/index.ts'

/** How the platform regards an account, as one word in dx.accounts.standing. */
export type Standing = 'normal' | 'closed' | 'banned' | 'warned' | 'frozen' | 'restricted' | 'unknown'

export const standingOf = (status: AccountStatus): Standing => (typeof status === 'string' ? status : 'unknown')

export const standingWords: Record<Standing, string> = {
  normal: '正常',
  closed: '已注销',
  banned: '已封禁',
  warned: '被警告',
  frozen: '已冻结',
  restricted: '功能受限',
  unknown: '无法得知',
}
