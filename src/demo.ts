import { agreeToRemoval, changeAccount, connectAccount, createClient } from './accounts/index.ts'
import type { Services } from './app.ts'
import { type ChannelKind, configureChannel } from './comms/index.ts'
import { hookWord } from './incidents/channel-routes.ts'
import { addPerson } from './people/commands.ts'
import { insertShift } from './people/store.ts'
import type { Actor } from './platform/access.ts'
import type { App } from './platform/app.ts'
import { type Tx, withAgency } from './platform/database.ts'
import { done, type Outcome, refused } from './platform/outcome.ts'
import { after, hours, type Instant, minutes } from './platform/time.ts'
import { schedulePublication } from './publishing/index.ts'

/** What the simulator prints when it starts. */
export type SimulatorFacts = {
  url: string
  accounts: { appid: string; secret: string; kind: 'SUB' | 'SVC'; verified: boolean; name?: string }[]
}
export const DEMO_AGENCY = 'demo'
const local: Actor = { agencyId: DEMO_AGENCY, personId: 'local', name: '演示', role: 'admin', via: 'local' }

type Seeded = { people: Record<string, string>; accounts: string[] }

/** A small agency on the simulator: five people, three clients, accounts with baselines, things on the schedule. Repeatable. */
export async function seedDemo(services: Services, simulator: SimulatorFacts): Promise<void> {
  const { app } = services
  const known = await withAgency(app.database, DEMO_AGENCY, (tx) =>
    tx.selectFrom('dx.agencies').select('agency_id').executeTakeFirst(),
  )
  await withAgency(app.database, DEMO_AGENCY, async (tx) => {
    if (!known) await tx.insertInto('dx.agencies').values({ agency_id: DEMO_AGENCY, name: '云帆托管' }).execute()
    await configureChannels(tx, services, simulator.url)
  })
  services.channels.forget(DEMO_AGENCY)
  if (known) return moveToSimulator(services, simulator)
  const people = await seedPeople(services)
  await seedAccounts(services, simulator, { people, accounts: [] })
}

/** The simulator forgets everything when it stops: the accounts get their addresses, menus and callbacks again. */
async function moveToSimulator({ app }: Services, simulator: SimulatorFacts) {
  for (const { appid, secret } of simulator.accounts) {
    const known = await withAgency(app.database, DEMO_AGENCY, (tx) =>
      tx.selectFrom('dx.accounts').select(['id', 'base_url']).where('appid', '=', appid).executeTakeFirst(),
    )
    if (!known || known.base_url === simulator.url) continue
    await prepareAccount(app, simulator.url, appid)
    const { callback } = must(await connectAccount(app, local, { appid, secret, baseUrl: simulator.url, reception: 'callback' }))
    await tellSimulator(app, simulator.url, appid, callback)
  }
}

async function configureChannels(tx: Tx, { app }: Pick<Services, 'app'>, url: string) {
  const answer = await app.fetch(`${url}/_sim/providers/credentials`)
  const known = (await answer.json()) as SimulatedProviders
  for (const [kind, settings] of Object.entries(known.channels)) await configureChannel(tx, app, kind as ChannelKind, settings)
  const { wecom, dingtalk, feishu } = known
  const hooks = {
    wecom: { token: wecom.callbackToken, encodingAesKey: wecom.encodingAesKey, corpId: wecom.corpId },
    dingtalk: { appSecret: dingtalk.appSecret },
    feishu: { encryptKey: feishu.encryptKey, verificationToken: feishu.verificationToken },
  }
  await configureChannel(tx, app, 'hooks' as ChannelKind, hooks)
  await tx.updateTable('dx.channel_settings').set({ enabled: false }).where('kind', 'in', ['hooks', 'wecom-customers']).execute()
  const receiptUrl = `${app.publicUrl()}/hooks/${hookWord({ app }, DEMO_AGENCY)}`
  await app.fetch(`${url}/_sim/providers/config`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ receiptUrl }),
  })
}
type SimulatedProviders = {
  channels: Record<string, object>
  wecom: { callbackToken: string; encodingAesKey: string; corpId: string }
  dingtalk: { appSecret: string }
  feishu: { encryptKey: string; verificationToken: string }
}

async function seedPeople({ app }: Services): Promise<Record<string, string>> {
  const cast = [
    {
      key: 'zhou',
      name: '周扬',
      role: 'admin',
      phone: '13800000001',
      email: 'zhouyang@yunfan.example',
      channels: [{ kind: 'wecom-app', to: 'zhou' }],
    },
    {
      key: 'lin',
      name: '林一',
      role: 'duty',
      phone: '13800000002',
      email: 'linyi@yunfan.example',
      channels: [{ kind: 'wecom-app', to: 'linyi' }],
    },
    {
      key: 'wu',
      name: '吴桐',
      role: 'duty',
      phone: '13800000003',
      email: 'wutong@yunfan.example',
      channels: [{ kind: 'dingtalk-app', to: 'wutong' }],
    },
    {
      key: 'zhao',
      name: '赵敏',
      role: 'account-manager',
      phone: '13800000004',
      email: 'zhaomin@yunfan.example',
      channels: [{ kind: 'wecom-app', to: 'zhaomin' }],
    },
    {
      key: 'mei',
      name: '梅晓',
      role: 'editor',
      phone: '13800000005',
      email: 'meixiao@yunfan.example',
      channels: [{ kind: 'feishu-app', to: 'ou_meixiao' }],
    },
    {
      key: 'lead',
      name: '陈立',
      role: 'lead',
      phone: '13800000006',
      email: 'chenli@yunfan.example',
      channels: [{ kind: 'wecom-app', to: 'chenli' }],
    },
  ] as const
  const ids: Record<string, string> = {}
  for (const { key, ...person } of cast) {
    const added = await addPerson(app, local, { ...person, channels: [...person.channels], drillConsent: true } as never)
    if (!added.ok) throw new Error(added.reason)
    ids[key] = added.value.personId
  }
  await withAgency(app.database, DEMO_AGENCY, async (tx) => {
    for (let weekday = 1; weekday <= 7; weekday++) {
      await insertShift(tx, {
        id: app.newId(),
        weekday,
        fromMinute: 0,
        lengthMinutes: 1440,
        position: 'first',
        personId: ids.lin!,
      })
      await insertShift(tx, {
        id: app.newId(),
        weekday,
        fromMinute: 0,
        lengthMinutes: 1440,
        position: 'backup',
        personId: ids.wu!,
      })
    }
  })
  return ids
}

const must = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(outcome.reason)
  return outcome.value
}

async function seedAccounts(services: Services, simulator: SimulatorFacts, seeded: Seeded) {
  const { app } = services
  const clients = [
    { name: '青禾教育', contactName: '王敏', salutation: '王总', phone: '13900006021', email: 'wang@qinghe.example' },
    { name: '老灶火锅', contactName: '李建', salutation: '李经理', phone: '13900007032', email: 'li@laozao.example' },
    { name: '云杉财经', contactName: '张远', salutation: '张老师', phone: '13900008043', email: 'zhang@yunshan.example' },
  ]
  const clientIds: string[] = []
  for (const client of clients) {
    const made = must(
      await createClient(app, local, {
        ...client,
        ways: [{ way: 'account-manager' }, { way: 'sms' }, { way: 'voice' }, { way: 'email' }],
        accountManagerId: seeded.people.zhao!,
      }),
    )
    clientIds.push(made.id)
  }
  const plan = [
    { client: 0, name: '青禾教育' },
    { client: 1, name: '老灶火锅' },
    { client: 2, name: '云杉财经' },
    { client: 0, name: '青禾课堂' },
    { client: 1, name: '老灶会员' },
  ]
  for (const [i, wanted] of plan.entries()) {
    const at = simulator.accounts[i]
    if (!at) continue
    await prepareAccount(app, simulator.url, at.appid)
    const connected = must(
      await connectAccount(app, local, {
        appid: at.appid,
        secret: at.secret,
        name: wanted.name,
        clientId: clientIds[wanted.client]!,
        baseUrl: simulator.url,
        reception: 'callback',
      }),
    )
    await tellSimulator(app, simulator.url, at.appid, connected.callback)
    seeded.accounts.push(connected.account.id)
    must(
      await changeAccount(app, local, connected.account.id, {
        personA: seeded.people.mei!,
        personB: seeded.people.lin!,
        custodians: [
          { name: '王敏', phone: '13900006021' },
          { name: '周扬', phone: '13800000001' },
        ],
      }),
    )
  }
  must(await changeAccount(app, local, seeded.accounts[0]!, { spareAccountId: seeded.accounts[3]! }))
  must(
    await agreeToRemoval(app, local, seeded.accounts[0]!, {
      by: '王敏',
      text: '发现被盗且有两个互相独立的迹象时，同意自动删除陌生文章、恢复菜单',
    }),
  )
  await withAgency(app.database, DEMO_AGENCY, async (tx, now) => {
    for (const accountId of seeded.accounts.slice(0, 3)) await seedCalendar(tx, services, accountId, now)
  })
}

/** What a person enters in the console: the callback address with its token and key. */
const tellSimulator = (
  app: App,
  url: string,
  appid: string,
  { url: address, token, aesKey }: { url: string; token: string; aesKey: string },
) =>
  app.fetch(`${url}/_sim/accounts/${appid}/callback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: address, token, aesKey, mode: 'safe' }),
  })

/** A menu and an auto-reply set by hand beforehand: what normal looks like on this account. */
async function prepareAccount(app: App, url: string, appid: string) {
  const post = (path: string, body: object) =>
    app.fetch(`${url}/_sim/accounts/${appid}/console/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  await post('menu', {
    button: [
      { type: 'view', name: '课程', url: 'https://www.example.com/courses' },
      { type: 'view', name: '联系我们', url: 'https://www.example.com/contact' },
    ],
  })
  await post('auto-reply', { added: { type: 'text', content: '您好，欢迎关注。' }, keywords: [] })
}

async function seedCalendar(tx: Tx, { app }: Services, accountId: string, now: Instant) {
  const plan = [
    { title: '早鸟优惠开始报名', in: minutes(20) },
    { title: '家长会通知', in: hours(9) },
    { title: '周末活动预告', in: hours(33) },
  ]
  for (const item of plan)
    must(
      await schedulePublication(
        tx,
        app,
        { accountId, title: item.title, content: `<p>${item.title}，详情请留意后续通知。</p>`, goesOutAt: after(now, item.in) },
        now,
      ),
    )
}

/** The button of the first run: the thief comes to the demo account, in the simulator only. */
export async function playTheft(
  services: Services,
  actor: Actor,
  firstSign: boolean,
): Promise<Outcome<{ accountId: string; startedAt: Instant }>> {
  const { app } = services
  if (!app.config.demo || actor.agencyId !== DEMO_AGENCY) return refused('只有演示环境里有这个按钮。')
  const found = await withAgency(app.database, DEMO_AGENCY, async (tx, now) => ({
    now,
    account: await tx.selectFrom('dx.accounts').selectAll().where('name', '=', '青禾教育').executeTakeFirst(),
    open: await tx
      .selectFrom('dx.incidents')
      .select('id')
      .where('state', 'in', ['open', 'acknowledged', 'contained'])
      .executeTakeFirst(),
  }))
  if (!found.account?.base_url.startsWith('http://127.0.0.1:'))
    return refused('演示账号不在，没有开始。请删除数据文件夹后重新启动。')
  if (found.open) return refused('已有一起演示事件在进行，先打开它处理完。')
  const acts = firstSign ? { acts: ['publish'] } : {}
  const answer = await app.fetch(`${found.account.base_url}/_sim/accounts/${found.account.appid}/thief/stolen`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(acts),
  })
  if (!answer.ok) return refused('模拟器没有回应，没有开始。请重新启动后再试。')
  return done({ accountId: found.account.id, startedAt: found.now })
}
