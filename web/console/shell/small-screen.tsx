import { Button } from 'antd'
import { useSyncExternalStore } from 'react'
import { useWords } from '../words/words.tsx'
import { PhoneIcon } from './icons.tsx'
import { phoneTwin } from './phone-twin.ts'

const narrow = window.matchMedia('(max-width: 767.9px)')

export const useSmallScreen = (): boolean =>
  useSyncExternalStore(
    (tell) => {
      narrow.addEventListener('change', tell)
      return () => narrow.removeEventListener('change', tell)
    },
    () => narrow.matches,
  )

export function SmallScreen({ onStay }: { onStay: () => void }) {
  const { t } = useWords()
  return (
    <main className="small-screen">
      <PhoneIcon />
      <h1>{t('small.title')}</h1>
      <p>{t('small.text')}</p>
      <Button type="primary" size="large" block href={phoneTwin(window.location.pathname)}>
        {t('small.go')}
      </Button>
      <Button type="text" size="large" block onClick={onStay}>
        {t('small.stay')}
      </Button>
    </main>
  )
}
