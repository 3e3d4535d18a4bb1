import { startTickets, stopTickets } from '../api/consent.ts'
import { iso } from '../clock.ts'
import { textAt } from '../json.ts'
import { cardsOf } from '../state/cards.ts'
import type { Switches } from '../state/switches.ts'
import type { World } from '../state/world.ts'
import { misuse, type Request, type Route } from './door.ts'

const timeOf = (world: World) => ({ now: iso(world.clock.now()), frozen: world.clock.isFrozen() })

/** Moves the clock and waits until the pushes this caused have been answered. */
async function moveClock({ world, body }: Request): Promise<unknown> {
  const { clock, pushes } = world
  if (body.freeze === true) clock.freeze()
  if (body.freeze === false) clock.thaw()
  const settle = () => pushes.settled()
  if (body.now !== undefined) {
    const target = typeof body.now === 'number' ? body.now : Date.parse(String(body.now))
    if (Number.isNaN(target)) misuse('now: an ISO moment or milliseconds since 1970')
    await clock.moveTo(target, settle)
  }
  if (body.advanceMs !== undefined) {
    const ms = Number(body.advanceMs)
    if (!Number.isFinite(ms) || ms < 0) misuse('advanceMs: milliseconds, 0 or more')
    await clock.advance(ms, settle)
  }
  return timeOf(world)
}

function setSwitches({ world, body }: Request): Switches {
  for (const [name, value] of Object.entries(body)) {
    if (!(name in world.switches)) misuse(`no switch ${name}; there are ${Object.keys(world.switches).join(', ')}`)
    if (typeof value !== typeof world.switches[name as keyof Switches])
      misuse(`switch ${name} takes a ${typeof world.switches[name as keyof Switches]}`)
  }
  return Object.assign(world.switches, body)
}

const shownComponent = ({ component }: World) => ({
  appid: component.appid,
  secret: component.secret,
  token: component.token,
  aesKey: component.aesKey,
  eventUrl: component.eventUrl,
  messageUrl: component.messageUrl,
  whitelist: component.whitelist,
  ticket: [...component.tickets.keys()].at(-1) ?? null,
  pushesTickets: component.pushesTickets,
  authorisations: [...component.authorisations.values()].map(({ appid, withdrawn, funcscopes }) => ({
    appid,
    withdrawn,
    funcscopes,
  })),
})

/** Where the component's two URLs point, and its keys; the ticket begins to arrive. */
async function setComponent({ world, body }: Request): Promise<unknown> {
  const { component } = world
  if (body.eventUrl !== undefined) component.eventUrl = textAt(body, 'eventUrl') || undefined
  if (body.messageUrl !== undefined) component.messageUrl = textAt(body, 'messageUrl') || undefined
  if (typeof body.token === 'string') component.token = body.token
  if (typeof body.aesKey === 'string' && body.aesKey !== component.aesKey) {
    component.previousAesKey = component.aesKey
    component.aesKey = body.aesKey
  }
  if (body.whitelist !== undefined) component.whitelist = Array.isArray(body.whitelist) ? body.whitelist.map(String) : undefined
  if (body.pushTickets === false) stopTickets(world)
  else if (component.eventUrl) startTickets(world)
  await world.pushes.settled()
  return shownComponent(world)
}

function calls({ world, query }: Request): unknown {
  const since = query.get('since')
  const found = world.ledger.find({
    appid: query.get('appid') ?? undefined,
    path: query.get('path') ?? undefined,
    caller: query.get('caller') ?? undefined,
    since: since === null ? undefined : Number(since),
  })
  return { count: found.length, calls: found }
}

function pushes({ world, query }: Request): unknown {
  const appid = query.get('appid')
  const event = query.get('event')
  const found = world.pushes.all.filter((one) => (!appid || one.appid === appid) && (!event || one.event === event))
  return {
    count: found.length,
    markFail: [...world.accounts.values()].filter((one) => one.markFail.until > world.clock.now()).map((one) => one.appid),
    pushes: found,
  }
}

export const worldRoutes: Route[] = [
  [
    'POST',
    '/reset',
    ({ stage }) => {
      stage.reset()
      return { ok: true, accounts: cardsOf(stage.world) }
    },
  ],
  ['GET', '/clock', ({ world }) => timeOf(world)],
  ['POST', '/clock', moveClock],
  ['GET', '/switches', ({ world }) => world.switches],
  ['POST', '/switches', setSwitches],
  ['GET', '/component', ({ world }) => shownComponent(world)],
  ['POST', '/component', setComponent],
  ['GET', '/calls', calls],
  ['GET', '/pushes', pushes],
  ['POST', '/settle', async ({ world }) => world.pushes.settled()],
]
