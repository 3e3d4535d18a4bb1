import { z } from 'zod'
import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import { days, elapsed, type Instant, instant } from '../platform/time.ts'
import { type By, gapsAhead, writeDown } from './commands.ts'
import { firstProblem, isAvailable, isAway, type Person } from './people.ts'
import { type Duty, type Gap, gaps, type Override, onDuty, type Position, type Shift } from './rota.ts'
import {
  agencyZone,
  allPeople,
  allShifts,
  deleteOverride,
  deleteShifts,
  findPerson,
  insertOverride,
  insertShift,
  overridesFrom,
} from './store.ts'

const position = z.enum(['first', 'backup'], '请选值班或后备')
const shiftFields = z.object({
  weekday: z.number().int().min(1, '星期从 1（周一）到 7').max(7, '星期从 1（周一）到 7'),
  fromMinute: z.number().int().min(0, '开始时间在 0:00 到 23:59').max(1439, '开始时间在 0:00 到 23:59'),
  lengthMinutes: z.number().int().min(1, '一班至少 1 分钟').max(1440, '一班最长 24 小时，更长请分成两班'),
  position,
  personId: z.uuid('请选一个人'),
})
const moment = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), '时间格式不对')
  .transform((text) => instant(text))
const overrideFields = z.object({
  startsAt: moment,
  endsAt: moment,
  position,
  personId: z.uuid('请选一个人'),
  reason: z.string().trim().min(1, '请写换班的原因').max(200, '原因最多 200 个字'),
})
export type NewShift = z.input<typeof shiftFields>
export type NewOverride = z.input<typeof overrideFields>

/** Adds a weekly shift. Answers with the gaps that remain in the next two weeks. */
export async function addShift(app: App, by: By, fields: NewShift): Promise<Outcome<{ shiftId: string; gaps: Gap[] }>> {
  const read = shiftFields.safeParse(fields)
  if (!read.success) return refused(firstProblem(read.error))
  return withAgency(app.database, by.agencyId, async (tx, now) => {
    const problem = await cannotServe(tx, read.data.personId)
    if (problem) return refused(problem)
    const shift: Shift = { id: app.newId(), ...read.data }
    await insertShift(tx, shift)
    await writeDown(tx, by, 'shift-added', shift)
    return done({ shiftId: shift.id, gaps: await gapsAhead(tx, now) })
  })
}

export async function removeShift(app: App, by: By, shiftId: string): Promise<Outcome<{ gaps: Gap[] }>> {
  return withAgency(app.database, by.agencyId, async (tx, now) => {
    if ((await deleteShifts(tx, shiftId)) === 0) return refused('没有这一班，可能已被别人删掉。请刷新后再看。')
    await writeDown(tx, by, 'shift-removed', { shiftId })
    return done({ gaps: await gapsAhead(tx, now) })
  })
}

/** Replaces the whole weekly plan, or nothing of it. */
export async function planWeek(app: App, by: By, plan: NewShift[]): Promise<Outcome<{ gaps: Gap[] }>> {
  const read = z.array(shiftFields).max(200, '一周最多 200 班').safeParse(plan)
  if (!read.success) return refused(firstProblem(read.error))
  return withAgency(app.database, by.agencyId, async (tx, now) => {
    for (const personId of new Set(read.data.map((shift) => shift.personId))) {
      const problem = await cannotServe(tx, personId)
      if (problem) return refused(problem)
    }
    await deleteShifts(tx)
    for (const shift of read.data) await insertShift(tx, { id: app.newId(), ...shift })
    await writeDown(tx, by, 'week-planned', { shifts: read.data.length })
    return done({ gaps: await gapsAhead(tx, now) })
  })
}

/** Somebody else for a while: a swap, a holiday, a busy launch. */
export async function addOverride(app: App, by: By, fields: NewOverride): Promise<Outcome<{ overrideId: string; gaps: Gap[] }>> {
  const read = overrideFields.safeParse(fields)
  if (!read.success) return refused(firstProblem(read.error))
  const { startsAt, endsAt, personId } = read.data
  if (endsAt <= startsAt) return refused('换班结束要晚于开始。没有保存，请改好后再试。')
  if (elapsed(startsAt, endsAt) > days(62)) return refused('一次换班最长 62 天。没有保存；更久的变动请改每周的班表。')
  return withAgency(app.database, by.agencyId, async (tx, now) => {
    if (endsAt <= now) return refused('这段时间已经过去了。没有保存，请检查日期。')
    const problem = await cannotServe(tx, personId, startsAt)
    if (problem) return refused(problem)
    const override: Override = { id: app.newId(), ...read.data, madeBy: by.via === 'local' ? undefined : by.personId }
    await insertOverride(tx, override)
    await writeDown(tx, by, 'override-added', override)
    return done({ overrideId: override.id, gaps: await gapsAhead(tx, now) })
  })
}

export async function removeOverride(app: App, by: By, overrideId: string): Promise<Outcome<{ gaps: Gap[] }>> {
  return withAgency(app.database, by.agencyId, async (tx, now) => {
    if (!(await deleteOverride(tx, overrideId))) return refused('没有这次换班，可能已被别人删掉。请刷新后再看。')
    await writeDown(tx, by, 'override-removed', { overrideId })
    return done({ gaps: await gapsAhead(tx, now) })
  })
}

/** Why a person cannot take a duty: not here, or on leave when it begins. */
async function cannotServe(tx: Tx, personId: string, at?: Instant): Promise<string | undefined> {
  const person = await findPerson(tx, personId)
  if (!person) return '没有这个人，可能已被别人改过。请刷新后再选。'
  if (person.leftAt) return `${person.name} 已经离开，不能排班。没有保存，请换一个人。`
  return at && isAway(person, at) ? `${person.name} 那时在休假，不能换到这一班。没有保存，请换一个人。` : undefined
}

export type RotaView = { zone: string; now: Duty; people: Person[]; shifts: Shift[]; overrides: Override[]; gaps: Gap[] }

/** The rota as a page shows it: the plan, what replaces it, who is on now, and where nobody is. */
export async function rotaView(app: App, by: Pick<By, 'agencyId'>, from: Instant, to: Instant): Promise<RotaView> {
  return withAgency(app.database, by.agencyId, async (tx, now) => {
    const [shifts, people, zone] = [await allShifts(tx), await allPeople(tx), await agencyZone(tx)]
    const overrides = await overridesFrom(tx, from < now ? from : now)
    return {
      zone,
      shifts,
      overrides,
      people: people.filter((person) => !person.leftAt),
      now: onDuty(shifts, overrides, people, now, zone),
      gaps: gaps(shifts, overrides, people, from, to, zone),
    }
  })
}

/** Who answers now, with their names, for a banner or the command line. */
export async function onDutyNow(app: App, by: Pick<By, 'agencyId'>): Promise<{ [K in Position]?: Person }> {
  return withAgency(app.database, by.agencyId, async (tx, now) => {
    const people = (await allPeople(tx)).filter((person) => isAvailable(person, now))
    const duty = onDuty(await allShifts(tx), await overridesFrom(tx, now), people, now, await agencyZone(tx))
    const named = (id: string | undefined) => people.find((person) => person.id === id)
    return { first: named(duty.first), backup: named(duty.backup) }
  })
}
