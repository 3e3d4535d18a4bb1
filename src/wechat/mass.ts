import { nothing, type Position, wireIndex } from './articles.ts'
import type { Answer } from './client.ts'
import { number, text, textOrNull } from './fields.ts'
import type { JsonObject } from './json.ts'
import type { Session } from './session.ts'

/** Mass sending (section d.3). What was sent cannot be called back: deleting kills the page, the card stays on phones. */
export type MassContent =
  | { type: 'articles'; mediaId: string }
  | { type: 'text'; content: string }
  | { type: 'voice'; mediaId: string }
  | { type: 'images'; mediaIds: string[]; recommend?: string; needOpenComment?: boolean; onlyFansCanComment?: boolean }
  | { type: 'video'; mediaId: string }
  | { type: 'card'; cardId: string }

/** Written out: sending to everybody uses the day's (or one of the month's four) notifications. */
export type MassAudience = { to: 'everybody' } | { to: 'tag'; tagId: number } | { to: 'openids'; openids: string[] }

export type MassSend = {
  audience: MassAudience
  content: MassContent
  /** Dedupes for 24 hours; at most 32 bytes. Without it WeChat derives one from audience and content. */
  clientMsgId: string
  /** What happens when WeChat takes an article for a reprint. */
  whenReprint: 'stop' | 'go-on-if-allowed'
}
export type MassAccepted = { msgId: string; msgDataId: string | null }

export type MassState = 'sent' | 'sending' | 'failed' | 'deleted' | { unrecognised: string }

/**
 * Accepted is only queued; with the account's protection on it waits up to 30 minutes for the administrator. 45065 means an
 * earlier call with this clientMsgId was accepted (`problem.msgId`): that is success, ask `get`.
 */
export function send(session: Session, { audience, content, clientMsgId, whenReprint }: MassSend): Promise<Answer<MassAccepted>> {
  if (Buffer.byteLength(clientMsgId) > 32) throw new RangeError('a clientMsgId has at most 32 bytes')
  const options = { send_ignore_reprint: whenReprint === 'stop' ? 0 : 1, clientmsgid: clientMsgId }
  const body = { ...wireAudience(audience), ...wireContent(content), ...options }
  const path = audience.to === 'openids' ? '/cgi-bin/message/mass/send' : '/cgi-bin/message/mass/sendall'
  const read = (a: JsonObject) => ({ msgId: text(a, 'msg_id'), msgDataId: textOrNull(a, 'msg_data_id') })
  return session.call({ path, method: 'POST', intent: 'write', body, read })
}

/** Shows the message to one person, at once; 100 a day. */
export function preview(
  session: Session,
  to: { openid: string } | { weChatName: string },
  content: MassContent,
): Promise<Answer<{ msgId: string | null }>> {
  const body = { ...('openid' in to ? { touser: to.openid } : { towxname: to.weChatName }), ...wireContent(content) }
  const read = (a: JsonObject) => ({ msgId: textOrNull(a, 'msg_id') })
  return session.call({ path: '/cgi-bin/message/mass/preview', method: 'POST', intent: 'write', body, read })
}

/** Irreversible, and an article dies everywhere it was sent. Only for sends made by API, and only once they succeeded. */
export function remove(session: Session, what: { msgId: string } | { url: string }, which: Position): Promise<Answer<undefined>> {
  const target = 'msgId' in what ? { msg_id: wireId(what.msgId) } : { url: what.url }
  const body = { ...target, article_idx: wireIndex(which) }
  return session.call({ path: '/cgi-bin/message/mass/delete', method: 'POST', intent: 'write', body, read: nothing })
}

/** How a send stands. It carries no counts: those come once, with the `mass-send-finished` push. */
export function get(session: Session, msgId: string): Promise<Answer<{ msgId: string; state: MassState }>> {
  const read = (a: JsonObject) => ({ msgId: text(a, 'msg_id'), state: massState(text(a, 'msg_status')) })
  return session.call({ path: '/cgi-bin/message/mass/get', method: 'POST', intent: 'read', body: { msg_id: msgId }, read })
}

/** `speed` 0 to 4: 800, 600, 450, 300 or 100 thousand a minute. */
export function getSpeed(session: Session): Promise<Answer<{ speed: number; realSpeed: number }>> {
  const read = (a: JsonObject) => ({ speed: number(a, 'speed'), realSpeed: number(a, 'realspeed') })
  return session.call({ path: '/cgi-bin/message/mass/speed/get', method: 'POST', intent: 'read', body: {}, read })
}

export function setSpeed(session: Session, speed: 0 | 1 | 2 | 3 | 4): Promise<Answer<undefined>> {
  return session.call({
    path: '/cgi-bin/message/mass/speed/set',
    method: 'POST',
    intent: 'write',
    body: { speed },
    read: nothing,
  })
}

/** WeChat's pages give msg_id as a number here; it stays text when a number could not hold it. */
const wireId = (id: string) => (/^\d{1,15}$/.test(id) ? Number(id) : id)

function wireAudience(audience: MassAudience): JsonObject {
  switch (audience.to) {
    case 'everybody':
      return { filter: { is_to_all: true } }
    case 'tag':
      return { filter: { is_to_all: false, tag_id: audience.tagId } }
    case 'openids':
      return { touser: audience.openids }
  }
}

function wireContent(content: MassContent): JsonObject {
  switch (content.type) {
    case 'articles':
      return { msgtype: 'mpnews', mpnews: { media_id: content.mediaId } }
    case 'text':
      return { msgtype: 'text', text: { content: content.content } }
    case 'voice':
      return { msgtype: 'voice', voice: { media_id: content.mediaId } }
    case 'images': {
      const comments = {
        need_open_comment: content.needOpenComment ? 1 : 0,
        only_fans_can_comment: content.onlyFansCanComment ? 1 : 0,
      }
      // The type is called image and its object images (section d.3).
      return { msgtype: 'image', images: { media_ids: content.mediaIds, recommend: content.recommend, ...comments } }
    }
    case 'video':
      return { msgtype: 'mpvideo', mpvideo: { media_id: content.mediaId } }
    case 'card':
      return { msgtype: 'wxcard', wxcard: { card_id: content.cardId } }
  }
}

const states: Record<string, MassState> = {
  SEND_SUCCESS: 'sent',
  SUCCESS: 'sent',
  SENDING: 'sending',
  SEND_FAIL: 'failed',
  FAIL: 'failed',
  DELETE: 'deleted',
}
const massState = (said: string): MassState => states[said.toUpperCase()] ?? { unrecognised: said }
