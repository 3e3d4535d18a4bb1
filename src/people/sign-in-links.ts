import { sql } from 'kysely'
import { z } from 'zod'
import type { App } from '../platform/app.ts'
import { asDispatch, type Tx, withAgency } from '../platform/database.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import { type Instant, minutes as inMinutes } from '../platform/time.ts'
import type { Auth } from './auth.ts'
import { type By, writeDown } from './commands.ts'
import { firstProblem, type Person, type PersonId } from './people.ts'
import { findPerson, insertPerson, savePerson } from './store.ts'

/** `sign-in` opens the door for one person; `first-admin` makes the agency's first person. */
export type LinkPurpose = 'sign-in' | 'first-admin'
export type NewLink = { personId: PersonId | null; purpose: LinkPurpose; minutes: number }
export type OpenLink = { purpose: LinkPurpose; agencyName?: string; personName?: string; expiresAt: Instant }
export type NewAdmin = { name: string; email: string; password: string; agencyName?: string }

const stale = refused('这个登录链接已经用过或过期了，没有登录。请管理员再发一个；在服务器上也可以用命令行生成。')

/** Makes a one-time address and returns its token, the only time it is seen: the database keeps a digest. */
export async function makeSignInLink(tx: Tx, app: Pick<App, 'secrets' | 'randomText'>, link: NewLink): Promise<string> {
  if ((link.personId === null) !== (link.purpose === 'first-admin'))
    throw new Error(`a ${link.purpose} link and its person do not fit`)
  const token = app.randomText(24)
  const expires = sql<Instant>`dx.now() + make_interval(secs => ${inMinutes(link.minutes) / 1000})`
  await tx
    .insertInto('dx.sign_in_links')
    .values({
      token_hash: app.secrets.digest(token),
      agency_id: sql<string>`dx.agency()`,
      person_id: link.personId,
      purpose: link.purpose,
      expires_at: expires,
    })
    .execute()
  return token
}

export const linkMinutes = { 'sign-in': 15, 'first-admin': 60 } as const

/**
 * A new one-time address for a person: by an admin, or for oneself on another device. The former one that nobody used stops
 * working, so only the newest message leads in.
 */
export async function linkForPerson(app: App, by: By, personId: PersonId): Promise<Outcome<{ token: string; minutes: number }>> {
  if (by.role !== 'admin' && by.personId !== personId) return refused('只有管理员能给别人发登录链接。没有生成，请找管理员。')
  return withAgency(app.database, by.agencyId, async (tx) => {
    const person = await findPerson(tx, personId)
    if (!person) return refused('没有这个人，可能已被别人改过。请刷新后再看。')
    if (person.leftAt) return refused(`${person.name} 已经离开，不能登录。没有生成，请先恢复。`)
    await tx.deleteFrom('dx.sign_in_links').where('person_id', '=', personId).where('used_at', 'is', null).execute()
    const minutes = linkMinutes['sign-in']
    const token = await makeSignInLink(tx, app, { personId, purpose: 'sign-in', minutes })
    await writeDown(tx, by, 'sign-in-link-made', { personId })
    return done({ token, minutes })
  })
}

/** The address by which a new agency's first admin comes in; made on the server by whoever installs it. */
export async function linkForFirstAdmin(
  app: App,
  agencyId: string = app.newId(),
): Promise<{ token: string; agencyId: string; minutes: number }> {
  const minutes = linkMinutes['first-admin']
  const token = await withAgency(app.database, agencyId, (tx) =>
    makeSignInLink(tx, app, { personId: null, purpose: 'first-admin', minutes }),
  )
  return { token, agencyId, minutes }
}

/** What the page behind the address shows. Changes nothing: chats and mail scanners open links before people do. */
export async function openSignInLink(app: App, token: string): Promise<Outcome<OpenLink>> {
  return withLink(app, token, async (tx, link) => {
    const person = link.personId === null ? undefined : await findPerson(tx, link.personId)
    const agency = await tx.selectFrom('dx.agencies').select('name').executeTakeFirst()
    return done({ purpose: link.purpose, agencyName: agency?.name, personName: person?.name, expiresAt: link.expiresAt })
  })
}

/**
 * Uses the address, once: signs the browser in, and for the first admin makes agency, person and login.
 * The row stays locked meanwhile, so of two presses one wins; a failure leaves the address usable.
 */
export async function enterBySignInLink(
  app: App,
  auth: Auth,
  token: string,
  request: Request,
  newAdmin?: NewAdmin,
  peer?: string,
): Promise<Outcome<{ agencyId: string; personId: PersonId; setCookie: string[] }>> {
  return withLink(app, token, async (tx, link, now) => {
    const entering =
      link.personId === null
        ? await makeFirstAdmin(app, auth, tx, link.agencyId, newAdmin)
        : await loginOf(auth, tx, link.personId)
    if (!entering.ok) return entering
    const { id: personId, userId } = entering.value
    try {
      await tx.updateTable('dx.sign_in_links').set({ used_at: now }).where('token_hash', '=', link.hash).execute()
      await writeDown(
        tx,
        { agencyId: link.agencyId, personId, role: entering.value.role, via: 'link' },
        `${link.purpose}-link-used`,
        {},
      )
      const { setCookie } = await auth.startSession(userId, request, peer)
      return done({ agencyId: link.agencyId, personId, setCookie })
    } catch (error) {
      // The rows roll back; a login made a moment ago stands outside of this transaction.
      if (entering.value.isNewLogin) await auth.deleteUser(userId)
      throw error
    }
  })
}

type Link = { hash: string; agencyId: string; personId: PersonId | null; purpose: LinkPurpose; expiresAt: Instant }

/** Finds a link that may still be used and locks it. The agency is found by digest alone; the rest is read inside the agency. */
async function withLink<T>(
  app: App,
  token: string,
  work: (tx: Tx, link: Link, now: Instant) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const hash = app.secrets.digest(token)
  const door = await asDispatch(app.database, (tx) =>
    tx.selectFrom('dx.sign_in_links').select('agency_id').where('token_hash', '=', hash).executeTakeFirst(),
  )
  if (!door) return stale
  return withAgency(app.database, door.agency_id, async (tx, now) => {
    const row = await tx.selectFrom('dx.sign_in_links').selectAll().where('token_hash', '=', hash).forUpdate().executeTakeFirst()
    if (!row || row.used_at !== null || row.expires_at <= now) return stale
    const purpose = row.purpose as LinkPurpose
    return work(tx, { hash, agencyId: row.agency_id, personId: row.person_id, purpose, expiresAt: row.expires_at }, now)
  })
}

type Entering = Person & { userId: string; isNewLogin: boolean }

/** The login of a person, made now if this is their first time here. */
async function loginOf(auth: Auth, tx: Tx, personId: PersonId): Promise<Outcome<Entering>> {
  const person = await findPerson(tx, personId)
  if (!person || person.leftAt) return stale
  if (person.userId) return done({ ...person, userId: person.userId, isNewLogin: false })
  // Without an e-mail the login still needs an address of its own; ".invalid" never receives mail (RFC 2606).
  const made = await newLogin(auth, { name: person.name, email: person.email ?? `${person.id}@people.invalid` })
  if (!made.ok) return made
  await savePerson(tx, { ...person, userId: made.value })
  return done({ ...person, userId: made.value, isNewLogin: true })
}

const adminFields = z.object({
  name: z.string().trim().min(1, '请填姓名').max(40, '姓名最多 40 个字'),
  email: z.string().trim().toLowerCase().pipe(z.email('邮箱格式不对，例如 mei@example.com')),
  password: z.string(),
  agencyName: z.string().trim().min(1, '请填团队名').max(40, '团队名最多 40 个字').optional(),
})

async function makeFirstAdmin(
  app: App,
  auth: Auth,
  tx: Tx,
  agencyId: string,
  given: NewAdmin | undefined,
): Promise<Outcome<Entering>> {
  const read = adminFields.safeParse(given ?? {})
  if (!read.success) return refused(firstProblem(read.error))
  const { name, email, password, agencyName } = read.data
  const made = await newLogin(auth, { name, email, password })
  if (!made.ok) return made
  const agency = { agency_id: agencyId, name: agencyName ?? `${name}的团队` }
  await tx
    .insertInto('dx.agencies')
    .values(agency)
    .onConflict((conflict) => conflict.column('agency_id').doNothing())
    .execute()
  const person = { id: app.newId(), userId: made.value, name, role: 'admin' as const, email, channels: [], drillConsent: true }
  await insertPerson(tx, person)
  return done({ ...person, isNewLogin: true })
}

/** A login that a crash left behind, before any person got it, does not keep its address taken. */
async function newLogin(auth: Auth, user: { name: string; email: string; password?: string }): Promise<Outcome<string>> {
  const former = await auth.userByEmail(user.email)
  if (former !== undefined && !(await auth.belongsToSomebody(former))) await auth.deleteUser(former)
  const made = await auth.createUser(user)
  return made.ok ? done(made.value.userId) : made
}
