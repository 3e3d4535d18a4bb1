import type { AccountRow } from '../../../src/contract.ts'
import { minuteOf, timeOf } from '../settings/wall-time.ts'

export type Custodian = { name: string; phone?: string; device?: string }
export type Outsider = { name: string; kind: 'person' | 'system'; days?: number[]; fromMinute?: number; untilMinute?: number }
/** What a list of accounts may tell about its keeping; names alone come with every account. */
export type Keeping = { custodians?: Custodian[]; outsiders?: Outsider[] }
export type KeptAccount = AccountRow & { keeping?: Keeping }

export type OutsiderFields = { name: string; kind: 'person' | 'system'; days?: number[]; from?: string; until?: string }
export type KeepingFields = {
  clientId?: string
  personA?: string
  personB?: string
  spareAccountId?: string
  custodians?: Custodian[]
  outsiders?: OutsiderFields[]
}
type Named = { id: string; name: string }

/** The form as it stands on the server. Rows carry names, so each is looked up; a name borne twice is left open. */
export function fieldsOf(row: KeptAccount, known: { clients: Named[]; people: Named[]; accounts: Named[] }): KeepingFields {
  return {
    clientId: idOf(row.clientName, known.clients),
    personA: idOf(row.personA, known.people),
    personB: idOf(row.personB, known.people),
    spareAccountId: idOf(row.spareAccountName, known.accounts),
    custodians: row.keeping?.custodians ?? row.custodians.map((name) => ({ name })),
    outsiders: (row.keeping?.outsiders ?? []).map(({ fromMinute, untilMinute, ...outsider }) => ({
      ...outsider,
      from: fromMinute === undefined ? undefined : timeOf(fromMinute),
      until: untilMinute === undefined ? undefined : timeOf(untilMinute),
    })),
  }
}

function idOf(name: string | undefined, among: Named[]): string | undefined {
  const found = among.filter((one) => one.name === name)
  return found.length === 1 ? found[0]?.id : undefined
}

/**
 * Only what was changed is sent. Lists are replaced as a whole on the server, so a list nobody touched must stay home: it may hold
 * phones and hours that this page was not shown.
 */
export function changeFrom(before: KeepingFields, now: KeepingFields) {
  const differs = (key: keyof KeepingFields) => JSON.stringify(before[key] ?? null) !== JSON.stringify(now[key] ?? null)
  return {
    ...(differs('clientId') && now.clientId ? { clientId: now.clientId } : {}),
    ...(differs('personA') ? { personA: now.personA ?? null } : {}),
    ...(differs('personB') ? { personB: now.personB ?? null } : {}),
    ...(differs('spareAccountId') ? { spareAccountId: now.spareAccountId ?? null } : {}),
    ...(differs('custodians') ? { custodians: (now.custodians ?? []).map(custodianFrom) } : {}),
    ...(differs('outsiders') ? { outsiders: (now.outsiders ?? []).map(outsiderFrom) } : {}),
  }
}

const custodianFrom = ({ name, phone, device }: Custodian): Custodian => ({
  name: name.trim(),
  ...(phone?.trim() ? { phone: phone.trim() } : {}),
  ...(device?.trim() ? { device: device.trim() } : {}),
})

function outsiderFrom({ name, kind, days, from, until }: OutsiderFields): Outsider {
  const [fromMinute, untilMinute] = [minuteOf(from ?? ''), minuteOf(until ?? '')]
  return {
    name: name.trim(),
    kind,
    ...(days?.length ? { days } : {}),
    ...(fromMinute === undefined ? {} : { fromMinute }),
    ...(untilMinute === undefined ? {} : { untilMinute }),
  }
}
