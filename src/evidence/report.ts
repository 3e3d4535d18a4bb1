import { canonical, type Json } from './canonical.ts'
import type { ChainEntry, HashedEntry } from './chain.ts'
import { type Html, html } from './html.ts'
import { type Manifest, TIMELINE } from './pack-format.ts'
import { type ReportItem, reportItems } from './report-items.ts'
import { STYLE } from './report-style.ts'
import { spokenFingerprint } from './signing.ts'
import { beijing } from './words.ts'

/** How an entry reads to a person. The timeline's own capability knows its kinds; without it we show what is stored. */
export type ReportWords = { sentence: (entry: ChainEntry) => string; person: (by: string) => string }

const LONGEST = 600

export const plainWords: ReportWords = {
  sentence: ({ kind, data }) => {
    const text = `${kind}\n${written(data)}`.trim()
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…（全文见 ${TIMELINE}）` : text
  },
  person: (by) => by,
}

function written(data: Json): string {
  if (typeof data === 'string') return data
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return canonical(data)
  return Object.entries(data)
    .map(([name, value]) => `${name}：${typeof value === 'string' ? value : canonical(value)}`)
    .join('\n')
}

type Contents = {
  manifest: Omit<Manifest, 'files'>
  entries: HashedEntry[]
  items: ReportItem[]
  words: ReportWords
}

/** One page that needs nothing else: no scripts, no network, pictures inside. Everything shown is escaped. */
export function report({ manifest, entries, items, words }: Contents): string {
  const { incident } = manifest
  const page = html`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>证据报告 ${incident.number} ${incident.title}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<p class="quiet">${manifest.agency.name} · 证据报告</p>
<h1>${incident.title}</h1>
${incident.isDrill ? html`<p class="drill">【演练】这是一次演练的记录，不是真实事件。</p>` : ''}
${summary(manifest)}
<h2>时间线（${entries.length} 条）</h2>
${timeline(entries, words)}
<h2>证据（${items.length} 件）</h2>
${items.length > 0 ? reportItems(items) : html`<p class="quiet">没有证据文件。</p>`}
${pins(manifest)}
${howToVerify(manifest)}
</body>
</html>
`
  return page.markup
}

function summary({ incident, exportedAt, product }: Contents['manifest']): Html {
  return html`<dl>
<dt>事件编号</dt><dd>${incident.number}</dd>
<dt>级别</dt><dd>${incident.severity}</dd>
<dt>发现时间</dt><dd>${beijing(incident.openedAt)}</dd>
<dt>导出时间</dt><dd>${beijing(exportedAt)}（${product.name} ${product.version}）</dd>
</dl>
<p class="quiet">时间均为北京时间。</p>`
}

function timeline(entries: HashedEntry[], words: ReportWords): Html {
  return html`<table>
<thead><tr><th>序号</th><th>时间</th><th>谁</th><th>做了什么</th><th>哈希</th></tr></thead>
<tbody>
${entries.map(
  (
    entry,
  ) => html`<tr><td class="number">${entry.seq}</td><td class="when">${beijing(entry.at)}</td><td>${words.person(entry.by)}</td><td class="what">${words.sentence(entry)}</td><td class="hash">${entry.hash.slice(0, 12)}</td></tr>
`,
)}</tbody>
</table>
<p class="quiet">哈希只印前 12 位；完整的哈希与原始记录在 ${TIMELINE}。</p>`
}

function pins({ pins: told }: Contents['manifest']): Html {
  if (told.length === 0) return html``
  return html`<h2>曾告知外部的哈希</h2>
<p>下列时刻曾把时间线的哈希发到外部。与当时收到的消息相同，则那时已写下的记录从那以后没有改过。</p>
<table><thead><tr><th>时间</th><th>到第几条</th><th>告知</th><th>哈希</th></tr></thead><tbody>
${told.map(({ at, seq, where, head }) => html`<tr><td class="when">${beijing(at)}</td><td class="number">${seq}</td><td>${where}</td><td class="hash">${head}</td></tr>`)}
</tbody></table>`
}

function howToVerify({ key, chain }: Contents['manifest']): Html {
  return html`<h2>怎样核对</h2>
<p>这份报告是证据包的一部分。整个包有封口：任何一个字节变了都能发现。请核对 zip 原件，不要只看这一页；做法见 README.txt。</p>
<dl>
<dt>签名钥匙指纹</dt><dd class="hash">${spokenFingerprint(key.fingerprint)}</dd>
<dt>时间线末尾</dt><dd class="hash">第 ${chain.length} 条 ${chain.head}</dd>
</dl>
<p class="quiet">核对能证明签名以后没有改动；不能证明签名以前记录的内容属实。指纹请向出具方另行索取并比对。</p>`
}
