import type { Actor, Role } from '../platform/access.ts'
import type { App } from '../platform/app.ts'
import { asDispatch, type Tx, withAgency } from '../platform/database.ts'
import { jsonb } from '../platform/jsonb.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import { after, days, type Instant } from '../platform/time.ts'
import type { Auth } from './auth.ts'
import { firstProblem, isLastAdmin, type Person, type PersonFields, type PersonId, personFields, roleNames } from './people.ts'
import { type Gap, gaps } from './rota.ts'
import { agencyZone, allPeople, allShifts, closeLinksOf, insertPerson, lockPeople, overridesFrom, savePerson } from './store.ts'

export type By = Pick<Actor, 'agencyId' | 'personId' | 'role' | 'via'>

export type PersonChanges = Partial<Omit<PersonFields, 'drillConsent'>>

const notHere = refused('没有这个人，可能已被别人改过。请刷新后再看。')
const noLastAdmin = refused('这是最后一位管理员，不能改。请先让另一个人成为管理员，再来改。')

/** Adds a person. They sign in with a one-time address; a login is made then (`sign-in-links.ts`). */
export async function addPerson(app: App, by: By, fields: PersonFields): Promise<Outcome<{ personId: PersonId }>> {
  const read = personFields.safeParse(fields)
  if (!read.success) return refused(firstProblem(read.error))
  const { name, role, phone, email, channels = [], drillConsent = true } = read.data
  return withAgency(app.database, by.agencyId, async (tx) => {
    const people = await lockPeople(tx)
    const same = email && people.find((person) => person.email === email)
    if (same) return refused(`${same.name} 已经用了这个邮箱${same.leftAt ? '（已离开，可以恢复）' : ''}。没有新增。`)
    const person: Person = {
      id: app.newId(),
      name,
      role,
      phone: phone ?? undefined,
      email: email ?? undefined,
      channels,
      drillConsent,
    }
    await insertPerson(tx, person)
    await writeDown(tx, by, 'person-added', { personId: person.id, role })
    return done({ personId: person.id })
  })
}

/** What an admin may change. Consent to drills is the person's own (`setDrillConsent`). */
const changeableFields = personFields.omit({ drillConsent: true }).partial()

/** Changes what is known about a person. The address they sign in with follows their e-mail. */
export async function changePerson(app: App, auth: Auth, by: By, id: PersonId, to: PersonChanges): Promise<Outcome<Person>> {
  const read = changeableFields.safeParse(to)
  if (!read.success) return refused(firstProblem(read.error))
  const changes = read.data
  return withAgency(app.database, by.agencyId, async (tx) => {
    const people = await lockPeople(tx)
    const person = people.find((each) => each.id === id)
    if (!person) return notHere
    if (changes.role && changes.role !== 'admin' && isLastAdmin(people, id)) return noLastAdmin
    const changed = withChanges(person, changes)
    if (changed.email !== person.email) {
      const problem = await emailProblem(auth, people, changed)
      if (problem) return refused(problem)
    }
    await savePerson(tx, changed)
    await writeDown(tx, by, 'person-changed', { personId: id, fields: Object.keys(changes), role: changed.role })
    // Last, so that a refusal above leaves the login as it was.
    if (changed.userId && (changed.email !== person.email || changed.name !== person.name)) {
      await auth.changeUser(changed.userId, { name: changed.name, email: changed.email })
    }
    return done(changed)
  })
}

function withChanges(person: Person, changes: Partial<ReturnType<typeof personFields.parse>>): Person {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined)
  return { ...person, ...Object.fromEntries(given.map(([name, value]) => [name, value ?? undefined])) }
}

async function emailProblem(auth: Auth, people: Person[], changed: Person): Promise<string | undefined> {
  if (!changed.email) return changed.userId ? '这个人用邮箱登录，邮箱不能留空。没有改动。' : undefined
  const other = people.find((person) => person.id !== changed.id && person.email === changed.email)
  if (other) return `${other.name} 已经用了这个邮箱。没有改动。`
  const owner = await auth.userByEmail(changed.email)
  return owner && owner !== changed.userId ? '这个邮箱已经用来登录了。没有改动，请换一个邮箱。' : undefined
}

/**
 * A person leaves: their sessions end, their personal links close, and the rota passes them over, all from this moment.
 * Their name stays in every timeline. Says how many duty hours of the next two weeks now have nobody.
 */
export async function leave(
  app: App,
  auth: Auth,
  by: By,
  id: PersonId,
): Promise<Outcome<{ sessionsEnded: number; gaps: Gap[] }>> {
  const left = await withAgency(app.database, by.agencyId, async (tx, now) => {
    const people = await lockPeople(tx)
    const person = people.find((each) => each.id === id)
    if (!person) return notHere
    if (person.leftAt) return refused(`${person.name} 已经离开，没有再改动。`)
    if (isLastAdmin(people, id)) return noLastAdmin
    await savePerson(tx, { ...person, leftAt: now })
    await closeLinksOf(tx, id, now)
    await writeDown(tx, by, 'person-left', { personId: id, role: person.role })
    return done({ userId: person.userId, gaps: await gapsAhead(tx, now) })
  })
  if (!left.ok) return left
  // Every request asks again whether the person has left, so a crash before this line lets nobody in.
  const sessionsEnded = left.value.userId ? await auth.revokeSessions(left.value.userId) : 0
  return done({ sessionsEnded, gaps: left.value.gaps })
}

/** Takes a leaver back, with the same login and history. Leave dates are cleared; duty is planned anew by whoever plans. */
export async function reactivate(app: App, by: By, id: PersonId): Promise<Outcome<Person>> {
  return withPerson(app, by, id, async (tx, person) => {
    if (!person.leftAt) return refused(`${person.name} 本来就在团队里，没有改动。`)
    const back = { ...person, leftAt: undefined, awayFrom: undefined, awayUntil: undefined }
    await savePerson(tx, back)
    await writeDown(tx, by, 'person-reactivated', { personId: id, role: person.role })
    return done(back)
  })
}

/** Leave from and until; `null` ends it. Whoever is away is passed over by the rota and by escalation. */
export async function setAway(
  app: App,
  by: By,
  id: PersonId,
  away: { from: Instant; until?: Instant } | null,
): Promise<Outcome<{ person: Person; gaps: Gap[] }>> {
  if (away?.until && away.until <= away.from) return refused('请假结束要晚于开始。没有保存，请改好后再试。')
  return ownOrLead(app, by, id, async (tx, person, now) => {
    if (away?.until && away.until <= now) return refused('这段请假已经过去了。没有保存，请检查日期。')
    const changed = { ...person, awayFrom: away?.from, awayUntil: away?.until }
    await savePerson(tx, changed)
    await writeDown(tx, by, away ? 'person-away' : 'person-back', { personId: id, ...away })
    return done({ person: changed, gaps: await gapsAhead(tx, now) })
  })
}

/** The person's channels, in the order in which they are tried. */
export async function setChannels(
  app: App,
  by: By,
  id: PersonId,
  channels: { kind: string; to: string }[],
): Promise<Outcome<Person>> {
  const read = personFields.shape.channels.safeParse(channels)
  if (!read.success) return refused(firstProblem(read.error))
  return ownOrLead(app, by, id, async (tx, person) => {
    const changed = { ...person, channels: read.data ?? [] }
    await savePerson(tx, changed)
    await writeDown(tx, by, 'channels-changed', { personId: id, kinds: changed.channels.map((channel) => channel.kind) })
    return done(changed)
  })
}

/** Whether drills may ring this person. Only they themselves can say yes. */
export async function setDrillConsent(app: App, by: By, id: PersonId, consent: boolean): Promise<Outcome<Person>> {
  if (consent && by.personId !== id) return refused('参加演练要本人同意。没有改动，请本人在“我的设置”里打开。')
  return ownOrLead(app, by, id, async (tx, person) => {
    const changed = { ...person, drillConsent: consent }
    await savePerson(tx, changed)
    await writeDown(tx, by, consent ? 'drills-accepted' : 'drills-declined', { personId: id })
    return done(changed)
  })
}

const mayArrange: readonly Role[] = ['admin', 'lead']

/** What a person may change about themselves, and an admin or lead about anyone. */
function ownOrLead<T>(
  app: App,
  by: By,
  id: PersonId,
  work: (tx: Tx, person: Person, now: Instant) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  if (by.personId !== id && !mayArrange.includes(by.role)) {
    return Promise.resolve(refused(`只能改自己的设置。没有改动；要改别人的，请找${roleNames.lead}或${roleNames.admin}。`))
  }
  return withPerson(app, by, id, async (tx, person, now) =>
    person.leftAt ? refused(`${person.name} 已经离开。没有改动，请先恢复。`) : work(tx, person, now),
  )
}

function withPerson<T>(
  app: App,
  by: By,
  id: PersonId,
  work: (tx: Tx, person: Person, now: Instant) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  return withAgency(app.database, by.agencyId, async (tx, now) => {
    const person = (await lockPeople(tx)).find((each) => each.id === id)
    return person ? work(tx, person, now) : notHere
  })
}

/** Everyone of the agency, leavers last. */
export async function listPeople(app: App, by: Pick<By, 'agencyId'>): Promise<Person[]> {
  const people = await withAgency(app.database, by.agencyId, allPeople)
  return [...people.filter((person) => !person.leftAt), ...people.filter((person) => person.leftAt)]
}

/** Nobody on duty in the coming two weeks: shown at once to whoever caused it. */
export async function gapsAhead(tx: Tx, now: Instant): Promise<Gap[]> {
  const [shifts, overrides, people, zone] = [
    await allShifts(tx),
    await overridesFrom(tx, now),
    await allPeople(tx),
    await agencyZone(tx),
  ]
  return gaps(shifts, overrides, people, now, after(now, days(14)), zone)
}

/** Who changed what about people. Addresses and numbers stay out of it. */
export async function writeDown(tx: Tx, by: By, what: string, detail: object): Promise<void> {
  await tx
    .insertInto('dx.audit')
    .values({ agency_id: by.agencyId, who: by.personId, what, detail: jsonb(detail) })
    .execute()
}

/** The agency and person a login belongs to, unless they left. Ids only: it looks across agencies. */
export async function membershipOf(app: App, userId: string): Promise<{ agencyId: string; personId: PersonId } | undefined> {
  const row = await asDispatch(app.database, (tx) =>
    tx.selectFrom('dx.people').select(['agency_id', 'id', 'left_at']).where('user_id', '=', userId).executeTakeFirst(),
  )
  return row && row.left_at === null ? { agencyId: row.agency_id, personId: row.id } : undefined
}
