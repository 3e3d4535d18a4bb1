import type { Fields } from '../json.ts'
import type { Stage } from '../simulator.ts'
import { type Account, followerOf } from '../state/account.ts'
import type { World } from '../state/world.ts'

/** One request at the control door. */
export type Request = { stage: Stage; world: World; params: Record<string, string>; query: URLSearchParams; body: Fields }
export type Route = [method: 'GET' | 'POST' | 'PATCH' | 'DELETE', pattern: string, handle: (request: Request) => unknown]

/** The door was used wrongly; says how to use it. */
export class Misuse extends Error {
  readonly status: number
  constructor(message: string, status = 400) {
    super(message)
    this.status = status
  }
}
export function misuse(message: string, status = 400): never {
  throw new Misuse(message, status)
}

export const accountIn = ({ world, params }: Request): Account =>
  world.accounts.get(params.appid ?? '') ?? misuse(`no account ${params.appid}; GET /_sim/accounts lists them`, 404)

/** The follower named in the request, or the first there is. */
export function someFollower(request: Request): ReturnType<typeof followerOf> {
  const account = accountIn(request)
  const named = request.body.openid
  if (typeof named === 'string') return followerOf(account, named, request.world.clock.now())
  return (
    [...account.followers.values()].find((one) => one.subscribed) ??
    misuse('nobody follows this account; POST readers/follow first')
  )
}
