import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { givenAgency, givenApp } from '../../scenarios/given-app.ts'
import type { Actor } from '../platform/access.ts'
import { withAgency } from '../platform/database.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'
import { agreeToRemoval, type ClientInput, changeAccount, changeClient, createClient } from './commands.ts'
import { must } from './given-wechat.ts'
import { accountById, listClients } from './store.ts'

const brand: ClientInput = {
  name: '青禾茶饮',
  contactName: '王敏',
  salutation: '王总',
  ways: [{ way: 'account-manager' }, { way: 'sms', to: '13900000000' }],
  quietHours: { fromMinute: 1380, untilMinute: 420 },
}

async function given() {
  const app = await givenApp()
  const agencyId = await givenAgency(app)
  const mei: Actor = { agencyId, personId: randomUUID(), name: 'Mei', role: 'lead', via: 'session' }
  const client = must(await createClient(app, mei, brand))
  const [mine, spare, laoZhou, gone] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  await withAgency(app.database, agencyId, async (tx) => {
    for (const [id, appid] of [
      [mine, 'wx0000000000000001'],
      [spare, 'wx0000000000000002'],
    ] as const)
      await tx
        .insertInto('dx.accounts')
        .values({
          agency_id: thisAgency,
          id,
          client_id: client.id,
          name: appid,
          appid,
          mode: 'secret',
          base_url: 'https://api.weixin.qq.com',
        })
        .execute()
    const person = (id: string, left: boolean) => ({
      agency_id: thisAgency,
      id,
      name: '老周',
      role: 'duty',
      channels: jsonb([]),
      left_at: left ? ('2026-01-01T00:00:00.000Z' as never) : null,
    })
    await tx
      .insertInto('dx.people')
      .values([person(laoZhou, false), person(gone, true)])
      .execute()
  })
  return { app, mei, client, mine, spare, laoZhou, gone }
}

test('a client is kept as it was agreed, quiet hours over midnight included', async () => {
  const { app, mei, client } = await given()

  const changed = must(await changeClient(app, mei, client.id, { ...brand, salutation: '王女士' }))

  expect(changed).toMatchObject({
    salutation: '王女士',
    quietHours: { fromMinute: 1380, untilMinute: 420 },
    ways: [{ way: 'account-manager' }, { way: 'sms', to: '13900000000' }],
  })
})

test.each([
  [{ ...brand, salutation: ' ' }, '请填写称呼'],
  [{ ...brand, ways: [] }, '请至少选一种联系客户的方式'],
  [{ ...brand, phone: 'abc' }, '电话只能是数字'],
])('an incomplete client is refused in words', async (input, words) => {
  const { app, mei } = await given()

  const answer = await createClient(app, mei, input)

  expect(answer.ok ? '' : answer.reason).toContain(words)
  expect(await withAgency(app.database, mei.agencyId, listClients)).toHaveLength(1)
})

test('an account has two different people on duty for it, both still here', async () => {
  const { app, mei, mine, laoZhou, gone } = await given()

  expect(await changeAccount(app, mei, mine, { personA: laoZhou, personB: laoZhou })).toMatchObject({ ok: false })
  expect(await changeAccount(app, mei, mine, { personB: gone })).toMatchObject({ ok: false })
  expect(must(await changeAccount(app, mei, mine, { personA: laoZhou }))).toMatchObject({ personA: laoZhou, personB: null })
})

test('custodians, spare account and outsiders are kept; what is not named stays', async () => {
  const { app, mei, mine, spare } = await given()
  const outsiders = [{ name: '市场部', kind: 'person' as const, days: [1, 2], fromMinute: 540, untilMinute: 1080 }]

  must(await changeAccount(app, mei, mine, { outsiders, custodians: [{ name: '李管理员', phone: '139' }] }))
  const account = must(await changeAccount(app, mei, mine, { spareAccountId: spare }))

  expect(account).toMatchObject({ outsiders, custodians: [{ name: '李管理员' }], spareAccountId: spare })
  expect(await changeAccount(app, mei, mine, { spareAccountId: mine })).toMatchObject({ ok: false })
})

test('an agreement to remove needs a name, and can be withdrawn', async () => {
  const { app, mei, mine } = await given()

  expect(await agreeToRemoval(app, mei, mine, { by: '', text: '可以删' })).toMatchObject({ ok: false })
  const agreed = must(await agreeToRemoval(app, mei, mine, { by: '王敏', text: '被盗后发布的内容可以由系统删除' }))
  const withdrawn = must(await agreeToRemoval(app, mei, mine, null))

  expect(agreed.removalAgreement).toMatchObject({ by: '王敏', at: expect.stringMatching(/^\d{4}-/) })
  expect(withdrawn.removalAgreement).toBe(null)
})

test('Chen of another agency sees and changes nothing', async () => {
  const { app, mine, client } = await given()
  await givenAgency(app, 'chens', '陈的公司')
  const chen: Actor = { agencyId: 'chens', personId: randomUUID(), name: 'Chen', role: 'admin', via: 'session' }

  expect(await changeAccount(app, chen, mine, { name: '我的了' })).toMatchObject({ ok: false })
  expect(await changeClient(app, chen, client.id, brand)).toMatchObject({ ok: false })
  expect(await withAgency(app.database, 'chens', (tx) => accountById(tx, mine))).toBe(undefined)
})
