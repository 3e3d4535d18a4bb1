import { seconds } from '../../platform/time.ts'
import { configuration, later, message, recipient, silent, staleToken, unlisted, type Verdict } from './verdicts.ts'

const codes: Record<number, Verdict> = {
  0: { class: 'ok' },
  19021: configuration('签名不对，或本机时钟偏差超过一小时。请核对加签密钥并校准时间'),
  19022: configuration('本服务器的 IP 不在机器人的白名单中'),
  19024: configuration('内容没有包含机器人要求的关键词。请在渠道设置里填写关键词'),
  9499: message('内容过大或格式不被接受'),
  11232: later(seconds(10), '飞书系统限流，整点和半点更常见'),
  99991663: staleToken('令牌已过期'),
  99991661: staleToken('缺少令牌'),
  99991664: staleToken('令牌无效'),
  10003: configuration('App ID 或 App Secret 不对'),
  10014: configuration('App Secret 不对'),
  230001: message('消息参数不被接受'),
  230013: recipient('收件人不在应用的可见范围内'),
  230002: configuration('机器人不在群里'),
}

/**
 * Feishu's code. Source: open.feishu.cn error pages. 99991400 comes at HTTP 429 or, from older paths, at 400; its header says
 * how many seconds are left.
 */
export function judgeFeishu(code: number, headers: Headers): Verdict {
  if (code === 99991400) {
    const left = Number(headers.get('x-ogw-ratelimit-reset'))
    return later(seconds(Number.isFinite(left) && left > 0 ? left : 5), '请求太频繁，飞书要求等待')
  }
  return Number.isNaN(code) ? silent() : (codes[code] ?? unlisted())
}
