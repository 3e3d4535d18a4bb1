import {
  bytesOf,
  type Call,
  json,
  linksIn,
  list,
  object,
  type Reply,
  readJson,
  type Service,
  seenText,
  string,
} from './answers.ts'
import type { World } from './world.ts'

const MINUTE = 60_000
const limits: Record<string, number> = { text: 2048, markdown: 4096, markdown_v2: 4096 }

/** The group robot of WeCom. Facts: docs of 消息推送; the texts of errors carry hints, so nobody should branch on them. */
export function wecomRobot(world: World): Service {
  const refuse = (code: string): Reply =>
    json({ errcode: Number(code), errmsg: `simulated error ${code}, hint: [${world.nextId('h')}], from ip: 127.0.0.1` })
  let blockedUntil = 0

  function answer(call: Call): Reply {
    const key = call.query.get('key') ?? ''
    if (key !== world.credentials.wecom.robotKey || world.faults.take('wecom-robot', 'robot-removed')) return refuse('93000')
    if (world.now() < blockedUntil) return refuse('45009')
    if (world.meters.within('wecom-robot', MINUTE) >= 20) {
      blockedUntil = world.now() + MINUTE
      return refuse('45009')
    }
    const body = readJson(call.text)
    const seen = body ? read(body) : '40008'
    if (typeof seen === 'string') return refuse(seen)

    world.meters.add('wecom-robot')
    world.show({ provider: 'wecom-robot', to: `robot:${key.slice(-4)}`, ...seen })
    return json({ errcode: 0, errmsg: 'ok' })
  }

  return { provider: 'wecom-robot', isSending: () => true, answer, refuse }
}

type View = { title?: string; text: string; links: { label: string; url: string }[] }

/** What the group sees, or the code of what is wrong with it. */
function read(body: Record<string, unknown>): View | string {
  const type = string(body.msgtype)
  const part = object(body[type])
  if (type === 'text' || type === 'markdown' || type === 'markdown_v2') {
    const content = string(part.content)
    if (content === '') return '44004'
    if (bytesOf(content) > (limits[type] ?? 0)) return '40058'
    return { text: type === 'text' ? content : seenText(content), links: linksIn(content) }
  }
  if (type === 'news') {
    const articles = list(part.articles).map(object)
    if (articles.length < 1 || articles.length > 8) return '40058'
    return {
      text: articles.map((a) => string(a.title)).join('\n'),
      links: articles.map((a) => ({ label: string(a.title), url: string(a.url) })),
    }
  }
  if (type === 'template_card') return readCard(part)
  return '40008'
}

/** A robot's card has links only: a button would have nobody to tell. */
function readCard(card: Record<string, unknown>): View | string {
  const action = object(card.card_action)
  if (!['text_notice', 'news_notice'].includes(string(card.card_type)) || string(action.url) === '') return '40058'
  const title = object(card.main_title)
  const rows = list(card.horizontal_content_list).map(object)
  if (rows.length > 6 || list(card.jump_list).length > 3) return '40058'
  return {
    title: string(title.title),
    text: [string(title.title), string(title.desc), ...rows.map((row) => `${string(row.keyname)}：${string(row.value)}`)]
      .filter(Boolean)
      .join('\n'),
    links: [{ label: string(title.title), url: string(action.url) }],
  }
}
