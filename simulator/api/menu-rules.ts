import { refuse } from '../errors.ts'
import { type Fields, isFields, listAt, textAt } from '../json.ts'

/** What each button type must carry. */
const REQUIRED: Record<string, string[]> = {
  click: ['key'],
  view: ['url'],
  scancode_push: ['key'],
  scancode_waitmsg: ['key'],
  pic_sysphoto: ['key'],
  pic_photo_or_album: ['key'],
  pic_weixin: ['key'],
  location_select: ['key'],
  media_id: ['media_id'],
  view_limited: ['media_id'],
  article_id: ['article_id'],
  article_view_limited: ['article_id'],
  miniprogram: ['url', 'appid', 'pagepath'],
}
const bytes = (text: string) => Buffer.byteLength(text)

/** Codes differ between the bar (40016…) and what opens from it (40023…). */
const BAR = { size: 40016, type: 40017, name: 40018, key: 40019, url: 40020, most: 3, nameBytes: 16 }
const SUB = { size: 40023, type: 40024, name: 40025, key: 40026, url: 40027, most: 5, nameBytes: 60 }

export function readButtons(given: unknown, level = BAR): Fields[] {
  if (!Array.isArray(given)) refuse(40016)
  if (given.length === 0 || given.length > level.most) refuse(level.size)
  return given.map((one) => readButton(isFields(one) ? one : refuse(level.type), level))
}

function readButton(button: Fields, level: typeof BAR): Fields {
  const name = textAt(button, 'name')
  if (!name || bytes(name) > level.nameBytes) refuse(level.name)
  const below = listAt(button, 'sub_button')
  if (below.length > 0) {
    if (level === SUB) refuse(40023)
    return { name, sub_button: readButtons(below, SUB) }
  }
  const type = textAt(button, 'type')
  const required = REQUIRED[type] ?? refuse(level.type)
  for (const field of required)
    if (!textAt(button, field)) refuse(field === 'url' ? level.url : field === 'key' ? level.key : level.type)
  if (bytes(textAt(button, 'key')) > 128) refuse(level.key)
  if (bytes(textAt(button, 'url')) > 1024) refuse(level.url)
  const kept = Object.fromEntries(required.map((field) => [field, textAt(button, field)]))
  return { type, name, ...kept }
}
