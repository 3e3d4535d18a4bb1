import type { ComponentType } from 'preact'
import type { Instant } from '../../src/platform/time.ts'
import type { Lang } from '../shared/i18n.ts'
import { ErrorPage, Setup, SignedOut, SignIn, SignInOnce } from './door/pages.tsx'
import { Incidents, More, Sessions, Today, Waiting } from './home/pages.tsx'
import type { PageName, PageProps } from './pages.ts'
import { LinkClosed, Portal } from './portal/page.tsx'
import { WarRoom } from './war-room/page.tsx'

/** Every page a phone can open, by name. */
export const screens: { [Name in PageName]: ComponentType<PageProps[Name] & { lang: Lang; now: Instant }> } = {
  'war-room': WarRoom,
  today: Today,
  incidents: Incidents,
  waiting: Waiting,
  more: More,
  sessions: Sessions,
  portal: Portal,
  'link-closed': LinkClosed,
  'sign-in': SignIn,
  'sign-in-once': SignInOnce,
  setup: Setup,
  'signed-out': SignedOut,
  error: ErrorPage,
}
