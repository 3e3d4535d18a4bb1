import { minutes, seconds } from '../../platform/time.ts'
import { configuration, later, message, recipient, silent, staleToken, unlisted, type Verdict } from './verdicts.ts'

/** DingTalk's errcode for robots and the older app API. Source: open.dingtalk.com and logs; 4xxxxx robot codes are recalled only. */
const codes: Record<number, Verdict> = {
  0: { class: 'ok' },
  [-1]: later(seconds(5), '钉钉系统繁忙'),
  // The body says "wait 5". It is ten minutes: earlier tries fail too.
  130101: later(minutes(10), '超过每分钟 20 条，机器人被停用 10 分钟'),
  410100: later(minutes(10), '发送太快'),
  90030: later(minutes(60), '机器人的发送配额已用完'),
  400101: configuration('机器人的令牌不存在。请到群里重新添加机器人'),
  400102: configuration('机器人已停用。请到群设置里启用'),
  400013: configuration('群已解散'),
  430101: message('含有不安全的链接'),
  430102: message('含有不合适的文字'),
  430103: message('含有不合适的图片'),
  430104: message('内容被判定为不安全'),
  34016: message('内容过长'),
  40001: staleToken('令牌无效'),
  40014: staleToken('令牌已过期'),
  88: configuration('鉴权失败。请核对应用的 AppKey 与 AppSecret'),
  33012: recipient('收件人不在企业通讯录中'),
}

/** 310000 has four causes, told apart only by the text: the one place where we must read it. */
function judge310000(errmsg: string): Verdict {
  if (/timestamp/i.test(errmsg)) return later(seconds(30), '签名时间不对，本机时钟可能有偏差。请校准时间')
  if (/keyword/i.test(errmsg)) return configuration('内容没有包含机器人要求的关键词。请在渠道设置里填写关键词')
  if (/whitelist|ip/i.test(errmsg)) return configuration('本服务器的 IP 不在机器人的白名单中')
  return configuration('签名不对。请核对机器人的加签密钥')
}

export function judgeDingtalk(errcode: number, errmsg: string): Verdict {
  if (Number.isNaN(errcode)) return silent()
  return errcode === 310000 ? judge310000(errmsg) : (codes[errcode] ?? unlisted())
}

/** The newer API answers HTTP 4xx with a word for a code. */
export function judgeDingtalkNew(status: number, code: string): Verdict {
  if (/^InvalidAuthentication/i.test(code) || status === 401) return staleToken('令牌已失效')
  if (status === 429 || /QpsLimit|Throttl|Flow/i.test(code)) return later(seconds(10), '请求太频繁')
  if (status >= 500 || /ServiceUnavailable|InternalError|system/i.test(code)) return later(seconds(5), '钉钉系统繁忙')
  if (status === 403) return configuration('应用没有互动卡片的权限')
  if (/user/i.test(code)) return recipient('收件人不存在，或不在应用的可见范围内')
  return unlisted()
}
