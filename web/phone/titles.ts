import type { Translate } from '../shared/i18n.ts'
import type { PageName, PageProps } from './pages.ts'
import type { WordKey } from './words.ts'

const fixed: Record<Exclude<PageName, 'war-room' | 'portal' | 'error'>, WordKey> = {
  today: 'tabToday',
  incidents: 'tabIncidents',
  waiting: 'tabWaiting',
  more: 'tabMore',
  sessions: 'sessions',
  'link-closed': 'linkClosed',
  'sign-in': 'signInTitle',
  'sign-in-once': 'signIn',
  setup: 'setupTitle',
  'signed-out': 'signedOut',
}

/** What the tab and the chat app's header say. A client's page never carries our product's words. */
export function titleOf<Name extends PageName>(name: Name, props: PageProps[Name], t: Translate<WordKey>): string {
  if (name === 'war-room') {
    const { view } = props as PageProps['war-room']
    return `${view.mode === 'drill' ? `${t('drill')} ` : ''}${view.severity} ${view.title} · ${view.accountName}`
  }
  if (name === 'portal') return t('portalTitle', { name: (props as PageProps['portal']).view.agencyName })
  if (name === 'error') return (props as PageProps['error']).happened
  if (name === 'link-closed') return t('linkClosed')
  return `${t(fixed[name as keyof typeof fixed])} · ${t('brand')}`
}
