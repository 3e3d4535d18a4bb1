import { refuse } from '../errors.ts'
import { type Fields, fieldsAt, maybeText, numberAt, textAt, textsAt } from '../json.ts'
import type { Account } from '../state/account.ts'
import type { Article } from '../state/content.ts'

export type SendContent = {
  msgtype: string
  /** What the derived clientmsgid is made of. */
  digest: string
  articles: Article[]
  mediaId?: string
  /** Given to keep the address and counters of an earlier send. */
  msgDataId?: number
  text?: string
  /** The draft existed but has left the box. */
  gone: boolean
}

const MATERIAL_TYPES: Record<string, string> = { voice: 'voice', mpvideo: 'video' }

/** msgtype and its own object; note that pictures are msgtype `image` with an object named `images`. */
export function readContent(account: Account, body: Fields): SendContent {
  const msgtype = textAt(body, 'msgtype')
  switch (msgtype) {
    case 'mpnews':
      return readNews(account, fieldsAt(body, 'mpnews'))
    case 'text': {
      const text = maybeText(fieldsAt(body, 'text'), 'content') ?? refuse(44004)
      return { msgtype, digest: text, articles: [], text, gone: false }
    }
    case 'image': {
      const ids = textsAt(fieldsAt(body, 'images'), 'media_ids')
      if (ids.length === 0) refuse(41006)
      for (const id of ids) if (!account.materials.has(id)) refuse(40007)
      return { msgtype, digest: ids.join(), articles: [], mediaId: ids[0], gone: false }
    }
    case 'voice':
    case 'mpvideo': {
      const mediaId = maybeText(fieldsAt(body, msgtype), 'media_id') ?? refuse(41006)
      if (account.materials.get(mediaId)?.type !== MATERIAL_TYPES[msgtype]) refuse(40007)
      return { msgtype, digest: mediaId, articles: [], mediaId, gone: false }
    }
    case 'wxcard':
      return { msgtype, digest: textAt(fieldsAt(body, 'wxcard'), 'card_id'), articles: [], gone: false }
    default:
      return refuse(40008)
  }
}

function readNews(account: Account, news: Fields): SendContent {
  const again = numberAt(news, 'msg_data_id')
  if (again) {
    const earlier = account.publications.find((one) => one.msgDataId === again && one.notified) ?? refuse(88001)
    return { msgtype: 'mpnews', digest: `again ${again}`, articles: earlier.articles, msgDataId: again, gone: false }
  }
  const mediaId = maybeText(news, 'media_id') ?? refuse(41006)
  const draft = account.drafts.get(mediaId)
  const known = draft ?? account.spentDrafts.get(mediaId) ?? refuse(40007)
  return { msgtype: 'mpnews', digest: JSON.stringify(known.articles), articles: known.articles, mediaId, gone: !draft }
}
