import { expect, test } from 'vitest'
import { withAgency } from '../platform/database.ts'
import { givenMonitoring } from './given-monitoring.ts'

test('on an account at rest nothing is a signal, whatever was live before us', async () => {
  const world = await givenMonitoring({
    async before({ sim, card }) {
      await sim(`/accounts/${card.appid}/console/publish`, { notify: false, articles: [{ title: '旧文章' }] })
      await sim(`/accounts/${card.appid}/console/menu`, {
        button: [{ type: 'view', name: '官网', url: 'https://brand.example/' }],
      })
      await sim(`/accounts/${card.appid}/console/auto-reply`, {
        keywords: [{ rule_name: '价格', keyword_list_info: [], reply_list_info: [] }],
      })
    },
  })

  await world.lookAtEverything()
  await world.lookAtEverything()

  expect(await world.kinds()).toEqual([])
  expect(world.problems).toEqual([])
})

test('without any push the thief’s articles, menu and calls are found by asking', async () => {
  const world = await givenMonitoring()

  const { acts } = (await world.sim(`/accounts/${world.card.appid}/thief/stolen`, {})) as {
    acts: { act: string; ids: { articleId?: string } }[]
  }
  await expect
    .poll(() => world.kinds(), { timeout: 12_000 })
    .toEqual(expect.arrayContaining(['menu-drift', 'unknown-publication', 'unknown-publication']))

  const found = (await world.signals())
    .filter((signal) => signal.kind === 'unknown-publication')
    .map((signal) => signal.facts.articleId)
  expect(found.sort()).toEqual(acts.flatMap((act) => (act.act === 'publish' ? [act.ids.articleId] : [])).sort())
  const drift = (await world.signals()).find((signal) => signal.kind === 'menu-drift')
  expect(drift?.facts.newLinks).not.toEqual([])
  await expect.poll(() => world.kinds(), { timeout: 12_000 }).toContain('quota-beyond-ledger')
  expect(world.problems).toEqual([])
})

test('with pushes a mass send from the console is a signal within a tenth of a second', async () => {
  const world = await givenMonitoring()
  const { callback } = await world.connect()
  await world.pushTo(callback)

  await world.console('publish', { by: 'thief', notify: true, articles: [{ title: '中奖' }] })
  await expect.poll(() => world.kinds(), { timeout: 5000 }).toEqual(['unknown-mass-send'])

  const [signal] = await world.signals()
  const pushes = await withAgency(world.app.database, world.agency, (tx) => tx.selectFrom('dx.pushes').selectAll().execute())
  expect(Date.parse(signal!.seen_at) - Date.parse(pushes[0]!.received_at)).toBeLessThan(100)
  expect(signal?.facts).toMatchObject({ looksHandMade: true, seenBy: 'push' })
  const wakes = await withAgency(world.app.database, world.agency, (tx) =>
    tx.selectFrom('dx.deadlines').selectAll().where('kind', '=', 'signal-raised').execute(),
  )
  expect(wakes).toMatchObject([{ subject_id: signal!.id, lane: 1 }])
})
