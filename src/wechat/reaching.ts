import { epoch, type Instant } from '../platform/time.ts'
import { nothing } from './articles.ts'
import type { Answer } from './client.ts'
import { moment, numberOrNull, objects, text, textOr, textOrNull } from './fields.ts'
import type { JsonObject } from './json.ts'
import type { Session } from './session.ts'

/** Messages to single people (section d.7). Custom messages are not deduped by WeChat: never repeat one by yourself. */
export type CustomMessage =
  | { type: 'text'; content: string }
  | { type: 'image' | 'voice'; mediaId: string }
  | { type: 'article'; articleId: string }
  | { type: 'link'; title: string; description: string; url: string; pictureUrl: string }
  | { type: 'menu'; head: string; choices: { id: string; content: string }[]; tail: string }
  | { type: 'mini-program'; title: string; appid: string; pagePath: string; thumbMediaId: string }

/** Only inside the window the person opened: 48 hours and 5 messages after writing in, 1 minute and 3 after a click or a scan. */
export function sendCustom(session: Session, openid: string, message: CustomMessage): Promise<Answer<undefined>> {
  const body = { touser: openid, ...wireMessage(message) }
  return session.call({ path: '/cgi-bin/message/custom/send', method: 'POST', intent: 'write', body, read: nothing })
}

export function showTyping(session: Session, openid: string, typing: boolean): Promise<Answer<undefined>> {
  const body = { touser: openid, command: typing ? 'Typing' : 'CancelTyping' }
  return session.call({ path: '/cgi-bin/message/custom/typing', method: 'POST', intent: 'write', body, read: nothing })
}

export type TemplateMessage = {
  openid: string
  templateId: string
  url?: string
  miniProgram?: { appid: string; pagePath: string }
  /** Dedupes for ten minutes, as far as anybody knows. */
  clientMsgId?: string
  values: Record<string, string>
}

/** Verified service accounts only. How it went comes with the `template-finished` push. Marketing use is punished. */
export function sendTemplate(session: Session, message: TemplateMessage): Promise<Answer<{ msgId: string }>> {
  const body = { ...wireTemplate(message), client_msg_id: message.clientMsgId }
  const read = (a: JsonObject) => ({ msgId: text(a, 'msgid') })
  return session.call({ path: '/cgi-bin/message/template/send', method: 'POST', intent: 'write', body, read })
}

/** To somebody who agreed to this kind of notice; one consent, one message. */
export function sendSubscribed(
  session: Session,
  message: Omit<TemplateMessage, 'clientMsgId'>,
): Promise<Answer<{ msgId: string | null }>> {
  const { url, ...rest } = wireTemplate(message)
  const read = (a: JsonObject) => ({ msgId: textOrNull(a, 'msgid') })
  return session.call({
    path: '/cgi-bin/message/subscribe/bizsend',
    method: 'POST',
    intent: 'write',
    body: { ...rest, page: url },
    read,
  })
}

export type CustomRecord = { openid: string; at: Instant | null; from: 'us' | 'reader' | 'system'; text: string; worker: string }

/** What was said by customer service: with a stolen secret, the only trace of messages to single people. At most 24 hours at once. */
export function customRecords(
  session: Session,
  asked: { from: Instant; to: Instant; afterId: string; count: number },
): Promise<Answer<{ records: CustomRecord[]; lastId: string }>> {
  const unix = (at: Instant) => Math.floor(epoch(at) / 1000)
  const body = { starttime: unix(asked.from), endtime: unix(asked.to), msgid: Number(asked.afterId), number: asked.count }
  const read = (a: JsonObject) => ({
    records: objects(a, 'recordlist').map(readRecord),
    lastId: textOr(a, 'msgid', asked.afterId),
  })
  return session.call({ path: '/customservice/msgrecord/getmsglist', method: 'POST', intent: 'read', body, read })
}

function readRecord(raw: JsonObject): CustomRecord {
  const code = numberOrNull(raw, 'opercode')
  const from = code === 2002 ? 'us' : code === 2003 ? 'reader' : 'system'
  return {
    openid: textOr(raw, 'openid'),
    at: moment(raw, 'time'),
    from,
    text: textOr(raw, 'text'),
    worker: textOr(raw, 'worker'),
  }
}

function wireTemplate({ openid, templateId, url, miniProgram, values }: Omit<TemplateMessage, 'clientMsgId'>) {
  return {
    touser: openid,
    template_id: templateId,
    url,
    miniprogram: miniProgram && { appid: miniProgram.appid, pagepath: miniProgram.pagePath },
    data: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
  }
}

function wireMessage(message: CustomMessage): JsonObject {
  switch (message.type) {
    case 'text':
      return { msgtype: 'text', text: { content: message.content } }
    case 'image':
    case 'voice':
      return { msgtype: message.type, [message.type]: { media_id: message.mediaId } }
    case 'article':
      return { msgtype: 'mpnewsarticle', mpnewsarticle: { article_id: message.articleId } }
    case 'link': {
      const { title, description, url, pictureUrl } = message
      return { msgtype: 'news', news: { articles: [{ title, description, url, picurl: pictureUrl }] } }
    }
    case 'menu':
      return { msgtype: 'msgmenu', msgmenu: { head_content: message.head, list: message.choices, tail_content: message.tail } }
    case 'mini-program': {
      const { title, appid, pagePath, thumbMediaId } = message
      return { msgtype: 'miniprogrampage', miniprogrampage: { title, appid, pagepath: pagePath, thumb_media_id: thumbMediaId } }
    }
  }
}
