import { useQuery } from '@tanstack/react-query'
import { type ErrorComponentProps, Outlet, useMatches, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { problemOf } from '../api/problem.ts'
import { meQuery } from '../api/queries.ts'
import { useWords } from '../words/words.tsx'
import { useKeys } from './keyboard.ts'
import { PageLive } from './page-live.tsx'
import { Empty, ProblemCard, signInAddress } from './page-states.tsx'
import { Rail } from './rail.tsx'
import { ReportContext } from './report-context.ts'
import { SignedOutNote } from './signed-out-note.tsx'
import { SmallScreen, useSmallScreen } from './small-screen.tsx'
import { TopBar } from './top-bar.tsx'

const Palette = lazy(() => import('./palette.tsx'))
const ShortcutsDialog = lazy(() => import('./shortcuts-dialog.tsx'))
const ReportDrawer = lazy(() => import('../incidents/report-drawer.tsx'))

export function Shell() {
  const { t } = useWords()
  const navigate = useNavigate()
  const me = useQuery(meQuery)
  const [open, setOpen] = useState<'palette' | 'shortcuts' | 'report' | undefined>()
  const [stayHere, setStayHere] = useState(false)
  const small = useSmallScreen()
  const title = useMatches({ select: (matches) => matches.at(-1)?.staticData.title })
  const close = () => setOpen(undefined)

  useEffect(() => {
    document.title = title ? `${t(title)} · ${t('product')}` : t('product')
  }, [title, t])
  useKeys({
    'ctrl+k': () => setOpen('palette'),
    '?': () => setOpen('shortcuts'),
    n: () => setOpen('report'),
    'g i': () => navigate({ to: '/incidents' }),
    'g a': () => navigate({ to: '/accounts' }),
    'g s': () => navigate({ to: '/settings' }),
  })

  const signedOut = me.isError && problemOf(me.error).kind === 'signed-out'
  const neverIn = signedOut && !me.data
  useEffect(() => {
    if (neverIn) window.location.replace(signInAddress())
  }, [neverIn])
  if (neverIn) return null
  if (small && !stayHere) return <SmallScreen onStay={() => setStayHere(true)} />

  return (
    <PageLive>
      <ReportContext value={() => setOpen('report')}>
        <a className="skip" href="#main">
          {t('shell.skip')}
        </a>
        <div className="shell">
          <Rail />
          <div className="page">
            <TopBar onSearch={() => setOpen('palette')} onShortcuts={() => setOpen('shortcuts')} />
            {signedOut && <SignedOutNote />}
            <main id="main" tabIndex={-1}>
              <Suspense>
                <Outlet />
              </Suspense>
            </main>
          </div>
        </div>
        <Suspense>
          {open === 'palette' && <Palette onClose={close} />}
          {open === 'shortcuts' && <ShortcutsDialog onClose={close} />}
          {open === 'report' && <ReportDrawer onClose={close} />}
        </Suspense>
      </ReportContext>
    </PageLive>
  )
}

export function NotFound() {
  const { t } = useWords()
  return (
    <Empty title={t('notFound.title')} text={t('notFound.text')}>
      <Button href="/app/incidents">{t('notFound.back')}</Button>
    </Empty>
  )
}

/** A page that could not be drawn. What people typed is kept in the tab, so that loading again is safe. */
export function RouteProblem({ reset }: ErrorComponentProps) {
  return <ProblemCard problem={{ kind: 'broken', code: 'C1' }} onRetry={reset} />
}
