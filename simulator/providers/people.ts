import type { AliyunSms } from './aliyun-sms.ts'
import { json, type Reply, string } from './answers.ts'
import type { DingtalkApp } from './dingtalk-app.ts'
import type { FeishuApp } from './feishu-app.ts'
import type { Telephones } from './telephone.ts'
import type { TencentSms } from './tencent-sms.ts'
import type { WecomApp } from './wecom-app.ts'
import type { WecomCustomers } from './wecom-customers.ts'
import type { Person, Seen, World } from './world.ts'

export type City = {
  world: World
  telephones: Telephones
  wecomApp: WecomApp
  wecomCustomers: WecomCustomers
  dingtalkApp: DingtalkApp
  feishuApp: FeishuApp
  aliyunSms: AliyunSms
  tencentSms: TencentSms
}

const habits: Record<string, Partial<Person>> = {
  'phone-off': { phoneOff: true },
  'phone-on': { phoneOff: false },
  'never-answer': { neverAnswers: true, answersWith: undefined },
  voicemail: { voicemail: true },
  'spam-blocker': { spamBlocker: true },
  'leave-company': { unknown: true },
  'lose-licence': { unlicensed: true },
  'forbid-messages': { forbids: true },
}

/** Lets a person do something. Answers at once; what follows from it arrives like any push (POST /flush waits for it). */
export async function act(city: City, body: Record<string, unknown>): Promise<Reply> {
  const person = string(body.person)
  const doing = string(body.act)
  if (!person) return json({ error: 'person must be named: a user id, an open id, a phone or an address' }, 400)
  const habit = habits[doing]
  const problem = habit ? void Object.assign(city.world.person(person), habit) : perform(city, person, doing, body)
  if (problem) return json({ error: problem }, 409)
  await city.world.pushes.flush()
  return json({ ok: true, person: city.world.person(person) })
}

function perform(city: City, person: string, doing: string, body: Record<string, unknown>): string | undefined {
  const { world, telephones } = city
  const key = string(body.key)
  switch (doing) {
    case 'press':
      return press(city, person, key, string(body.message))
    case 'read':
      return markRead(city, person, string(body.message))
    case 'key': {
      const call = telephones.live(person)
      if (!call) return `no telephone of ${person} is ringing`
      telephones.press(call, key, world.faults.take(call.message.provider, 'key-late') !== undefined)
      return undefined
    }
    case 'answer':
    case 'hang-up': {
      const call = telephones.live(person)
      if (!call) return `no telephone of ${person} is ringing`
      if (doing === 'answer') telephones.pickUp(call)
      else telephones.hangUp(call)
      return undefined
    }
    case 'answers-with':
      Object.assign(world.person(person), { answersWith: key, neverAnswers: false })
      return undefined
    case 'reply':
      return reply(city, person, string(body.text))
    case 'confirm':
      return city.wecomCustomers.confirm(string(body.message)) ? undefined : 'no such task is waiting'
    case 'reset':
      world.people.delete(person)
      return undefined
    default:
      return `unknown act ${doing}; simulator/providers/README.md lists them`
  }
}

const find = ({ world }: City, person: string, id: string, fits: (message: Seen) => boolean): Seen | undefined =>
  world.messages.findLast(
    (message) => message.to === person && fits(message) && (!id || message.id === id || message.sendId === id),
  )

function press(city: City, person: string, key: string, id: string): string | undefined {
  const message = find(city, person, id, (seen) => seen.delivered && seen.buttons.some((button) => button.key === key))
  if (!message) return `${person} has no message with a button ${key}`
  switch (message.provider) {
    case 'wecom-app':
      city.wecomApp.press(message, person, key)
      return undefined
    case 'dingtalk-app':
      city.dingtalkApp.press(message, person, key)
      return undefined
    case 'feishu-app':
      city.feishuApp.press(message, person, key)
      return undefined
    default:
      return `a ${message.provider} message cannot be pressed; use "key" for a telephone`
  }
}

function markRead(city: City, person: string, id: string): string | undefined {
  const message = find(city, person, id, (seen) => seen.delivered && ['dingtalk-app', 'feishu-app'].includes(seen.provider))
  if (!message) return `${person} has no message that tells when it is read`
  if (message.provider === 'feishu-app') city.feishuApp.markRead(message)
  else city.dingtalkApp.markRead(message)
  return undefined
}

function reply(city: City, person: string, text: string): string | undefined {
  const message = find(city, person, '', (seen) => seen.provider === 'sms-aliyun' || seen.provider === 'sms-tencent')
  if (!message) return `${person} has no SMS to reply to`
  if (message.provider === 'sms-aliyun') city.aliyunSms.reply(person, text)
  else city.tencentSms.reply(person, text)
  return undefined
}
