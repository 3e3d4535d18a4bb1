import type { Seen, World } from './world.ts'

/** A telephone on a table. It knows no vendor: each vendor tells the story of the call in its own codes. */
export type Ringing = {
  message: Seen
  phone: string
  /** Keys the menu knows; without a menu a key is heard and means nothing. */
  keys: string[]
  state: 'ringing' | 'talking' | 'over'
  tell: (what: CallEvent) => void
}

export type CallEvent =
  | { happens: 'ringing' | 'picked-up' }
  | { happens: 'key'; key: string }
  | { happens: 'over'; how: 'heard-all' | 'hung-up-early' | 'no-answer' | 'off' | 'blocked' | 'no-key' | { code: string } }

export type Telephones = ReturnType<typeof telephones>

export function telephones(world: World) {
  const calls: Ringing[] = []

  function over(call: Ringing, how: Extract<CallEvent, { happens: 'over' }>['how']): void {
    if (call.state === 'over') return
    call.state = 'over'
    const heard = how === 'heard-all' || how === 'hung-up-early' || how === 'no-key'
    call.message.delivered = heard
    call.message.why = heard ? undefined : typeof how === 'string' ? how : `ended with ${how.code}`
    call.tell({ happens: 'over', how })
  }

  function pickUp(call: Ringing): void {
    if (call.state !== 'ringing') return
    call.state = 'talking'
    call.message.delivered = true
    call.message.why = undefined
    call.tell({ happens: 'picked-up' })
  }

  function press(call: Ringing, key: string, late = false): void {
    pickUp(call)
    if (late) over(call, 'heard-all')
    call.tell({ happens: 'key', key })
    if (!late) over(call, 'heard-all')
  }

  /** What the owner's habits make of a ringing telephone, second by second. */
  function habit(ringing: Ringing, fault: string | undefined): [number, () => void][] {
    const owner = world.person(ringing.phone)
    const key = owner.neverAnswers ? undefined : owner.answersWith
    if (fault?.startsWith('call-end:')) return [[3, () => over(ringing, { code: fault.slice(9) })]]
    if (owner.phoneOff) return [[3, () => over(ringing, 'off')]]
    if (owner.spamBlocker) return [[2, () => over(ringing, 'blocked')]]
    const rings: [number, () => void] = [1, () => ringing.tell({ happens: 'ringing' })]
    if (owner.voicemail || fault === 'voicemail')
      return [rings, [20, () => pickUp(ringing)], [35, () => over(ringing, 'heard-all')]]
    if (key) return [rings, [4, () => pickUp(ringing)], [8, () => press(ringing, key, fault === 'key-late')]]
    return [rings, [45, () => ringing.state === 'ringing' && over(ringing, 'no-answer')]]
  }

  return {
    /** Lets a telephone ring, and schedules what its owner's habits make of it. */
    ring(call: Omit<Ringing, 'state'>, fault: string | undefined): void {
      const ringing: Ringing = { ...call, state: 'ringing' }
      calls.push(ringing)
      const later = (seconds: number, act: () => void) => world.pushes.later(seconds * 1000, act)
      for (const [seconds, act] of habit(ringing, fault)) later(seconds, act)
    },
    /** The call that is ringing or being heard on this telephone now, if any. */
    live: (phone: string) => calls.findLast((call) => call.phone === phone && call.state !== 'over'),
    underway: () => calls.filter((call) => call.state !== 'over').length,
    press,
    pickUp(call: Ringing): void {
      pickUp(call)
      over(call, call.keys.length ? 'no-key' : 'heard-all')
    },
    hangUp: (call: Ringing) => over(call, call.state === 'talking' ? 'hung-up-early' : 'no-answer'),
  }
}
