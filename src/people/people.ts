import { z } from 'zod'
import { everyRole, type Role } from '../platform/access.ts'
import type { Instant } from '../platform/time.ts'
import { wayOf } from './ways.ts'

export type PersonId = string

/** One way to reach a person: the kind of channel (`src/comms/channels`) and the address there. */
export type PersonChannel = { kind: string; to: string }

export type Person = {
  id: PersonId
  userId?: string
  name: string
  role: Role
  phone?: string
  email?: string
  /** In the order in which they are to be tried. */
  channels: PersonChannel[]
  /** Agreed to be rung in drills. */
  drillConsent: boolean
  awayFrom?: Instant
  awayUntil?: Instant
  leftAt?: Instant
}

export const roleNames: Record<Role, string> = {
  admin: '管理员',
  lead: '运营负责人',
  'account-manager': '客户经理',
  editor: '编辑',
  duty: '值班编辑',
}

/** Left the agency by this moment; a leaver is neither woken nor let in. */
export const hasLeft = (person: Pick<Person, 'leftAt'>, at: Instant): boolean =>
  person.leftAt !== undefined && person.leftAt <= at

/** On leave at this moment. Without an end the leave lasts until someone ends it. */
export function isAway(person: Pick<Person, 'awayFrom' | 'awayUntil'>, at: Instant): boolean {
  if (person.awayFrom === undefined || at < person.awayFrom) return false
  return person.awayUntil === undefined || at < person.awayUntil
}

export const isAvailable = (person: Pick<Person, 'leftAt' | 'awayFrom' | 'awayUntil'>, at: Instant): boolean =>
  !hasLeft(person, at) && !isAway(person, at)

/** Before the last admin leaves or changes role: somebody must stay able to let people in. */
export function isLastAdmin(people: Person[], id: PersonId): boolean {
  const admins = people.filter((person) => person.role === 'admin' && person.leftAt === undefined)
  return admins.length === 1 && admins[0]!.id === id
}

const phone = z
  .string()
  .trim()
  .transform((text) => text.replace(/[\s-]/g, '').replace(/^(\+?86)(?=1\d{10}$)/, ''))
  .refine((text) => /^1[3-9]\d{9}$/.test(text) || /^\+\d{6,15}$/.test(text), '手机号应是 11 位数字，境外号码以 + 开头')
const email = z.string().trim().toLowerCase().pipe(z.email('邮箱格式不对，例如 mei@example.com'))
const channel = z
  .object({
    kind: z.string().refine((kind) => wayOf(kind) !== undefined, '通知方式不认识'),
    to: z.string().trim().min(1, '通知方式缺少地址').max(200, '通知方式的地址太长'),
  })
  .transform(({ kind, to }, context) => {
    const way = wayOf(kind)
    const checked = way === 'sms' || way === 'voice' ? phone.safeParse(to) : way === 'email' ? email.safeParse(to) : { data: to }
    if (checked.data === undefined) context.addIssue(`通知方式的地址不对：${firstMessage(checked.error)}`)
    return { kind, to: checked.data ?? to }
  })
const firstMessage = (error: z.ZodError | undefined) => error?.issues[0]?.message ?? '请检查'

/** What an admin may enter about a person. `null` empties a field. */
export const personFields = z.object({
  name: z.string().trim().min(1, '请填姓名').max(40, '姓名最多 40 个字'),
  role: z.enum(everyRole as [Role, ...Role[]], '请选一个角色'),
  phone: phone.nullish(),
  email: email.nullish(),
  channels: z.array(channel).max(12, '通知方式最多 12 个').optional(),
  drillConsent: z.boolean().optional(),
})
export type PersonFields = z.input<typeof personFields>
export type CheckedPerson = z.output<typeof personFields>

/** The first thing wrong with what was entered, as one sentence. */
export const firstProblem = (error: z.ZodError): string =>
  `${error.issues[0]?.message ?? '填写的内容不对'}。没有保存，请改好后再试。`
