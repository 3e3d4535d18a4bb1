import { hours, minutes, seconds } from '../../platform/time.ts'
import { configuration, later, message, recipient, silent, unlisted, type Verdict } from './verdicts.ts'

const sms: Record<string, Verdict> = {
  OK: { class: 'ok' },
  'isv.DAY_LIMIT_CONTROL': later(hours(24), '已到当天发送上限。请管理员到阿里云调高上限'),
  'isv.MONTH_LIMIT_CONTROL': later(hours(24), '已到当月发送上限。请管理员到阿里云调高上限'),
  'isp.SYSTEM_ERROR': later(seconds(5), '阿里云系统错误'),
  'isp.GATEWAY_ERROR': later(seconds(5), '阿里云网关错误'),
  'Throttling.User': later(seconds(5), '请求太频繁'),
  'isv.SMS_SIGNATURE_ILLEGAL': configuration('短信签名不可用或未报备'),
  'isv.SMS_SIGN_ILLEGAL': configuration('短信签名不可用或未报备'),
  'isv.SIGN_STATE_ILLEGAL': configuration('短信签名还没有通过审核'),
  'isv.SMS_SIGNATURE_SCENE_ILLEGAL': configuration('短信签名与模板的用途不一致'),
  'isv.SMS_TEMPLATE_ILLEGAL': configuration('短信模板不可用'),
  'isv.TEMPLATE_MISSING_PARAMETERS': configuration('模板的变量没有填全'),
  'isv.INVALID_JSON_PARAM': message('模板变量格式不对'),
  'isv.PARAM_LENGTH_LIMIT': message('模板变量过长'),
  'isv.PARAM_NOT_SUPPORT_URL': message('模板变量里不能有网址。请把域名写进模板，变量只放短码'),
  'isv.BLACK_KEY_CONTROL_LIMIT': message('含有运营商不允许的词'),
  'isv.SMS_CONTENT_ILLEGAL': message('内容不被允许'),
  'isv.MOBILE_NUMBER_ILLEGAL': recipient('手机号不对'),
  'isv.MOBILE_COUNT_OVER_LIMIT': message('一次的号码太多'),
  'isv.AMOUNT_NOT_ENOUGH': configuration('阿里云余额不足。请充值'),
  'isv.OUT_OF_SERVICE': configuration('阿里云服务已停用。请检查账户'),
  'isv.PRODUCT_UN_SUBSCRIPT': configuration('还没有开通这项服务'),
  'isp.RAM_PERMISSION_DENY': configuration('访问密钥没有权限'),
  'isv.DENY_IP_RANGE': configuration('本服务器的 IP 不被允许（境外地址不可用）'),
  SignatureDoesNotMatch: configuration('访问密钥不对'),
  'InvalidAccessKeyId.NotFound': configuration('访问密钥不存在'),
  'InvalidTimeStamp.Expired': configuration('本机时钟偏差过大。请校准时间'),
}

const voice: Record<string, Verdict> = {
  ...sms,
  'isv.VOICE_CALL_FAIL': later(seconds(60), '呼叫没有接通到运营商'),
  'isv.TTS_TEMPLATE_ILLEGAL': configuration('语音模板不可用'),
  'isv.TEMPLATE_ILLEGAL': configuration('语音模板不可用'),
  'isv.DISPLAY_NUMBER_ILLEGAL': configuration('主叫号码不可用'),
  'isv.COMPLAINT_REJECT': recipient('对方设置了防骚扰，电话打不进去'),
}

/** The window of a flow control is named only in the message: 触发分钟级/小时级/天级流控Permits:n. */
function flowControl(text: string, longest: number): Verdict {
  const wait = /分钟级/.test(text) ? minutes(1) : /小时级/.test(text) ? hours(1) : longest
  return later(wait, '对这个号码发送太频繁')
}

const byFamily = (code: string): Verdict => (/^Throttling\b/.test(code) ? later(seconds(5), '请求太频繁') : unlisted())

/** Source: Dysmsapi and Dyvmsapi 2017-05-25 error pages. Business failures come at HTTP 200 and at 400 alike. */
export function judgeAliyunSms(code: string, text: string): Verdict {
  if (code === '') return silent()
  return code === 'isv.BUSINESS_LIMIT_CONTROL' ? flowControl(text, hours(24)) : (sms[code] ?? byFamily(code))
}

/** A callee's hour is full long before the day: without a named window we ask again after an hour. */
export function judgeAliyunVoice(code: string, text: string): Verdict {
  if (code === '') return silent()
  return code === 'isv.BUSINESS_LIMIT_CONTROL' ? flowControl(text, hours(1)) : (voice[code] ?? byFamily(code))
}
