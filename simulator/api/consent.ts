import { pushToComponent } from '../callbacks.ts'
import { unix } from '../clock.ts'
import { ALL_SCOPES } from '../state/component.ts'
import { accountOf, type World } from '../state/world.ts'

const TICKET_LIVES_MS = 12 * 3_600_000
const CODE_SECONDS = 3600

/** Starts the ticket's ten-minute round, the first one at once. A long jump of the clock pushes only the last one or two. */
export function startTickets(world: World): void {
  const { component } = world
  if (component.pushesTickets) return
  component.pushesTickets = true
  const mine = ++component.ticketRound
  const round = () => {
    if (component.ticketRound !== mine) return
    const value = `ticket@@@${world.random.letters(80)}`
    component.tickets.set(value, world.clock.now() + TICKET_LIVES_MS)
    void pushToComponent(world, 'component_verify_ticket', { ComponentVerifyTicket: value })
    const every = world.switches.ticketEveryMs
    const turns = Math.max(1, Math.floor((world.clock.destination() - world.clock.now()) / every))
    world.clock.after(every * turns, round)
  }
  round()
}

export function stopTickets({ component }: World): void {
  component.pushesTickets = false
  component.ticketRound++
}

export type Consent = { auth_code: string; expires_in: number }

/** The client scanned and agreed: a code for the browser, an event for the server. From now on the component may call. */
export function authorise(world: World, appid: string, preauth = '', funcscopes = ALL_SCOPES): Consent {
  const { component } = world
  const account = accountOf(world, appid)
  const earlier = component.authorisations.get(appid)
  const again = earlier !== undefined && !earlier.withdrawn
  component.authorisations.set(appid, {
    appid,
    refreshToken: `refreshtoken@@@${world.random.letters(43)}`,
    authorisedAt: world.clock.now(),
    funcscopes,
    options: { location_report: '0', voice_recognize: '0', customer_service: '0' },
    withdrawn: false,
  })
  const code = `queryauthcode@@@${world.random.letters(64)}`
  const expiresAt = world.clock.now() + CODE_SECONDS * 1000
  component.codes.set(code, { appid: account.appid, expiresAt })
  void pushToComponent(world, again ? 'updateauthorized' : 'authorized', {
    AuthorizerAppid: appid,
    AuthorizationCode: code,
    AuthorizationCodeExpiredTime: unix(expiresAt),
    PreAuthCode: preauth,
  })
  return { auth_code: code, expires_in: CODE_SECONDS }
}

export async function withdraw(world: World, appid: string): Promise<void> {
  const authorisation = world.component.authorisations.get(appid)
  if (!authorisation || authorisation.withdrawn) return
  authorisation.withdrawn = true
  await pushToComponent(world, 'unauthorized', { AuthorizerAppid: appid })
}
