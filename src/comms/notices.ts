import { clockTime, type Instant } from '../platform/time.ts'
import type { Notice } from './channels/index.ts'

export type PageFacts = {
  severity: string
  title: string
  client: string
  account: string
  now: string
  tellBy?: Instant
  waitsFor?: string
  url: string
  code: string
  agency: string
  drill: boolean
}

/**
 * What a person on duty reads or hears. The first line alone tells what, whose, by when; one link, which only shows; values of
 * registered templates carry no web address (carriers refuse them), so the short code goes in and the domain stays in the template.
 */
export function pageNotice(facts: PageFacts): Notice {
  const mark = facts.drill ? '【演练】' : ''
  const title = `${mark}${facts.severity} ${facts.title} · ${facts.client}`
  const by = facts.tellBy ? clockTime(facts.tellBy) : '尽快'
  const lines = [
    `现在做：${facts.now}`,
    `告知客户：${by}${facts.tellBy ? ' 前' : ''}`,
    ...(facts.waitsFor ? [`负责人：${facts.waitsFor}`] : []),
  ]
  return {
    title,
    lines,
    action: { label: '我来接手', url: facts.url },
    buttons: [
      { key: 'acknowledge', label: '我来接手' },
      { key: 'hand-over', label: '转给后备' },
    ],
    template: {
      name: 'page',
      values: { level: `${mark}${facts.severity}`, client: facts.client, what: facts.title, by, code: facts.code },
    },
    text: `${title}，${by}${facts.tellBy ? '前' : ''}须告知客户。`,
  }
}

/** Asks the account manager to pass on a text by hand: programs may not write to a client's chat. */
export function handNotice(facts: {
  title: string
  client: string
  text: string
  by: Instant
  url: string
  code: string
  drill: boolean
}): Notice {
  const mark = facts.drill ? '【演练】' : ''
  const title = `${mark}请转告客户：${facts.client}`
  return {
    title,
    lines: [`${clockTime(facts.by)} 前发到客户的聊天里，发完点“已发”`, facts.text],
    action: { label: '打开并复制', url: facts.url },
    template: { name: 'tell-by-hand', values: { client: `${mark}${facts.client}`, by: clockTime(facts.by), code: facts.code } },
    text: `${title}，${clockTime(facts.by)} 前发出。${facts.text}`,
  }
}

export type TellFacts = {
  agency: string
  account: string
  kind: 'first' | 'plans' | 'progress' | 'restored'
  verifying: boolean
  text: string
  time: Instant
  doing: string
  next?: Instant
  url: string
  code: string
}

/** The client's own message: the whole text where the way carries it, a registered sentence with the link where it does not. */
export function tellNotice(facts: TellFacts): Notice {
  const name = {
    first: facts.verifying ? 'client-verifying' : 'client-first',
    plans: 'client-plans',
    progress: 'client-progress',
    restored: 'client-restored',
  }[facts.kind]
  return {
    title: `${facts.account}公众号：${{ first: '情况告知', plans: '请您选一个处理办法', progress: '处理进展', restored: '已恢复' }[facts.kind]}`,
    lines: [facts.text],
    action: { label: '查看进展', url: facts.url },
    template: {
      name,
      values: { at: clockTime(facts.time), done: facts.doing, next: facts.next ? clockTime(facts.next) : '', code: facts.code },
    },
    text: facts.text,
  }
}
