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

export const makeRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: root.addChildren([home, incidents, warRoom, accounts, settings]),
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
