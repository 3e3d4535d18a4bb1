import { useMemo } from 'react'
import { type Translate, translator } from '../../shared/i18n.ts'
import { setupEn } from './setup-en.ts'
import { type SetupKey, setupZh } from './setup-zh.ts'
import { useWords } from './words.tsx'

/** The words of setting up, apart from the catalogue of the shell: nobody in an incident waits for them. */
export function useSetupWords(): Translate<SetupKey> {
  const { lang } = useWords()
  return useMemo(() => translator({ zh: setupZh, en: setupEn }, lang), [lang])
}
