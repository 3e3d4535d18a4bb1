import { epoch, type Instant } from '../platform/time.ts'
import { type Sealing, seal, sealedReply } from './crypto.ts'
import type { Push } from './push-types.ts'

/** What may be said at once in answer to a push, within five seconds (section b, "Passive reply"). */
export type Reply =
  | { type: 'text'; content: string }
  | { type: 'image' | 'voice'; mediaId: string }
  | { type: 'video'; mediaId: string; title: string; description: string }
  | { type: 'news'; articles: { title: string; digest: string; coverUrl: string; url: string }[] }

/** Understood, and nothing to say. Anything but this, an empty body or a reply shows followers a failure. */
export const UNDERSTOOD = 'success'

export function replyXml(to: Pick<Push, 'toUserName' | 'fromUserName'>, reply: Reply, at: Instant): string {
  const seconds = Math.floor(epoch(at) / 1000)
  const head = `${element('ToUserName', to.fromUserName)}${element('FromUserName', to.toUserName)}<CreateTime>${seconds}</CreateTime>`
  return `<xml>${head}${element('MsgType', reply.type)}${body(reply)}</xml>`
}

/** The reply as the door's mode wants it: sealed where pushes come sealed. */
export function reply(
  to: Pick<Push, 'toUserName' | 'fromUserName'>,
  what: Reply,
  at: Instant,
  sealing?: Omit<Sealing, 'timestamp'>,
): string {
  const xml = replyXml(to, what, at)
  return sealing ? sealedReply(seal(xml, { ...sealing, timestamp: String(Math.floor(epoch(at) / 1000)) })) : xml
}

function body(reply: Reply): string {
  switch (reply.type) {
    case 'text':
      return element('Content', reply.content)
    case 'image':
      return `<Image>${element('MediaId', reply.mediaId)}</Image>`
    case 'voice':
      return `<Voice>${element('MediaId', reply.mediaId)}</Voice>`
    case 'video':
      return `<Video>${element('MediaId', reply.mediaId)}${element('Title', reply.title)}${element('Description', reply.description)}</Video>`
    case 'news': {
      const items = reply.articles.map(
        ({ title, digest, coverUrl, url }) =>
          `<item>${element('Title', title)}${element('Description', digest)}${element('PicUrl', coverUrl)}${element('Url', url)}</item>`,
      )
      return `<ArticleCount>${items.length}</ArticleCount><Articles>${items.join('')}</Articles>`
    }
  }
}

/** CDATA ends at "]]>", so a text that holds one is split over two sections. */
const element = (name: string, value: string) => `<${name}><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`
