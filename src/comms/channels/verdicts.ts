import type { SendResult } from './channel.ts'

/** What a provider's code means for the next step. */
export type Verdict = { class: 'ok' } | Problem

export type Problem =
  /** The provider's window must pass, or it is briefly unwell. */
  | { class: 'later'; afterMs: number; say: string }
  | { class: 'never'; whose: 'recipient' | 'configuration' | 'message'; say: string }
  /** The access token is stale: fetch a new one and repeat once. Safe, because nothing was sent. */
  | { class: 'token'; say: string }
  | { class: 'unknown'; say: string }

export const later = (afterMs: number, say: string): Problem => ({ class: 'later', afterMs, say })
export const recipient = (say: string): Problem => ({ class: 'never', whose: 'recipient', say })
export const configuration = (say: string): Problem => ({ class: 'never', whose: 'configuration', say })
export const message = (say: string): Problem => ({ class: 'never', whose: 'message', say })
export const staleToken = (say: string): Problem => ({ class: 'token', say })
export const unclear = (say: string): Problem => ({ class: 'unknown', say })

/**
 * A code nobody has told us about. The provider did answer, and did not say ok: nothing went out, and waiting is not known to
 * help. So the ladder moves on at once and an administrator is told.
 */
/** JSON without any code: nobody said ok and nobody said no. */
export const silent = (): Problem => unclear('回答里没有结果')

export const unlisted = (): Problem => configuration('这个错误码不在已知列表中，请查对方文档或联系管理员')

export function resultOf(verdict: Problem, provider: string, code: string): SendResult {
  const what = `${provider}（${code}）：${verdict.say}。`
  switch (verdict.class) {
    case 'later':
      return {
        result: 'refused',
        retry: 'later',
        afterMs: verdict.afterMs,
        reason: `${what}消息没有发出，${spoken(verdict.afterMs)}后可以再试。`,
      }
    case 'never':
      return { result: 'refused', retry: 'never', whose: verdict.whose, reason: `${what}消息没有发出，请改用下一个渠道。` }
    case 'token':
      return {
        result: 'refused',
        retry: 'never',
        whose: 'configuration',
        reason: `${what}换过令牌仍不行，消息没有发出。请核对应用的密钥。`,
      }
    case 'unknown':
      return { result: 'unknown', reason: `${what}消息可能已经送到，请先看回执，不要直接重发。` }
  }
}

function spoken(duration: number): string {
  if (duration < 60_000) return `${Math.ceil(duration / 1000)} 秒`
  return duration < 3_600_000 ? `${Math.ceil(duration / 60_000)} 分钟` : `${Math.ceil(duration / 3_600_000)} 小时`
}
