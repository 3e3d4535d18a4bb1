import { startSimulator } from '../../simulator/simulator.ts'
import { connectAccount } from '../../src/accounts/index.ts'
import { openServices } from '../../src/app.ts'
import { readConfig } from '../../src/platform/config.ts'
import { type Database, withAgency } from '../../src/platform/database.ts'
import { prepareDatabase } from '../../src/platform/prepare-database.ts'
import type { BenchOptions } from './options.ts'
import type { Product } from './product.ts'
import type { Sender } from './requests.ts'

export const AGENCY = 'bench'
export type GivenDoor = { database: Database; accountId: string; sender: Sender }

/** An agency with one account of the pretend WeChat, connected by the product's own command to the running server. */
export async function givenDoor({ atEnd }: BenchOptions, home: string, product: Product): Promise<GivenDoor> {
  const wechat = await startSimulator({ seed: 'bench' })
  atEnd(() => wechat.close())
  const config = readConfig({ DINGXIN_HOME: home, DINGXIN_DEMO: '0', PORT: '0', LOG_LEVEL: 'silent' })
  const { url } = await prepareDatabase(home)
  const services = await openServices(config, url, { publicUrl: () => product.url })
  atEnd(() => services.close())
  const { app } = services
  await withAgency(app.database, AGENCY, (tx) =>
    tx.insertInto('dx.agencies').values({ agency_id: AGENCY, name: '测速' }).execute(),
  )
  const card = wechat.accounts[0]!
  const somebody = { agencyId: AGENCY, personId: app.newId(), name: 'Mei', role: 'admin', via: 'local' } as const
  const connected = await connectAccount(app, somebody, {
    appid: card.appid,
    secret: card.secret,
    name: card.name,
    baseUrl: wechat.url,
    reception: 'callback',
  })
  if (!connected.ok) throw new Error(connected.reason)
  const { account, callback } = connected.value
  const createTime = Math.floor(Date.now() / 1000)
  const sender = { ...callback, path: new URL(callback.url).pathname, appid: card.appid, userName: card.userName, createTime }
  return { database: app.database, accountId: account.id, sender }
}
