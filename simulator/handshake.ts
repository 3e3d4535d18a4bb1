import { unix } from './clock.ts'
import { signature } from './crypto.ts'
import type { CallbackSettings } from './state/account.ts'
import type { World } from './state/world.ts'

export type Handshake = { ok: boolean; handshake: string }

/** The GET that WeChat makes when somebody saves a callback address in the console; nothing is saved unless it is answered right. */
export async function shakeHands(world: World, settings: CallbackSettings): Promise<Handshake> {
  const timestamp = String(unix(world.clock.now()))
  const nonce = world.random.digits(9)
  const echostr = world.random.digits(19)
  try {
    const url = new URL(settings.url)
    const query = { signature: signature(settings.token, timestamp, nonce), echostr, timestamp, nonce }
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const response = await fetch(url, { signal: AbortSignal.timeout(world.switches.callbackDeadlineMs), redirect: 'manual' })
    const answer = await response.text()
    if (answer === echostr) return { ok: true, handshake: 'echostr answered verbatim' }
    return {
      ok: false,
      handshake: `HTTP ${response.status}: answered ${JSON.stringify(answer.slice(0, 120))} instead of the echostr`,
    }
  } catch (error) {
    return { ok: false, handshake: `could not ask ${settings.url}: ${error instanceof Error ? error.message : 'unknown reason'}` }
  }
}
