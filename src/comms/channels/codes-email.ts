import { minutes } from '../../platform/time.ts'
import { configuration, later, message, recipient, type Verdict } from './verdicts.ts'

/** What the mail server said: its three digits and, inside the text, perhaps the finer x.y.z. */
export type MailRefusal = { code: number; text: string }

/** China's mailboxes use permanent-looking numbers for a passing throttle. Suppressing the address on them loses a good person. */
const passing = [
  /ip frequency limited/i,
  /connection frequency limited/i,
  /connection denied/i,
  /mailbox unavailable or access denied/i,
]
const NETEASE_SPAM_AGAIN = /DT:SPM please try again/i
const SENDER_QUOTA = /MI:SFQ/i

/**
 * Judges a refusal by SMTP. Source: RFC 5321 and 3463, and the published replies of QQ Mail, NetEase and Aliyun DirectMail.
 * The finer x.y.z is trusted over the three digits when both are there.
 */
export function judgeMail({ code, text }: MailRefusal): Verdict {
  if (passing.some((pattern) => pattern.test(text))) return later(minutes(5), '对方邮箱暂时限流')
  if (SENDER_QUOTA.test(text)) return later(minutes(15), '发信太多，对方要求等待')
  if (NETEASE_SPAM_AGAIN.test(text) && code < 500) return later(minutes(2), '对方暂时怀疑是垃圾邮件')
  if (code === 535) return configuration('邮箱账号或授权码不对')
  if (code === 553 || code === 436) return configuration('发件地址与登录账号不一致')

  const finer = /\b([245])\.(\d{1,3})\.(\d{1,3})\b/.exec(text)?.[0]
  if (finer) return judgeFiner(finer)
  if (/mailbox not found/i.test(text) || code === 559) return recipient('这个邮箱地址不存在')
  if (/quota/i.test(text) && code === 552) return later(minutes(60), '发信额度已用完')
  if (code === 552) return message('邮件过大')
  if (code === 554 || code === 561) return message('邮件内容被判定为垃圾邮件')
  if (code >= 500) return configuration('对方邮件服务器永久拒绝')
  return later(minutes(1), '对方邮件服务器暂时拒绝')
}

function judgeFiner(finer: string): Verdict {
  if (['5.1.1', '5.1.2', '5.1.10', '5.2.1'].includes(finer)) return recipient('这个邮箱地址不存在或已停用')
  if (finer === '5.3.4') return message('邮件过大')
  if (finer === '5.2.2') return later(minutes(60), '对方邮箱已满')
  if (finer.startsWith('5.7.')) return configuration('发信被对方的安全策略拒绝。请检查发信域名的 SPF、DKIM、DMARC')
  if (finer.startsWith('5.')) return configuration('对方邮件服务器永久拒绝')
  return later(minutes(1), '对方邮件服务器暂时拒绝')
}
