import type { Instant } from '../platform/time.ts'
import { readEvent } from './event-reading.ts'
import type { Message, Push } from './push-types.ts'
import { count, moment, text, textOrNull, type XmlTree } from './xml.ts'

/** Turns the opened XML into a push, or null when it lacks what every push has. */
export function readPush(tree: XmlTree): Push | null {
  const createdAt = moment(tree, 'CreateTime')
  if (!createdAt) return null
  if (text(tree, 'InfoType')) return readAuthorisation(tree, createdAt)
  const toUserName = text(tree, 'ToUserName')
  const fromUserName = text(tree, 'FromUserName')
  const messageType = text(tree, 'MsgType')
  if (!toUserName || !messageType) return null
  const head = { createdAt, toUserName, fromUserName }
  if (messageType === 'event') {
    const event = readEvent(tree)
    return event ? { ...head, dedupeKey: eventKey(tree), ...event } : null
  }
  const message = readMessage(tree, messageType)
  return message ? { ...head, dedupeKey: `message:${toUserName}:${message.msgId}`, ...message } : null
}

/**
 * An event has no id: sender and second name it. Two events of one person may share a second, so what they are about is
 * added (section b, "Dedupe").
 */
function eventKey(tree: XmlTree): string {
  const info = tree.PublishEventInfo
  const publication =
    typeof info === 'object' && !Array.isArray(info) ? `${text(info, 'publish_id')}/${text(info, 'publish_status')}` : ''
  const about = text(tree, 'EventKey') || text(tree, 'MsgID') || text(tree, 'MsgId') || publication
  return [
    'event',
    text(tree, 'ToUserName'),
    text(tree, 'FromUserName'),
    text(tree, 'CreateTime'),
    text(tree, 'Event'),
    about,
  ].join(':')
}

function readMessage(tree: XmlTree, messageType: string): Message | null {
  const msgId = text(tree, 'MsgId')
  if (!msgId) return null
  const msgDataId = text(tree, 'MsgDataId')
  const head = { msgId, fromArticle: msgDataId ? { msgDataId, idx: count(tree, 'Idx') } : null }
  const mediaId = text(tree, 'MediaId')
  switch (messageType) {
    case 'text':
      return { ...head, kind: 'text', content: text(tree, 'Content'), menuAnswer: textOrNull(tree, 'bizmsgmenuid') }
    case 'image':
      return { ...head, kind: 'image', mediaId, pictureUrl: text(tree, 'PicUrl') }
    case 'voice':
      return { ...head, kind: 'voice', mediaId, format: text(tree, 'Format'), recognition: textOrNull(tree, 'Recognition') }
    case 'video':
    case 'shortvideo':
      return { ...head, kind: 'video', mediaId, thumbMediaId: text(tree, 'ThumbMediaId'), short: messageType === 'shortvideo' }
    case 'location': {
      const [latitude, longitude] = [text(tree, 'Location_X'), text(tree, 'Location_Y')]
      return { ...head, kind: 'location', latitude, longitude, scale: text(tree, 'Scale'), label: text(tree, 'Label') }
    }
    case 'link':
      return { ...head, kind: 'link', title: text(tree, 'Title'), description: text(tree, 'Description'), url: text(tree, 'Url') }
    default:
      return { ...head, kind: 'other-message', messageType }
  }
}

/** News for a component about who authorised it (section a.2). Repeated deliveries share their CreateTime. */
function readAuthorisation(tree: XmlTree, createdAt: Instant): Push | null {
  const infoType = text(tree, 'InfoType')
  const appid = text(tree, 'AuthorizerAppid')
  const toUserName = text(tree, 'AppId')
  const dedupeKey = ['component', toUserName, infoType, text(tree, 'CreateTime'), appid].join(':')
  const head = { dedupeKey, createdAt, toUserName, fromUserName: '' }
  switch (infoType) {
    case 'component_verify_ticket': {
      const ticket = text(tree, 'ComponentVerifyTicket')
      return ticket ? { ...head, kind: 'component-ticket', ticket } : null
    }
    case 'authorized':
    case 'updateauthorized': {
      const kind = infoType === 'authorized' ? 'authorized' : 'updated-authorization'
      const codeExpiresAt = moment(tree, 'AuthorizationCodeExpiredTime')
      const authorizationCode = text(tree, 'AuthorizationCode')
      return appid ? { ...head, kind, appid, authorizationCode, codeExpiresAt, preAuthCode: text(tree, 'PreAuthCode') } : null
    }
    case 'unauthorized':
      return appid ? { ...head, kind: 'unauthorized', appid } : null
    default:
      return { ...head, kind: 'other', event: infoType }
  }
}
