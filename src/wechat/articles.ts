import { flag, nested, objects, text, textOr, textOrNull } from './fields.ts'
import type { JsonObject } from './json.ts'

/** What we hand in to a draft (section d.1). Originality, AI-content declaration and a timer exist only in the console. */
export type ArticleInput = {
  title: string
  content: string
  articleType?: 'news' | 'newspic'
  author?: string
  digest?: string
  contentSourceUrl?: string
  /** A permanent material; WeChat demands one for `news`. */
  thumbMediaId?: string
  needOpenComment?: boolean
  onlyFansCanComment?: boolean
  /** Pictures of a `newspic`, permanent materials. */
  imageMediaIds?: string[]
  /** Crops of the cover: `x1_y1_x2_y2`, each 0..1. */
  cropWide?: string
  cropSquare?: string
}

export type Article = {
  title: string
  author: string
  digest: string
  /** null when it was not asked for (`noContent`). */
  content: string | null
  contentSourceUrl: string
  thumbMediaId: string
  thumbUrl: string
  articleType: string
  needOpenComment: boolean
  onlyFansCanComment: boolean
  imageMediaIds: string[]
  /** Of a draft: a preview that dies after some hours. Of a published article: its address. */
  url: string | null
  isDeleted: boolean
  /** Everything as WeChat sent it, so that a backup loses nothing. */
  raw: JsonObject
}

export function toWire(article: ArticleInput): JsonObject {
  const bit = (value: boolean | undefined) => (value === undefined ? undefined : value ? 1 : 0)
  const images = article.imageMediaIds?.map((image_media_id) => ({ image_media_id }))
  return {
    article_type: article.articleType,
    title: article.title,
    author: article.author,
    digest: article.digest,
    content: article.content,
    content_source_url: article.contentSourceUrl,
    thumb_media_id: article.thumbMediaId,
    need_open_comment: bit(article.needOpenComment),
    only_fans_can_comment: bit(article.onlyFansCanComment),
    pic_crop_235_1: article.cropWide,
    pic_crop_1_1: article.cropSquare,
    ...(images ? { image_info: { image_list: images } } : {}),
  }
}

export function fromWire(raw: JsonObject): Article {
  return {
    title: text(raw, 'title'),
    author: textOr(raw, 'author'),
    digest: textOr(raw, 'digest'),
    content: raw.content === undefined ? null : textOr(raw, 'content'),
    contentSourceUrl: textOr(raw, 'content_source_url'),
    thumbMediaId: textOr(raw, 'thumb_media_id'),
    thumbUrl: textOr(raw, 'thumb_url'),
    articleType: textOr(raw, 'article_type', 'news'),
    needOpenComment: flag(raw, 'need_open_comment'),
    onlyFansCanComment: flag(raw, 'only_fans_can_comment'),
    imageMediaIds: objects(nested(raw, 'image_info'), 'image_list').map((image) => text(image, 'image_media_id')),
    url: textOrNull(raw, 'url'),
    isDeleted: flag(raw, 'is_deleted'),
    raw,
  }
}

export const articlesIn = (from: JsonObject): Article[] => objects(from, 'news_item').map(fromWire)

/** A page of a list: WeChat gives at most 20 at a time. */
export type Page = { offset: number; count: number }
export type Listed<T> = { total: number; items: T[] }

/** `{ position: 2 }` counts from 1. WeChat means *all* when the index is missing, so ours is never missing. */
export type Position = { position: number } | { position: 'all' }

export function wireIndex(which: Position): number {
  if (which.position === 'all') return 0
  if (!Number.isInteger(which.position) || which.position < 1) throw new RangeError('positions of articles count from 1')
  return which.position
}

export const nothing = (): undefined => undefined
