import type { Instant } from '../platform/time.ts'

/** One way of reaching the client, in the order agreed with them. */
export type ClientWay = { way: 'account-manager' } | { way: 'sms' | 'voice' | 'email' | 'wecom'; to?: string }
export type Client = {
  id: string
  name: string
  contactName: string
  /** How a message to them begins: “王总”. */
  salutation: string
  phone: string | null
  email: string | null
  ways: ClientWay[]
  /** Minutes of the agency's day in which P3 and P4 wait; may pass midnight. */
  quietHours: { fromMinute: number; untilMinute: number } | null
  accountManagerId: string | null
  createdAt: Instant
}
