import { timingSafeEqual } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { Actor } from '../platform/access.ts'
import type { App } from '../platform/app.ts'
import { asDispatch, withAgency } from '../platform/database.ts'
import type { Auth } from './auth.ts'
import { isFromThisMachine } from './client-address.ts'
import { membershipOf } from './commands.ts'
import { findPerson } from './store.ts'

/** Names the agency the command line speaks for, when this machine holds several. */
export const AGENCY_HEADER = 'x-dingxin-agency'
export const LOCAL_PERSON = 'local'

/**
 * Who asks, decided anew for every request: whoever left or lost a role since the last one is noticed at once.
 * `peer` is the address of the socket; without it the command line's token is not accepted.
 */
export async function whoIs(app: App, auth: Auth, request: Request, peer?: string): Promise<Actor | undefined> {
  const token = bearer(request.headers)
  if (token !== undefined) return localActor(app, request.headers, token, peer)
  const signedIn = await auth.sessionOf(request.headers)
  if (!signedIn) return undefined
  const member = await membershipOf(app, signedIn.userId)
  if (!member) return undefined
  const person = await withAgency(app.database, member.agencyId, (tx) => findPerson(tx, member.personId))
  if (!person || person.leftAt) return undefined
  const { agencyId, personId } = member
  return { agencyId, personId, name: person.name, role: person.role, via: 'session', signedInAt: signedIn.signedInAt }
}

const bearer = (headers: Headers): string | undefined => /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]

/** The command line of this machine, shown by the token file; says nothing about an agency. */
export const isLocalCaller = (app: App, headers: Headers, peer: string | undefined): boolean =>
  isFromThisMachine(headers, peer) && isLocalToken(app, bearer(headers) ?? '')

async function localActor(app: App, headers: Headers, token: string, peer: string | undefined): Promise<Actor | undefined> {
  if (!isFromThisMachine(headers, peer) || !isLocalToken(app, token)) return undefined
  const agencyId = await localAgency(app, headers.get(AGENCY_HEADER) ?? undefined)
  return agencyId === undefined
    ? undefined
    : { agencyId, personId: LOCAL_PERSON, name: '本机命令行', role: 'admin', via: 'local' }
}

/** The agency that was named, or the only one there is. */
async function localAgency(app: App, named: string | undefined): Promise<string | undefined> {
  if (named !== undefined) {
    const found = await withAgency(app.database, named, (tx) =>
      tx.selectFrom('dx.agencies').select('agency_id').executeTakeFirst(),
    )
    return found?.agency_id
  }
  const rows = await asDispatch(app.database, (tx) =>
    tx.selectFrom('dx.people').select('agency_id').distinct().limit(2).execute(),
  )
  return rows.length === 1 ? rows[0]!.agency_id : undefined
}

const tokenFile = (home: string) => path.join(home, 'local.token')

/** The token of the command line: made at the first start, readable by the owner of the process only. */
export function ensureLocalToken(app: Pick<App, 'config' | 'randomText'>): string {
  const file = tokenFile(app.config.home)
  fs.mkdirSync(app.config.home, { recursive: true, mode: 0o700 })
  try {
    fs.writeFileSync(file, app.randomText(32), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    fs.chmodSync(file, 0o600)
  }
  return fs.readFileSync(file, 'utf8').trim()
}

/** Read anew each time: deleting the file closes this door without a restart. */
function isLocalToken(app: App, given: string): boolean {
  let kept: string
  try {
    kept = fs.readFileSync(tokenFile(app.config.home), 'utf8').trim()
  } catch {
    return false
  }
  // Digests have one length, so the comparison tells nothing about the token.
  const [a, b] = [app.secrets.digest(given), app.secrets.digest(kept)].map((text) => Buffer.from(text))
  return kept.length > 0 && timingSafeEqual(a!, b!)
}
