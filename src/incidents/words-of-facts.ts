import { wayNames, wayOf } from '../people/ways.ts'
import { assertNever } from '../platform/outcome.ts'
import { clockTime } from '../platform/time.ts'
import type { Snapshot } from './snapshot.ts'
import type { Entry, IncidentState, MessageKind } from './timeline.ts'
import type { TimelineView } from './view.ts'

export const messageTitles: Record<MessageKind, { zh: string; en: string }> = {
  first: { zh: '首次告知', en: 'First word' },
  plans: { zh: '两个方案', en: 'Two plans' },
  progress: { zh: '进展', en: 'Progress' },
  restored: { zh: '已恢复', en: 'Restored' },
}
export const stateTitles: Record<IncidentState, string> = {
  open: '新发生',
  acknowledged: '正在控制',
  contained: '已控制',
  restored: '已恢复',
  watching: '观察中',
  reviewed: '已复盘',
  merged: '已并入',
}
const clientWayNames: Record<string, string> = {
  'account-manager': '客户经理转告',
  wecom: '企业微信',
  sms: '短信',
  voice: '电话',
  email: '邮件',
}
export const wayTitle = (way: string): string => clientWayNames[way] ?? (wayOf(way) ? wayNames[wayOf(way)!] : way)
const results: Record<string, string> = { done: '已送出', refused: '没送成', unknown: '结果不明', expired: '已过时' }

type Line = { title: string; detail?: string; tone?: TimelineView['tone']; group?: TimelineView['group'] }

/** One timeline entry in plain words, for the screens and for the evidence report. */
export function describe(entry: Entry, state: Pick<Snapshot, 'plan' | 'addedSteps'>): Line {
  const { fact } = entry
  const step = (key: string) =>
    state.plan.steps.find((s) => s.key === key)?.title ?? state.addedSteps.find((s) => s.key === key)?.title ?? key
  const clock = (key: string) => state.plan.clocks.find((c) => c.key === key)?.title ?? key
  switch (fact.kind) {
    case 'opened':
      return { title: `定级 ${fact.severity}，开始计时`, detail: `规则：${fact.severityRule}`, tone: 'alarm', group: 'decision' }
    case 'signal-joined':
      return { title: `发现：${fact.summary}`, tone: 'alarm' }
    case 'certainty-changed':
      return {
        title: { confirmed: '确认不是我们或客户所为', 'single-sign': '还在核实', 'false-alarm': '确认是自己人操作' }[
          fact.certainty
        ],
        detail: fact.because,
        tone: 'alarm',
        group: 'decision',
      }
    case 'severity-changed':
      return { title: `级别改为 ${fact.severity}`, detail: fact.reason, group: 'decision' }
    case 'hold-placed':
      return { title: `暂停全部待发（${fact.publications} 条）`, tone: 'done', group: 'decision' }
    case 'hold-lifted':
      return { title: '解除暂停', group: 'decision' }
    case 'paged':
      return { title: `通知 ${fact.person}`, detail: wayTitle(fact.way) }
    case 'page-result':
      return {
        title: `${wayTitle(fact.way)} ${fact.person}：${results[fact.result] ?? fact.result}`,
        ...(fact.detail ? { detail: fact.detail } : {}),
      }
    case 'ladder-exhausted':
      return { title: '通知到头还没有人接手，重新开始通知', detail: fact.reason, tone: 'alarm' }
    case 'acknowledged':
      return { title: `${fact.person} 接手`, group: 'decision' }
    case 'lease-renewed':
      return { title: '继续负责' }
    case 'lease-lapsed':
      return { title: `${fact.person} 接手后没有动静，重新通知`, tone: 'alarm' }
    case 'handed-over':
      return {
        title: `交接给 ${fact.person}`,
        detail: `现在：${fact.now}；下一步：${fact.next}；别忘了：${fact.mind}`,
        group: 'decision',
      }
    case 'declined':
      return { title: `${fact.person} 接不了，转给后备` }
    case 'step-started':
      return { title: `系统开始：${step(fact.step)}` }
    case 'step-done':
      return {
        title: `完成：${step(fact.step)}`,
        ...(fact.answer ? { detail: answerTitle(state, fact.step, fact.answer) } : fact.receipt ? { detail: fact.receipt } : {}),
        tone: 'done',
        ...(fact.answer ? { group: 'decision' as const } : {}),
      }
    case 'step-by-hand':
      return { title: `转为人工：${step(fact.step)}`, detail: fact.problem, tone: 'alarm' }
    case 'step-skipped':
      return { title: `例外，跳过：${step(fact.step)}`, detail: `${fact.reason}；同意人 ${fact.agreedBy}`, group: 'decision' }
    case 'step-moved':
      return {
        title: `例外，${step(fact.step)} 提到 ${step(fact.before)} 之前`,
        detail: `${fact.reason}；同意人 ${fact.agreedBy}`,
        group: 'decision',
      }
    case 'step-added':
      return { title: `例外，加一步：${fact.title}`, detail: `${fact.reason}；同意人 ${fact.agreedBy}`, group: 'decision' }
    case 'article-removed':
      return { title: `删除《${fact.title}》`, detail: fact.how === 'machine' ? '平台返回成功' : '人工在后台删除', tone: 'done' }
    case 'article-explained':
      return { title: '文章已说明来源', detail: fact.whose, group: 'decision' }
    case 'menu-restored':
      return {
        title: '菜单已恢复到认可的样子',
        ...(fact.degraded.length ? { detail: `部分按钮只能近似恢复：${fact.degraded.join('、')}` } : {}),
        tone: 'done',
      }
    case 'auto-reply-checked':
      return {
        title: fact.drifted ? '自动回复被改动，要到后台改回' : '自动回复与认可的一致',
        tone: fact.drifted ? 'alarm' : 'done',
      }
    case 'auto-reply-restored':
      return { title: '自动回复已改回', tone: 'done' }
    case 'evidence-added':
      return { title: `证据：${fact.name}`, detail: `校验码 ${fact.hash.slice(0, 8)}…${fact.hash.slice(-4)}`, tone: 'done' }
    case 'evidence-exported':
      return {
        title: `导出证据包，${fact.items} 件`,
        detail: `校验码 ${fact.packHash.slice(0, 8)}…${fact.packHash.slice(-4)}`,
        tone: 'done',
      }
    case 'message-drafted':
      return {
        title: `${messageTitles[fact.message].zh}已拟好，第 ${fact.revision} 稿`,
        ...(fact.shifted ? { detail: fact.shifted } : {}),
        group: 'client',
      }
    case 'message-released':
      return {
        title: `${fact.automatic ? '到时自动发出' : '确认发出'}${messageTitles[fact.message].zh}`,
        detail: fact.text,
        tone: 'client',
        group: 'client',
      }
    case 'message-called-back':
      return { title: `撤回${messageTitles[fact.message].zh}，没有发出`, group: 'client' }
    case 'message-asked-by-hand':
      return { title: `请 ${fact.person} 转告客户`, detail: `${clockTime(fact.dueAt)} 前`, tone: 'client', group: 'client' }
    case 'message-way':
      return {
        title: `${messageTitles[fact.message].zh}，${wayTitle(fact.way)}：${results[fact.result] ?? fact.result}`,
        ...(fact.detail ? { detail: fact.detail } : {}),
        group: 'client',
      }
    case 'message-sent':
      return {
        title: `已告知客户（${messageTitles[fact.message].zh}）`,
        detail: wayTitle(fact.way),
        tone: 'client',
        group: 'client',
      }
    case 'message-undelivered':
      return {
        title: `${messageTitles[fact.message].zh}没有送到客户手机`,
        detail: `${wayTitle(fact.way)}：${fact.detail}`,
        tone: 'alarm',
        group: 'client',
      }
    case 'message-failed':
      return { title: `没能告知客户（${messageTitles[fact.message].zh}）`, detail: fact.reason, tone: 'alarm', group: 'client' }
    case 'message-read':
      return { title: '客户已读', detail: messageTitles[fact.message].zh, tone: 'client', group: 'client' }
    case 'plan-chosen':
      return {
        title: fact.byDefault ? `客户未回复，按说好的先做方案 ${fact.plan}` : `客户选了方案 ${fact.plan}`,
        detail: fact.who,
        tone: 'client',
        group: 'client',
      }
    case 'client-said':
      return { title: '客户留言', detail: fact.words, tone: 'client', group: 'client' }
    case 'client-stopped':
      return { title: '客户按下紧急停发', tone: 'client', group: 'client' }
    case 'clock-met':
      return { title: `时限达成：${clock(fact.clock)}`, tone: 'done' }
    case 'clock-missed':
      return { title: `错过时限：${clock(fact.clock)}`, tone: 'alarm' }
    case 'update-missed':
      return { title: '到了答应的下次更新时间，还没有告知客户', tone: 'alarm', group: 'client' }
    case 'miss-explained':
      return { title: `说明错过原因：${clock(fact.clock)}`, detail: fact.reason }
    case 'contained':
      return { title: '账号已控制住', tone: 'done', group: 'decision' }
    case 'restored':
      return { title: '已恢复', detail: fact.cause, tone: 'done', group: 'decision' }
    case 'watching-since':
      return { title: '进入 24 小时观察' }
    case 'reviewed':
      return { title: '已复盘，关闭', tone: 'done', group: 'decision' }
    case 'reopened':
      return { title: '重新打开', detail: fact.reason, tone: 'alarm', group: 'decision' }
    case 'note':
      return { title: fact.text }
    default:
      return assertNever(fact)
  }
}

const answerTitle = (state: Pick<Snapshot, 'plan'>, step: string, answer: string): string =>
  state.plan.steps.find((s) => s.key === step)?.answers.find((a) => a.key === answer)?.title ?? answer
