import { days, hours, seconds } from '../../platform/time.ts'
import { configuration, later, message, recipient, silent, unclear, unlisted, type Verdict } from './verdicts.ts'

/** Over with the day: Tencent counts by Beijing's. */
const untilMidnight: Record<string, string> = {
  'LimitExceeded.PhoneNumberDailyLimit': '这个号码今天已到上限。请到腾讯云控制台调高上限',
  'LimitExceeded.PhoneNumberSameContentDailyLimit': '同样的内容今天已到上限',
  'LimitExceeded.AppDailyLimit': '应用今天已到上限。请到腾讯云控制台调高上限',
  'LimitExceeded.DailyLimit': '今天已到上限。请到腾讯云控制台调高上限',
}

const codes: Record<string, Verdict> = {
  Ok: { class: 'ok' },
  'LimitExceeded.PhoneNumberThirtySecondLimit': later(seconds(30), '对这个号码发送太频繁'),
  'LimitExceeded.PhoneNumberOneHourLimit': later(hours(1), '对这个号码一小时内发送太多'),
  'LimitExceeded.DeliveryFrequencyLimit': later(seconds(30), '发送太频繁'),
  RequestLimitExceeded: later(seconds(1), '请求太频繁'),
  // The carrier side may have it already: look before sending again.
  'InternalError.Timeout': unclear('腾讯云内部超时'),
  'InternalError.SendAndRecvFail': unclear('腾讯云内部通信失败'),
  'InternalError.OtherError': unclear('腾讯云内部错误'),
  'InternalError.UnknownError': unclear('腾讯云未知错误'),
  'InternalError.RequestTimeException': later(seconds(30), '本机时钟有偏差。请校准时间'),
  'InternalError.AccessUpstreamTimeout': later(seconds(5), '运营商没有及时回答'),
  'InternalError.UpstreamError': later(seconds(5), '运营商返回错误'),
  'FailedOperation.SignatureIncorrectOrUnapproved': configuration('短信签名不对或未通过审核'),
  'FailedOperation.TemplateIncorrectOrUnapproved': configuration('模板不对或未通过审核'),
  'FailedOperation.ContainSensitiveWord': message('含有敏感词'),
  'FailedOperation.PhoneNumberInBlacklist': recipient('对方已退订短信'),
  'FailedOperation.InsufficientBalanceInSmsPackage': configuration('短信套餐余量不足。请购买'),
  'FailedOperation.InsufficientBalanceInVoicePackage': configuration('语音套餐余量不足。请购买'),
  'FailedOperation.PhonenumberUnappliedOrExpired': configuration('主叫号码未申请或已过期'),
  'InvalidParameterValue.IncorrectPhoneNumber': recipient('手机号不对'),
  'InvalidParameterValue.CalledNumberVerifyFail': recipient('被叫号码不对'),
  'InvalidParameterValue.TemplateParameterLengthLimit': message('模板变量过长'),
  'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter': message('模板变量里不能有网址。请把域名写进模板，变量只放短码'),
  'InvalidParameterValue.ContentLengthLimit': message('内容过长'),
  'LimitExceeded.PhoneNumberCountLimit': message('一次的号码太多'),
}

const families: [RegExp, Verdict][] = [
  [/^UnauthorizedOperation\b/, configuration('账号没有权限。请到腾讯云控制台核对应用与密钥')],
  [/^AuthFailure\.SignatureExpire$/, configuration('本机时钟偏差超过 5 分钟。请校准时间')],
  [/^LimitExceeded\b/, later(seconds(60), '超过了腾讯云的限制')],
  [/^InternalError\b/, unclear('腾讯云内部错误')],
  [/^AuthFailure\b/, configuration('密钥不对。请核对 SecretId 与 SecretKey')],
]

/** Source: Tencent Cloud SMS 2021-01-11 and VMS 2020-09-02 error lists. SMS is judged per number, not per call. */
export function judgeTencent(code: string, now: number): Verdict {
  if (code === '') return silent()
  const today = untilMidnight[code]
  if (today !== undefined) return later(days(1) - ((now + hours(8)) % days(1)), today)
  return codes[code] ?? families.find(([family]) => family.test(code))?.[1] ?? unlisted()
}
