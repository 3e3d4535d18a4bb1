import { unix } from '../clock.ts'
import { refuse } from '../errors.ts'
import { type Fields, fieldsOf, maybeText, textAt } from '../json.ts'
import type { Account } from '../state/account.ts'
import { pictureUrl } from '../state/articles.ts'
import type { Material } from '../state/content.ts'
import type { World } from '../state/world.ts'
import { type Call, type Endpoint, OK, type Reply, type Upload } from './call.ts'
import { checkFile, type MediaType, pictureKind } from './material-rules.ts'
import { page } from './paging.ts'

const TEMPORARY_MS = 3 * 86_400_000

const uploaded = (call: Call): Upload => {
  const file = call.uploads.get('media') ?? [...call.uploads.values()][0] ?? refuse(41005)
  return file.bytes.length > 0 ? file : refuse(44001)
}

function keepPicture(world: World, account: Account, file: Upload): string {
  const extension = pictureKind(file.bytes) ?? refuse(40005)
  const id = world.random.letters(60)
  account.pictures.set(id, { bytes: file.bytes, type: `image/${extension}` })
  return pictureUrl(world, id, extension)
}

function uploadimg(call: Call): Fields {
  const file = uploaded(call)
  const kind = pictureKind(file.bytes)
  if (kind !== 'png' && kind !== 'jpeg') refuse(40005)
  if (file.bytes.length >= 1_048_576) refuse(40009)
  return { url: keepPicture(call.world, call.account, file) }
}

const TYPES = new Set<string>(['image', 'voice', 'video', 'thumb'])
const typeOf = (given: string | null): MediaType => (given && TYPES.has(given) ? (given as MediaType) : refuse(40004))

function keep(call: Call, expiresAt: number | undefined): Material {
  const { world, account, query, form } = call
  const type = typeOf(query.get('type') ?? form.get('type') ?? null)
  const file = uploaded(call)
  checkFile(type, file)
  const url = type === 'image' || type === 'thumb' ? keepPicture(world, account, file) : ''
  const material: Material = {
    mediaId: world.random.letters(64),
    type,
    name: file.name,
    contentType: file.type,
    bytes: file.bytes,
    url,
    updatedAt: world.clock.now(),
    expiresAt,
    ...describe(type, form.get('description')),
  }
  account.materials.set(material.mediaId, material)
  return material
}

function describe(type: MediaType, description: string | undefined): { title?: string; introduction?: string } {
  if (type !== 'video' || !description) return {}
  try {
    const fields = fieldsOf(JSON.parse(description))
    return { title: textAt(fields, 'title'), introduction: textAt(fields, 'introduction') }
  } catch {
    return refuse(47001)
  }
}

function upload(call: Call): Fields {
  const material = keep(call, call.world.clock.now() + TEMPORARY_MS)
  return { type: material.type, media_id: material.mediaId, created_at: unix(material.updatedAt) }
}

function add(call: Call): Fields {
  const material = keep(call, undefined)
  return { media_id: material.mediaId, ...(material.type === 'image' ? { url: material.url } : {}), item: [] }
}

function materialOf({ world, account }: Call, mediaId: string | undefined, permanent: boolean): Material {
  const material = account.materials.get(mediaId ?? refuse(41006)) ?? refuse(40007)
  const alive = permanent
    ? material.expiresAt === undefined
    : (material.expiresAt ?? Number.POSITIVE_INFINITY) > world.clock.now()
  return alive ? material : refuse(40007)
}

const binary = (material: Material): Reply => ({
  raw: material.bytes,
  type: material.contentType || 'application/octet-stream',
  headers: { 'content-disposition': `attachment; filename="${encodeURIComponent(material.name)}"` },
})
const videoUrl = (call: Call, material: Material) => `${call.world.baseUrl}/mmbiz_video/${material.mediaId}`

function getTemporary(call: Call): Reply {
  const material = materialOf(call, call.query.get('media_id') ?? undefined, false)
  return material.type === 'video' ? { video_url: videoUrl(call, material) } : binary(material)
}

function getPermanent(call: Call): Reply {
  const material = materialOf(call, maybeText(call.body, 'media_id'), true)
  if (material.type !== 'video') return binary(material)
  return { title: material.title ?? '', description: material.introduction ?? '', down_url: videoUrl(call, material) }
}

function remove(call: Call): Fields {
  const { mediaId } = materialOf(call, maybeText(call.body, 'media_id'), true)
  if (JSON.stringify([call.account.menu, call.account.autoReply]).includes(mediaId)) refuse(48005)
  call.account.materials.delete(mediaId)
  return OK
}

function batchget({ account, body }: Call): Fields {
  const type = textAt(body, 'type')
  // The library of articles from before 2022: this account is younger and has none.
  if (type === 'news') return { total_count: 0, item_count: 0, item: [] }
  if (!TYPES.has(type) || type === 'thumb') refuse(40004)
  const newestFirst = permanent(account)
    .filter((one) => one.type === type)
    .reverse()
  const { items, ...counts } = page(newestFirst, body)
  return {
    ...counts,
    item: items.map(({ mediaId, name, updatedAt, url }) => ({ media_id: mediaId, name, update_time: unix(updatedAt), url })),
  }
}

const permanent = (account: Account) => [...account.materials.values()].filter((one) => one.expiresAt === undefined)

function count({ account }: Call): Fields {
  const many = (type: MediaType) => permanent(account).filter((one) => one.type === type).length
  return { voice_count: many('voice'), video_count: many('video'), image_count: many('image'), news_count: 0 }
}

export const material: Endpoint[] = [
  { path: '/cgi-bin/media/uploadimg', method: 'POST', group: 'material', body: 'form', handle: uploadimg },
  { path: '/cgi-bin/media/upload', method: 'POST', group: 'material', body: 'form', dailyLimit: 5000, handle: upload },
  { path: '/cgi-bin/media/get', method: 'GET', group: 'material', dailyLimit: 10_000, handle: getTemporary },
  { path: '/cgi-bin/material/add_material', method: 'POST', group: 'material', body: 'form', handle: add },
  { path: '/cgi-bin/material/get_material', method: 'POST', group: 'material', body: 'json', handle: getPermanent },
  { path: '/cgi-bin/material/del_material', method: 'POST', group: 'material', body: 'json', handle: remove },
  { path: '/cgi-bin/material/batchget_material', method: 'POST', group: 'material', body: 'json', handle: batchget },
  { path: '/cgi-bin/material/get_materialcount', method: 'GET', group: 'material', handle: count },
]
