import { expect, test } from 'vitest'
import { givenWeChatWorld, must } from '../accounts/given-wechat.ts'
import { connectByAuthorization, setComponent, weChatFor } from '../accounts/index.ts'
import { withAgency } from '../platform/database.ts'
import { menu } from '../wechat/index.ts'
import { givenMonitoring, watchOver } from './given-monitoring.ts'

test('a token killed twice within minutes says that somebody else holds the secret', async () => {
  const world = await givenMonitoring()
  const kill = () => world.sim(`/accounts/${world.card.appid}/thief/force-refresh`, {})
  const call = async () => menu.getSelfMenu(must(await weChatFor(world.app, world.agency, world.account.id)).session)

  await kill()
  await call()
  await world.sim('/clock', { advanceMs: 31_000 })
  await kill()
  await call()
  await expect.poll(() => world.kinds(), { timeout: 8000 }).toContain('token-killed')

  expect((await world.signals()).filter((signal) => signal.kind === 'token-killed')).toHaveLength(1)
})

test('a secret that was frozen, or changed, behind our back is one signal, however many probes meet it', async () => {
  const world = await givenMonitoring()
  await world.sim('/switches', { tokensDieOnSecretFreeze: true })
  await world.console('secret', { act: 'freeze' })

  await world.lookAtEverything()
  await expect.poll(() => world.kinds(), { timeout: 8000 }).toContain('token-killed')

  const [signal, ...more] = (await world.signals()).filter((one) => one.kind === 'token-killed' && one.facts.code === 40243)
  expect(signal?.facts).toMatchObject({ reason: 'secret-frozen' })
  expect(more).toEqual([])
  expect((await world.probe('menu')).last_problem).toContain('40243')
})

test('a penalty shows in what WeChat refuses, and is told once', async () => {
  const world = await givenMonitoring()
  await world.sim(`/accounts/${world.card.appid}`, { penal: 'limited' })

  await world.lookAtEverything()
  await world.lookAtEverything()

  expect(await world.kinds()).toEqual(['standing-changed'])
  expect((await world.signals())[0]?.facts).toMatchObject({ to: 'restricted', code: 50002 })
})

test('when verification runs out WeChat’s own word for it is a signal', async () => {
  const world = await givenMonitoring()
  const { callback } = await world.connect()
  await world.pushTo(callback)

  await world.sim(`/accounts/${world.card.appid}/platform/standing`, {
    event: 'annual_renew',
    fields: { ExpiredTime: 1800000000 },
  })
  await world.sim(`/accounts/${world.card.appid}/platform/standing`, {
    event: 'verify_expired',
    fields: { ExpiredTime: 1800000000 },
  })
  await expect.poll(() => world.kinds(), { timeout: 5000 }).toEqual(['standing-changed'])

  expect((await world.signals())[0]?.facts).toMatchObject({ change: 'verification-expired', seenBy: 'push' })
})

test('a changed auto-reply is told once while it lasts, and again when it comes back', async () => {
  const world = await givenMonitoring()
  const reply = (content: string | null) => world.console('auto-reply', { added: content ? { type: 'text', content } : null })

  await reply('加微信 evil88 领红包 https://evil.example/')
  await world.lookAtEverything()
  await world.lookAtEverything()
  expect(await world.kinds()).toEqual(['auto-reply-drift'])
  expect((await world.signals())[0]?.facts.newLinks).toEqual(['https://evil.example/'])

  await reply(null)
  await world.lookAtEverything()
  await reply('加微信 evil88 领红包 https://evil.example/')
  await world.lookAtEverything()
  expect(await world.kinds()).toEqual(['auto-reply-drift', 'auto-reply-drift'])
})

test('with a component, a withdrawn authorisation and a changed standing are signals', async () => {
  const world = await givenWeChatWorld()
  const { component } = world.wechat
  const addresses = must(await setComponent(world.app, world.mei, { ...component, baseUrl: world.wechat.url }))
  await world.sim('/component', { ...addresses, token: component.token, aesKey: component.aesKey })
  await expect
    .poll(
      () =>
        withAgency(
          world.app.database,
          world.agency,
          async (tx) => (await tx.selectFrom('dx.components').select('ticket_at').executeTakeFirst())?.ticket_at ?? null,
        ),
      { timeout: 5000 },
    )
    .not.toBe(null)
  const { authorization_code, auth_code, code } = (await world.sim(
    `/accounts/${world.card.appid}/console/authorise`,
    {},
  )) as Record<string, string>
  const { account } = must(
    await connectByAuthorization(world.app, world.mei, { code: (authorization_code ?? auth_code ?? code)! }),
  )
  expect(account).toMatchObject({
    mode: 'component',
    reception: 'component',
    verified: true,
    kind: world.card.kind,
    userName: world.card.userName,
  })
  const watched = await watchOver(world, account)

  await world.sim(`/accounts/${world.card.appid}`, { accountStatus: 19 })
  await watched.lookAtEverything()
  expect(await watched.kinds()).toEqual(['standing-changed'])
  await watched.console('publish', { by: 'thief', notify: true, articles: [{ title: '中奖' }] })
  await expect.poll(() => watched.kinds(), { timeout: 5000 }).toContain('unknown-mass-send')
  await watched.console('withdraw', {})
  await expect.poll(() => watched.kinds(), { timeout: 5000 }).toContain('authorisation-withdrawn')

  const { authorised } = await withAgency(world.app.database, world.agency, (tx) =>
    tx.selectFrom('dx.accounts').select('authorised').executeTakeFirstOrThrow(),
  )
  expect(authorised).toBe(false)
  expect((await watched.kinds()).filter((kind) => kind === 'authorisation-withdrawn')).toHaveLength(1)
})
