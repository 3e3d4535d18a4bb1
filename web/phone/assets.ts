import type { Lang } from '../shared/i18n.ts'
import type { PageName } from './pages.ts'

/** Filled in by scripts/build-web.ts when the server module is built: the hashed names of the browser bundles. */
declare const __PHONE_SCRIPTS__: { zh: string; en: string; home: string; portal: string }

const lists: readonly PageName[] = ['today', 'incidents', 'waiting']

/** The script of a page, to be served from dist/phone; empty where a page needs none. */
export function scriptOf(name: PageName, lang: Lang): string {
  if (name === 'war-room') return `/phone/${__PHONE_SCRIPTS__[lang]}`
  if (lists.includes(name)) return `/phone/${__PHONE_SCRIPTS__.home}`
  return name === 'portal' ? `/phone/${__PHONE_SCRIPTS__.portal}` : ''
}
