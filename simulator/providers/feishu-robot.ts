import { createHmac } from 'node:crypto'
import { bytesOf, type Call, json, list, object, type Reply, readJson, type Service, string } from './answers.ts'
import type { Seen, World } from './world.ts'

const HOUR = 3_600_000

export const limited = (world: World): Reply =>
  world.faults.take('feishu-app', 'old-limit-form')
    ? json({ code: 99991400, msg: 'request trigger frequency limit' }, 400, {
        'x-ogw-ratelimit-limit': '5',
        'x-ogw-ratelimit-reset': '7',
      })
    : json({ code: 99991400, msg: 'request trigger frequency limit' }, 429, {
        'x-ogw-ratelimit-limit': '5',
        'x-ogw-ratelimit-reset': '3',
      })

/** Feishu's group robot: timestamp (seconds) and sign in the body; 5 a second and 100 a minute, 20 KB. */
export function feishuRobot(world: World): Service {
  const says = (code: number, msg: string, status = 200): Reply => json({ code, msg, data: {} }, status)

  function answer(call: Call): Reply {
    const { robotToken, robotSecret, keyword } = world.credentials.feishu
    const body = readJson(call.text)
    if (call.path !== `/open-apis/bot/v2/hook/${robotToken}`)
      return says(19001, 'param invalid: incoming webhook access token invalid')
    if (!body || bytesOf(call.text) > 20 * 1024) return says(9499, 'Bad Request')
    if (!signed(body, robotSecret)) return says(19021, 'sign match fail or timestamp is not within one hour from current time')
    const view = read(body)
    if (!view) return says(9499, 'Bad Request')
    if (keyword && !call.text.includes(keyword)) return says(19024, 'Key Words Not Found')
    if (world.meters.within('feishu-robot', 1000) >= 5 || world.meters.within('feishu-robot', 60_000) >= 100)
      return limited(world)

    world.meters.add('feishu-robot')
    world.show({ provider: 'feishu-robot', to: `robot:${robotToken.slice(-4)}`, ...view })
    return world.faults.take('feishu-robot', 'older-form')
      ? json({ StatusCode: 0, StatusMessage: 'success' })
      : says(0, 'success')
  }

  /** The text is the key and nothing is the data; milliseconds are years away and so never within the hour. */
  function signed(body: Record<string, unknown>, secret: string): boolean {
    const timestamp = string(body.timestamp)
    const skew = world.faults.take('feishu-robot', 'clock-skew') ? 2 * HOUR : 0
    if (!/^\d+$/.test(timestamp) || Math.abs(Number(timestamp) * 1000 - world.now() - skew) > HOUR) return false
    return body.sign === createHmac('sha256', `${timestamp}\n${secret}`).digest('base64')
  }

  return {
    provider: 'feishu-robot',
    isSending: () => true,
    answer,
    refuse: (code) => (code === '99991400' ? limited(world) : says(Number(code), `simulated error ${code}`)),
  }
}

type View = Pick<Seen, 'text' | 'links' | 'buttons'> & { title?: string }

function read(body: Record<string, unknown>): View | undefined {
  const type = string(body.msg_type)
  const content = object(body.content)
  if (type === 'text' && string(content.text)) return { text: string(content.text), links: [], buttons: [] }
  if (type === 'post') {
    const post = object(object(content.post).zh_cn)
    const lines = list(post.content).map((line) =>
      list(line)
        .map((part) => string(object(part).text))
        .join(''),
    )
    return { title: string(post.title), text: [string(post.title), ...lines].join('\n'), links: [], buttons: [] }
  }
  // A robot has nobody behind it: its buttons only open links.
  return type === 'interactive' && Object.keys(object(body.card)).length
    ? { ...readCard(object(body.card)), buttons: [] }
    : undefined
}

export type PressableButton = { key: string; label: string; value: Record<string, unknown> }

/** What a Feishu card shows, in the layout of its first generation (header, elements). */
export function readCard(card: Record<string, unknown>): View & { presses: PressableButton[] } {
  const title = string(object(object(card.header).title).content)
  const elements = list(card.elements).map(object)
  const lines = elements.flatMap((element) => [
    ...(element.tag === 'div'
      ? [string(object(element.text).content), ...list(element.fields).map((field) => string(object(object(field).text).content))]
      : []),
    ...(element.tag === 'markdown' ? [string(element.content)] : []),
  ])
  const actions = elements.filter((element) => element.tag === 'action').flatMap((element) => list(element.actions).map(object))
  const label = (action: Record<string, unknown>) => string(object(action.text).content)
  const presses = actions
    .filter((action) => action.value !== undefined)
    .map((action) => ({ label: label(action), value: object(action.value), key: string(object(action.value).key) }))
  return {
    title,
    text: [title, ...lines.filter(Boolean).map((line) => line.replace(/\*\*/g, ''))].join('\n'),
    links: actions.filter((action) => string(action.url)).map((action) => ({ label: label(action), url: string(action.url) })),
    buttons: presses.map(({ key, label }) => ({ key, label })),
    presses,
  }
}
