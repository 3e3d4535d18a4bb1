import { BEIJING, clockTime, epoch, type Instant } from '../../src/platform/time.ts'
import type { Lang } from './i18n.ts'

/** A moment for the screen: only the time on the same day, else with its date. */
export function moment(at: Instant, now: Instant, lang: Lang): string {
  const day = dayOf(at, lang)
  return day === dayOf(now, lang) ? clockTime(at) : `${day} ${clockTime(at)}`
}

/** Calendar day in Beijing: “11月22日” or “Nov 22”. */
export const dayOf = (at: Instant, lang: Lang): string =>
  new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone: BEIJING,
    month: lang === 'zh' ? 'long' : 'short',
    day: 'numeric',
  }).format(epoch(at))

/** Minutes since midnight in Beijing; the server's guess for the automatic theme until the device says better. */
export function minuteOfDay(at: Instant): number {
  const [hour = 0, minute = 0] = clockTime(at).split(':').map(Number)
  return hour * 60 + minute
}

/** Text in the reader's language where both exist. */
export const inLang = (lang: Lang, zh: string, en: string): string => (lang === 'en' && en ? en : zh)
/** The first character stands for a name in a small square. */
export const initialOf = (name: string): string => Array.from(name.trim())[0] ?? '·'
/** Eight characters of a hash are enough to compare by eye. */
export const shortHash = (hash: string): string => hash.slice(0, 8)
