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
import { sealForApp, wecomSignature } from './wecom-seal.ts'
import type { Seen, World } from './world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

type Code = { userId: string; message: Seen; madeAt: number; used: boolean }

/** WeCom's token door, shared by its application and its 企业群发. */
export function wecomTokens(world: World) {
  const tokens = new Map<string, number>()
  let current = ''
  return {
    get(call: Call): Reply {
      const { corpId, secret } = world.credentials.wecom
      if (call.query.get('corpid') !== corpId) return errcode(world, '40013')
      if (call.query.get('corpsecret') !== secret) return errcode(world, '40001')
      // The same token comes again inside its life.
      if ((tokens.get(current) ?? 0) <= world.now()) {
        current = world.nextId('wecom-token-')
        tokens.set(current, world.now() + 2 * HOUR)
      }
      return json({ errcode: 0, errmsg: 'ok', access_token: current, expires_in: 7200 })
    },
    /** The code of what is wrong with a call's token. */
    problem(call: Call): string | undefined {
      const token = call.query.get('access_token') ?? ''
      if (token === '') return '41001'
      const until = tokens.get(token)
      if (until === undefined) return '40014'
      return until <= world.now() ? '42001' : undefined
    },
    expireAll(): void {
      for (const token of tokens.keys()) tokens.set(token, 0)
    },
  }
}
export type WecomTokens = ReturnType<typeof wecomTokens>

export const errcode = (world: World, code: string): Reply =>
  json({ errcode: Number(code), errmsg: `simulated error ${code}, hint: [${world.nextId('h')}], from ip: 127.0.0.1` })

export type WecomApp = Service & {
  press(message: Seen, userId: string, key: string): void
  checkAddress(): Promise<boolean>
  tokens: WecomTokens
}

export function wecomApp(world: World, tokens: WecomTokens): WecomApp {
  const codes = new Map<string, Code>()
  const seenBodies = new Map<string, number>()
  const refuse = (code: string) => errcode(world, code)

  function newCode(userId: string, message: Seen): string {
    const code = world.nextId('response-code-')
    codes.set(code, { userId, message, madeAt: world.now(), used: false })
    return code
  }

  function answer(call: Call): Reply {
    if (call.path === '/cgi-bin/gettoken') return tokens.get(call)
    if (world.faults.take('wecom-app', 'token-expires')) tokens.expireAll()
    const problem = tokens.problem(call)
    if (problem) return refuse(problem)
    const body = readJson(call.text)
    if (!body) return refuse('40008')
    if (call.path === '/cgi-bin/message/send') return send(body)
    if (call.path === '/cgi-bin/message/update_template_card') return update(body)
    if (call.path === '/cgi-bin/message/recall') return recall(body)
    return json({ errcode: 404, errmsg: 'no such api' }, 404)
  }

  function send(body: Record<string, unknown>): Reply {
    if (Number(body.agentid) !== world.credentials.wecom.agentId) return refuse('301002')
    const users = string(body.touser).split('|').filter(Boolean)
    if (users.length > 1000) return refuse('40058')
    const view = read(body)
    if (typeof view === 'string') return refuse(view)
    // A card that can be pressed needs somebody to tell.
    if (view.buttons.length && !world.receiptUrls.wecom) return refuse('48002')

    const invalid = users.filter((id) => world.person(id).unknown || world.faults.take('wecom-app', `invaliduser:${id}`))
    const unlicensed = users.filter((id) => world.person(id).unlicensed)
    if (users.length === 0 || invalid.length === users.length) return refuse('81013')
    const msgid = world.nextId('wecom-msg-')
    const reached = users.filter((id) => !invalid.includes(id) && !unlicensed.includes(id))
    const shown = reached.map((id) => deliver(id, view, body, msgid))
    const first = shown[0]
    return json({
      errcode: 0,
      errmsg: 'ok',
      // Ids come back in lower case.
      invaliduser: invalid.join('|').toLowerCase(),
      invalidparty: '',
      invalidtag: '',
      unlicenseduser: unlicensed.join('|').toLowerCase(),
      msgid,
      ...(view.buttons.length && first ? { response_code: newCode(first.to, first) } : {}),
    })
  }

  /** Over the limits, and for the same words within the check's time, WeCom says ok and shows nothing. */
  function deliver(userId: string, view: View, body: Record<string, unknown>, msgid: string): Seen {
    const meter = `wecom-app:${userId}`
    const fingerprint = `${userId}:${JSON.stringify([body.msgtype, body.text, body.markdown, body.template_card])}`
    const interval = Math.min(Number(body.duplicate_check_interval ?? 1800), 4 * 3600) * 1000
    const repeated =
      Number(body.enable_duplicate_check) === 1 && world.now() - (seenBodies.get(fingerprint) ?? -interval) < interval
    const crowded = world.meters.within(meter, MINUTE) >= 30 || world.meters.within(meter, HOUR) >= 1000
    const silenced = crowded || Boolean(world.faults.take('wecom-app', 'silent-drop'))
    if (!repeated) seenBodies.set(fingerprint, world.now())
    world.meters.add(meter)
    return world.show({
      provider: 'wecom-app',
      to: userId,
      ...view,
      sendId: msgid,
      delivered: !repeated && !silenced,
      why: repeated
        ? 'duplicate of an earlier message'
        : silenced
          ? 'over the limit of one member: dropped in silence'
          : undefined,
    })
  }

  function update(body: Record<string, unknown>): Reply {
    const code = codes.get(string(body.response_code))
    const users = list(body.userids).map(string)
    if (!code || code.used || world.now() - code.madeAt > 72 * HOUR || !users.includes(code.userId)) return refuse('40058')
    code.used = true
    code.message.updates++
    const card = object(body.template_card)
    code.message.updatedTo = string(object(body.button).replace_name) || string(object(card.main_title).title)
    return json({ errcode: 0, errmsg: 'ok', invaliduser: [] })
  }

  function recall(body: Record<string, unknown>): Reply {
    for (const message of world.messages) {
      if (message.provider !== 'wecom-app' || message.sendId !== string(body.msgid)) continue
      message.delivered = false
      message.why = 'recalled'
    }
    return json({ errcode: 0, errmsg: 'ok' })
  }

  /** The press goes out sealed; unanswered after 5 seconds it is sent again, three times in all. */
  function press(message: Seen, userId: string, key: string): void {
    const bad = world.faults.take('wecom-app', 'callback-bad-signature', 'callback-wrong-corp', 'callback-thrice')
    const xml = pressXml(world, message, userId, key, newCode(userId, message))
    const { callbackToken, corpId, encodingAesKey } = world.credentials.wecom
    const filler = String(Math.floor(world.random() * 1e15))
    const sealed = sealForApp(encodingAesKey, bad === 'callback-wrong-corp' ? 'ww-somebody-else' : corpId, filler, xml)
    const attempt = async (left: number): Promise<void> => {
      const timestamp = String(Math.floor(world.now() / 1000))
      const nonce = world.nextId('n')
      const right = wecomSignature(callbackToken, timestamp, nonce, sealed)
      const signature = bad === 'callback-bad-signature' ? right.replace(/^./, (c) => (c === '0' ? '1' : '0')) : right
      const url = `${world.receiptUrls.wecom}?msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`
      const envelope = `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt><AgentID><![CDATA[${world.credentials.wecom.agentId}]]></AgentID></xml>`
      const record = await world.pushes.post('wecom', url, { 'content-type': 'text/xml' }, envelope, 5000)
      const again = bad === 'callback-thrice' || record.status === 'no-answer'
      if (again && left > 1) world.pushes.later(0, () => attempt(left - 1))
    }
    world.pushes.later(0, () => attempt(3))
  }

  /** What the console does when a callback address is saved: the answer must be the opened text and nothing else. */
  async function checkAddress(): Promise<boolean> {
    const { callbackToken, corpId, encodingAesKey } = world.credentials.wecom
    const text = world.nextId('echo')
    const sealed = sealForApp(encodingAesKey, corpId, world.nextId('f'), text)
    const timestamp = String(Math.floor(world.now() / 1000))
    const nonce = world.nextId('n')
    const msg_signature = wecomSignature(callbackToken, timestamp, nonce, sealed)
    const query = new URLSearchParams({ msg_signature, timestamp, nonce, echostr: sealed })
    const answer = await fetch(`${world.receiptUrls.wecom}?${query}`, { signal: AbortSignal.timeout(5000) }).catch(
      () => undefined,
    )
    return answer?.status === 200 && (await answer.text()) === text
  }

  return {
    checkAddress,
    provider: 'wecom-app',
    isSending: (call) => call.path === '/cgi-bin/message/send' || call.path === '/cgi-bin/message/update_template_card',
    answer,
    refuse,
    press,
    tokens,
  }
}

function pressXml(world: World, message: Seen, userId: string, key: string, responseCode: string): string {
  const cdata = (name: string, value: string) => `<${name}><![CDATA[${value}]]></${name}>`
  return [
    '<xml>',
    cdata('ToUserName', world.credentials.wecom.corpId),
    cdata('FromUserName', userId),
    `<CreateTime>${Math.floor(world.now() / 1000)}</CreateTime>`,
    cdata('MsgType', 'event'),
    cdata('Event', 'template_card_event'),
    cdata('EventKey', key),
    cdata('TaskId', message.reference ?? ''),
    cdata('CardType', 'button_interaction'),
    cdata('ResponseCode', responseCode),
    `<AgentID>${world.credentials.wecom.agentId}</AgentID>`,
    '</xml>',
  ].join('')
}

type View = Pick<Seen, 'text' | 'links' | 'buttons'> & { title?: string; reference?: string }

function read(body: Record<string, unknown>): View | string {
  const type = string(body.msgtype)
  const part = object(body[type])
  if (type === 'text' || type === 'markdown') {
    const content = string(part.content)
    if (content === '') return '44004'
    return bytesOf(content) > 2048
      ? '40058'
      : { text: type === 'text' ? content : seenText(content), links: linksIn(content), buttons: [] }
  }
  if (type === 'textcard') {
    const url = string(part.url)
    return {
      title: string(part.title),
      text: `${string(part.title)}\n${string(part.description)}`,
      links: [{ label: '详情', url }],
      buttons: [],
    }
  }
  return type === 'template_card' ? readCard(part) : '40008'
}

function readCard(card: Record<string, unknown>): View | string {
  const title = object(card.main_title)
  const rows = list(card.horizontal_content_list).map(object)
  const buttons = list(card.button_list).map(object)
  const reference = string(card.task_id)
  const pressable = card.card_type === 'button_interaction'
  if (pressable && (!/^[\w\-@]{1,128}$/.test(reference) || buttons.length < 1 || buttons.length > 6)) return '40058'
  if (rows.length > 6) return '40058'
  const url = string(object(card.card_action).url)
  return {
    title: string(title.title),
    text: [
      string(title.title),
      string(title.desc),
      string(card.sub_title_text),
      ...rows.map((row) => `${string(row.keyname)}：${string(row.value)}`),
    ]
      .filter(Boolean)
      .join('\n'),
    buttons: pressable ? buttons.map((button) => ({ key: string(button.key), label: string(button.text) })) : [],
    links: url ? [{ label: string(title.title), url }] : [],
    reference,
  }
}
