import { after, clockTime, type Instant, minutes } from '../../src/platform/time.ts'
import type { ActForm } from './pages.ts'

const envelope = new Set(['press', 'deviceAt', 'k'])

/**
 * Reads the fields of an act's form, in the browser and on the server alike, into what `actSchema` checks. Empty fields count
 * as not given. `followUps.0.what` builds a list; `nextUpdateTime` (“03:50” in Beijing) becomes the next such moment.
 */
export function readActForm(fields: Iterable<readonly [string, unknown]>, now: Instant): ActForm {
  const given = new Map<string, string>()
  for (const [name, value] of fields) if (typeof value === 'string' && value.trim() !== '') given.set(name, value)
  const act: Record<string, unknown> = {}
  for (const [name, value] of given) if (!envelope.has(name) && !name.startsWith('followUps.')) act[name] = value
  if (typeof act.nextUpdateTime === 'string') {
    act.nextUpdateAt = nextMoment(act.nextUpdateTime, now)
    delete act.nextUpdateTime
  }
  if (act.do === 'resolve') act.followUps = followUps(given)
  return {
    press: given.get('press') ?? '',
    deviceAt: given.get('deviceAt'),
    linkKey: given.get('k'),
    act: act as ActForm['act'],
  }
}

function followUps(given: Map<string, string>): Record<string, string>[] {
  const rows = new Map<string, Record<string, string>>()
  for (const [name, value] of given) {
    const match = /^followUps\.(\d+)\.(what|owner|dueOn)$/.exec(name)
    if (match) rows.set(match[1]!, { ...rows.get(match[1]!), [match[2]!]: value })
  }
  // A row of which only the prefilled owner or date is there was never meant.
  return [...rows.values()].filter((row) => row.what)
}

/** The next moment at which clocks in Beijing show this time; undefined for anything that is not a time of day. */
export function nextMoment(time: string, now: Instant): Instant | undefined {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return undefined
  const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
  const ahead = (minuteOf(time) - minuteOf(clockTime(now)) + 1440) % 1440
  const start = `${now.slice(0, 16)}:00.000Z` as Instant
  return after(start, minutes(ahead === 0 ? 1440 : ahead))
}
