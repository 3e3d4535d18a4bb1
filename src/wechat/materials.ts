import type { Instant } from '../platform/time.ts'
import { type Article, articlesIn, type Listed, nothing, type Page } from './articles.ts'
import type { Answer } from './client.ts'
import { moment, nested, number, numberOr, objects, text, textOr, textOrNull } from './fields.ts'
import type { JsonObject } from './json.ts'
import { multipart, type Upload } from './multipart.ts'
import type { Session } from './session.ts'

/** Pictures, voices and videos of an account (section d.4). */
export type MaterialKind = 'image' | 'voice' | 'video' | 'thumb'
export type Material = { mediaId: string; name: string; url: string | null; updatedAt: Instant | null; articles: Article[] }
export type MaterialContent =
  | { kind: 'file'; bytes: Uint8Array; mediaType: string }
  | { kind: 'video'; title: string; description: string; downloadUrl: string }
  | { kind: 'articles'; articles: Article[] }

/** A picture for the text of an article: WeChat drops every picture that is not on its own servers. jpg or png under 1 MB. */
export function uploadArticleImage(session: Session, file: Upload): Promise<Answer<{ url: string }>> {
  const upload = multipart('media', file)
  const path = '/cgi-bin/media/uploadimg'
  return session.call({ path, method: 'POST', intent: 'write', upload, read: (a) => ({ url: text(a, 'url') }) })
}

/** Permanent. Not idempotent, but a duplicate does no harm. A video needs its title and introduction. */
export function add(
  session: Session,
  kind: MaterialKind,
  file: Upload,
  video?: { title: string; introduction: string },
): Promise<Answer<{ mediaId: string; url: string | null }>> {
  const upload = multipart('media', file, video ? { description: JSON.stringify(video) } : {})
  const read = (a: JsonObject) => ({ mediaId: text(a, 'media_id'), url: textOrNull(a, 'url') })
  return session.call({
    path: '/cgi-bin/material/add_material',
    method: 'POST',
    intent: 'write',
    query: { type: kind },
    upload,
    read,
  })
}

/** Gone after three days. */
export function addTemporary(session: Session, kind: MaterialKind, file: Upload): Promise<Answer<{ mediaId: string }>> {
  const upload = multipart('media', file)
  const read = (a: JsonObject) => ({ mediaId: textOrNull(a, 'media_id') ?? text(a, 'thumb_media_id') })
  return session.call({ path: '/cgi-bin/media/upload', method: 'POST', intent: 'write', query: { type: kind }, upload, read })
}

export function getTemporary(session: Session, mediaId: string): Promise<Answer<MaterialContent>> {
  return session.call<MaterialContent>({
    path: '/cgi-bin/media/get',
    method: 'GET',
    intent: 'read',
    query: { media_id: mediaId },
    read: (a) => ({ kind: 'video', title: '', description: '', downloadUrl: text(a, 'video_url') }),
    readBytes: (bytes, mediaType) => ({ kind: 'file', bytes, mediaType }),
  })
}

/** Pictures and voices come as bare bytes, videos as an address, the old news library as articles. */
export function get(session: Session, mediaId: string): Promise<Answer<MaterialContent>> {
  return session.call<MaterialContent>({
    path: '/cgi-bin/material/get_material',
    method: 'POST',
    intent: 'read',
    body: { media_id: mediaId },
    read: (a) =>
      a.news_item !== undefined
        ? { kind: 'articles', articles: articlesIn(a) }
        : { kind: 'video', title: textOr(a, 'title'), description: textOr(a, 'description'), downloadUrl: text(a, 'down_url') },
    readBytes: (bytes, mediaType) => ({ kind: 'file', bytes, mediaType }),
  })
}

/** Irreversible. 48005: a menu or an auto-reply still uses it. */
export function remove(session: Session, mediaId: string): Promise<Answer<undefined>> {
  const path = '/cgi-bin/material/del_material'
  return session.call({ path, method: 'POST', intent: 'write', body: { media_id: mediaId }, read: nothing })
}

/** `news` is the library from before the draft box (2022). */
export function batchGet(
  session: Session,
  kind: 'image' | 'voice' | 'video' | 'news',
  page: Page,
): Promise<Answer<Listed<Material>>> {
  return session.call({
    path: '/cgi-bin/material/batchget_material',
    method: 'POST',
    intent: 'read',
    body: { type: kind, offset: page.offset, count: page.count },
    read: (a) => ({
      total: number(a, 'total_count'),
      items: objects(a, 'item').map((item) => ({
        mediaId: text(item, 'media_id'),
        name: textOr(item, 'name'),
        url: textOrNull(item, 'url'),
        updatedAt: moment(item, 'update_time'),
        articles: articlesIn(nested(item, 'content')),
      })),
    }),
  })
}

export type MaterialCounts = { images: number; voices: number; videos: number; news: number }

export function counts(session: Session): Promise<Answer<MaterialCounts>> {
  const read = (a: JsonObject) => ({
    images: number(a, 'image_count'),
    voices: numberOr(a, 'voice_count'),
    videos: numberOr(a, 'video_count'),
    news: numberOr(a, 'news_count'),
  })
  return session.call({ path: '/cgi-bin/material/get_materialcount', method: 'GET', intent: 'read', read })
}
