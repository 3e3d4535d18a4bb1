import { createCipheriv, createHash } from 'node:crypto'
import { bytesOf, type Call, json, object, type Reply, readJson, type Service, string } from './answers.ts'
import { limited, readCard } from './feishu-robot.ts'
import type { PushRecord } from './pushes.ts'
import type { Seen, World } from './world.ts'

const HOUR = 3_600_000

type PressToken = { message: Seen; madeAt: number; uses: number; answered: boolean }

export type FeishuApp = Service & {
  press(message: Seen, userId: string, key: string): void
  markRead(message: Seen): void
  checkAddress(): Promise<boolean>
}

export function feishuApp(world: World): FeishuApp {
  const tokens = new Map<string, number>()
  const byUuid = new Map<string, { id: string; at: number }>()
  const cards = new Map<string, { message: Seen; values: Map<string, Record<string, unknown>> }>()
  const pressTokens = new Map<string, PressToken>()

  const says = (code: number, msg: string, data: unknown = {}, status = code === 0 ? 200 : 400): Reply =>
    json({ code, msg, data }, status)

  function answer(call: Call): Reply {
    const body = readJson(call.text)
    if (call.path === '/open-apis/auth/v3/tenant_access_token/internal') return token(body ?? {})
    if (world.faults.take('feishu-app', 'token-expires')) tokens.clear()
    const given = (call.headers.get('authorization') ?? '').replace(/^Bearer /, '')
    if ((tokens.get(given) ?? 0) <= world.now()) return says(99991663, 'Invalid access token for authorization')
    if (!body) return says(9499, 'Bad Request')
    if (call.path === '/open-apis/im/v1/messages') return send(call, body)
    if (call.path === '/open-apis/interactive/v1/card/update') return updateByToken(body)
    const id = /^\/open-apis\/im\/v1\/messages\/(om_\w+)$/.exec(call.path)?.[1]
    return id && call.method === 'PATCH' ? patch(id, body) : json({ code: 404, msg: 'no such api' }, 404)
  }

  function token(body: Record<string, unknown>): Reply {
    const { appId, appSecret } = world.credentials.feishu
    if (body.app_id !== appId) return json({ code: 10003, msg: 'invalid param' })
    if (body.app_secret !== appSecret) return json({ code: 10014, msg: 'app secret invalid' })
    const made = world.nextId('t-')
    tokens.set(made, world.now() + 2 * HOUR)
    return json({ code: 0, msg: 'ok', tenant_access_token: made, expire: 7200 })
  }

  function send(call: Call, body: Record<string, unknown>): Reply {
    const to = string(body.receive_id)
    const uuid = string(body.uuid)
    // The content is JSON inside a string; an object there is a bad parameter.
    const content = typeof body.content === 'string' ? readJson(body.content) : undefined
    if (!['open_id', 'user_id', 'union_id', 'email', 'chat_id'].includes(call.query.get('receive_id_type') ?? ''))
      return says(230001, 'ext=invalid receive_id_type')
    if (!to || !content || uuid.length > 50 || bytesOf(string(body.content)) > 30 * 1024)
      return says(230001, 'Your request contains an invalid request parameter, ext=content')
    if (world.person(to).unknown) return says(230013, 'Bot has NO availability to this user')
    const known = byUuid.get(uuid)
    if (uuid && known && world.now() - known.at < HOUR) return says(0, 'success', { message_id: known.id })
    if (world.meters.within(`feishu:${to}`, 1000) >= 5 || world.meters.within('feishu-app', 1000) >= 50) return limited(world)

    world.meters.add(`feishu:${to}`)
    world.meters.add('feishu-app')
    const id = world.nextId('om_')
    if (uuid) byUuid.set(uuid, { id, at: world.now() })
    if (body.msg_type === 'interactive') {
      const { presses, ...view } = readCard(content)
      const message = world.show({ provider: 'feishu-app', to, ...view, sendId: id, reference: uuid })
      cards.set(id, { message, values: new Map(presses.map((press) => [press.key, press.value])) })
    } else world.show({ provider: 'feishu-app', to, text: string(content.text), sendId: id, reference: uuid })
    return says(0, 'success', { message_id: id })
  }

  function apply(message: Seen, card: Record<string, unknown>): void {
    message.updates++
    message.updatedTo = readCard(card).title
  }

  function patch(id: string, body: Record<string, unknown>): Reply {
    const card = cards.get(id)
    const content = typeof body.content === 'string' ? readJson(body.content) : undefined
    if (!card || !content || object(content.config).update_multi !== true) return says(230001, 'ext=not an updatable card')
    if (world.now() - Date.parse(card.message.at) > 14 * 24 * HOUR) return says(230031, 'message is too old')
    apply(card.message, content)
    return says(0, 'success')
  }

  /** Twice within 30 minutes, and only once the press itself has been answered. */
  function updateByToken(body: Record<string, unknown>): Reply {
    const known = pressTokens.get(string(body.token))
    if (!known?.answered || known.uses >= 2 || world.now() - known.madeAt > HOUR / 2) return says(230001, 'ext=token invalid')
    known.uses++
    apply(known.message, object(body.card))
    return says(0, 'success')
  }

  function seal(text: string): string {
    const key = createHash('sha256').update(world.credentials.feishu.encryptKey).digest()
    const iv = Buffer.from(world.nextId('iv').padEnd(16, '0').slice(-16))
    const aes = createCipheriv('aes-256-cbc', key, iv)
    return Buffer.concat([iv, aes.update(text, 'utf8'), aes.final()]).toString('base64')
  }

  async function push(event: Record<string, unknown>): Promise<PushRecord | undefined> {
    const url = world.receiptUrls.feishu
    if (!url) return undefined
    const bad = world.faults.take('feishu-app', 'callback-bad-signature')
    const body = JSON.stringify({ encrypt: seal(JSON.stringify(event)) })
    const timestamp = String(Math.floor(world.now() / 1000))
    const nonce = world.nextId('n')
    const signature = createHash('sha256')
      .update(`${timestamp}${nonce}${world.credentials.feishu.encryptKey}${body}`)
      .digest('hex')
    const headers = {
      'content-type': 'application/json',
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': nonce,
      'x-lark-signature': bad ? 'f'.repeat(64) : signature,
    }
    return world.pushes.post('feishu', url, headers, body, 3000)
  }

  const header = (type: string) => ({
    event_id: world.nextId('ev'),
    event_type: type,
    token: world.credentials.feishu.verificationToken,
    create_time: String(world.now()),
    app_id: world.credentials.feishu.appId,
  })

  /** Answered within 3 seconds or the person sees an error. It is never sent again: the person may tap again. */
  function press(message: Seen, userId: string, key: string): void {
    const token = world.nextId('c-')
    const pressed: PressToken = { message, madeAt: world.now(), uses: 0, answered: false }
    pressTokens.set(token, pressed)
    const value = cards.get(message.sendId ?? '')?.values.get(key) ?? { key }
    world.pushes.later(0, async () => {
      const record = await push({
        schema: '2.0',
        header: header('card.action.trigger'),
        event: {
          operator: { open_id: userId, tenant_key: 'simulated' },
          token,
          action: { value, tag: 'button' },
          host: 'im_message',
          context: { open_message_id: message.sendId, open_chat_id: 'oc_simulated' },
        },
      })
      pressed.answered = record?.status === 200
      if (!pressed.answered) message.why = 'the person pressed and saw an error'
    })
  }

  function markRead(message: Seen): void {
    world.pushes.later(0, async () => {
      await push({
        schema: '2.0',
        header: header('im.message.message_read_v1'),
        event: {
          reader: { reader_id: { open_id: message.to }, read_time: String(world.now()) },
          message_id_list: [message.sendId],
        },
      })
    })
  }

  /** What the console does when a callback address is saved. */
  async function checkAddress(): Promise<boolean> {
    const challenge = world.nextId('challenge')
    const record = await push({ type: 'url_verification', token: world.credentials.feishu.verificationToken, challenge })
    return record?.status === 200 && readJson(record.answer)?.challenge === challenge
  }

  return {
    checkAddress,
    provider: 'feishu-app',
    isSending: (call) => call.path.startsWith('/open-apis/im/') || call.path.startsWith('/open-apis/interactive/'),
    answer,
    refuse: (code) => (code === '99991400' ? limited(world) : says(Number(code), `simulated error ${code}`)),
    press,
    markRead,
  }
}
