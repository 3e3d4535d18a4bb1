import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Instant } from '../../src/platform/time.ts'
import { moment } from '../shared/format.ts'
import { type Lang, type Translate, translator } from '../shared/i18n.ts'
import { catalogues } from './catalogues.ts'
import type { Kept } from './pages.ts'
import type { WordKey } from './words.ts'

/** What every piece of a page needs: language, where forms go, what was typed before, and the server's time. */
export type Desk = {
  lang: Lang
  t: Translate<WordKey>
  /** Where the page lives, e.g. /m/i/{id}; acts are posted below it. */
  path: string
  /** The page's own address, with the personal link's key when there is one. */
  self: string
  press: string
  linkKey?: string
  kept: Kept
  now: Instant
}
export const DeskContext = createContext<Desk | undefined>(undefined)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('a piece of a page was drawn outside its page')
  return desk
}

export const wordsIn = (lang: Lang): Translate<WordKey> => translator(catalogues, lang)
/** A moment in the page's language, with its date when not today. */
export const at = (desk: Desk, when: Instant): string => moment(when, desk.now, desk.lang)

/** The address of a page below its path; a personal link's key goes along or the next page would ask for a sign-in. */
export function address(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value ? [`${name}=${encodeURIComponent(value)}`] : []))
  return given.length > 0 ? `${path}?${given.join('&')}` : path
}
