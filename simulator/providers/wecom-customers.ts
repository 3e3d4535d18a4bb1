import { bytesOf, type Call, json, list, object, type Reply, readJson, type Service, string } from './answers.ts'
import { errcode, type WecomTokens } from './wecom-app.ts'
import type { Seen, World } from './world.ts'

const DAY = 86_400_000
const MONTH_LIMIT_DAYS = 30

type Task = {
  msgid: string
  sender: string
  state: 'asked' | 'sent' | 'cancelled'
  rows: { client: string; message: Seen; status: number }[]
  reminders: number[]
}

export type WecomCustomers = Service & { confirm(msgid: string): boolean }

/** 企业群发: a task for a member to tap. Nothing reaches a client before that, and then only as often as the month has days. */
export function wecomCustomers(world: World, tokens: WecomTokens): WecomCustomers {
  const tasks = new Map<string, Task>()
  const refuse = (code: string) => errcode(world, code)

  function answer(call: Call): Reply {
    const problem = tokens.problem(call)
    if (problem) return refuse(problem)
    const body = readJson(call.text)
    if (!body) return refuse('40008')
    const task = tasks.get(string(body.msgid))
    switch (call.path) {
      case '/cgi-bin/externalcontact/add_msg_template':
        return create(body)
      case '/cgi-bin/externalcontact/get_groupmsg_task':
        return task
          ? json({ errcode: 0, errmsg: 'ok', task_list: [{ userid: task.sender, status: task.state === 'sent' ? 2 : 0 }] })
          : refuse('40058')
      case '/cgi-bin/externalcontact/get_groupmsg_send_result':
        return task
          ? json({
              errcode: 0,
              errmsg: 'ok',
              send_list: task.rows.map((row) => ({ external_userid: row.client, userid: task.sender, status: row.status })),
            })
          : refuse('40058')
      case '/cgi-bin/externalcontact/remind_groupmsg_send':
        return remind(task)
      case '/cgi-bin/externalcontact/cancel_groupmsg_send':
        if (!task) return refuse('40058')
        task.state = 'cancelled'
        return json({ errcode: 0, errmsg: 'ok' })
      default:
        return json({ errcode: 404, errmsg: 'no such api' }, 404)
    }
  }

  function create(body: Record<string, unknown>): Reply {
    const clients = list(body.external_userid).map(string)
    const content = string(object(body.text).content)
    if (clients.length > 10_000 || bytesOf(content) > 4000 || list(body.attachments).length > 9) return refuse('40058')
    if (content === '' && list(body.attachments).length === 0) return refuse('44004')
    if (body.chat_type === 'group' && !string(body.sender)) return refuse('40058')
    const strangers = clients.filter((id) => world.person(id).unknown)
    if (clients.length && strangers.length === clients.length) return refuse('84061')
    const msgid = world.nextId('wecom-task-')
    const rows = clients
      .filter((id) => !strangers.includes(id))
      .map((client) => ({
        client,
        status: 0,
        message: world.show({
          provider: 'wecom-customers',
          to: client,
          text: content,
          sendId: msgid,
          delivered: false,
          why: 'waiting for a member to tap send',
        }),
      }))
    tasks.set(msgid, { msgid, sender: string(body.sender) || 'whoever spoke last', state: 'asked', rows, reminders: [] })
    return json({ errcode: 0, errmsg: 'ok', fail_list: strangers, msgid })
  }

  function remind(task: Task | undefined): Reply {
    if (!task) return refuse('40058')
    const recent = task.reminders.filter((at) => at > world.now() - DAY)
    if (recent.length >= 3) return refuse('45009')
    task.reminders = [...recent, world.now()]
    return json({ errcode: 0, errmsg: 'ok' })
  }

  return {
    provider: 'wecom-customers',
    isSending: (call) => call.path.endsWith('/add_msg_template'),
    answer,
    refuse,
    confirm(msgid) {
      const task = tasks.get(msgid)
      if (task?.state !== 'asked') return false
      task.state = 'sent'
      for (const row of task.rows) {
        const capped =
          world.meters.within(`client:${row.client}`, 30 * DAY) >= MONTH_LIMIT_DAYS ||
          world.faults.take('wecom-customers', 'cap-reached')
        if (!capped) world.meters.add(`client:${row.client}`)
        row.status = capped ? 3 : 1
        row.message.delivered = !capped
        row.message.why = capped ? "the month's cap of this client is reached" : undefined
      }
      return true
    },
  }
}
