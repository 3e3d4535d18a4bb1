import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { instant } from '../../../src/platform/time.ts'
import type { LiveMode } from '../api/live-rules.ts'
import { meQuery } from '../api/queries.ts'
import { useWords } from '../words/words.tsx'
import { useMoment } from './use-now.ts'

type Told = { mode: LiveMode; since?: number }
const PageLiveContext = createContext<{ told: Told | undefined; tell: (told: Told | undefined) => void } | undefined>(undefined)

/** The badge in the top bar shows what the page on screen knows; a page with a stream of its own tells it here. */
export function PageLive({ children }: { children: ReactNode }) {
  const [told, tell] = useState<Told | undefined>()
  const value = useMemo(() => ({ told, tell }), [told])
  return <PageLiveContext value={value}>{children}</PageLiveContext>
}

export function useTellLive(mode: LiveMode, since: number | undefined): void {
  const tell = useContext(PageLiveContext)?.tell
  useEffect(() => {
    tell?.({ mode, since })
    return () => tell?.(undefined)
  }, [tell, mode, since])
}

export function LiveBadge() {
  const { t } = useWords()
  const moment = useMoment()
  const told = useContext(PageLiveContext)?.told
  const asked = useLastAnswer()
  const mode: LiveMode = told?.mode ?? (asked.failing ? 'offline' : 'polling')
  const since = told?.since ?? asked.at
  const text = mode === 'offline' && since ? t('live.offlineSince', { time: moment(instant(since)) }) : t(`live.${mode}`)
  return (
    <span className={`live live-${mode}`} role="status">
      <i aria-hidden="true" />
      {text}
    </span>
  )
}

/** Pages without a stream ask regularly; the last answer to “who am I” tells whether the server can be reached. */
function useLastAnswer(): { failing: boolean; at: number | undefined } {
  const cache = useQueryClient().getQueryCache()
  const read = () => {
    const state = cache.find({ queryKey: meQuery.queryKey })?.state
    return `${state?.fetchFailureCount ? 1 : 0} ${state?.dataUpdatedAt ?? 0}`
  }
  const [failing, at] = useSyncExternalStore((tell) => cache.subscribe(tell), read).split(' ')
  return { failing: failing === '1', at: Number(at) || undefined }
}
