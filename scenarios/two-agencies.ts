import { connectAccount, createClient } from '../src/accounts/index.ts'
import { openOrJoin } from '../src/incidents/commands.ts'
import { addEvidence } from '../src/incidents/evidence-items.ts'
import { clientLink, personLink } from '../src/incidents/links.ts'
import { addPerson } from '../src/people/commands.ts'
import { linkForPerson } from '../src/people/sign-in-links.ts'
import { insertShift } from '../src/people/store.ts'
import type { Actor, Role } from '../src/platform/access.ts'
import { withAgency } from '../src/platform/database.ts'
import type { Outcome } from '../src/platform/outcome.ts'
import { after, hours } from '../src/platform/time.ts'
import { schedulePublication } from '../src/publishing/index.ts'
import { givenAgency } from './given-app.ts'
import type { GivenWeb } from './given-web.ts'

export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export const must = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(outcome.reason)
  return outcome.value
}

export type Colleague = Actor & { cookie: string; session: string }
export type Case = {
  clientId: string
  accountId: string
  incidentId: string
  messageId: string
  evidenceId: string
  publicationId: string
  clientToken: string
}
export type Agency = Awaited<ReturnType<typeof makeAgency>>

type Plan = {
  id: string
  name: string
  people: readonly { name: string; role: Role; phone: string }[]
  clients: readonly { name: string; contact: string; account: string; phone: string; editor: string }[]
  /** Which of the simulator's accounts are theirs. */
  accounts: readonly number[]
}

/** Everyone of every role, signed in through a one-time address; clients with an account and an open incident each. */
export async function makeAgency(world: GivenWeb, plan: Plan) {
  const { app } = world
  await givenAgency(app, plan.id, plan.name)
  const local: Actor = { agencyId: plan.id, personId: 'local', name: '本机', role: 'admin', via: 'local' }
  const people: Record<string, Colleague> = {}
  for (const person of plan.people) {
    const { personId } = must(await addPerson(app, local, { ...person, channels: [], drillConsent: true }))
    people[person.name] = await signIn(world, {
      agencyId: plan.id,
      personId,
      name: person.name,
      role: person.role,
      via: 'session',
    })
  }
  const cases: Case[] = []
  for (const [i, client] of plan.clients.entries())
    cases.push(await makeCase(world, local, client, plan.accounts[i]!, people[client.editor]!))
  const shiftId = app.newId()
  await withAgency(app.database, plan.id, (tx) =>
    insertShift(tx, {
      id: shiftId,
      weekday: 1,
      fromMinute: 0,
      lengthMinutes: 1440,
      position: 'first',
      personId: Object.values(people)[0]!.personId,
    }),
  )
  return { id: plan.id, local, people, cases, shiftId, one: (role: Role) => Object.values(people).find((p) => p.role === role)! }
}

/** A session as a phone gets it: the one-time address, opened and pressed. */
export async function signIn({ app, url }: GivenWeb, person: Actor): Promise<Colleague> {
  const { token } = must(await linkForPerson(app, { ...person, role: 'admin' }, person.personId))
  const entered = await fetch(`${url}/signin/once/${token}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(),
    headers: { origin: url },
  })
  if (entered.status !== 303) throw new Error(`${person.name} could not sign in: ${entered.status} ${await entered.text()}`)
  const cookie = entered.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const sessions = (await (await fetch(`${url}/api/v1/me/sessions`, { headers: { cookie } })).json()) as {
    id: string
    current: boolean
  }[]
  return { ...person, cookie, session: sessions.find((s) => s.current)!.id }
}

async function makeCase(
  world: GivenWeb,
  local: Actor,
  client: Plan['clients'][number],
  index: number,
  editor: Colleague,
): Promise<Case> {
  const { app, services, wechat } = world
  const card = wechat.accounts[index]!
  const { id: clientId } = must(
    await createClient(app, local, {
      name: client.name,
      contactName: client.contact,
      salutation: `${client.contact.slice(0, 1)}总`,
      phone: client.phone,
      ways: [{ way: 'account-manager' }, { way: 'sms' }],
    }),
  )
  const { account } = must(
    await connectAccount(app, local, {
      appid: card.appid,
      secret: card.secret,
      name: client.account,
      clientId,
      baseUrl: wechat.url,
      reception: 'poll',
    }),
  )
  const made = await withAgency(app.database, local.agencyId, async (tx, now) => {
    await tx.updateTable('dx.accounts').set({ person_a: editor.personId }).where('id', '=', account.id).execute()
    const publication = must(
      await schedulePublication(
        tx,
        app,
        { accountId: account.id, title: `${client.name}的预告`, content: '<p>今晚见。</p>', goesOutAt: after(now, hours(20)) },
        now,
      ),
    )
    const signal = {
      kind: 'signal-joined',
      signalId: app.newId(),
      signal: 'unknown-publication',
      sign: 'post',
      summary: `${client.account}出现陌生文章`,
      article: { key: `article:${client.account}`, title: `陌生文章 ${client.account}`, removable: true },
    } as const
    const { incident } = await openOrJoin(app, tx, now, services.library, {
      accountId: account.id,
      playbook: 'stolen',
      detectedAt: now,
      by: '系统',
      signal,
    })
    const { token } = await clientLink(tx, app, incident.id, clientId, now)
    return {
      incidentId: incident.id,
      messageId: incident.state.messages[0]!.id,
      clientToken: token,
      publicationId: publication.id,
    }
  })
  const evidence = must(
    await addEvidence(app, editor, made.incidentId, {
      name: `${client.account}.png`,
      mediaType: 'image/png',
      bytes: Buffer.concat([PNG, Buffer.from(client.account)]),
    }),
  )
  return { ...made, clientId, accountId: account.id, evidenceId: evidence.id }
}

/** A colleague's own link to one incident. */
export const linkOf = ({ app }: GivenWeb, agencyId: string, incidentId: string, personId: string): Promise<string> =>
  withAgency(app.database, agencyId, async (tx, now) => (await personLink(tx, app, incidentId, personId, now)).token)

/** 云帆 with two clients, every role and an editor of the other client; 南山 with everything of its own. */
export async function givenTwoAgencies(world: GivenWeb) {
  const yunfan = await makeAgency(world, {
    id: 'yunfan',
    name: '云帆托管',
    people: [
      { name: '周扬', role: 'admin', phone: '13800000001' },
      { name: '陈立', role: 'lead', phone: '13800000002' },
      { name: '赵敏', role: 'account-manager', phone: '13800000003' },
      { name: '梅晓', role: 'editor', phone: '13800000004' },
      { name: '林一', role: 'duty', phone: '13800000005' },
      { name: '方远', role: 'editor', phone: '13800000006' },
      { name: '高离', role: 'lead', phone: '13800000007' },
      { name: '祝安', role: 'editor', phone: '13800000008' },
    ],
    clients: [
      { name: '青禾教育', contact: '王敏之', account: '青禾课堂', phone: '13900006021', editor: '梅晓' },
      { name: '老灶火锅', contact: '李建国', account: '老灶会员', phone: '13900007032', editor: '方远' },
    ],
    accounts: [0, 1],
  })
  const nanshan = await makeAgency(world, {
    id: 'nanshan',
    name: '南山文传',
    people: [
      { name: '覃青', role: 'admin', phone: '13700000001' },
      { name: '覃蓝', role: 'lead', phone: '13700000002' },
      { name: '覃紫', role: 'account-manager', phone: '13700000003' },
      { name: '覃橙', role: 'editor', phone: '13700000004' },
      { name: '覃白', role: 'duty', phone: '13700000005' },
    ],
    clients: [{ name: '海棠医美', contact: '宋词', account: '海棠小报', phone: '13700008043', editor: '覃橙' }],
    accounts: [2],
  })
  return { yunfan, nanshan }
}
