import { expect, test } from 'vitest'
import { must } from '../accounts/given-wechat.ts'
import { withAgency } from '../platform/database.ts'
import { approveBaseline } from './approving.ts'
import { givenMonitoring, type MonitoringWorld } from './given-monitoring.ts'
import { articleIsGone, menuIsBaseline, removeArticle, restoreMenu } from './restoring.ts'
import { snapshotAccount } from './snapshot.ts'

const menuOf = async (world: MonitoringWorld) =>
  ((await world.sim(`/accounts/${world.card.appid}/state`)) as { menu: { button: { name: string; type: string }[] } | null }).menu
const ownMenu = {
  button: [
    { type: 'view', name: '官网', url: 'https://brand.example/' },
    { type: 'text', name: '优惠', value: '今日八折' },
  ],
}
const withMenu = () =>
  givenMonitoring({ before: async ({ sim, card }) => void (await sim(`/accounts/${card.appid}/console/menu`, ownMenu)) })

test('a menu the thief replaced is put back, and our putting it back is no drift', async () => {
  const world = await withMenu()
  await world.sim(`/accounts/${world.card.appid}/thief/menu`, {})
  await expect.poll(() => world.kinds(), { timeout: 8000 }).toContain('menu-drift')
  expect(await menuIsBaseline(world.app, world.agency, world.account.id)).toEqual({ result: 'not-done' })

  const result = await restoreMenu(world.app, world.agency, world.account.id)

  expect(result).toMatchObject({ result: 'done', detail: { degraded: [{ path: ['优惠'] }], lost: [] } })
  expect((await menuOf(world))?.button).toMatchObject([
    { name: '官网', url: 'https://brand.example/' },
    { name: '优惠', type: 'click' },
  ])
  expect(await menuIsBaseline(world.app, world.agency, world.account.id)).toMatchObject({ result: 'done' })
  await world.lookAtEverything()
  expect((await world.kinds()).filter((kind) => kind === 'menu-drift')).toHaveLength(1)
})

test('restoring twice is harmless', async () => {
  const world = await withMenu()

  expect(await restoreMenu(world.app, world.agency, world.account.id)).toMatchObject({ result: 'done' })
  expect(await restoreMenu(world.app, world.agency, world.account.id)).toMatchObject({ result: 'done' })
})

test('where there was no menu, the thief’s is taken away', async () => {
  const world = await givenMonitoring()
  await world.sim(`/accounts/${world.card.appid}/thief/menu`, {})

  expect(await restoreMenu(world.app, world.agency, world.account.id)).toMatchObject({ result: 'done' })
  expect(await menuOf(world)).toBe(null)
})

test('when WeChat hangs up on the restoring, the outcome is unknown and the look tells', async () => {
  const world = await withMenu()
  await world.sim(`/accounts/${world.card.appid}/thief/menu`, {})
  await world.sim('/faults', { path: '/cgi-bin/menu/create', fault: 'hangup-after', times: 1 })

  expect(await restoreMenu(world.app, world.agency, world.account.id)).toMatchObject({ result: 'unknown' })
  expect(await menuIsBaseline(world.app, world.agency, world.account.id)).toMatchObject({ result: 'done' })
})

test('a change the client confirmed becomes normal in a person’s name', async () => {
  const world = await withMenu()
  await world.console('menu', { button: [{ type: 'view', name: '新官网', url: 'https://new.example/' }] })

  must(await approveBaseline(world.app, world.mei, world.account.id, 'menu'))

  expect(await menuIsBaseline(world.app, world.agency, world.account.id)).toMatchObject({ result: 'done' })
  const baselines = await withAgency(world.app.database, world.agency, (tx) =>
    tx.selectFrom('dx.baselines').selectAll().where('kind', '=', 'menu').execute(),
  )
  expect(baselines).toMatchObject([{ approved_by: world.mei.personId }])
})

test('a rogue article is removed, and removing it again is success', async () => {
  const world = await givenMonitoring()
  const { articleId } = (await world.console('publish', { by: 'thief', notify: false, articles: [{ title: '广告' }] })) as {
    articleId: string
  }
  const key = `article:${articleId}`
  await expect.poll(() => world.kinds(), { timeout: 8000 }).toEqual(['unknown-publication'])
  expect(await articleIsGone(world.app, world.agency, world.account.id, key)).toEqual({ result: 'not-done' })

  expect(await removeArticle(world.app, world.agency, world.account.id, key)).toMatchObject({ result: 'done' })
  expect(await articleIsGone(world.app, world.agency, world.account.id, key)).toMatchObject({ result: 'done' })
  expect(await removeArticle(world.app, world.agency, world.account.id, key)).toMatchObject({ result: 'done' })
  const rows = await withAgency(world.app.database, world.agency, (tx) =>
    tx.selectFrom('dx.known_articles').selectAll().where('gone_at', 'is not', null).execute(),
  )
  expect(rows).toMatchObject([{ key, origin: 'unknown' }])
})

test('a mass send made by hand is not claimed to be removable: a person is told what to press', async () => {
  const world = await givenMonitoring()
  const { msgId } = (await world.console('publish', { by: 'thief', notify: true, articles: [{ title: '中奖' }] })) as {
    msgId: number
  }

  const answer = await removeArticle(world.app, world.agency, world.account.id, `mass:${msgId}`)

  expect(answer).toMatchObject({ result: 'refused', retry: 'never' })
  expect('reason' in answer ? answer.reason : '').toContain('登录公众平台')
})

test('a snapshot holds the menu, the replies, and what readers see of the newest articles', async () => {
  const world = await withMenu()
  await world.console('publish', { notify: false, articles: [{ title: '广告', content: '<p>加微信领奖</p>' }] })

  const { items, missing } = must(await snapshotAccount(world.app, world.agency, world.account.id))

  expect(items.map((item) => item.name.replace(/[\w-]{20,}/, '…'))).toEqual([
    'menu.json',
    'auto-reply.json',
    expect.stringContaining('articles/'),
    expect.stringContaining('pages/'),
  ])
  const text = (name: string) => Buffer.from(items.find((item) => item.name.startsWith(name))!.bytes).toString()
  expect(text('menu.json')).toContain('https://brand.example/')
  expect(text('articles/')).toContain('加微信领奖')
  expect(text('pages/')).toContain('广告')
  expect(missing).toEqual([])
})
