import { App as AntdApp, ConfigProvider } from 'antd'
import enLocale from 'antd/locale/en_US.js'
import zhLocale from 'antd/locale/zh_CN.js'
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useWords } from '../words/words.tsx'
import { antdTheme, readToken } from './theme.ts'

export type Appearance = 'auto' | 'day' | 'night'
type Choice = { appearance: Appearance; setAppearance: (to: Appearance) => void; night: boolean }

const keptAs = 'dingxin.theme'
const AppearanceContext = createContext<Choice | undefined>(undefined)
const systemNight = window.matchMedia('(prefers-color-scheme: dark)')

const kept = (): Appearance => {
  const was = localStorage.getItem(keptAs)
  return was === 'day' || was === 'night' ? was : 'auto'
}

/** Day, night, or as the computer is set. The variables and antd switch together. */
export function AppearanceProvider({ children }: { children: ReactNode }) {
  const { lang } = useWords()
  const [appearance, choose] = useState<Appearance>(kept)
  const dark = useSyncExternalStore(
    (tell) => {
      systemNight.addEventListener('change', tell)
      return () => systemNight.removeEventListener('change', tell)
    },
    () => systemNight.matches,
  )
  const night = appearance === 'night' || (appearance === 'auto' && dark)
  // The attribute must stand before the tokens are read, or antd would be dressed in the other theme's colours.
  const dressed = useMemo(() => {
    document.documentElement.dataset.theme = night ? 'night' : 'day'
    return antdTheme(readToken, night)
  }, [night])
  useLayoutEffect(() => {
    document.documentElement.style.colorScheme = night ? 'dark' : 'light'
  }, [night])
  const choice = useMemo<Choice>(
    () => ({
      appearance,
      night,
      setAppearance: (to) => {
        localStorage.setItem(keptAs, to)
        choose(to)
      },
    }),
    [appearance, night],
  )
  return (
    <AppearanceContext value={choice}>
      <ConfigProvider
        theme={dressed}
        locale={lang === 'zh' ? zhLocale.default : enLocale.default}
        button={{ autoInsertSpace: false }}
      >
        <AntdApp message={{ maxCount: 3 }}>{children}</AntdApp>
      </ConfigProvider>
    </AppearanceContext>
  )
}

export function useAppearance(): Choice {
  const choice = useContext(AppearanceContext)
  if (!choice) throw new Error('useAppearance needs an AppearanceProvider above it')
  return choice
}
