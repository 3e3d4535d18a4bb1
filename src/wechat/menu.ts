import type { Instant } from '../platform/time.ts'
import { nothing } from './articles.ts'
import type { Answer } from './client.ts'
import { flag, moment, nested, objects, text, textOr, textOrNull } from './fields.ts'
import { isObject, type JsonObject } from './json.ts'
import type { Session } from './session.ts'

/** A button as menu/create takes it (section d.5); a button with `children` does nothing itself. */
export type MenuButton = { name: string } & (
  | { children: MenuButton[] }
  | { type: 'view'; url: string }
  | { type: 'media_id' | 'view_limited'; mediaId: string }
  | { type: 'article_id' | 'article_view_limited'; articleId: string }
  | { type: 'miniprogram'; appid: string; pagePath: string; url: string }
  | { type: 'click' | ScanAndPicture; key: string }
)
export type ScanAndPicture =
  | 'scancode_push'
  | 'scancode_waitmsg'
  | 'pic_sysphoto'
  | 'pic_photo_or_album'
  | 'pic_weixin'
  | 'location_select'

/** A button as the self-menu shows it. Console menus hold contents of their own: text, img, voice, video, news. */
export type ShownButton = {
  name: string
  type: string
  /** Of console buttons: the text itself, or a media id that dies after three days. */
  value: string | null
  key: string | null
  url: string | null
  mediaId: string | null
  articleId: string | null
  appid: string | null
  pagePath: string | null
  news: { title: string; url: string; coverUrl: string; digest: string }[]
  children: ShownButton[]
}
export type SelfMenu = { isOpen: boolean; buttons: ShownButton[]; raw: JsonObject }

/** A menu of its own for some followers, by tag or kind of phone. */
export type ConditionalMenu = { menuId: string; buttons: ShownButton[]; matchRule: JsonObject }
export type SetMenu = { buttons: ShownButton[]; conditional: ConditionalMenu[]; raw: JsonObject }

/** Replaces the whole menu. Phones show it after 5 minutes to 24 hours. */
export function create(session: Session, buttons: MenuButton[]): Promise<Answer<undefined>> {
  const body = { button: buttons.map(toWire) }
  return session.call({ path: '/cgi-bin/menu/create', method: 'POST', intent: 'write', body, read: nothing })
}

/** Only what was set by API; null when there is nothing (46003). */
export async function get(session: Session): Promise<Answer<SetMenu | null>> {
  const answer = await session.call({
    path: '/cgi-bin/menu/get',
    method: 'GET',
    intent: 'read',
    read: (raw) => ({
      buttons: objects(nested(raw, 'menu'), 'button').map(readButton),
      conditional: objects(raw, 'conditionalmenu').map((one) => ({
        menuId: textOr(one, 'menuid'),
        buttons: objects(one, 'button').map(readButton),
        matchRule: nested(one, 'matchrule'),
      })),
      raw,
    }),
  })
  return !answer.ok && answer.problem.code === 46003 ? { ok: true, value: null, rid: answer.problem.rid } : answer
}

/** Takes the conditional menus away as well. */
export function remove(session: Session): Promise<Answer<undefined>> {
  return session.call({ path: '/cgi-bin/menu/delete', method: 'GET', intent: 'write', read: nothing })
}

/** Needs a menu for everybody first (65303). */
export function createConditional(
  session: Session,
  buttons: MenuButton[],
  matchRule: JsonObject,
): Promise<Answer<{ menuId: string }>> {
  const body = { button: buttons.map(toWire), matchrule: matchRule }
  const read = (a: JsonObject) => ({ menuId: text(a, 'menuid') })
  return session.call({ path: '/cgi-bin/menu/addconditional', method: 'POST', intent: 'write', body, read })
}

export function removeConditional(session: Session, menuId: string): Promise<Answer<undefined>> {
  const path = '/cgi-bin/menu/delconditional'
  return session.call({ path, method: 'POST', intent: 'write', body: { menuid: menuId }, read: nothing })
}

/** What followers see, whoever made it: the way to notice a menu changed in the console. */
export function getSelfMenu(session: Session): Promise<Answer<SelfMenu>> {
  return session.call({
    path: '/cgi-bin/get_current_selfmenu_info',
    method: 'GET',
    intent: 'read',
    read: (raw) => ({
      isOpen: flag(raw, 'is_menu_open'),
      buttons: objects(nested(raw, 'selfmenu_info'), 'button').map(readButton),
      raw,
    }),
  })
}

export type AutoReplyContent = { type: string; content: string; news: { title: string; url: string }[] }
export type KeywordRule = {
  name: string
  createdAt: Instant | null
  replies: 'all' | 'one-at-random'
  keywords: { match: 'contains' | 'equals'; text: string }[]
  contents: AutoReplyContent[]
}
export type AutoReply = {
  onFollow: { isOpen: boolean; content: AutoReplyContent | null }
  onMessage: { isOpen: boolean; content: AutoReplyContent | null }
  keywords: KeywordRule[]
  raw: JsonObject
}

/** Read-only: there is no API that sets automatic replies. */
export function getAutoReply(session: Session): Promise<Answer<AutoReply>> {
  return session.call({ path: '/cgi-bin/get_current_autoreply_info', method: 'GET', intent: 'read', read: readAutoReply })
}

function readAutoReply(raw: JsonObject): AutoReply {
  const content = (name: string) => (isObject(raw[name]) ? readContent(nested(raw, name)) : null)
  return {
    onFollow: { isOpen: flag(raw, 'is_add_friend_reply_open'), content: content('add_friend_autoreply_info') },
    onMessage: { isOpen: flag(raw, 'is_autoreply_open'), content: content('message_default_autoreply_info') },
    keywords: objects(nested(raw, 'keyword_autoreply_info'), 'list').map((rule) => ({
      name: textOr(rule, 'rule_name'),
      createdAt: moment(rule, 'create_time'),
      replies: textOr(rule, 'reply_mode') === 'reply_all' ? 'all' : 'one-at-random',
      keywords: objects(rule, 'keyword_list_info').map((word) => ({
        match: textOr(word, 'match_mode') === 'equal' ? 'equals' : 'contains',
        text: textOr(word, 'content'),
      })),
      contents: objects(rule, 'reply_list_info').map(readContent),
    })),
    raw,
  }
}

const readContent = (raw: JsonObject): AutoReplyContent => ({
  type: textOr(raw, 'type'),
  content: textOr(raw, 'content'),
  news: readNews(raw).map(({ title, url }) => ({ title, url })),
})

const readNews = (raw: JsonObject) =>
  objects(nested(raw, 'news_info'), 'list').map((item) => ({
    title: textOr(item, 'title'),
    url: textOr(item, 'content_url'),
    coverUrl: textOr(item, 'cover_url'),
    digest: textOr(item, 'digest'),
  }))

/** `sub_button` is a list in menu/get and an object with a list in the self-menu. */
function readButton(raw: JsonObject): ShownButton {
  const children = Array.isArray(raw.sub_button) ? objects(raw, 'sub_button') : objects(nested(raw, 'sub_button'), 'list')
  return {
    name: text(raw, 'name'),
    type: textOr(raw, 'type'),
    value: textOrNull(raw, 'value'),
    key: textOrNull(raw, 'key'),
    url: textOrNull(raw, 'url'),
    mediaId: textOrNull(raw, 'media_id'),
    articleId: textOrNull(raw, 'article_id'),
    appid: textOrNull(raw, 'appid'),
    pagePath: textOrNull(raw, 'pagepath'),
    news: readNews(raw),
    children: children.map(readButton),
  }
}

function toWire(button: MenuButton): JsonObject {
  const { name } = button
  if ('children' in button) return { name, sub_button: button.children.map(toWire) }
  switch (button.type) {
    case 'view':
      return { type: button.type, name, url: button.url }
    case 'media_id':
    case 'view_limited':
      return { type: button.type, name, media_id: button.mediaId }
    case 'article_id':
    case 'article_view_limited':
      return { type: button.type, name, article_id: button.articleId }
    case 'miniprogram':
      return { type: button.type, name, appid: button.appid, pagepath: button.pagePath, url: button.url }
    default:
      return { type: button.type, name, key: button.key }
  }
}
