import { type Credentials, defaultCredentials } from './credentials.ts'
import { type Faults, faults } from './faults.ts'
import { type Meters, meters } from './meters.ts'
import { type Pushes, pushes } from './pushes.ts'

export const providerNames = [
  'wecom-robot',
  'wecom-app',
  'wecom-customers',
  'dingtalk-robot',
  'dingtalk-app',
  'feishu-robot',
  'feishu-app',
  'sms-aliyun',
  'sms-tencent',
  'voice-aliyun',
  'voice-tencent',
  'email',
  's3',
  'tsa',
] as const
export type Provider = (typeof providerNames)[number]

/** One message as the person would have it on the screen or in the ear. */
export type Seen = {
  id: string
  provider: Provider
  to: string
  at: string
  title?: string
  text: string
  buttons: { key: string; label: string }[]
  links: { label: string; url: string }[]
  /** False when the provider said ok and the person never sees it. */
  delivered: boolean
  why?: string
  /** The provider's id of the sending. */
  sendId?: string
  /** The sender's own id: task id, OutId, SessionContext, uuid. */
  reference?: string
  updates: number
  /** What the card says after its last update. */
  updatedTo?: string
}

export type Person = {
  phoneOff?: boolean
  neverAnswers?: boolean
  voicemail?: boolean
  spamBlocker?: boolean
  /** Picks up and presses this key without being told to. */
  answersWith?: string
  /** Not in the company's directory. */
  unknown?: boolean
  /** In the directory, without a licence for messages of applications. */
  unlicensed?: boolean
  /** Has blocked messages of the application. */
  forbids?: boolean
}

export type World = {
  now(): number
  random(): number
  credentials: Credentials
  /** Where pushes go: one address per vendor. */
  receiptUrls: Record<string, string>
  /** Opens every link of a message by itself, as scanners and previews do. */
  linkBot: boolean
  messages: Seen[]
  people: Map<string, Person>
  faults: Faults
  meters: Meters
  pushes: Pushes
  person(id: string): Person
  nextId(prefix: string): string
  /** Notes a message; what was left out takes its usual value. */
  show(message: Pick<Seen, 'provider' | 'to' | 'text'> & Partial<Seen>): Seen
}

export function makeWorld(options: { now(): number; random(): number }): World {
  let last = 0
  const people = new Map<string, Person>()
  const messages: Seen[] = []
  const nextId = (prefix: string) => `${prefix}${String(++last).padStart(6, '0')}`
  const world: World = {
    ...options,
    credentials: defaultCredentials(),
    receiptUrls: {},
    linkBot: false,
    messages,
    people,
    faults: faults(),
    meters: meters(options.now),
    pushes: pushes(options.now),
    person(id) {
      const known = people.get(id) ?? {}
      people.set(id, known)
      return known
    },
    nextId,
    show(message) {
      const seen: Seen = {
        id: nextId('m'),
        at: new Date(options.now()).toISOString(),
        buttons: [],
        links: [],
        delivered: true,
        updates: 0,
        ...message,
      }
      messages.push(seen)
      if (world.linkBot && seen.delivered) visitLinks(world, seen)
      return seen
    },
  }
  return world
}

const BROWSER = 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36'

/** HEAD first and GET twice, within three seconds, looking like a browser. Only links to this machine: the others are somebody's. */
function visitLinks(world: World, seen: Seen): void {
  const own = seen.links.filter(({ url }) => /^http:\/\/(?:127\.0\.0\.1|localhost)[:/]/.test(url))
  for (const { url } of own) {
    for (const method of ['HEAD', 'GET', 'GET']) {
      world.pushes.later(Math.floor(world.random() * 3000), () => world.pushes.visit(url, method, BROWSER))
    }
  }
}
