import type { MassStatus, PublishStatus } from './push-types.ts'

/** How `publish_status` reads, in the event and in freepublish/get alike (section c.3). */
const publishStatuses: Record<string, PublishStatus> = {
  '0': 'published',
  '1': 'in-progress',
  '2': 'originality-failed',
  '3': 'failed',
  '4': 'review-refused',
  '5': 'deleted-by-user',
  '6': 'banned-by-platform',
}

export const publishStatus = (value: string): PublishStatus => publishStatuses[value] ?? { unrecognised: value }

/** Reads `send success`, `send fail` and `err(NNN)`. */
export function massStatus(value: string): MassStatus {
  const plain = value.trim().toLowerCase()
  if (plain === 'send success' || plain === 'sendsuccess') return 'success'
  if (plain === 'send fail' || plain === 'sendfail') return 'fail'
  const err = /^err\((\d{1,9})\)$/.exec(plain)
  return err ? { err: Number(err[1]) } : { unrecognised: value }
}

const massErrors: Record<number, string> = {
  10001: '涉嫌广告',
  20001: '涉嫌政治',
  20002: '涉嫌色情',
  20004: '涉嫌社会问题',
  20006: '涉嫌违法犯罪',
  20008: '涉嫌欺诈',
  20013: '涉嫌版权问题',
  21000: '涉嫌其他问题',
  22000: '涉嫌互推',
  30001: '原创校验出错，而这次群发要求遇到转载就停止',
  30002: '原创校验不允许群发',
  30003: '被判定为转载，而这次群发要求遇到转载就停止',
  40001: '管理员拒绝了这次群发',
  40002: '管理员 30 分钟内没有确认，群发已取消',
}

/** Why a mass send was stopped, in words; null for a number WeChat has not published. */
export const massErrorMeaning = (err: number): string | null => massErrors[err] ?? null
