import { type ComponentType, h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { type Instant, instant } from '../../src/platform/time.ts'
import { minuteOfDay } from '../shared/format.ts'
import { htmlLang } from '../shared/i18n.ts'
import { themeAt } from '../shared/theme.ts'
import { wordsIn } from './desk.tsx'
import type { PageName, PageProps, RenderOptions } from './pages.ts'
import { screens } from './screens.tsx'
import { styleOf } from './styles.ts'
import { themeScript } from './theme-script.ts'
import { titleOf } from './titles.ts'

export { scriptOf } from './assets.ts'
export { readActForm } from './forms.ts'

/**
 * The whole document, ready for a strict Content-Security-Policy: style and script carry the nonce, no style attributes, data
 * as JSON. Complete without its script, which only makes clocks tick and presses survive a bad network.
 */
export function renderPage<Name extends PageName>(name: Name, props: PageProps[Name], options: RenderOptions): string {
  const { lang, theme, nonce } = options
  const now = options.now ?? nowOf(props)
  const look = themeAt(theme, now ? minuteOfDay(now) : 12 * 60)
  const Screen = screens[name] as ComponentType<never> as ComponentType<Record<string, unknown>>
  const body = renderToString(h(Screen, { ...props, lang, now: now ?? instant(0) }))
  const script = options.script ? `<script type="module" nonce="${quoted(nonce)}" src="${quoted(options.script)}"></script>` : ''
  return `<!doctype html><html lang="${htmlLang(lang)}" data-theme="${look}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover"><meta name="referrer" content="same-origin"><meta name="robots" content="noindex"><meta name="format-detection" content="telephone=no"><title>${quoted(titleOf(name, props, wordsIn(lang)))}</title><style nonce="${quoted(nonce)}">${styleOf(name)}</style><script nonce="${quoted(nonce)}">${themeScript(theme)}</script></head><body><div id="page">${body}</div>${script && hydrated(name) ? data({ lang, props }) : ''}${script}</body></html>`
}

/** Only the war room is drawn again by its script; the others are added to and need no data. */
const hydrated = (name: PageName): boolean => name === 'war-room'

function nowOf(props: PageProps[PageName]): Instant | undefined {
  if ('view' in props) return 'serverNow' in props.view ? props.view.serverNow : props.view.updatedAt
  return 'me' in props ? props.me.serverNow : undefined
}

/** `<` is written as an escape, so that no text can end the element early. */
const data = (value: unknown): string =>
  `<script type="application/json" id="data">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`
const quoted = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
