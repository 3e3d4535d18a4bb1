import tokens from '../shared/tokens.css?inline'
import type { PageName } from './pages.ts'
import base from './style/base.css?inline'
import door from './style/door.css?inline'
import home from './style/home.css?inline'
import portal from './style/portal.css?inline'
import room from './style/room.css?inline'

const sheets: Record<PageName, string[]> = {
  'war-room': [room],
  today: [home],
  incidents: [home],
  waiting: [home],
  more: [home],
  sessions: [home],
  portal: [portal],
  'link-closed': [portal, door],
  'sign-in': [door],
  'sign-in-once': [door],
  setup: [door],
  'signed-out': [door],
  error: [door],
}
/** Only what the page needs, inlined: one round trip until it can be read. */
export const styleOf = (name: PageName): string => [tokens, base, ...sheets[name]].join('')
