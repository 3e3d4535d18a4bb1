import type { Notice } from './channel.ts'

// A notice as each channel's words. The first line alone says what, whose and by when; there is one link to act on.

const encoder = new TextEncoder()
const graphemes = new Intl.Segmenter('zh-CN', { granularity: 'grapheme' })
export const byteLength = (text: string): number => encoder.encode(text).length
/** Characters as carriers bill them: UTF-16 units. */
export const smsLength = (text: string): number => text.length

/** Shortens to a number of bytes with … at the end, and never leaves half a character (an emoji with a skin tone is one). */
export function cutToBytes(text: string, limit: number): string {
  return cut(text, limit, byteLength)
}

export function cutToLength(text: string, limit: number): string {
  return cut(text, limit, smsLength)
}

function cut(text: string, limit: number, measure: (text: string) => number): string {
  if (measure(text) <= limit) return text
  const room = limit - measure('…')
  if (room < 0) return ''
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    const size = measure(segment)
    if (used + size > room) break
    kept += segment
    used += size
  }
  return `${kept}…`
}

/**
 * Fits head, lines and tail into a limit: lines are dropped or cut from the end, then the head. The tail, which holds the link to
 * act on, is never touched, or the reader would know of a fire and not where the door is.
 */
export function fitLines(head: string, lines: string[], tail: string, limit: number): string {
  const whole = (middle: string[]) => [head, ...middle, tail].filter(Boolean).join('\n')
  for (let kept = lines.length; kept >= 0; kept--) {
    const text = whole(lines.slice(0, kept))
    if (byteLength(text) > limit) continue
    const next = lines[kept]
    const room = limit - byteLength(text) - 1
    const rest = next === undefined ? '' : cutToBytes(next, room)
    return rest.length > 1 ? whole([...lines.slice(0, kept), rest]) : text
  }
  return [cutToBytes(head, Math.max(0, limit - byteLength(tail) - 1)), tail].filter(Boolean).join('\n')
}

/**
 * Words of ours that stand in Markdown must not become Markdown: `](` would swallow the link, `<at id=all>` would wake everybody.
 * The dialects disagree on escapes, so the characters that could do harm are replaced by their full-width twins.
 */
const twins: Record<string, string> = { '[': '［', ']': '］', '<': '＜', '>': '＞', '*': '＊', '`': '’' }
const widen = (text: string) => text.replace(/[[\]<>*`]/g, (c) => twins[c] ?? c)
/** A bracket in an address would end the link early. */
const linkable = (url: string) => url.replace(/[()\s]/g, (c) => encodeURIComponent(c).replace('(', '%28').replace(')', '%29'))
const oneLine = (text: string) => text.replace(/\s*\n\s*/g, ' ')

const urgencyColour = (title: string): 'warning' | 'info' => (/P[12]\b/.test(title) ? 'warning' : 'info')

/** Robot ≤ 4096 bytes, application ≤ 2048. Only the colours info, comment and warning exist. */
export function renderWecomMarkdown(notice: Notice, limit: number): string {
  const title = widen(oneLine(notice.title)).replace(
    /^(?:【演练】)?P[1-4]\b/,
    (level) => `<font color="${urgencyColour(level)}">${level}</font>`,
  )
  const head = `**${title}**`
  const lines = notice.lines.map((line) => `> ${widen(oneLine(line))}`)
  return fitLines(
    byteLength(head) > limit / 2 ? `**${cutToBytes(widen(oneLine(notice.title)), limit / 2 - 8)}**` : head,
    lines,
    markdownLink(notice),
    limit,
  )
}

export function renderWecomText(notice: Notice, limit: number): string {
  return fitLines(
    oneLine(notice.title),
    notice.lines.map(oneLine),
    notice.action ? `${notice.action.label}：${notice.action.url}` : '',
    limit,
  )
}

const markdownLink = (notice: Notice) =>
  notice.action ? `[${widen(oneLine(notice.action.label))}](${linkable(notice.action.url)})` : ''

/** The card of a WeCom application. Sizes as WeCom's page recommends them (recalled, not measured): longer ones are cut on phones. */
export function renderWecomCard(notice: Notice, taskId: string): Record<string, unknown> {
  const facts = notice.lines.map(splitFact)
  return {
    card_type: 'button_interaction',
    main_title: { title: cutToLength(oneLine(notice.title), 26) },
    sub_title_text: cutToLength(
      facts
        .filter((fact) => !fact.name)
        .map((fact) => fact.value)
        .join('\n'),
      112,
    ),
    horizontal_content_list: facts
      .filter((fact) => fact.name)
      .slice(0, 6)
      .map((fact) => ({ keyname: cutToLength(fact.name, 5), value: cutToLength(fact.value, 26) })),
    ...(notice.action ? { card_action: { type: 1, url: notice.action.url } } : {}),
    task_id: taskId,
    button_list: (notice.buttons ?? [])
      .slice(0, 6)
      .map((button, index) => ({ text: button.label, style: index === 0 ? 1 : 2, key: button.key })),
  }
}

/** "现在做：三重验证" is a name and a value; a sentence without an early colon is all value. */
export function splitFact(line: string): { name: string; value: string } {
  const at = line.search(/[：:]/)
  return at > 0 && at <= 10 ? { name: line.slice(0, at), value: line.slice(at + 1).trim() } : { name: '', value: line }
}

const DINGTALK_LIMIT = 18_000

export function renderDingtalk(notice: Notice, keyword?: string): { title: string; text: string } {
  const by = notice.lines.find((line) => /告知客户/.test(line))
  const title = by ? `${notice.title}，${splitFact(by).value.replace(/（.*）$/, '')}告知客户` : notice.title
  const head = `### ${keyword && !notice.title.includes(keyword) ? `${keyword} ` : ''}${widen(oneLine(notice.title))}`
  const text = fitLines(
    head,
    notice.lines.map((line) => ` - ${widen(oneLine(line))}`),
    '',
    DINGTALK_LIMIT,
  )
  return { title: cutToLength(oneLine(title), 100), text: text.replaceAll('\n', ' \n') }
}

/** A robot's card ≤ 20 KB, an application's ≤ 30 KB; ours stays far below both. */
const FEISHU_LINE_BYTES = 1_000

/** Feishu card. A custom robot's buttons can only open a link, so `canPress` is false there and presses become nothing. */
export function renderFeishuCard(
  notice: Notice,
  canPress: boolean,
  reference: string,
  keyword?: string,
): Record<string, unknown> {
  const title = cutToBytes(`${keyword && !notice.title.includes(keyword) ? `${keyword} ` : ''}${oneLine(notice.title)}`, 400)
  const fields = notice.lines.slice(0, 12).map((line) => {
    const fact = splitFact(cutToBytes(oneLine(line), FEISHU_LINE_BYTES))
    return {
      is_short: false,
      text: { tag: 'lark_md', content: fact.name ? `**${widen(fact.name)}**：${widen(fact.value)}` : widen(fact.value) },
    }
  })
  const presses = canPress
    ? (notice.buttons ?? []).map((button, index) => ({
        tag: 'button',
        text: { tag: 'plain_text', content: button.label },
        type: index === 0 ? 'primary' : 'default',
        value: { key: button.key, task: reference },
      }))
    : []
  const link = notice.action
    ? [
        {
          tag: 'button',
          text: { tag: 'plain_text', content: notice.action.label },
          type: presses.length ? 'default' : 'primary',
          url: notice.action.url,
        },
      ]
    : []
  const actions = [...presses, ...link]
  return {
    config: { wide_screen_mode: true, update_multi: true },
    header: { template: /P[12]\b/.test(notice.title) ? 'red' : 'blue', title: { tag: 'plain_text', content: title } },
    elements: [...(fields.length ? [{ tag: 'div', fields }] : []), ...(actions.length ? [{ tag: 'action', actions }] : [])],
  }
}

export type Filled = { values: Record<string, string>; text: string }

const SMS_ONE_PART = 70
/** About twelve seconds of a reading machine: whoever is woken listens no longer. */
const SPOKEN = 75

/** Only words are shortened: cutting a time, a code or a number changes what it says. */
const mayBeCut = (value: string) =>
  /\p{Script=Han}/u.test(value) && !/^[\d：:\s前后月日时分点零一二三四五六七八九十]+$/.test(value)

/**
 * Fills an SMS template so that signature and text stay within one part of 70 characters. The longest wording gives way first;
 * when only codes and fixed text are left the SMS may take two parts: two parts that arrive beat one that does not.
 */
export function fitSms(signName: string, template: string, values: Record<string, string>): Filled {
  return fitTemplate(`【${signName}】`, template, values, SMS_ONE_PART)
}

export const fitSpoken = (template: string, values: Record<string, string>): Filled => fitTemplate('', template, values, SPOKEN)

function fitTemplate(before: string, template: string, values: Record<string, string>, limit: number): Filled {
  const fitted = { ...values }
  const whole = () => before + fillTemplate(template, fitted)
  while (smsLength(whole()) > limit) {
    const longest = Object.entries(fitted)
      .filter(([name, value]) => mayBeCut(value) && value.length > 4 && template.includes(`{${name}}`))
      .sort(([, a], [, b]) => b.length - a.length)[0]
    if (!longest) break
    const [name, value] = longest
    fitted[name] = cutToLength(value, value.length - 1)
  }
  return { values: fitted, text: whole() }
}

/** `${name}` as Aliyun writes it, or `{name}`; an unknown name stays as it is, so that a wrong template is seen and not hidden. */
export function fillTemplate(template: string, values: Record<string, string>): string {
  return template.replace(/\$?\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** The names a template asks for and the caller did not give. */
export function missingValues(template: string, values: Record<string, string>): string[] {
  return [...template.matchAll(/\$?\{(\w+)\}/g)].map((match) => match[1] ?? '').filter((name) => values[name] === undefined)
}

export function renderEmail(notice: Notice): { subject: string; text: string; html: string } {
  const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
  const link = notice.action
  const text = [notice.title, '', ...notice.lines, ...(link ? ['', `${link.label}：${link.url}`] : [])].join('\n')
  const html = [
    `<h2 style="margin:0 0 12px">${escapeHtml(notice.title)}</h2>`,
    ...notice.lines.map((line) => `<p style="margin:0 0 6px">${escapeHtml(line)}</p>`),
    ...(link ? [`<p style="margin:16px 0 0"><a href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a></p>`] : []),
  ].join('\n')
  return { subject: cutToLength(oneLine(notice.title), 120), text, html }
}
