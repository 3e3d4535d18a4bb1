import { refuse } from '../errors.ts'
import { type Fields, fieldsOf, isFields, listAt, numberAt, textAt } from '../json.ts'
import type { Account } from './account.ts'
import type { Actor, Article, LiveArticle, Publication } from './content.ts'
import type { World } from './world.ts'

/** Hosts whose pictures WeChat keeps in an article; all others are dropped from the body. */
const isOurPicture = (world: World, src: string) =>
  /^https?:\/\/mmbiz\.(qpic|qlogo)\.cn\//.test(src) || src.startsWith(`${world.baseUrl}/mmbiz_`)

/** What draft/add does to a body: no scripts, no foreign pictures. */
export function cleanContent(world: World, html: string): string {
  return html
    .replaceAll(/<script\b[\s\S]*?(<\/script\s*>|$)/gi, '')
    .replaceAll(/\son[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, '')
    .replaceAll(/(href|src)\s*=\s*(["'])\s*javascript:[^"']*\2/gi, '')
    .replaceAll(/<img\b[^>]*>/gi, (tag) => {
      const sources = [...tag.matchAll(/\s(?:data-)?src\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi)]
      return sources.some((one) => isOurPicture(world, one[1] ?? one[2] ?? one[3] ?? '')) ? tag : ''
    })
}

const length = (text: string) => [...text].length
const plainText = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()

export function readArticles(world: World, account: Account, given: unknown[]): Article[] {
  if (given.length === 0) refuse(44003)
  if (given.length > 8) refuse(45008)
  return given.map((one) => readArticle(world, account, isFields(one) ? one : refuse(47001), given.length === 1))
}

const TITLES_SHORTENED = Date.parse('2025-12-19T00:00:00+08:00')
const AUTHORS_LENGTHENED = Date.parse('2025-11-26T00:00:00+08:00')

/** Limits changed within a few weeks of 2025; the simulator's own date decides. */
function limitsAt(world: World): { title: number; author: number } {
  const now = world.clock.now()
  return { title: now < TITLES_SHORTENED ? 64 : world.switches.titleLimit, author: now < AUTHORS_LENGTHENED ? 8 : 16 }
}

/** Checks one article in the order WeChat reports: title, author, digest, body, links, cover. */
export function readArticle(world: World, account: Account, fields: Fields, alone: boolean): Article {
  const type = textAt(fields, 'article_type') || 'news'
  const title = textAt(fields, 'title')
  const content = textAt(fields, 'content')
  const limits = limitsAt(world)
  if (!title || length(title) > limits.title) refuse(45003)
  if (length(textAt(fields, 'author')) > limits.author) refuse(45110)
  if (length(textAt(fields, 'digest')) > 128) refuse(45004)
  if (!content) refuse(44004)
  if (length(content) >= 20_000 || Buffer.byteLength(content) >= 1_000_000) refuse(45002)
  if (Buffer.byteLength(textAt(fields, 'content_source_url')) > 1024) refuse(45005)
  if (type === 'news') {
    const thumb = account.materials.get(textAt(fields, 'thumb_media_id'))
    if (!thumb || thumb.expiresAt !== undefined || !['image', 'thumb'].includes(thumb.type)) refuse(40007)
  } else checkPictures(account, fields)
  if (numberAt(fields, 'need_open_comment') === 1 && !(account.commentAbility && account.verified)) refuse(88000)
  return {
    article_type: type,
    title,
    author: textAt(fields, 'author'),
    digest: textAt(fields, 'digest') || (alone ? [...plainText(content)].slice(0, 54).join('') : ''),
    content: cleanContent(world, content),
    content_source_url: textAt(fields, 'content_source_url'),
    thumb_media_id: textAt(fields, 'thumb_media_id'),
    show_cover_pic: numberAt(fields, 'show_cover_pic'),
    need_open_comment: numberAt(fields, 'need_open_comment'),
    only_fans_can_comment: numberAt(fields, 'only_fans_can_comment'),
    ...optional(fields),
  }
}

function checkPictures(account: Account, fields: Fields): void {
  const pictures = listAt(fieldsOf(fields.image_info), 'image_list')
  if (pictures.length === 0 || pictures.length > 20) refuse(45008)
  for (const picture of pictures) {
    if (account.materials.get(textAt(fieldsOf(picture), 'image_media_id'))?.type !== 'image') refuse(40007)
  }
}

function optional(fields: Fields): Partial<Article> {
  const kept: Partial<Article> = {}
  if (isFields(fields.image_info)) kept.image_info = fields.image_info
  if (isFields(fields.cover_info)) kept.cover_info = fields.cover_info
  if (isFields(fields.product_info)) kept.product_info = fields.product_info
  if (typeof fields.pic_crop_235_1 === 'string') kept.pic_crop_235_1 = fields.pic_crop_235_1
  if (typeof fields.pic_crop_1_1 === 'string') kept.pic_crop_1_1 = fields.pic_crop_1_1
  return kept
}

const host = (world: World, real: string) => (world.switches.addresses === 'wechat' ? real : world.baseUrl)
export const pictureUrl = (world: World, id: string, extension: string) =>
  `${host(world, 'http://mmbiz.qpic.cn')}/mmbiz_${extension}/${id}/0?wx_fmt=${extension}`

/** Notified articles carry the long address (its `mid` is msg_data_id), quiet ones the short. */
export function articleUrl(world: World, account: Account, publication: Publication, index: number): string {
  const article = publication.articles[index]!
  if (!publication.notified) return `${host(world, 'https://mp.weixin.qq.com')}/s/${article.shortId}`
  const biz = encodeURIComponent(account.biz)
  const query = `__biz=${biz}&mid=${publication.msgDataId}&idx=${index + 1}&sn=${article.sn}&chksm=${article.sn.slice(0, 8)}`
  return `${host(world, 'http://mp.weixin.qq.com')}/s?${query}#rd`
}

export const previewUrl = (world: World, mediaId: string, index: number) =>
  `${host(world, 'http://mp.weixin.qq.com')}/s?tempkey=${encodeURIComponent(`${mediaId}.${index}`)}#rd`

type Going = { articles: Article[]; msgDataId: number; notified: boolean; via: 'api' | 'console'; by: Actor }

/** The moment something can be read: adds it to what the account has published. */
export function makePublic(world: World, account: Account, { articles, ...rest }: Going): Publication {
  const publication: Publication = {
    ...rest,
    articleId: world.random.letters(43),
    publishedAt: world.clock.now(),
    articles: articles.map(
      (article): LiveArticle => ({
        ...article,
        shortId: world.random.letters(22),
        sn: world.random.hex(32),
        banned: false,
        commentsOpen: article.need_open_comment === 1,
        reads: new Map(),
        shares: new Map(),
        editedOnce: false,
      }),
    ),
  }
  account.publications.push(publication)
  return publication
}

/** Deletes one article (1-based) or, when the index is 0, every article of the message: as irreversible here as there. */
export function removeArticles(world: World, publication: Publication, index: number, by: Actor): void {
  const chosen = index === 0 ? publication.articles : [publication.articles[index - 1] ?? refuse(40114)]
  for (const article of chosen) {
    article.deletedAt ??= world.clock.now()
    article.deletedBy ??= by
  }
}

export const isGone = (publication: Publication) => publication.articles.every((article) => article.deletedAt !== undefined)

export function publicationByUrl(account: Account, url: string): { publication: Publication; index: number } | undefined {
  for (const publication of account.publications) {
    const index = publication.articles.findIndex((article) => url.includes(article.shortId) || url.includes(article.sn))
    if (index >= 0) return { publication, index }
  }
  return undefined
}
