import { XMLParser } from 'fast-xml-parser'
import { type Instant, instant } from '../platform/time.ts'

/**
 * Reads the small XML of WeChat's pushes. It comes from the open internet and in plain mode is not even signed, so there is
 * no document type, no entity beyond XML's five and character numbers, and a bound on size and depth.
 */
export type XmlValue = string | XmlTree | (string | XmlTree)[]
export type XmlTree = { [name: string]: XmlValue | undefined }
export type XmlReading = { ok: true; tree: XmlTree } | { ok: false; code: 'malformed' | 'too-large' }

/** A mass-send report with eight articles stays under 16 KB; a text message under 3 KB. */
export const LARGEST_PUSH = 256 * 1024
const DEEPEST = 12

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** One pass, so `&amp;lt;` stays the text `&lt;`. What is no valid reference is left as it was written. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g, (whole, decimal, hex, name) => {
    if (name) return NAMED[name] ?? whole
    const point = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16)
    return isCharacter(point) ? String.fromCodePoint(point) : whole
  })
}

const isCharacter = (point: number) => point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)

const refuse = (): never => {
  throw new SyntaxError('a push declares no document type, no entities and no odd names')
}

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  // Our decoder in place of the library's: it is used for text but never for CDATA, and any declaration of entities ends the reading.
  entityDecoder: {
    decode: decodeEntities,
    addInputEntities: refuse,
    setExternalEntities: refuse,
    reset: () => {},
    setXmlVersion: () => {},
  },
  jPath: false,
  maxNestedTags: DEEPEST,
  updateTag: (name) => (/^[A-Za-z_][\w.-]*$/.test(name) ? name : refuse()),
})

/** Only one `<xml>` element, nothing before it but a declaration, nothing after it. */
export function parseXml(body: string, largest = LARGEST_PUSH): XmlReading {
  if (body.length > largest) return { ok: false, code: 'too-large' }
  const text = body.trim()
  if (!/^\uFEFF?(?:<\?xml[^<>]*\?>\s*)?<xml>/.test(text) || !text.endsWith('</xml>')) return { ok: false, code: 'malformed' }
  try {
    const document = parser.parse(text) as XmlTree
    const { xml, ...rest } = document
    if (typeof xml !== 'object' || Array.isArray(xml) || Object.keys(rest).length > 0) return { ok: false, code: 'malformed' }
    return { ok: true, tree: xml }
  } catch {
    return { ok: false, code: 'malformed' }
  }
}

/** The text of an element; an absent, empty or nested one reads as ''. Repeated: the first, as WeChat's own SDKs do. */
export function text(tree: XmlTree, name: string): string {
  const value = tree[name]
  const first = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : ''
}

export const textOrNull = (tree: XmlTree, name: string): string | null => text(tree, name) || null

/** A whole number, or null when there is none. Only for counts and statuses: ids stay text. */
export function count(tree: XmlTree, name: string): number | null {
  const value = text(tree, name)
  return /^-?\d{1,15}$/.test(value) ? Number(value) : null
}

/** Seconds since 1970, as WeChat gives moments. */
export function moment(tree: XmlTree, name: string): Instant | null {
  const value = text(tree, name)
  return /^\d{1,11}$/.test(value) ? instant(Number(value) * 1000) : null
}

/** A nested element; empty when WeChat left it out or sent it without content. */
export function nested(tree: XmlTree, name: string): XmlTree {
  const value = tree[name]
  return typeof value === 'object' && !Array.isArray(value) ? value : {}
}

/** Repeated elements: one arrives as itself, two as a list, none as nothing or as empty text (section c.3). */
export function trees(tree: XmlTree, name: string): XmlTree[] {
  return several(tree[name]).filter((value): value is XmlTree => typeof value === 'object')
}

export function texts(tree: XmlTree, name: string): string[] {
  return several(tree[name]).filter((value): value is string => typeof value === 'string' && value !== '')
}

const several = (value: XmlValue | undefined) => (value === undefined ? [] : Array.isArray(value) ? value : [value])
