import { contract } from '../src/contract.ts'
import type { Need } from '../src/platform/access.ts'
import type { GivenWeb } from './given-web.ts'

/** One way into the product: a door, or a procedure of the contract. */
export type Entrance = { key: string; method: string; path: string; need: Need }

/** All there are, read from the running parts themselves: nobody has to remember to list a new one. */
export function entrancesOf({ web }: GivenWeb): Entrance[] {
  const doors = web.doors.list.map(({ method, path, need }) => ({ key: `${method} ${path}`, method, path, need }))
  return [...doors, ...procedures(contract)]
}

type Described = { meta: { need?: Need }; route: { method?: string; path?: string } }

function procedures(branch: object): Entrance[] {
  if ('~orpc' in branch) {
    const { meta, route } = branch['~orpc'] as Described
    const path = `/api/v1${(route.path ?? '').replaceAll(/\{(\w+)\}/g, ':$1')}`
    const method = route.method ?? 'POST'
    // A procedure without a need cannot be judged, so it stops the walk.
    if (!meta.need) throw new Error(`${method} ${path} does not say what it needs`)
    return [{ key: `${method} ${path}`, method, path, need: meta.need }]
  }
  return Object.values(branch).flatMap((part: object) => procedures(part))
}
