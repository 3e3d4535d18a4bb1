import { createHash } from 'node:crypto'
import type { MenuButton, ScanAndPicture, SelfMenu, ShownButton } from './menu.ts'

/** What a button made in the console said, to be answered by us once it is a `click`. */
export type ClickAnswer =
  | { type: 'text'; content: string }
  | { type: 'news'; articles: ShownButton['news'] }
  /** The id is temporary: fetch the file within three days and keep it as permanent material. */
  | { type: 'image' | 'voice' | 'video'; temporaryMediaId: string }

export type Degraded = {
  path: string[]
  from: string
  to: 'click' | 'view'
  answer: { key: string; reply: ClickAnswer } | null
  note: string
}
export type Lost = { path: string[]; type: string; note: string }
export type Restorable = { buttons: MenuButton[]; degraded: Degraded[]; lost: Lost[] }

const asIs = new Set<string>([
  'click',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
])
const files: Record<string, 'image' | 'voice' | 'video'> = {
  img: 'image',
  photo: 'image',
  image: 'image',
  voice: 'voice',
  video: 'video',
}

/**
 * What of a menu menu/create can put back (section d.5). A menu set by API returns as it was. Buttons from the console hold
 * contents no API accepts: those become clicks that we answer, or a link when there is exactly one article behind them.
 */
export function restorable(menu: Pick<SelfMenu, 'buttons'>): Restorable {
  const degraded: Degraded[] = []
  const lost: Lost[] = []

  const restore = (button: ShownButton, above: string[]): MenuButton[] => {
    const path = [...above, button.name]
    if (button.children.length > 0) {
      const children = button.children.flatMap((child) => restore(child, path))
      if (children.length > 0) return [{ name: button.name, children }]
      lost.push({ path, type: 'group', note: '下面没有一个按钮能恢复，这一组不再显示' })
      return []
    }
    const same = unchanged(button)
    if (same) return [same]
    const substitute = substituteFor(button, path)
    if (!substitute) {
      lost.push({ path, type: button.type, note: '微信接口不接受这种按钮，只能在公众平台上手工恢复' })
      return []
    }
    degraded.push(substitute.degraded)
    return [substitute.button]
  }

  return { buttons: menu.buttons.flatMap((button) => restore(button, [])), degraded, lost }
}

function unchanged({ name, type, key, url, mediaId, articleId, appid, pagePath }: ShownButton): MenuButton | null {
  if (asIs.has(type) && key) return { name, type: type as 'click' | ScanAndPicture, key }
  if (type === 'view' && url) return { name, type, url }
  if ((type === 'media_id' || type === 'view_limited') && mediaId) return { name, type, mediaId }
  if ((type === 'article_id' || type === 'article_view_limited') && articleId) return { name, type, articleId }
  if (type === 'miniprogram' && appid && pagePath) return { name, type, appid, pagePath, url: url ?? 'https://mp.weixin.qq.com/' }
  return null
}

function substituteFor(button: ShownButton, path: string[]): { button: MenuButton; degraded: Degraded } | null {
  const { name, type, value, news } = button
  const only = news.length === 1 ? news[0] : undefined
  if (only?.url) {
    const note = `原来点开后推送《${only.title}》，恢复后直接打开这篇文章`
    return { button: { name, type: 'view', url: only.url }, degraded: { path, from: type, to: 'view', answer: null, note } }
  }
  const reply = replyOf(type, value, news)
  if (!reply) return null
  const key = keyFor(path, reply)
  const note = `原来由公众平台回复${names[reply.type]}，恢复后由定心丸回复同样的内容`
  return { button: { name, type: 'click', key }, degraded: { path, from: type, to: 'click', answer: { key, reply }, note } }
}

function replyOf(type: string, value: string | null, news: ShownButton['news']): ClickAnswer | null {
  if (news.length > 1) return { type: 'news', articles: news }
  if (type === 'text' && value) return { type: 'text', content: value }
  const file = Object.hasOwn(files, type) ? files[type] : undefined
  return file && value ? { type: file, temporaryMediaId: value } : null
}

const names: Record<ClickAnswer['type'], string> = { text: '文字', news: '多篇图文', image: '图片', voice: '语音', video: '视频' }

/** The same content gets the same key, so that clicks on menus still cached on phones find their answer. */
const keyFor = (path: string[], reply: ClickAnswer) =>
  `dingxin:${createHash('sha256')
    .update(JSON.stringify([path, reply]))
    .digest('hex')
    .slice(0, 24)}`
