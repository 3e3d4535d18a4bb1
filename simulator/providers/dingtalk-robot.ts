import { createHmac } from 'node:crypto'
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
import type { Seen, World } from './world.ts'

const MINUTE = 60_000

/** DingTalk's group robot: signature in the address, keyword if one is set, twenty a minute and then ten minutes of nothing. */
export function dingtalkRobot(world: World): Service {
  let blockedUntil = 0
  const says = (code: number, errmsg: string, more = {}): Reply => json({ errcode: code, errmsg, ...more })
  const tooFast = () => says(130101, 'send too fast, exceed 20 times per minute', { status: 1111, wait: 5, punish: 'deny' })

  function answer(call: Call): Reply {
    const { robotToken, robotSecret, keyword } = world.credentials.dingtalk
    if (call.query.get('access_token') !== robotToken) return says(400101, 'token is not exist')
    if (world.now() < blockedUntil) return tooFast()
    const wrong = signatureProblem(call, robotSecret)
    if (wrong) return says(310000, wrong)
    const body = readJson(call.text)
    const seen = body && read(body)
    if (!seen) return says(40035, 'invalid msg')
    if (bytesOf(call.text) > 20_000) return says(34016, 'message is too long')
    if (keyword && !call.text.includes(keyword)) return says(310000, 'keywords not in content, more: [https://open.dingtalk.com]')
    if (world.meters.within('dingtalk-robot', MINUTE) >= 20) {
      blockedUntil = world.now() + 10 * MINUTE
      return tooFast()
    }
    world.meters.add('dingtalk-robot')
    world.show({ provider: 'dingtalk-robot', to: `robot:${robotToken.slice(-5)}`, ...seen })
    return says(0, 'ok')
  }

  function signatureProblem(call: Call, secret: string): string | undefined {
    const skew = world.faults.take('dingtalk-robot', 'clock-skew') ? 2 * 60 * MINUTE : 0
    const timestamp = call.query.get('timestamp') ?? ''
    if (!/^\d{13}$/.test(timestamp) || Math.abs(Number(timestamp) - world.now() - skew) > 60 * MINUTE) return 'invalid timestamp'
    // A "+" that was not URL-encoded arrives here as a space, and fails as it does in the real world.
    const right = createHmac('sha256', secret).update(timestamp).update('\n').update(secret).digest('base64')
    return call.query.get('sign') === right ? undefined : 'sign not match'
  }

  const texts: Record<string, string> = {
    '130101': 'send too fast, exceed 20 times per minute',
    '310000': 'ip 127.0.0.1 not in whitelist',
  }
  return {
    provider: 'dingtalk-robot',
    isSending: () => true,
    answer,
    /** `code:310000 keywords not in content` chooses among the four texts of one code. */
    refuse(code) {
      const [number = '', ...text] = code.split(' ')
      return says(Number(number), text.join(' ') || (texts[number] ?? `simulated error ${number}`))
    },
  }
}

type View = Pick<Seen, 'text' | 'links'> & { title?: string }

/** DingTalk's messages, in the spelling of its robots and in that of its work notices. */
export function read(body: Record<string, unknown>): View | undefined {
  const type = string(body.msgtype)
  const part = object(body[type])
  if (type === 'text' && string(part.content)) return { text: string(part.content), links: [] }
  if (type === 'markdown')
    return { title: string(part.title), text: seenText(string(part.text)), links: linksIn(string(part.text)) }
  if (type === 'actionCard' || type === 'action_card') {
    const text = string(part.text) || string(part.markdown)
    const single = {
      label: string(part.singleTitle) || string(part.single_title),
      url: string(part.singleURL) || string(part.single_url),
    }
    const more = list(part.btns).map(object)
    const links = single.url ? [single] : more.map((button) => ({ label: string(button.title), url: string(button.actionURL) }))
    return { title: string(part.title), text: seenText(text), links: [...linksIn(text), ...links] }
  }
  if (type === 'link')
    return {
      title: string(part.title),
      text: string(part.text),
      links: [{ label: string(part.title), url: string(part.messageUrl) }],
    }
  return undefined
}
