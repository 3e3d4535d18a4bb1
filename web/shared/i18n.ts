/**
 * Our own small catalogue: Chinese is the source, English has the same keys or does not compile.
 *
 *   const zh = { left: '剩 {time}' } as const
 *   const en: Catalogue<typeof zh> = { left: '{time} left' }
 *   const t = translator({ zh, en }, 'en')
 *   t('left', { time: '08:42' })
 */
export type Lang = 'zh' | 'en'
export type Catalogue<Source> = Record<keyof Source, string>
export type Translate<Key extends string> = (key: Key, values?: Record<string, string | number>) => string

export function translator<Source extends Record<string, string>>(
  words: Record<Lang, Catalogue<Source>>,
  lang: Lang,
): Translate<keyof Source & string> {
  const catalogue: Catalogue<Source> = words[lang]
  return (key, values) => fill(catalogue[key], values)
}

/** Puts values into `{name}`; a name without a value stays visible, so that a mistake is seen and not swallowed. */
export const fill = (text: string, values: Record<string, string | number> = {}): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))

export const htmlLang = (lang: Lang): string => (lang === 'zh' ? 'zh-CN' : 'en')
