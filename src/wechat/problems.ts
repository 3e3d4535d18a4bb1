import { type KnownClass, problemTable } from './problem-table.ts'

export type ProblemClass = KnownClass | 'unknown-code'

/** Why a call gave no result. `outcome` says whether WeChat may have carried it out all the same. */
export type WeChatProblem = {
  class: ProblemClass
  code: number | null
  /** For people: what is true now and what to do. */
  message: string
  /** The API that was asked, e.g. `/cgi-bin/draft/add`. */
  what: string
  outcome: 'not-executed' | 'unknown'
  /** WeChat's id of the request; it explains itself for 7 days (operations.explainRid). */
  rid: string | null
  /** WeChat's own words, as they came. */
  errmsg: string | null
  /** 40164: the address WeChat saw us calling from, to be put on the whitelist. */
  callerIp?: string
  /** 45065: the message that was accepted earlier under the same clientmsgid. */
  msgId?: string
}

export type Intent = 'read' | 'write'
export type Refusal = { code: number; errmsg: string; msgId?: string }

const advice: Record<ProblemClass, string> = {
  retry: '这次没有执行，可以稍后再试',
  ambiguous: '微信可能已经执行，也可能没有：请先查清结果，不要直接重试',
  token: '这次没有执行。换新凭证后仍然如此，说明还有别人持有该账号的密钥',
  config: '这次没有执行。请检查该账号的设置，改好后再试',
  input: '这次没有执行。请修改内容后再提交，原样重试不会成功',
  state: '这次没有执行。请先刷新看看现在的状态，也许已经办好了',
  quota: '这次没有执行。请等额度恢复后再试',
  permission: '这次没有执行，重试也不会成功。要先在公众平台恢复权限或改用人工操作',
  gate: '这次没有执行。要等管理员在手机上处理',
  policy: '这次没有执行。平台限制了该账号，请停止自动操作并按事件处理',
  'unknown-code': '微信拒绝了这次调用，请停下来由人查看',
}

/** What an error code means for the caller. A code nobody has described stops things: guessing "try again" may send twice. */
export function problemOf(refusal: Refusal, what: string, intent: Intent): WeChatProblem {
  const { code, errmsg } = refusal
  const known = problemTable.get(code)
  // Reading twice hurts nobody, so on a read "nobody knows" is only "try again".
  const name = !known ? 'unknown-code' : known.class === 'ambiguous' && intent === 'read' ? 'retry' : known.class
  const callerIp = code === 40164 ? callerIpIn(errmsg) : undefined
  return {
    class: name,
    code,
    message: sentence(
      known ? `${known.meaning}（${code}）` : `微信返回了没有登记的错误 ${code}：${errmsg}`,
      name,
      code,
      callerIp,
    ),
    what,
    outcome: name === 'ambiguous' || code === 45066 ? 'unknown' : 'not-executed',
    rid: ridIn(errmsg),
    errmsg,
    ...(callerIp ? { callerIp } : {}),
    ...(refusal.msgId ? { msgId: refusal.msgId } : {}),
  }
}

function sentence(happened: string, name: ProblemClass, code: number, callerIp?: string): string {
  if (code === 40164 && callerIp) return `${happened}。这次没有执行。请把 ${callerIp} 加入 IP 白名单后再试。`
  if (code === 45065) return `${happened}。不要再发，请按原消息编号查询结果。`
  if (code === 45066) return `${happened}。至少等 1 分钟，先查清上一次是否已经发出。`
  if (code === 40007 || code === 53600) return `${happened}。这次没有执行。请先查它是否已发布或已删除。`
  return `${happened}。${advice[name]}。`
}

/** The token endpoints answer 40001 for a wrong secret: asking again for a token cannot help there (section a.1). */
export function asCredentialProblem(problem: WeChatProblem): WeChatProblem {
  if (problem.class !== 'token') return problem
  return { ...problem, class: 'config', message: `AppSecret 或授权凭证不正确（${problem.code}）。${advice.config}。` }
}

/** No answer we could understand: nothing at all, HTML, an empty or broken body, an error of their servers. */
export function noAnswer(why: string, what: string, intent: Intent, rid: string | null = null): WeChatProblem {
  const name = intent === 'write' ? 'ambiguous' : 'retry'
  const outcome = intent === 'write' ? 'unknown' : 'not-executed'
  return { class: name, code: null, message: `${why}。${advice[name]}。`, what, outcome, rid, errmsg: null }
}

/** The connection never came about, so not even a write can have reached WeChat. */
export function notReached(why: string, what: string): WeChatProblem {
  return {
    class: 'retry',
    code: null,
    message: `${why}。${advice.retry}。`,
    what,
    outcome: 'not-executed',
    rid: null,
    errmsg: null,
  }
}

/** `rid: 64f0a1b2-12ab34cd-56ef7890`; older answers say `hint: [abcd1234]`. */
export function ridIn(errmsg: string): string | null {
  return (
    /rid: ?([0-9a-f]{6,8}-[0-9a-f]{6,8}-[0-9a-f]{6,8})/i.exec(errmsg)?.[1] ??
    /hint: ?\[([^\]]{4,64})\]/i.exec(errmsg)?.[1] ??
    null
  )
}

const callerIpIn = (errmsg: string): string | undefined => /invalid ip ([0-9a-f.:]{3,45})/i.exec(errmsg)?.[1]
