import type { Fields } from '../json.ts'

export type Article = {
  article_type: string
  title: string
  author: string
  digest: string
  content: string
  content_source_url: string
  thumb_media_id: string
  show_cover_pic: number
  need_open_comment: number
  only_fans_can_comment: number
  image_info?: Fields
  pic_crop_235_1?: string
  pic_crop_1_1?: string
  cover_info?: Fields
  product_info?: Fields
}
export type Draft = { mediaId: string; articles: Article[]; createdAt: number; updatedAt: number; by: Actor }

/** Who did something: what the product holds keys for, a person at the console, a thief, or the platform. */
export type Actor = 'product' | 'console' | 'thief' | 'platform' | 'rival'

export type LiveArticle = Article & {
  shortId: string
  sn: string
  deletedAt?: number
  deletedBy?: Actor
  banned: boolean
  commentsOpen: boolean
  /** Readers per UTC+8 day. */
  reads: Map<string, number>
  shares: Map<string, number>
  editedOnce: boolean
}

/** One message: up to eight articles that went out together, with or without telling the followers. */
export type Publication = {
  articleId: string
  msgDataId: number
  publishedAt: number
  notified: boolean
  via: 'api' | 'console'
  by: Actor
  articles: LiveArticle[]
}

export type PublishJob = {
  publishId: string
  mediaId: string
  msgDataId: number
  status: number
  failIdx: number[]
  submittedAt: number
  by: Actor
  publication?: Publication
}

export type SendState = 'waiting-for-administrator' | 'SENDING' | 'SEND_SUCCESS' | 'SEND_FAIL' | 'DELETE'
export type Send = {
  msgId: number
  msgDataId: number
  msgtype: string
  via: 'api' | 'console'
  by: Actor
  toAll: boolean
  target: string[]
  clientmsgid: string
  acceptedAt: number
  lastTriedAt: number
  state: SendState
  status: string
  counts: { total: number; filter: number; sent: number; error: number }
  mediaId?: string
  text?: string
  publication?: Publication
  copyright?: 'ok' | 'reprint-allowed' | 'reprint-forbidden'
}

export type Material = {
  mediaId: string
  type: 'image' | 'voice' | 'video' | 'thumb'
  name: string
  contentType: string
  bytes: Buffer
  url: string
  updatedAt: number
  expiresAt?: number
  title?: string
  introduction?: string
}

export type Comment = {
  msgDataId: number
  index: number
  id: number
  openid: string
  at: number
  content: string
  elected: boolean
  pinned: boolean
  deletedByAuthor: boolean
  reply?: { content: string; at: number }
}
