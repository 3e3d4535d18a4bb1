import { z } from 'zod'
import type { Actor } from '../platform/access.ts'
import type { App } from '../platform/app.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'
import { done, type Outcome, refused } from '../platform/outcome.ts'
import type { Account, AccountId } from './account.ts'
import { audit } from './audit.ts'
import type { Client } from './client.ts'
import { accountById, clientById } from './store.ts'

const minuteOfDay = z.number().int().min(0).max(1439)
const clientShape = z.object({
  name: z.string().trim().min(1, '请填写客户名称').max(100),
  contactName: z.string().trim().min(1, '请填写联系人').max(50),
  salutation: z.string().trim().min(1, '请填写称呼，例如“王总”').max(50),
  phone: z
    .string()
    .regex(/^\+?\d{6,15}$/, '电话只能是数字')
    .nullish(),
  email: z.email('邮箱格式不对').nullish(),
  ways: z
    .array(
      z.union([
        z.object({ way: z.literal('account-manager') }),
        z.object({ way: z.enum(['sms', 'voice', 'email', 'wecom']), to: z.string().min(1).optional() }),
      ]),
    )
    .min(1, '请至少选一种联系客户的方式'),
  quietHours: z.object({ fromMinute: minuteOfDay, untilMinute: minuteOfDay }).nullish(),
  accountManagerId: z.uuid().nullish(),
})
export type ClientInput = z.input<typeof clientShape>

export async function createClient(app: App, actor: Actor, input: ClientInput): Promise<Outcome<Client>> {
  const read = clientShape.safeParse(input)
  if (!read.success) return refused(problemText(read.error))
  return withAgency(app.database, actor.agencyId, async (tx) => {
    if (await isMissing(tx, read.data.accountManagerId)) return noManager
    const id = app.newId()
    await tx
      .insertInto('dx.clients')
      .values({ agency_id: thisAgency, id, ...clientColumns(read.data) })
      .execute()
    await audit(tx, actor.personId, 'client-created', { clientId: id, name: read.data.name })
    return done((await clientById(tx, id))!)
  })
}

export async function changeClient(app: App, actor: Actor, id: string, input: ClientInput): Promise<Outcome<Client>> {
  const read = clientShape.safeParse(input)
  if (!read.success) return refused(problemText(read.error))
  return withAgency(app.database, actor.agencyId, async (tx) => {
    if (await isMissing(tx, read.data.accountManagerId)) return noManager
    const changed = await tx.updateTable('dx.clients').set(clientColumns(read.data)).where('id', '=', id).executeTakeFirst()
    if (changed.numUpdatedRows === 0n) return refused('没有找到这个客户，什么都没有改。')
    await audit(tx, actor.personId, 'client-changed', { clientId: id })
    return done((await clientById(tx, id))!)
  })
}

const noManager = refused('选中的客户经理不在岗，什么都没有保存。请换一位。')
/** A word to the client that waits for somebody who is not here would wait in silence. */
async function isMissing(tx: Tx, personId: string | null | undefined): Promise<boolean> {
  if (!personId) return false
  const found = await tx
    .selectFrom('dx.people')
    .select('id')
    .where('id', '=', personId)
    .where('left_at', 'is', null)
    .executeTakeFirst()
  return !found
}

const clientColumns = (client: z.output<typeof clientShape>) => ({
  name: client.name,
  contact_name: client.contactName,
  salutation: client.salutation,
  phone: client.phone ?? null,
  email: client.email ?? null,
  ways: jsonb(client.ways),
  quiet_from_minute: client.quietHours?.fromMinute ?? null,
  quiet_until_minute: client.quietHours?.untilMinute ?? null,
  account_manager_id: client.accountManagerId ?? null,
})

const outsiderShape = z.object({
  name: z.string().trim().min(1, '请写明是谁或哪个系统').max(100),
  kind: z.enum(['person', 'system']),
  days: z.array(z.number().int().min(1).max(7)).max(7).optional(),
  fromMinute: minuteOfDay.optional(),
  untilMinute: z.number().int().min(0).max(1440).optional(),
})
const accountShape = z.object({
  name: z.string().trim().min(1, '账号名称不能为空').max(100).optional(),
  clientId: z.uuid().optional(),
  /** For a person to state what WeChat does not tell a holder of the secret. */
  kind: z.enum(['SUB', 'SVC']).optional(),
  personA: z.uuid().nullish(),
  personB: z.uuid().nullish(),
  custodians: z
    .array(
      z.object({ name: z.string().trim().min(1), phone: z.string().max(30).optional(), device: z.string().max(100).optional() }),
    )
    .max(10)
    .optional(),
  spareAccountId: z.uuid().nullish(),
  outsiders: z.array(outsiderShape).max(50).optional(),
})
export type AccountChange = z.input<typeof accountShape>

/** Changes what people know about an account; what WeChat knows is read by connecting. */
export async function changeAccount(app: App, actor: Actor, id: AccountId, change: AccountChange): Promise<Outcome<Account>> {
  const read = accountShape.safeParse(change)
  if (!read.success) return refused(problemText(read.error))
  const wanted = read.data
  return withAgency(app.database, actor.agencyId, async (tx) => {
    const account = await accountById(tx, id)
    if (!account) return refused('没有找到这个账号，什么都没有改。')
    const wrong = await wrongReference(tx, account, wanted)
    if (wrong) return refused(wrong)
    await tx
      .updateTable('dx.accounts')
      .set({
        ...(wanted.name === undefined ? {} : { name: wanted.name }),
        ...(wanted.clientId === undefined ? {} : { client_id: wanted.clientId }),
        ...(wanted.kind === undefined ? {} : { kind: wanted.kind }),
        ...(wanted.personA === undefined ? {} : { person_a: wanted.personA }),
        ...(wanted.personB === undefined ? {} : { person_b: wanted.personB }),
        ...(wanted.custodians === undefined ? {} : { custodians: jsonb(wanted.custodians) }),
        ...(wanted.spareAccountId === undefined ? {} : { spare_account_id: wanted.spareAccountId }),
        ...(wanted.outsiders === undefined ? {} : { outsiders: jsonb(wanted.outsiders) }),
        agency_id: thisAgency,
      })
      .where('id', '=', id)
      .execute()
    await audit(tx, actor.personId, 'account-changed', { accountId: id, changed: Object.keys(wanted) })
    return done((await accountById(tx, id))!)
  })
}

async function wrongReference(tx: Tx, account: Account, wanted: z.output<typeof accountShape>): Promise<string | undefined> {
  const personA = wanted.personA === undefined ? account.personA : wanted.personA
  const personB = wanted.personB === undefined ? account.personB : wanted.personB
  if (personA && personA === personB) return 'A 岗和 B 岗不能是同一个人：一人失联时要有另一人顶上。什么都没有改。'
  const people = [wanted.personA, wanted.personB].filter((id) => typeof id === 'string')
  if (people.length > 0) {
    const found = await tx.selectFrom('dx.people').select('id').where('id', 'in', people).where('left_at', 'is', null).execute()
    if (found.length < new Set(people).size) return '选中的人已不在岗，什么都没有改。请换一位。'
  }
  if (wanted.clientId && !(await clientById(tx, wanted.clientId))) return '没有找到这个客户，什么都没有改。'
  if (wanted.spareAccountId === account.id) return '备用账号不能是它自己，什么都没有改。'
  if (wanted.spareAccountId && !(await accountById(tx, wanted.spareAccountId))) return '没有找到备用账号，什么都没有改。'
  return undefined
}

/** Records the client's agreement, by name, that a machine may remove rogue articles; `null` withdraws it (promise 11). */
export async function agreeToRemoval(
  app: App,
  actor: Actor,
  id: AccountId,
  agreement: { by: string; text: string } | null,
): Promise<Outcome<Account>> {
  if (agreement && (!agreement.by.trim() || !agreement.text.trim()))
    return refused('请写明是客户方哪一位同意的、同意了什么。没有姓名的同意不算数，什么都没有改。')
  return withAgency(app.database, actor.agencyId, async (tx, now) => {
    const value = agreement && { by: agreement.by.trim(), at: now, text: agreement.text.trim() }
    const changed = await tx
      .updateTable('dx.accounts')
      .set({ removal_agreement: value && jsonb(value) })
      .where('id', '=', id)
      .executeTakeFirst()
    if (changed.numUpdatedRows === 0n) return refused('没有找到这个账号，什么都没有改。')
    await audit(tx, actor.personId, agreement ? 'removal-agreed' : 'removal-agreement-withdrawn', { accountId: id, ...value })
    return done((await accountById(tx, id))!)
  })
}

const problemText = (error: z.ZodError): string =>
  `没有保存：${[...new Set(error.issues.map((issue) => (/[一-鿿]/.test(issue.message) ? issue.message : `${issue.path.join('.')} 填写有误`)))].join('；')}。`
