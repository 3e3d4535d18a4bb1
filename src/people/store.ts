import { type Selectable, sql } from 'kysely'
import type { Role } from '../platform/access.ts'
import type { Tx } from '../platform/database.ts'
import type { DB } from '../platform/database-types.ts'
import { jsonb } from '../platform/jsonb.ts'
import type { Instant } from '../platform/time.ts'
import type { Person, PersonChannel, PersonId } from './people.ts'
import type { Override, Position, Shift } from './rota.ts'

type PersonRow = Selectable<DB['dx.people']>

const toPerson = (row: PersonRow): Person => ({
  id: row.id,
  userId: row.user_id ?? undefined,
  name: row.name,
  role: row.role as Role,
  phone: row.phone ?? undefined,
  email: row.email ?? undefined,
  channels: row.channels as unknown as PersonChannel[],
  drillConsent: row.drill_consent,
  awayFrom: row.away_from ?? undefined,
  awayUntil: row.away_until ?? undefined,
  leftAt: row.left_at ?? undefined,
})

/** Everyone who works here in the order they came; leavers too, for history. */
export async function allPeople(tx: Tx): Promise<Person[]> {
  return (await tx.selectFrom('dx.people').selectAll().orderBy('created_at').orderBy('name').orderBy('id').execute()).map(
    toPerson,
  )
}

export async function findPerson(tx: Tx, id: PersonId): Promise<Person | undefined> {
  const row = await tx.selectFrom('dx.people').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toPerson(row)
}

export async function findPersonByUser(tx: Tx, userId: string): Promise<Person | undefined> {
  const row = await tx.selectFrom('dx.people').selectAll().where('user_id', '=', userId).executeTakeFirst()
  return row && toPerson(row)
}

/** All people, locked in one order: what is decided from the whole list (the last admin) stays true until commit. */
export async function lockPeople(tx: Tx): Promise<Person[]> {
  return (await tx.selectFrom('dx.people').selectAll().orderBy('id').forUpdate().execute()).map(toPerson)
}

const agency = sql<string>`dx.agency()`

export async function insertPerson(tx: Tx, person: Person): Promise<void> {
  await tx
    .insertInto('dx.people')
    .values({ agency_id: agency, id: person.id, ...columns(person) })
    .execute()
}

export async function savePerson(tx: Tx, person: Person): Promise<void> {
  await tx.updateTable('dx.people').set(columns(person)).where('id', '=', person.id).execute()
}

const columns = (person: Person) => ({
  user_id: person.userId ?? null,
  name: person.name,
  role: person.role,
  phone: person.phone ?? null,
  email: person.email ?? null,
  channels: jsonb(person.channels),
  drill_consent: person.drillConsent,
  away_from: person.awayFrom ?? null,
  away_until: person.awayUntil ?? null,
  left_at: person.leftAt ?? null,
})

export async function allShifts(tx: Tx): Promise<Shift[]> {
  const rows = await tx.selectFrom('dx.rota_shifts').selectAll().orderBy('weekday').orderBy('from_minute').orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id,
    weekday: row.weekday,
    fromMinute: row.from_minute,
    lengthMinutes: row.length_minutes,
    position: row.position as Position,
    personId: row.person_id,
  }))
}

export async function insertShift(tx: Tx, shift: Shift): Promise<void> {
  await tx
    .insertInto('dx.rota_shifts')
    .values({
      agency_id: agency,
      id: shift.id,
      weekday: shift.weekday,
      from_minute: shift.fromMinute,
      length_minutes: shift.lengthMinutes,
      position: shift.position,
      person_id: shift.personId,
    })
    .execute()
}

export async function deleteShifts(tx: Tx, id?: string): Promise<number> {
  const query = tx.deleteFrom('dx.rota_shifts')
  const done = await (id === undefined ? query : query.where('id', '=', id)).executeTakeFirst()
  return Number(done.numDeletedRows)
}

/** Overrides that end after `from`; what is over no longer decides anything. */
export async function overridesFrom(tx: Tx, from: Instant): Promise<Override[]> {
  const rows = await tx
    .selectFrom('dx.rota_overrides')
    .selectAll()
    .where('ends_at', '>', from)
    .orderBy('starts_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    position: row.position as Position,
    personId: row.person_id,
    reason: row.reason,
    madeBy: row.made_by ?? undefined,
  }))
}

export async function insertOverride(tx: Tx, override: Override): Promise<void> {
  await tx
    .insertInto('dx.rota_overrides')
    .values({
      agency_id: agency,
      id: override.id,
      starts_at: override.startsAt,
      ends_at: override.endsAt,
      position: override.position,
      person_id: override.personId,
      reason: override.reason,
      made_by: override.madeBy ?? null,
    })
    .execute()
}

export async function deleteOverride(tx: Tx, id: string): Promise<boolean> {
  return Number((await tx.deleteFrom('dx.rota_overrides').where('id', '=', id).executeTakeFirst()).numDeletedRows) > 0
}

/** The agency's own time zone: duty and nights are counted in it. */
export async function agencyZone(tx: Tx): Promise<string> {
  return (await tx.selectFrom('dx.agencies').select('zone').executeTakeFirstOrThrow()).zone
}

/** Personal addresses of a leaver stop working: one-time sign-in addresses and links to incidents. */
export async function closeLinksOf(tx: Tx, id: PersonId, now: Instant): Promise<void> {
  await tx.deleteFrom('dx.sign_in_links').where('person_id', '=', id).where('used_at', 'is', null).execute()
  await tx.updateTable('dx.links').set({ revoked_at: now }).where('person_id', '=', id).where('revoked_at', 'is', null).execute()
}
