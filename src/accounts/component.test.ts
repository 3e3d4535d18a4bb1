import { expect, test } from 'vitest'
import { withAgency } from '../platform/database.ts'
import { runDueEffects } from '../platform/outbox.ts'
import { menu } from '../wechat/index.ts'
import { askForTicket, authorizationUrl, connectByAuthorization, setComponent } from './connect-component.ts'
import { accountEffects } from './effects.ts'
import { givenWeChatWorld, must, type WeChatWorld } from './given-wechat.ts'
import { weChatFor } from './wechat-session.ts'

const inAgency = <T>(world: WeChatWorld, work: Parameters<typeof withAgency<T>>[2]) =>
  withAgency(world.app.database, world.agency, work)
const authorise = async (world: WeChatWorld) => {
  const answer = (await world.sim(`/accounts/${world.card.appid}/console/authorise`, {})) as Record<string, string>
  return (answer.authorization_code ?? answer.auth_code ?? answer.code)!
}
const effects = (world: WeChatWorld) =>
  runDueEffects(world.app.database, accountEffects(world.app), {
    worker: 'w1',
    slots: 1,
    onProblem: (problem) => {
      throw problem.error
    },
  })

async function givenComponent(): Promise<WeChatWorld> {
  const world = await givenWeChatWorld()
  await register(world)
  return world
}
async function register(world: WeChatWorld) {
  const { component } = world.wechat
  const addresses = must(await setComponent(world.app, world.mei, { ...component, baseUrl: world.wechat.url }))
  await world.sim('/component', { ...addresses, token: component.token, aesKey: component.aesKey })
}
async function ticketArrived(world: WeChatWorld) {
  must(await askForTicket(world.app, world.mei))
  await expect
    .poll(
      () =>
        inAgency(
          world,
          async (tx) => (await tx.selectFrom('dx.components').select('ticket_at').executeTakeFirst())?.ticket_at ?? null,
        ),
      { timeout: 5000 },
    )
    .not.toBe(null)
}

test('before the first ticket a person is told to wait; after it the administrator can scan', async () => {
  const world = await givenWeChatWorld()
  const page = { redirectUri: 'https://dingxin.example/back' }
  must(await setComponent(world.app, world.mei, { ...world.wechat.component, baseUrl: world.wechat.url }))

  const early = await authorizationUrl(world.app, world.mei, page)
  await register(world)
  await ticketArrived(world)
  const late = must(await authorizationUrl(world.app, world.mei, page))

  expect(early.ok ? '' : early.reason).toContain('component_verify_ticket')
  expect(new URL(late.url).searchParams.get('redirect_uri')).toBe(page.redirectUri)
})

test('a ticket is kept sealed and is in no other place', async () => {
  const world = await givenComponent()
  await ticketArrived(world)
  const { ticket } = (await world.sim('/component')) as { ticket: string }

  const kept = await inAgency(world, async (tx) =>
    JSON.stringify(
      [
        await tx.selectFrom('dx.components').selectAll().execute(),
        await tx.selectFrom('dx.pushes').selectAll().execute(),
        await tx.selectFrom('dx.wechat_calls').selectAll().execute(),
      ],
      (_, value) => (value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value),
    ),
  )

  expect(ticket.length).toBeGreaterThan(10)
  expect(kept).not.toContain(ticket)
})

test('after the client froze the secret we still speak for the account', async () => {
  const world = await givenComponent()
  await ticketArrived(world)
  const { account } = must(await connectByAuthorization(world.app, world.mei, { code: await authorise(world) }))

  await world.sim(`/accounts/${world.card.appid}/console/secret`, { act: 'freeze' })
  const { session } = must(await weChatFor(world.app, world.agency, account.id))

  expect(await menu.getSelfMenu(session)).toMatchObject({ ok: true })
})

test('when the client authorises us anew, the live refresh token is fetched without anybody’s help', async () => {
  const world = await givenComponent()
  await ticketArrived(world)
  const { account } = must(await connectByAuthorization(world.app, world.mei, { code: await authorise(world) }))
  await inAgency(world, (tx) => tx.updateTable('dx.accounts').set({ authorised: false }).execute())
  await world.sim(`/accounts/${world.card.appid}/console/withdraw`, {})

  await authorise(world)
  await expect.poll(() => effects(world), { timeout: 5000 }).toBe(1)

  const { session } = must(await weChatFor(world.app, world.agency, account.id))
  expect(await menu.getSelfMenu(session)).toMatchObject({ ok: true })
})

test('a used authorisation code is refused in words', async () => {
  const world = await givenComponent()
  await ticketArrived(world)
  const code = await authorise(world)
  must(await connectByAuthorization(world.app, world.mei, { code }))

  const again = await connectByAuthorization(world.app, world.mei, { code })

  expect(again.ok ? '' : again.reason).toContain('请客户重新扫码')
})
