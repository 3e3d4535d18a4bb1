import type { MeView } from '../../src/contract.ts'
import type { ActName } from '../../src/incidents/acts.ts'
import type { IncidentRow, PortalGlimpse, PortalView, WarRoomView } from '../../src/incidents/view.ts'
import type { Instant } from '../../src/platform/time.ts'
import type { Lang } from '../shared/i18n.ts'
import type { Theme } from '../shared/theme.ts'

/** What the server hands each page. Plain data: it travels to the browser as JSON and back into the same component. */
export type Notice = { tone: 'ok' | 'warn' | 'error'; text: string; code?: string }
/** What a person had typed when an act was refused, by field name; nothing is asked twice. */
export type Kept = Record<string, string>

type Said = { notice?: Notice; kept?: Kept }
export type WarRoomProps = Said & {
  view: WarRoomView
  /** A fresh random word per rendering; every form adds its act to it and becomes one idempotency key. */
  press: string
  /** Set when opened through a personal link (?k=…): travels with every form. */
  linkKey?: string
  /** Shows the whole timeline instead of the latest entries. */
  wholeTimeline?: boolean
}
export type WaitingItem = {
  href: string
  title: string
  titleEn: string
  about: string
  dueAt?: Instant
  kind: 'step' | 'hand' | 'acknowledge'
}
export type HomeProps = Said & { me: MeView; rows: IncidentRow[]; waiting: WaitingItem[]; lastCheckedAt?: Instant }
export type SessionsProps = Said & {
  me: MeView
  press: string
  sessions: { id: string; ip: string; device: string; signedInAt: Instant; lastSeenAt: Instant; current: boolean }[]
}
export type PortalProps = Said & {
  view: PortalView | PortalGlimpse
  token: string
  press: string
  /** For a glimpse, whose view says nothing of identity: which proof is asked next, if any. */
  ask?: 'digits' | 'code'
}
export type LinkClosedProps = {
  why: 'expired' | 'revoked' | 'altered'
  agencyName?: string
  call?: { name: string; phone: string }
}
export type SignInProps = Said & { stage: 'password' | 'totp'; next?: string; agencyName?: string }
export type SignInOnceProps = Said & { token: string; personName: string; agencyName: string; next?: string }
export type SetupProps = Said & { token: string }
export type SignedOutProps = { next?: string }
export type ErrorProps = { happened: string; safe: string; todo: string; code: string; back?: { href: string; title: string } }

export type PageProps = {
  'war-room': WarRoomProps
  today: HomeProps
  incidents: HomeProps
  waiting: HomeProps
  more: HomeProps
  sessions: SessionsProps
  portal: PortalProps
  'link-closed': LinkClosedProps
  'sign-in': SignInProps
  'sign-in-once': SignInOnceProps
  setup: SetupProps
  'signed-out': SignedOutProps
  error: ErrorProps
}
export type PageName = keyof PageProps

export type RenderOptions = {
  lang: Lang
  theme: Theme
  /** From `scriptOf(name, lang)`; the empty string leaves the script out. */
  script: string
  nonce: string
  /** Decides day or night when `theme` is auto; where a page's props carry `serverNow` that is used. */
  now?: Instant
}

/** The shape of dist/phone-server/server.js, so that the server can type its import without reading JSX. */
export type PhoneServer = {
  renderPage<Name extends PageName>(name: Name, props: PageProps[Name], options: RenderOptions): string
  /** Path of the page's script below /phone/, served from dist/phone with a year of caching. */
  scriptOf(name: PageName, lang: Lang): string
  /** Reads a posted form into the plain object that `actSchema` checks. */
  readActForm(fields: Iterable<readonly [string, unknown]>, now: Instant): ActForm
}
export type ActForm = { press: string; deviceAt?: string; linkKey?: string; act: { do: ActName } & Record<string, unknown> }
