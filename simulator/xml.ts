/** One field of a push: text becomes CDATA, numbers stand bare, lists repeat the element. */
export type XmlValue = string | number | bigint | XmlFields | XmlValue[] | undefined
export type XmlFields = { [name: string]: XmlValue }

const cdata = (text: string) => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

function element(name: string, value: XmlValue): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.map((one) => element(name, one)).join('')
  if (typeof value === 'string') return `<${name}>${cdata(value)}</${name}>`
  if (typeof value === 'object') return `<${name}>${inner(value)}</${name}>`
  return `<${name}>${value}</${name}>`
}

const inner = (fields: XmlFields): string =>
  Object.entries(fields)
    .map(([name, value]) => element(name, value))
    .join('')

export const xml = (fields: XmlFields): string => `<xml>${inner(fields)}</xml>`

/** One element's text out of a passive reply; enough for replies, which WeChat also reads leniently. */
export function textOf(source: string, name: string): string | undefined {
  const match = new RegExp(`<${name}>(?:<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|([^<]*))</${name}>`).exec(source)
  return match ? (match[1] ?? match[2]) : undefined
}
