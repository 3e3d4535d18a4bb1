import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { moveClock } from '../../scenarios/given-app.ts'
import { must } from '../accounts/given-wechat.ts'
import { changeAccount } from '../accounts/index.ts'
import { withAgency } from '../platform/database.ts'
import { arm } from '../platform/deadlines.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'
import { elapsed, type Instant, seconds } from '../platform/time.ts'
import type { Push } from '../wechat/index.ts'
import { givenMonitoring, type MonitoringWorld } from './given-monitoring.ts'
import type { OurReport } from './push-handling.ts'

const known = (world: MonitoringWorld) =>
  withAgency(world.app.database, world.agency, (tx) => tx.selectFrom('dx.known_articles').selectAll().execute())
const change = (world: MonitoringWorld, id: string, row: { publish_id?: string; state?: string; msg_id?: string }) =>
  withAgency(world.app.database, world.agency, (tx) => tx.updateTable('dx.publications').set(row).where('id', '=', id).execute())
const handled = (world: MonitoringWorld) =>
  withAgency(world.app.database, world.agency, async (tx) =>
    (await tx.selectFrom('dx.pushes').select('handled_at').execute()).map((row) => row.handled_at),
  )

const waiting = (world: MonitoringWorld) =>
  withAgency(world.app.database, world.agency, (tx) =>
    tx.selectFrom('dx.deadlines').select('due_at').where('kind', '=', 'push-received').execute(),
  )

/** A report that has just been committed by the callback door. */
async function received(world: MonitoringWorld, push: Partial<Push>): Promise<void> {
  await withAgency(world.app.database, world.agency, async (tx, now) => {
    const dedupeKey = randomUUID()
    const whole = { dedupeKey, createdAt: now, toUserName: world.card.userName, fromUserName: 'mphelper', ...push }
    await tx
      .insertInto('dx.pushes')
      .values({
        agency_id: thisAgency,
        account_id: world.account.id,
        dedupe_key: dedupeKey,
        kind: push.kind!,
        push: jsonb(whole),
        received_at: now,
      })
      .execute()
    await arm(tx, 'push-received', `${world.account.id}:${dedupeKey}`, now, 1)
  })
}
const published = (publishId: string, articleId: string): Partial<Push> => ({
  kind: 'publish-finished',
  publishId,
  articleId,
  status: 'published',
  urls: [{ idx: 1, url: 'https://mp.weixin.qq.com/s/x' }],
  failedIdx: [],
})
const sent = (msgId: string): Partial<Push> => ({
  kind: 'mass-send-finished',
  msgId,
  status: 'success',
  counts: { total: 9, filtered: 9, sent: 9, errors: 0 },
  urls: [],
  copyright: null,
})

test('our own publication is no signal, and publishing hears its report', async () => {
  const heard: OurReport[] = []
  const world = await givenMonitoring({ monitoring: { hearsOurs: async (_tx, report) => void heard.push(report) } })
  const id = await world.publication({ state: 'confirming', publish_id: '2247487744' })

  await received(world, published('2247487744', 'article-1'))
  await expect.poll(() => heard.length).toBe(1)

  expect(heard[0]).toMatchObject({ publicationId: id, push: { articleId: 'article-1' } })
  expect(await known(world)).toMatchObject([{ key: 'article:article-1', origin: 'ours' }])
  expect(await world.kinds()).toEqual([])
})

test('a report that comes before the answer of our own call waits for it', async () => {
  const world = await givenMonitoring()
  const id = await world.publication({ state: 'submitting' })

  await received(world, published('2247487745', 'article-2'))
  await expect.poll(() => waiting(world)).toHaveLength(1)
  await change(world, id, { publish_id: '2247487745', state: 'confirming' })
  await expect.poll(() => handled(world), { timeout: 4000 }).not.toContain(null)

  expect(await world.kinds()).toEqual([])
})

test('a strange report while one of ours is under way counts as unknown after ten seconds, and says what it may be', {
  timeout: 25_000,
}, async () => {
  const world = await givenMonitoring()
  const id = await world.publication({ state: 'submitting' })

  await received(world, sent('1000000037'))
  await expect.poll(() => waiting(world)).toHaveLength(1)
  expect(await world.kinds()).toEqual([])
  await moveClock(world.app, seconds(10))
  await expect.poll(() => world.kinds(), { timeout: 15_000 }).toEqual(['unknown-mass-send'])

  const [signal] = await world.signals()
  expect(signal?.facts.maybeOurs).toEqual([id])
  expect(elapsed(signal!.happened_at as Instant, signal!.seen_at)).toBeGreaterThanOrEqual(10_000)
})

test('our own article found by asking before its report is recognised by its title and becomes ours', async () => {
  const world = await givenMonitoring()
  await world.publication({ title: '春季上新', state: 'submitting' })

  const { articleId } = (await world.console('publish', { notify: false, articles: [{ title: '春季上新' }] })) as {
    articleId: string
  }
  await world.lookAtEverything()
  expect(await known(world)).toEqual([])
  await withAgency(world.app.database, world.agency, (tx) =>
    tx.updateTable('dx.publications').set({ state: 'published', article_id: articleId }).execute(),
  )
  await world.lookAtEverything()

  expect(await known(world)).toMatchObject([{ key: `article:${articleId}`, origin: 'ours' }])
  expect(await world.kinds()).toEqual([])
})

test('who is registered to publish in this hour is recorded and wakes nobody; outside of it he does', async () => {
  const world = await givenMonitoring()
  must(await changeAccount(world.app, world.mei, world.account.id, { outsiders: [{ name: '市场部', kind: 'person' }] }))
  await world.console('publish', { notify: false, articles: [{ title: '客户自己发的' }] })
  await world.lookAtEverything()
  expect(await known(world)).toMatchObject([{ origin: 'outsider', title: '客户自己发的' }])
  expect(await world.kinds()).toEqual([])

  const yesterday = ((new Date().getUTCDay() + 5) % 7) + 1
  must(
    await changeAccount(world.app, world.mei, world.account.id, {
      outsiders: [{ name: '市场部', kind: 'person', days: [yesterday], fromMinute: 60, untilMinute: 120 }],
    }),
  )
  await world.console('publish', { notify: false, articles: [{ title: '不在时段内' }] })
  await expect.poll(() => world.kinds(), { timeout: 8000 }).toEqual(['unknown-publication'])
})

test('one publication seen by push and by asking is one signal', async () => {
  const world = await givenMonitoring()
  const { articleId } = (await world.console('publish', { notify: false, articles: [{ title: '广告' }] })) as {
    articleId: string
  }
  await received(world, published('999', articleId))
  await world.lookAtEverything()

  expect(await world.kinds()).toEqual(['unknown-publication'])
})

test('an article of ours that somebody else took down is a signal; one we removed is not', async () => {
  const world = await givenMonitoring()
  const articles: string[] = []
  for (const title of ['甲', '乙']) {
    const { articleId } = (await world.console('publish', { notify: false, articles: [{ title }] })) as { articleId: string }
    articles.push(articleId)
    await world.publication({ title, state: 'published', article_id: articleId })
  }
  await expect.poll(async () => (await known(world)).map((row) => row.origin), { timeout: 8000 }).toEqual(['ours', 'ours'])
  await withAgency(world.app.database, world.agency, (tx) =>
    tx.updateTable('dx.publications').set({ state: 'removed' }).where('title', '=', '甲').execute(),
  )

  for (const articleId of articles) await world.console('delete', { articleId })
  await world.lookAtEverything()
  expect(await world.kinds()).toEqual([])
  await moveClock(world.app, seconds(10))
  await world.lookAtEverything()
  expect(await world.kinds()).toEqual(['article-gone'])

  expect((await world.signals())[0]?.facts).toMatchObject({ title: '乙' })
})
