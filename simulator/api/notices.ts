import { push } from '../callbacks.ts'
import { refuse } from '../errors.ts'
import { type Fields, fieldsAt, maybeText } from '../json.ts'
import type { Account } from '../state/account.ts'
import type { World } from '../state/world.ts'
import type { XmlFields } from '../xml.ts'
import { type Call, type Endpoint, OK } from './call.ts'
import { receiver } from './reaching.ts'

/** Subscription notices: one message per consent that the follower gave to that template. */
function send({ world, account, body }: Call): Fields {
  const follower = receiver(account, maybeText(body, 'touser'))
  const template = maybeText(body, 'template_id') ?? refuse(40037)
  if (Object.keys(fieldsAt(body, 'data')).length === 0) refuse(47003)
  const place = follower.consents.indexOf(template)
  if (place < 0) refuse(43101)
  follower.consents.splice(place, 1)
  account.messages.push({ at: world.clock.now(), openid: follower.openid, way: 'out', content: JSON.stringify(body.data) })
  const sent = { TemplateId: template, MsgID: world.counters.template++, ErrorCode: 0, ErrorStatus: 'success' }
  world.clock.after(world.switches.massDelayMs, () => {
    void pushNotice(world, account, follower.openid, 'subscribe_msg_sent_event', { SubscribeMsgSentEvent: { List: sent } })
  })
  return OK
}

const pushNotice = (world: World, account: Account, openid: string, event: string, fields: XmlFields) =>
  push(world, account, { FromUserName: openid, MsgType: 'event', Event: event, ...fields })

/** The follower answers the question whether a template may write once. */
export function answerPopup(
  world: World,
  account: Account,
  openid: string,
  template: string,
  accepts: boolean,
): Promise<unknown> {
  if (accepts) account.followers.get(openid)?.consents.push(template)
  const answer = { TemplateId: template, SubscribeStatusString: accepts ? 'accept' : 'reject', PopupScene: 2 }
  return pushNotice(world, account, openid, 'subscribe_msg_popup_event', { SubscribeMsgPopupEvent: { List: answer } })
}

export const notices: Endpoint[] = [
  { path: '/cgi-bin/message/subscribe/bizsend', method: 'POST', group: 'template', body: 'json', handle: send },
]
