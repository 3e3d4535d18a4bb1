import { Refusal } from '../errors.ts'
import type { Outgoing } from '../exchange.ts'
import { type Fields, fieldsOf, toJson } from '../json.ts'
import type { Stage } from '../simulator.ts'
import { accountRoutes } from './accounts.ts'
import { consoleRoutes } from './console.ts'
import { Misuse, misuse, type Route } from './door.ts'
import { faultRoutes } from './faults.ts'
import { readerRoutes } from './readers.ts'
import { thiefRoutes } from './thief.ts'
import { worldRoutes } from './world.ts'

export const routes: Route[] = [
  ...worldRoutes,
  ...accountRoutes,
  ...consoleRoutes,
  ...thiefRoutes,
  ...readerRoutes,
  ...faultRoutes,
]

/** The door for those who direct the play: tests, drills, people at a terminal. WeChat has nothing like it. */
export async function control(stage: Stage, asked: { method: string; url: URL; body: string }): Promise<Outgoing> {
  try {
    const path = asked.url.pathname.replace(/^\/_sim/, '')
    for (const [method, pattern, handle] of routes) {
      const params = method === asked.method ? match(pattern, path) : undefined
      if (!params) continue
      const request = { stage, world: stage.world, params, query: asked.url.searchParams, body: read(asked.body) }
      return json(200, (await handle(request)) ?? { ok: true })
    }
    throw new Misuse(`nothing at ${asked.method} ${asked.url.pathname}; simulator/README.md lists the paths`, 404)
  } catch (error) {
    if (error instanceof Misuse) return json(error.status, { error: error.message })
    if (error instanceof Refusal) return json(409, { errcode: error.code, error: error.message })
    throw error
  }
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [place, part] of wanted.entries()) {
    const actual = given[place]!
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(actual)
    else if (part !== actual) return undefined
  }
  return params
}

function read(body: string): Fields {
  if (body.trim() === '') return {}
  try {
    return fieldsOf(JSON.parse(body))
  } catch {
    return misuse('the body is not JSON')
  }
}

const json = (status: number, value: unknown): Outgoing => ({
  status,
  type: 'application/json; charset=utf-8',
  body: Buffer.from(toJson(value)),
})
