import { expect, onTestFinished, test } from 'vitest'
import { givenAgency, givenApp, moveClock, setClock } from '../../scenarios/given-app.ts'
import { withAgency } from '../platform/database.ts'
import { seconds } from '../platform/time.ts'
import { aNotice, givenProviders } from './channels/given-providers.ts'
import { configureChannel, deliver, makeChannels } from './deliver.ts'

async function givenTencent() {
  const app = await givenApp()
  await setClock(app, '2026-11-22T04:00:00Z')
  const agency = await givenAgency(app)
  const providers = await givenProviders(new Date().toISOString())
  onTestFinished(() => providers.close())
  const inside = <T>(work: Parameters<typeof withAgency<T>>[2]) => withAgency(app.database, agency, work)
  await inside((tx) => configureChannel(tx, app, 'sms-tencent', providers.settings['sms-tencent']))
  const channels = makeChannels(app)
  let keys = 0
  const send = () =>
    deliver(app, channels, agency, { kind: 'sms-tencent', to: '13900006021', notice: aNotice(), key: `k${++keys}`, urgent: true })
  const sends = () => inside((tx) => tx.selectFrom('dx.sends').select(['sent_to', 'send_id', 'held_until']).execute())
  return { app, agency, providers, channels, inside, send, sends }
}

test('a sending is counted before it leaves, and carries its receipt afterwards', async () => {
  const { send, sends, providers } = await givenTencent()
  expect(await send()).toMatchObject({ result: 'done' })
  expect(await sends()).toMatchObject([{ sent_to: '13900006021', send_id: expect.stringMatching(/./) }])
  expect(await providers.seen('sms-tencent')).toHaveLength(1)
})

test('a failed sending counts too: a carrier counts it as well', async () => {
  const { send, sends, providers } = await givenTencent()
  await providers.fault('sms-tencent', 'hang-up')
  expect((await send()).result).toBe('unknown')
  expect(await sends()).toHaveLength(1)
})

test('the same words to the same phone within half a minute are refused before the carrier is asked', async () => {
  const { app, send, providers } = await givenTencent()
  await send()

  expect(await send()).toMatchObject({ result: 'refused', retry: 'never', reason: expect.stringContaining('改走下一种方式') })
  expect(await providers.seen('sms-tencent')).toHaveLength(1)
  await moveClock(app, seconds(31))
  await providers.advance(seconds(31))
  expect((await send()).result).toBe('done')
})

test('a channel that is not set up or switched off is refused at once, so that the next way is taken', async () => {
  const { app, agency, channels, inside, send } = await givenTencent()
  const other = await deliver(app, channels, agency, {
    kind: 'voice-aliyun',
    to: '13900006021',
    notice: aNotice(),
    key: 'v',
    urgent: true,
  })
  expect(other).toMatchObject({ result: 'refused', retry: 'never' })

  await inside((tx) => tx.updateTable('dx.channel_settings').set({ enabled: false }).execute())
  channels.forget(agency)

  expect(await send()).toMatchObject({ result: 'refused', retry: 'never', reason: expect.stringContaining('停用') })
})

test('settings lie sealed: no secret of a provider can be read in the database', async () => {
  const { inside, providers } = await givenTencent()
  const row = await inside((tx) => tx.selectFrom('dx.channel_settings').select('settings_sealed').executeTakeFirstOrThrow())
  const { secretKey } = providers.settings['sms-tencent'] as { secretKey: string }
  expect(secretKey.length).toBeGreaterThan(5)
  expect(Buffer.from(row.settings_sealed).toString('latin1')).not.toContain(secretKey)
})
