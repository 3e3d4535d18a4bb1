import { sql } from 'kysely'
import { z } from 'zod'
import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import { days, hours, type Instant, minutes } from '../platform/time.ts'
import { type By, writeDown } from './commands.ts'
import {
  defaultPolicies,
  type EscalationPolicy,
  everySeverity,
  everyWhom,
  type OnCallPerson,
  type Roster,
  type Severity,
  type Whom,
} from './escalation.ts'
import { firstProblem, isAvailable, type Person } from './people.ts'
import { defaultNight, type QuietHours } from './quiet-hours.ts'
import { onDuty } from './rota.ts'
import { agencyZone, allPeople, allShifts, overridesFrom } from './store.ts'
import { everyWay, type Way } from './ways.ts'

const hop = z.object({
  after: z.number().int().min(0).max(hours(24), '一级最晚在 24 小时内'),
  whom: z.enum(everyWhom as [Whom, ...Whom[]], '请选通知谁'),
  ways: z.array(z.enum(everyWay as [Way, ...Way[]], '通知方式不认识')).min(1, '每一级至少选一种通知方式'),
})
const shape = z
  .object({
    hops: z.array(hop).min(1, '至少要有一级').max(20, '最多 20 级'),
    repeat: z.object({
      times: z.number().int().min(0).max(20),
      every: z.number().int().min(minutes(1), '重复间隔至少 1 分钟').max(days(1)),
    }),
    acknowledgementLease: z.number().int().min(minutes(2), '接手有效期至少 2 分钟').max(days(7)),
  })
  .refine((policy) => policy.hops[0]?.after === 0, '第一级要立刻开始')
  .refine((policy) => policy.hops.every((each, i) => i === 0 || each.after >= policy.hops[i - 1]!.after), '每一级不能早于上一级')

/** Checks a policy as entered. P1 and P2 must climb beyond the one on duty: one sleeping phone is not a plan. */
export function checkPolicy(severity: Severity, policy: unknown): Outcome<EscalationPolicy> {
  const read = shape.safeParse(policy)
  if (!read.success) return refused(firstProblem(read.error))
  const climbs = read.data.hops.some((each) => each.whom !== 'first')
  if ((severity === 'P1' || severity === 'P2') && !climbs)
    return refused('紧急和严重事件要能升级到后备或负责人。没有保存，请至少加一级。')
  return done(read.data)
}

/** The agency's policies; where it set none, ours. An incident keeps a copy of the one it began with. */
export async function escalationPolicies(tx: Tx): Promise<Record<Severity, EscalationPolicy>> {
  const { settings } = await tx.selectFrom('dx.agencies').select('settings').executeTakeFirstOrThrow()
  const own = z
    .object({ escalation: z.partialRecord(z.enum(everySeverity as [Severity, ...Severity[]]), shape).optional() })
    .parse(settings)
  return { ...defaultPolicies, ...own.escalation }
}

/** Sets the policy for incidents that open from now on. */
export async function setEscalation(app: App, by: By, severity: Severity, policy: unknown): Promise<Outcome<EscalationPolicy>> {
  const checked = checkPolicy(severity, policy)
  if (!checked.ok) return checked
  return withAgency(app.database, by.agencyId, async (tx) => {
    const own = sql`jsonb_build_object(${severity}::text, ${JSON.stringify(checked.value)}::jsonb)`
    await sql`update dx.agencies set settings = settings || jsonb_build_object('escalation', coalesce(settings -> 'escalation', '{}') || ${own})`.execute(
      tx,
    )
    await writeDown(tx, by, 'escalation-changed', { severity })
    return done(checked.value)
  })
}

/** The agency's night, in its own zone. */
export const nightOf = async (tx: Tx): Promise<QuietHours> => ({ ...defaultNight, zone: await agencyZone(tx) })

/** The people a ladder may reach at a moment: on duty by the rota, the rest by role, nobody who is away. */
export async function rosterAt(tx: Tx, at: Instant, only: { accountManagerId?: string } = {}): Promise<Roster> {
  const [shifts, overrides, people, zone] = [
    await allShifts(tx),
    await overridesFrom(tx, at),
    await allPeople(tx),
    await agencyZone(tx),
  ]
  const here = people.filter((person) => isAvailable(person, at))
  const duty = onDuty(shifts, overrides, people, at, zone)
  const byId = (id: string | undefined) => here.find((person) => person.id === id)
  const withRole = (role: Person['role']) => here.filter((person) => person.role === role)
  const leads = withRole('lead')
  const manager = byId(only.accountManagerId)
  const [first, backup] = [byId(duty.first), byId(duty.backup)]
  return {
    first: first && onCall(first),
    backup: backup && onCall(backup),
    // An agency without a lead at work still has somebody who decides.
    leads: (leads.length > 0 ? leads : withRole('admin')).map(onCall),
    accountManagers: (manager ? [manager] : withRole('account-manager')).map(onCall),
    everyone: here.map(onCall),
  }
}

const onCall = ({ id, name, channels, phone, email, drillConsent }: Person): OnCallPerson => ({
  id,
  name,
  channels,
  phone,
  email,
  drillConsent,
})
