import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { incidentTabs } from './incidents/tabs.ts'
import { NotFound, RouteProblem, Shell } from './shell/shell.tsx'
import type { WordKey } from './words/zh.ts'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** What the crumb and the window say. */
    title?: WordKey
  }
}

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: RouteProblem,
})

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  staticData: { title: 'page.home' },
  component: lazyRouteComponent(() => import('./first-run/first-run.tsx'), 'FirstRun'),
})
const incidents = createRoute({
  getParentRoute: () => root,
  path: '/incidents',
  staticData: { title: 'page.incidents' },
  validateSearch: (search: Record<string, unknown>) => {
    const tab = incidentTabs.find((known) => known === search.tab)
    return tab ? { tab } : {}
  },
  component: lazyRouteComponent(() => import('./incidents/incidents.tsx'), 'Incidents'),
})
const warRoom = createRoute({
  getParentRoute: () => root,
  path: '/incidents/$id',
  staticData: { title: 'page.warRoom' },
  component: lazyRouteComponent(() => import('./war-room/war-room.tsx'), 'WarRoomPage'),
})
const accounts = createRoute({
  getParentRoute: () => root,
  path: '/accounts',
  staticData: { title: 'page.accounts' },
  validateSearch: (search: Record<string, unknown>) => (search.connect === true ? { connect: true as const } : {}),
  component: lazyRouteComponent(() => import('./accounts/accounts.tsx'), 'Accounts'),
})
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  staticData: { title: 'page.settings' },
  component: lazyRouteComponent(() => import('./settings/settings.tsx'), 'Settings'),
})
const settingPage = <Path extends string>(path: Path, title: WordKey, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => settings, path, staticData: { title }, component })
const settingPages = [
  settingPage(
    '/',
    'settings.looks',
    lazyRouteComponent(() => import('./settings/looks.tsx'), 'Looks'),
  ),
  settingPage(
    '/security',
    'settings.security',
    lazyRouteComponent(() => import('./settings/security.tsx'), 'Security'),
  ),
  settingPage(
    '/people',
    'settings.people',
    lazyRouteComponent(() => import('./settings/colleagues.tsx'), 'Colleagues'),
  ),
  settingPage(
    '/rota',
    'settings.rota',
    lazyRouteComponent(() => import('./settings/rota.tsx'), 'Rota'),
  ),
  settingPage(
    '/clients',
    'settings.clients',
    lazyRouteComponent(() => import('./settings/clients.tsx'), 'Clients'),
  ),
  settingPage(
    '/channels',
    'settings.channels',
    lazyRouteComponent(() => import('./settings/channels.tsx'), 'Channels'),
  ),
  settingPage(
    '/first-word',
    'settings.firstWord',
    lazyRouteComponent(() => import('./settings/first-word.tsx'), 'FirstWord'),
  ),
] as const

export const makeRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: root.addChildren([home, incidents, warRoom, accounts, settings.addChildren(settingPages)]),
    basepath: '/app',
    context: { queries },
    defaultPreload: 'intent',
    scrollRestoration: true,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
