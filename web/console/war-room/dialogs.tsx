import { lazy, Suspense } from 'react'
import type { Dialog } from './room-context.ts'

const parts = {
  send: lazy(() => import('./dialogs/send-dialog.tsx')),
  postpone: lazy(() => import('./dialogs/postpone-dialog.tsx')),
  cannot: lazy(() => import('./dialogs/cannot-dialog.tsx')),
  evidence: lazy(() => import('./dialogs/evidence-drawer.tsx')),
  exception: lazy(() => import('./dialogs/exception-drawer.tsx')),
  help: lazy(() => import('./dialogs/help-dialog.tsx')),
  'hand-over': lazy(() => import('./dialogs/hand-over-dialog.tsx')),
  note: lazy(() => import('./dialogs/note-dialog.tsx')),
  severity: lazy(() => import('./dialogs/severity-dialog.tsx')),
  resolve: lazy(() => import('./dialogs/resolve-dialog.tsx')),
  reopen: lazy(() => import('./dialogs/reopen-dialog.tsx')),
  history: lazy(() => import('./dialogs/history-drawer.tsx')),
}

export function Dialogs({ dialog }: { dialog: Dialog | undefined }) {
  if (!dialog) return null
  const Part = parts[dialog]
  return (
    <Suspense>
      <Part />
    </Suspense>
  )
}
