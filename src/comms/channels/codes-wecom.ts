import { seconds } from '../../platform/time.ts'
import { configuration, later, message, recipient, silent, staleToken, unlisted, type Verdict } from './verdicts.ts'

/** WeCom's errcode. Source: developer.work.weixin.qq.com, general error page and SDKs. errmsg is never read: it holds hints and addresses. */
const codes: Record<number, Verdict> = {
  0: { class: 'ok' },
  [-1]: later(seconds(5), '企业微信系统繁忙'),
  // A per-minute rule blocks for a minute. Per-hour and per-day rules block longer; then we are told so again.
  45009: later(seconds(60), '发送太频繁，企业微信要求等待'),
  45033: later(seconds(2), '同时发送的请求太多'),
  93000: configuration('机器人地址无效，或机器人已被移出群。请到群里重新添加机器人并更新地址'),
  40058: message('内容过长或字段不合要求'),
  40008: message('消息类型不被支持'),
  44004: message('内容为空'),
  45002: message('内容过长'),
  40001: configuration('应用的 Secret 不对。请到企业微信管理后台核对'),
  40013: configuration('企业 ID 不对。请到企业微信管理后台核对'),
  40014: staleToken('令牌无效'),
  41001: staleToken('缺少令牌'),
  42001: staleToken('令牌已过期'),
  60020: configuration('本服务器的 IP 不在企业可信 IP 中。请到应用设置里添加'),
  81013: recipient('收件人不存在，或不在应用的可见范围内'),
  48002: configuration('应用没有调用这个接口的权限'),
  50003: configuration('应用已被停用'),
  301002: configuration('密钥与应用不匹配'),
  84061: recipient('对方不是企业的外部联系人'),
}

export const judgeWecom = (errcode: number): Verdict => (Number.isNaN(errcode) ? silent() : (codes[errcode] ?? unlisted()))
