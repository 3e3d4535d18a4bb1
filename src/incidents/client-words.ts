import { clockTime, dayAndTime, type Instant } from '../platform/time.ts'
import type { Playbook } from '../playbooks/playbook.ts'
import { claimsIn, isRecorded } from './claims.ts'
import type { Snapshot } from './snapshot.ts'

export type Plan = { title: string; tag: string; does: string; expect: string; odds: string; asks: string; cost: string }
export type Plans = { A: Plan; B: Plan }
export type Draft = { text: string; plans?: Plans; facts: number[]; nextUpdateAt: Instant }

/** What the record says about earlier cases of the same kind; fewer than five is said to be too few (promise 5). */
export type OwnRecord = { cases: number; worked: number; medianMinutes?: number }

/**
 * The first word, from recorded facts alone: what happened, what is done, what goes on, when the next word comes. A single
 * unconfirmed sign says 正在核实 and nothing more.
 */
export function composeFirst(state: Snapshot, salutation: string, nextUpdateAt: Instant, now: Instant): Draft {
  const seen = clockTime(state.detectedAt)
  const next = `${dayAndTime(nextUpdateAt, now)} 前${state.certainty === 'confirmed' ? '给您两个处理办法' : '告诉您核实结果'}，您暂时不用操作`
  const opening = state.certainty === 'confirmed' ? state.plan.words.happened : state.plan.words.verifying
  const done = doneSentences(state)
  const parts = [`${salutation}，${seen} ${opening}。`]
  if (done.sentences.length > 0) parts.push(`${done.sentences.join('，')}。`)
  if (state.certainty === 'confirmed') parts.push(`${state.plan.words.doing}。`)
  parts.push(`${next}。`)
  return { text: parts.join(''), facts: [1, ...done.facts], nextUpdateAt }
}

export function composePlans(
  state: Snapshot,
  salutation: string,
  nextUpdateAt: Instant,
  now: Instant,
  record: { A: OwnRecord; B: OwnRecord },
): Draft {
  const done = doneSentences(state)
  const opening = done.sentences.length > 0 ? `${done.sentences.join('，')}。` : `${state.plan.words.doing}。`
  const text = `${salutation}，${opening}接下来有两个办法，请您选一个，${dayAndTime(nextUpdateAt, now)} 前再告诉您进展。`
  return { text, plans: plansOf(state.plan, state.hasSpare, record), facts: [1, ...done.facts], nextUpdateAt }
}

export function composeProgress(state: Snapshot, salutation: string, nextUpdateAt: Instant, now: Instant): Draft {
  const done = doneSentences(state)
  const choice = state.choice ? `${state.choice.byDefault ? '先按方案' : '按您选的方案'} ${state.choice.plan} 进行。` : ''
  const text = `${salutation}，${done.sentences.length > 0 ? `${done.sentences.join('，')}。` : ''}${choice}${state.plan.words.doing}，${dayAndTime(nextUpdateAt, now)} 前再告诉您进展。`
  return { text, facts: [1, ...done.facts], nextUpdateAt }
}

export function composeRestored(state: Snapshot, salutation: string, nextUpdateAt: Instant, now: Instant): Draft {
  const done = doneSentences(state)
  const text = `${salutation}，${done.sentences.length > 0 ? `${done.sentences.join('，')}。` : ''}${state.plan.words.restored}。我们会继续观察，${dayAndTime(nextUpdateAt, now)} 前给您复盘结果。`
  return { text, facts: [1, ...done.facts], nextUpdateAt }
}

/** The result of a check that a client was told of: it was one of us. No next word follows, and the text says what that means. */
export function composeFalseAlarm(state: Snapshot, salutation: string, now: Instant): Draft {
  const text = `${salutation}，${dayAndTime(state.detectedAt, now)} 发现的改动核实清楚了，是自己人或您这边的操作，不是异常。您不用操作，有疑问随时找我们。`
  return { text, facts: [1], nextUpdateAt: state.nextUpdateAt ?? now }
}

/** The “已…” sentences the timeline carries, each with the entry that carries it. */
export function doneSentences(state: Snapshot): { sentences: string[]; facts: number[] } {
  const sentences: string[] = []
  const facts: number[] = []
  const say = (sentence: string, seq: number | undefined) => {
    if (seq === undefined) return
    sentences.push(sentence)
    facts.push(seq)
  }
  const removed = state.articles.filter((article) => article.removedSeq !== undefined)
  for (const status of state.steps) {
    const step = state.plan.steps.find((s) => s.key === status.key)
    const seq = state.doneSeq[status.key]
    if (!step?.says || status.state !== 'done' || seq === undefined) continue
    if (step.effect === 'remove-articles') {
      const byMachine = removed.filter((article) => article.removedBy === 'machine')
      if (byMachine.length > 0) say(`已删除 ${byMachine.length} 篇异常文章`, byMachine[0]!.removedSeq)
    } else say(step.says, seq)
  }
  return { sentences: sentences.slice(0, 4), facts: facts.slice(0, 4) }
}

function plansOf(plan: Playbook, hasSpare: boolean, record: { A: OwnRecord; B: OwnRecord }): Plans {
  const one = (key: 'A' | 'B'): Plan => {
    const source = plan.plans[key]
    const known = record[key]
    return {
      title: source.title,
      tag: source.tag,
      does: source.does,
      expect:
        known.cases >= 5 && known.medianMinutes !== undefined ? `同类一般约 ${known.medianMinutes} 分钟` : '时间以平台处理为准',
      odds: gradeOf(known),
      asks: source.needs === 'spare-account' && !hasSpare ? '提供一个可用的备用号' : source.asks,
      cost: source.cost,
    }
  }
  return { A: one('A'), B: one('B') }
}

/** A grade, never an invented percentage; the sample stands beside it for staff. */
export function gradeOf(record: OwnRecord): string {
  if (record.cases < 5) return '案例不足，以平台审核为准'
  const share = record.worked / record.cases
  const grade = share >= 0.8 ? '把握较大' : share >= 0.5 ? '把握中等' : '不确定'
  return `${grade}，同类 ${record.cases} 次成 ${record.worked} 次`
}

// ---- What a client may read -----------------------------------------------------------------------------------------

/** Words a client never sees, with what to say instead (ux §13). Data, shared by server and screens. */
export const bannedWords: readonly (readonly [RegExp, string])[] = (
  [
    ['XSS', '恶意代码'],
    ['\\b50[0-4]\\b(?!\\s*(元|人|篇|个|份|名|块))', '平台暂时没有响应'],
    ['\\bAPI\\b', '功能'],
    ['接口', '功能'],
    ['token', '授权'],
    ['令牌', '授权'],
    ['webhook', '通知'],
    ['服务器', '系统'],
    ['缓存', '页面'],
    ['\\bIP\\b', '网络位置'],
    ['工单', '事项'],
    ['\\bP[1-4]\\b', '（不写级别）'],
    ['SLA', '我们的承诺'],
    ['SOP', '处理办法'],
    ['escalat', '请同事支援'],
    ['升级处理', '请同事支援'],
    ['封禁', '被平台限制'],
    ['AppSecret', '开发密钥'],
    ['appid', '账号编号'],
    ['回调', '消息通知'],
    ['白名单', '允许名单'],
    ['爬虫', '程序'],
    ['脚本', '程序'],
    ['DDoS', '异常访问'],
    ['(?:代码|SQL ?)注入', '改动'],
    ['渗透', '入侵'],
    ['漏洞', '安全问题'],
    ['数据库', '系统'],
    ['后端', '系统'],
    ['前端', '页面'],
    ['部署', '更新'],
    ['回滚', '恢复到之前的样子'],
    ['(?<!线)上线(?!线下)', '发布'],
    ['宕机', '暂时不可用'],
    ['并发', '同时访问'],
    ['超时', '没有及时响应'],
    ['异常码', '提示'],
    ['错误码', '提示'],
    ['errcode', '提示'],
    ['日志', '记录'],
    ['阈值', '标准'],
    ['灰度', '小范围'],
    ['幂等', '不重复'],
    ['亲，', '您好，'],
    ['紧急!!!', '（去掉）'],
    ['甩锅', '（去掉）'],
  ] as const
).map(([word, instead]) => [new RegExp(word, 'i'), instead] as const)

export type MessageFinding = { level: 'block' | 'warn'; text: string }

/**
 * Judges a text before it goes to a client: every “已…” clause needs a record, a next time must stand in it and lie ahead,
 * no banned word, no exclamation mark. `block` stops sending and names the reason.
 */
export function checkClientText(
  text: string,
  state: Snapshot,
  nextUpdateAt: Instant | undefined,
  now: Instant,
): MessageFinding[] {
  const findings: MessageFinding[] = []
  if (text.trim().length === 0) findings.push({ level: 'block', text: '内容是空的，没有发。请写上发生了什么和下次时间。' })
  for (const claim of claimsIn(text)) {
    if (!isRecorded(claim, state))
      findings.push({ level: 'block', text: `“${claim}”没有记录支持，不能发。先完成并记录这一步，或删掉这句。` })
  }
  // After a false alarm there is no next word to promise.
  const isLastWord = state.certainty === 'false-alarm'
  if (!isLastWord && (!nextUpdateAt || nextUpdateAt <= now))
    findings.push({ level: 'block', text: '没有写下次什么时候再告知，或时间已经过去。请定一个之后的时间。' })
  else if (!isLastWord && nextUpdateAt && !text.includes(clockTime(nextUpdateAt)))
    findings.push({ level: 'block', text: `正文里没有写下次时间 ${clockTime(nextUpdateAt)}。` })
  // Full-width letters are the same word to a reader.
  const plain = text.normalize('NFKC')
  for (const [word, instead] of bannedWords) {
    const found = word.exec(text) ?? word.exec(plain)
    if (found) findings.push({ level: 'block', text: `“${found[0]}”客户看不懂，改成“${instead}”。` })
  }
  if (/[!！]/.test(text)) findings.push({ level: 'warn', text: '不要用感叹号，语气平稳更让人放心。' })
  if (/\d\s*[%‰]|百分之|[一二三四五六七八九]成(?=把握|可能|机会|希望|以上|左右)/.test(plain))
    findings.push({ level: 'block', text: '百分比没有依据，不能写给客户。' })
  return findings
}
