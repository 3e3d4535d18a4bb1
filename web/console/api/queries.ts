import { QueryClient, queryOptions } from '@tanstack/react-query'
import type { RotaView } from '../../../src/people/rota-commands.ts'
import { api } from './client.ts'
import { problemOf } from './problem.ts'
import { timed } from './server-clock.ts'

export type IncidentTab = 'open' | 'client' | 'watching' | 'closed' | 'drill'

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => timed(() => api.me.get()), refetchInterval: 15_000 })
export const incidentsQuery = (tab: IncidentTab | 'all') =>
  queryOptions({ queryKey: ['incidents', tab], queryFn: () => api.incidents.list({ tab }), refetchInterval: 15_000 })
export const warRoomQuery = (id: string) =>
  queryOptions({ queryKey: ['incident', id], queryFn: () => timed(() => api.incidents.get({ id })) })
export const accountsQuery = queryOptions({ queryKey: ['accounts'], queryFn: () => api.accounts.list(), refetchInterval: 30_000 })
export const peopleQuery = queryOptions({ queryKey: ['people'], queryFn: () => api.people.list() })
export const sessionsQuery = queryOptions({ queryKey: ['sessions'], queryFn: () => api.me.sessions() })

export const clientsQuery = queryOptions({ queryKey: ['clients'], queryFn: () => api.clients.list() })
export const channelsQuery = queryOptions({ queryKey: ['channels'], queryFn: () => api.channels.list() })
export const rotaQuery = queryOptions({ queryKey: ['rota'], queryFn: async () => (await api.rota.view()) as RotaView })

export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        retryDelay: 1_000,
        // Only a lost connection is worth asking again at once; a refusal stays one.
        retry: (failures, error) => failures < 2 && problemOf(error).kind === 'unreachable',
        // The page itself says that it is offline; holding questions back would hide the way it recovers.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
