import { seal, sealedReply } from '../wechat/crypto.ts'
import type { Door } from '../wechat/index.ts'

/** What a menu button said before it was restored as a click (docs/wechat, section d.5); files cannot be answered this way. */
export type ClickAnswer = { key: string; reply: { type: 'text'; content: string } | { type: 'news'; articles: ReplyArticle[] } }
export type ReplyArticle = { title: string; url: string; coverUrl: string; digest: string }

export type Correspondents = { openid: string; userName: string; atSeconds: number }

/** The XML of a reply to one follower. Text goes into CDATA, and a CDATA section cannot hold its own end. */
export function replyXml({ openid, userName, atSeconds }: Correspondents, reply: ClickAnswer['reply']): string {
  const head = `<xml><ToUserName>${cdata(openid)}</ToUserName><FromUserName>${cdata(userName)}</FromUserName><CreateTime>${atSeconds}</CreateTime>`
  if (reply.type === 'text') return `${head}<MsgType>${cdata('text')}</MsgType><Content>${cdata(reply.content)}</Content></xml>`
  const items = reply.articles.map(
    ({ title, digest, coverUrl, url }) =>
      `<item><Title>${cdata(title)}</Title><Description>${cdata(digest)}</Description><PicUrl>${cdata(coverUrl)}</PicUrl><Url>${cdata(url)}</Url></item>`,
  )
  return `${head}<MsgType>${cdata('news')}</MsgType><ArticleCount>${items.length}</ArticleCount><Articles>${items.join('')}</Articles></xml>`
}

const cdata = (text: string) => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

/** Sealed with the newest key, as WeChat expects an answer to a sealed push. */
export function sealReply(door: Door, xml: string, fresh: { timestamp: string; nonce: string; random16: Uint8Array }): string {
  const { token, receiverId } = door
  return sealedReply(seal(xml, { aesKey: door.aesKeys[0]!, token, receiverId, ...fresh }))
}
