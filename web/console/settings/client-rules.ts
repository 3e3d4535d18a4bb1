import type { ClientRow } from '../../../src/contract.ts'
import type { Need } from '../../../src/platform/access.ts'
import { minuteOf, timeOf } from './wall-time.ts'

/** As the contract has it for adding and changing clients. */
export const clientKeepers: Need = { who: 'staff', roles: ['admin', 'lead', 'account-manager'] }
export const clientWays = ['account-manager', 'wecom', 'sms', 'voice', 'email'] as const

/** A client as a form holds it: times as clocks write them, nothing as empty text. */
export type ClientFields = {
  name: string
  contactName: string
  salutation: string
  phone?: string
  email?: string
  ways: { way: (typeof clientWays)[number]; to?: string }[]
  quietFrom?: string
  quietUntil?: string
  accountManagerId?: string
}

export const fieldsOf = (client: ClientRow): ClientFields => ({
  name: client.name,
  contactName: client.contactName,
  salutation: client.salutation,
  phone: client.phone ?? undefined,
  email: client.email ?? undefined,
  ways: client.ways,
  quietFrom: client.quietHours ? timeOf(client.quietHours.fromMinute) : undefined,
  quietUntil: client.quietHours ? timeOf(client.quietHours.untilMinute) : undefined,
  accountManagerId: client.accountManagerId ?? undefined,
})

/** Back again. What was emptied goes as `null`, or the server would keep the former number. */
export function clientFrom(fields: ClientFields): Omit<ClientRow, 'id' | 'accounts'> {
  const [fromMinute, untilMinute] = [minuteOf(fields.quietFrom ?? ''), minuteOf(fields.quietUntil ?? '')]
  return {
    name: fields.name,
    contactName: fields.contactName,
    salutation: fields.salutation,
    phone: fields.phone?.trim() || null,
    email: fields.email?.trim() || null,
    // The account manager passes it on by hand, so there is no address.
    ways: fields.ways.map(({ way, to }) => (way === 'account-manager' || !to?.trim() ? { way } : { way, to: to.trim() })),
    quietHours: fromMinute === undefined || untilMinute === undefined ? null : { fromMinute, untilMinute },
    accountManagerId: fields.accountManagerId ?? null,
  }
}
