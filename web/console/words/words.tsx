import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { inLang } from '../../shared/format.ts'
import { htmlLang, type Lang, type Translate, translator } from '../../shared/i18n.ts'
import { en } from './en.ts'
import { type WordKey, zh } from './zh.ts'

export type Words = {
  lang: Lang
  setLang: (lang: Lang) => void
  t: Translate<WordKey>
  /** For words that the server sends in both languages. */
  pick: (zh: string, en: string) => string
}

const WordsContext = createContext<Words | undefined>(undefined)
const keptAs = 'dingxin.lang'

export function WordsProvider({ children }: { children: ReactNode }) {
  const [lang, setLang] = useState<Lang>(() => (localStorage.getItem(keptAs) === 'en' ? 'en' : 'zh'))
  useEffect(() => {
    document.documentElement.lang = htmlLang(lang)
    localStorage.setItem(keptAs, lang)
  }, [lang])
  const words = useMemo<Words>(
    () => ({ lang, setLang, t: translator({ zh, en }, lang), pick: (chinese, english) => inLang(lang, chinese, english) }),
    [lang],
  )
  return <WordsContext value={words}>{children}</WordsContext>
}

export function useWords(): Words {
  const words = useContext(WordsContext)
  if (!words) throw new Error('useWords needs a WordsProvider above it')
  return words
}
