import { type Html, html } from './html.ts'
import type { PackedItem } from './pack-format.ts'
import { beijing, fileSize } from './words.ts'

export type ReportItem = PackedItem & { bytes: Uint8Array }

/** Pictures that a browser shows and that cannot carry scripts; SVG stays a file. */
const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']
const LARGEST_PICTURE = 8 * 1024 * 1024
/** All together: beyond this the page would be too heavy to open on a phone. */
const LARGEST_ALBUM = 48 * 1024 * 1024
const LONGEST_TEXT = 1500

export const isText = (mediaType: string): boolean => /^(text\/|application\/(json|xml|.*\+json|.*\+xml)\b)/.test(mediaType)

export function reportItems(items: ReportItem[]): Html[] {
  let room = LARGEST_ALBUM
  return items.map((item) => {
    const isShown = PICTURES.includes(item.mediaType) && item.size <= Math.min(LARGEST_PICTURE, room)
    if (isShown) room -= item.size
    return section(item, isShown ? picture(item) : excerpt(item))
  })
}

function section(item: ReportItem, view: Html): Html {
  return html`<section class="item">
<h3>${item.name}</h3>
<dl>
<dt>取得时间</dt><dd>${beijing(item.takenAt)}</dd>
<dt>来源</dt><dd>${item.source}</dd>
${item.step ? html`<dt>证明的步骤</dt><dd>${item.step}</dd>` : ''}
<dt>文件</dt><dd>${item.path}（${fileSize(item.size)}，${item.mediaType}）</dd>
<dt>SHA-256</dt><dd class="hash">${item.sha256}</dd>
</dl>
${view}
</section>
`
}

function picture({ name, mediaType, bytes }: ReportItem): Html {
  // Base64 holds nothing to escape, and looking through many megabytes of it takes seconds.
  const base64: Html = { markup: Buffer.from(bytes).toString('base64') }
  return html`<img alt="${name}" src="data:${mediaType};base64,${base64}">`
}

function excerpt({ mediaType, bytes, path }: ReportItem): Html {
  if (PICTURES.includes(mediaType)) return html`<p class="quiet">图片较大，没有放进这一页，请打开 ${path}。</p>`
  if (!isText(mediaType)) return html`<p class="quiet">这一页显示不了这种文件，请打开 ${path}。</p>`
  // Cut by bytes first: a recording of many megabytes is not decoded for its first lines.
  const text = Buffer.from(bytes.subarray(0, LONGEST_TEXT * 4)).toString('utf8')
  const isWhole = text.length <= LONGEST_TEXT && bytes.length <= LONGEST_TEXT * 4
  return html`<pre>${isWhole ? text : `${text.slice(0, LONGEST_TEXT)}\n…（全文见 ${path}）`}</pre>`
}
