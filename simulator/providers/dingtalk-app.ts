import { createHmac } from 'node:crypto'
import { type Call, json, object, type Reply, readJson, type Service, string } from './answers.ts'
import { read } from './dingtalk-robot.ts'
import { beijingMidnight } from './meters.ts'
import type { Seen, World } from './world.ts'

const DAILY_PER_PERSON = 100

type Task = { readyAt: number; shown: Seen[]; forbidden: string[]; invalid: string[] }

export type DingtalkApp = Service & { press(message: Seen, userId: string, key: string): void; markRead(message: Seen): void }

/** DingTalk's application: work notices by the older API (errcode), interactive cards by the newer one (HTTP status and a word). */
export function dingtalkApp(world: World): DingtalkApp {
  const tokens = new Map<string, number>()
  const tasks = new Map<string, Task>()
  const cards = new Map<string, { message: Seen; callbackType: string }>()
  const read_ = new Set<string>()
  let current = ''

  const older = (code: number, more = {}): Reply =>
    json({ errcode: code, errmsg: code === 0 ? 'ok' : `simulated error ${code}`, ...more })
  const newer = (status: number, code: string): Reply =>
    json({ code, message: `simulated ${code}`, requestid: world.nextId('r') }, status)

  function token(): string {
    if ((tokens.get(current) ?? 0) <= world.now()) current = world.nextId('dingtalk-token-')
    tokens.set(current, world.now() + 7_200_000)
    return current
  }
  const alive = (given: string | null) => (tokens.get(given ?? '') ?? 0) > world.now()

  function answer(call: Call): Reply {
    const { appKey, appSecret } = world.credentials.dingtalk
    const body = readJson(call.text) ?? {}
    if (call.path === '/gettoken') {
      const right = call.query.get('appkey') === appKey && call.query.get('appsecret') === appSecret
      return right ? older(0, { access_token: token(), expires_in: 7200 }) : older(88)
    }
    if (call.path === '/v1.0/oauth2/accessToken') {
      const right = body.appKey === appKey && body.appSecret === appSecret
      return right ? json({ accessToken: token(), expireIn: 7200 }) : newer(400, 'invalidClientIdOrSecret')
    }
    if (world.faults.take('dingtalk-app', 'token-expires')) tokens.clear()
    if (call.path.startsWith('/v1.0/')) {
      return alive(call.headers.get('x-acs-dingtalk-access-token')) ? cardCall(call, body) : newer(401, 'InvalidAuthentication')
    }
    if (!alive(call.query.get('access_token'))) return older(40014)
    switch (call.path) {
      case '/topapi/message/corpconversation/asyncsend_v2':
        return workNotice(body)
      case '/topapi/message/corpconversation/getsendresult':
        return sendResult(string(body.task_id))
      case '/topapi/message/corpconversation/getsendprogress':
        return older(0, { progress: { progress_in_percent: 100, status: 2 } })
      default:
        return json({ errcode: 404, errmsg: 'no such api' }, 404)
    }
  }

  /** The same words to one person come through once a day; the refused stand in a list that nobody sees who does not ask. */
  function workNotice(body: Record<string, unknown>): Reply {
    const users = string(body.userid_list).split(',').filter(Boolean)
    const view = read(object(body.msg))
    if (string(body.agent_id) !== world.credentials.dingtalk.agentId) return older(88)
    if (!view || users.length === 0 || users.length > 100) return older(40035)
    const taskId = world.nextId('9')
    const task: Task = {
      readyAt: world.now() + 30_000,
      shown: [],
      forbidden: [],
      invalid: users.filter((id) => world.person(id).unknown),
    }
    for (const userId of users.filter((id) => !task.invalid.includes(id))) {
      const midnight = beijingMidnight(world.now())
      const same = `dingtalk-same:${userId}:${JSON.stringify(body.msg)}`
      const all = `dingtalk-day:${userId}`
      const forbidden =
        world.person(userId).forbids ||
        world.meters.since(same, midnight) >= 1 ||
        world.meters.since(all, midnight) >= DAILY_PER_PERSON
      if (forbidden) task.forbidden.push(userId)
      world.meters.add(same)
      world.meters.add(all)
      const why = forbidden ? 'in the forbidden list: same words today, daily cap, or blocked' : undefined
      task.shown.push(world.show({ provider: 'dingtalk-app', to: userId, ...view, sendId: taskId, delivered: !forbidden, why }))
    }
    tasks.set(taskId, task)
    return older(0, { task_id: Number(taskId), request_id: world.nextId('r') })
  }

  function sendResult(taskId: string): Reply {
    const task = tasks.get(taskId)
    if (!task) return older(40035)
    if (world.now() < task.readyAt) return older(0, { send_result: {} })
    const got = task.shown.filter((message) => message.delivered)
    return older(0, {
      send_result: {
        read_user_id_list: got.filter((message) => read_.has(message.id)).map((message) => message.to),
        unread_user_id_list: got.filter((message) => !read_.has(message.id)).map((message) => message.to),
        forbidden_user_id_list: task.forbidden,
        invalid_user_id_list: task.invalid,
        failed_user_id_list: [],
      },
    })
  }

  function cardCall(call: Call, body: Record<string, unknown>): Reply {
    const track = string(body.outTrackId)
    const params = object(object(body.cardData).cardParamMap)
    if (Object.values(params).some((value) => typeof value !== 'string')) return newer(400, 'param.stringRequired')
    if (call.method === 'PUT' && call.path === '/v1.0/card/instances') {
      const card = cards.get(track)
      if (!card) return newer(400, 'param.outTrackIdNotFound')
      card.message.updates++
      card.message.updatedTo = string(params.title)
      return json({ success: true })
    }
    if (call.path === '/v1.0/card/instances/createAndDeliver' || call.path === '/v1.0/card/instances')
      return create(call, body, track, params)
    if (call.path === '/v1.0/card/instances/deliver') {
      const card = cards.get(track)
      if (!card) return newer(400, 'param.outTrackIdNotFound')
      card.message.delivered = true
      card.message.to = spaceOf(body) || card.message.to
      return json({ success: true, result: [{ success: true, spaceId: string(body.openSpaceId) }] })
    }
    return newer(404, 'InvalidAction.NotFound')
  }

  function create(call: Call, body: Record<string, unknown>, track: string, params: Record<string, unknown>): Reply {
    if (string(body.cardTemplateId) !== world.credentials.dingtalk.cardTemplateId)
      return newer(400, 'param.cardTemplateIdInvalid')
    if (!track) return newer(400, 'param.outTrackIdMissing')
    const delivering = call.path.endsWith('createAndDeliver')
    const to = string(body.userId) || spaceOf(body)
    if (world.person(to).unknown) return newer(400, 'param.userNotFound')
    // The same outTrackId is the same card: a repeated call shows nothing new.
    if (!cards.has(track)) {
      const buttons = [1, 2, 3, 4, 5, 6].flatMap((n) => {
        const key = string(params[`button${n}Key`])
        return key ? [{ key, label: string(params[`button${n}Label`]) }] : []
      })
      const url = string(params.actionUrl)
      const message = world.show({
        provider: 'dingtalk-app',
        to,
        title: string(params.title),
        text: [string(params.title), string(params.text)].join('\n'),
        buttons,
        links: url ? [{ label: string(params.actionLabel), url }] : [],
        sendId: track,
        reference: track,
        delivered: delivering,
        why: delivering ? undefined : 'created, not delivered yet',
      })
      cards.set(track, { message, callbackType: string(body.callbackType) })
    }
    return json({ success: true, result: { outTrackId: track, deliverResults: [{ success: true }] } })
  }

  /** By HTTP, signed like the robot's address; a card made for the stream is not pushed here. */
  function press(message: Seen, userId: string, key: string): void {
    const card = cards.get(message.reference ?? '')
    const url = world.receiptUrls.dingtalk
    if (!card || card.callbackType === 'STREAM' || !url) return
    const pressed = JSON.stringify({ cardPrivateData: { actionIds: [key], params: { key } } })
    const times = world.faults.take('dingtalk-app', 'callback-twice') ? 2 : 1
    for (let n = 0; n < times; n++) {
      world.pushes.later(n * 60_000, async () => {
        const timestamp = String(world.now())
        const secret = world.credentials.dingtalk.appSecret
        const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
        const body = JSON.stringify({
          type: 'actionCallback',
          outTrackId: message.reference,
          userId,
          content: pressed,
          value: pressed,
        })
        await world.pushes.post('dingtalk', url, { 'content-type': 'application/json', timestamp, sign }, body, 5000)
      })
    }
  }

  return {
    provider: 'dingtalk-app',
    isSending: (call) => call.path.endsWith('/asyncsend_v2') || call.path.startsWith('/v1.0/card/'),
    answer,
    refuse: (code) =>
      /^-?\d+$/.test(code) ? older(Number(code)) : newer(Number(code.split(' ')[1] ?? 400), code.split(' ')[0] ?? code),
    press,
    markRead: (message) => read_.add(message.id),
  }
}

const spaceOf = (body: Record<string, unknown>) => string(body.openSpaceId).replace(/^dtv1\.card\/\/IM_(?:ROBOT|GROUP)\./, '')
