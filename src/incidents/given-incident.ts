import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, inject, onTestFinished } from 'vitest'
import { givenAgency, makeTestApp, moveClock, setClock, type TestApp } from '../../scenarios/given-app.ts'
import { accountEffects } from '../accounts/index.ts'
import { givenProviders, type ProvidersWorld } from '../comms/channels/given-providers.ts'
import { type ChannelKind, configureChannel, makeChannels } from '../comms/index.ts'
import type { Actor, Role } from '../platform/access.ts'
import { type Tx, withAgency } from '../platform/database.ts'
import { arm, runDueDeadlines } from '../platform/deadlines.ts'
import { jsonb, thisAgency } from '../platform/jsonb.ts'
import { type EffectKinds, runDueEffects } from '../platform/outbox.ts'
import type { Outcome } from '../platform/outcome.ts'
import { after, type Duration, elapsed, type Instant } from '../platform/time.ts'
import { loadLibrary } from '../playbooks/index.ts'
import { publishingDeadlines } from '../publishing/index.ts'
import type { Act } from './acts.ts'
import { act, change, openOrJoin, type Said } from './commands.ts'
import { aPost, type SignalFact, threeInTheMorning } from './given-story.ts'
import { incidentDeadlines, incidentEffects } from './index.ts'
import type { Snapshot } from './snapshot.ts'
import { readTimeline } from './store.ts'
import type { Fact } from './timeline.ts'

// For tests only: an agency with people, a rota, clients and accounts in a real database, its clock in our hand.

type Options = {
  /** The client's ways in order; without it a message finds no way. */
  ways?: { way: string }[]
  removal?: boolean
  channels?: ChannelKind[]
  people?: boolean
  settings?: object
}
export type IncidentWorld = Awaited<ReturnType<typeof givenIncidents>>

// One database for a test file, an agency of its own for each test, and nothing left waiting for the next one.
let shared: Promise<TestApp> | undefined
let agencies = 0
afterAll(async () => (await shared)?.close())

export async function givenIncidents(options: Options = {}) {
  shared ??= makeTestApp()
  const app = await shared
  const asSuperuser = superuserOf(app)
  onTestFinished(() => asSuperuser((db) => db.query('truncate dx.deadlines, dx.attempts, dx.effects')).then(() => {}))
  await setClock(app, threeInTheMorning)
  const agency = await givenAgency(app, `yunfan-${++agencies}`)
  const ids = { client: app.newId(), other: app.newId(), account: app.newId(), second: app.newId(), foreign: app.newId() }
  const people = {} as Record<'zhou' | 'mei' | 'wu' | 'min', Actor>
  const inside = <T>(work: (tx: Tx, now: Instant) => Promise<T>) => withAgency(app.database, agency, work)
  await inside(async (tx) => {
    await tx
      .updateTable('dx.agencies')
      .set({ settings: jsonb(options.settings ?? {}) })
      .execute()
    for (const [key, name, role] of [
      ['zhou', '老周', 'duty'],
      ['mei', 'Mei', 'editor'],
      ['wu', '吴桐', 'lead'],
      ['min', '赵敏', 'account-manager'],
    ] as const) {
      people[key] = {
        agencyId: agency,
        personId: app.newId(),
        name,
        role: role as Role,
        via: 'session',
        signedInAt: new Date().toISOString(),
      }
      if (options.people === false) continue
      const channels = jsonb([{ kind: 'wecom-app', to: key }])
      await tx
        .insertInto('dx.people')
        .values({
          agency_id: thisAgency,
          id: people[key].personId,
          name,
          role,
          phone: `1390000000${Object.keys(people).length}`,
          channels,
          drill_consent: key !== 'wu',
        })
        .execute()
    }
    if (options.people !== false)
      for (const [position, who] of [
        ['first', people.zhou],
        ['backup', people.mei],
      ] as const)
        for (let weekday = 1; weekday <= 7; weekday++)
          await tx
            .insertInto('dx.rota_shifts')
            .values({
              agency_id: thisAgency,
              id: app.newId(),
              weekday,
              from_minute: 0,
              length_minutes: 1440,
              position,
              person_id: who.personId,
            })
            .execute()
    for (const [id, name] of [
      [ids.client, '青禾教育'],
      [ids.other, '云上书店'],
    ] as const)
      await tx
        .insertInto('dx.clients')
        .values({
          agency_id: thisAgency,
          id,
          name,
          contact_name: '王敏',
          salutation: '王总',
          phone: '13900006021',
          email: 'wang@client.example',
          ways: jsonb(options.ways ?? [{ way: 'account-manager' }, { way: 'sms' }, { way: 'voice' }]),
          account_manager_id: people.min.personId,
        })
        .execute()
    for (const [id, client] of [
      [ids.account, ids.client],
      [ids.second, ids.client],
      [ids.foreign, ids.other],
    ] as const)
      await tx
        .insertInto('dx.accounts')
        .values({
          agency_id: thisAgency,
          id,
          client_id: client,
          name: '青禾教育',
          appid: `wx${id.slice(0, 8)}`,
          mode: 'secret',
          person_a: people.mei.personId,
          base_url: 'http://127.0.0.1:1',
          removal_agreement: options.removal ? jsonb({ by: '王敏', at: threeInTheMorning, text: '同意' }) : null,
        })
        .execute()
  })

  const library = loadLibrary()
  const channels = makeChannels(app)
  const handlers = { ...publishingDeadlines(app), ...incidentDeadlines(app, library) }
  // Steps on a real account need WeChat; here they stay under way until a test says what they found. In a drill they are real.
  const { step, ...others } = incidentEffects(app, channels)
  const kinds: EffectKinds = { ...accountEffects(app), ...others }
  const problems: unknown[] = []
  const onProblem = (problem: unknown) => void problems.push(problem)
  let stepsToo = false
  const opening = { accountId: ids.account, playbook: 'stolen', by: '系统' }

  const world = {
    app,
    agency,
    ids,
    people,
    inside,
    problems,
    library,
    opening,
    now: () => inside(async (_tx, now) => now),
    withSteps() {
      stepsToo = true
      return world
    },
    open: (signal: SignalFact = aPost(), more: { mode?: 'real' | 'drill'; accountId?: string; detectedAt?: Instant } = {}) =>
      inside(async (tx, now) => {
        const opened = await openOrJoin(app, tx, now, library, { ...opening, detectedAt: now, signal, ...more })
        return opened.incident.id
      }),
    say: (incidentId: string, ...facts: Fact[]) =>
      inside((tx, now) =>
        change(app, tx, now, incidentId, () => ({ ok: true, value: facts.map((fact): Said => ({ by: '系统', fact })) })),
      ),
    press: (
      incidentId: string,
      what: Act,
      who: Actor = people.zhou,
      more: { press?: string; deviceAt?: string } = {},
    ): Promise<Outcome<{ seq: number }>> => act(app, who, { incidentId, press: app.newId(), act: what, ...more }),
    state: (incidentId: string) =>
      inside(
        async (tx) =>
          (await tx.selectFrom('dx.incidents').select('snapshot').where('id', '=', incidentId).executeTakeFirstOrThrow())
            .snapshot as unknown as Snapshot,
      ),
    timeline: (incidentId: string) => inside((tx) => readTimeline(tx, incidentId)),
    facts: async <K extends Fact['kind']>(incidentId: string, kind: K) =>
      (await world.timeline(incidentId)).flatMap(({ fact, at }) =>
        fact.kind === kind ? [{ ...(fact as Extract<Fact, { kind: K }>), at }] : [],
      ),
    message: async (incidentId: string, kind: string) => (await world.state(incidentId)).messages.find((m) => m.kind === kind)!,
    effects: (kind: string) =>
      inside((tx) => tx.selectFrom('dx.effects').selectAll().where('kind', '=', kind).orderBy('created_at').execute()),
    signal: (kind: string, facts: object = {}, accountId = ids.account) =>
      inside(async (tx, now) => {
        const id = app.newId()
        await tx
          .insertInto('dx.signals')
          .values({ agency_id: thisAgency, id, account_id: accountId, kind, dedupe_key: id, facts: jsonb(facts) })
          .execute()
        await arm(tx, 'signal-raised', id, now, 1)
        return id
      }),
    publication: (more: { accountId?: string; goesOutAt?: Instant | string; state?: string; title?: string } = {}) =>
      inside(async (tx, now) => {
        const id = app.newId()
        const goesOutAt = (more.goesOutAt ?? after(now, 3_600_000)) as Instant
        await tx
          .insertInto('dx.publications')
          .values({
            agency_id: thisAgency,
            id,
            account_id: more.accountId ?? ids.account,
            title: more.title ?? '春季上新',
            state: more.state ?? 'scheduled',
            goes_out_at: goesOutAt,
          })
          .execute()
        await arm(tx, 'publication-due', id, goesOutAt, 1)
        return id
      }),
    publicationState: (id: string) =>
      inside(async (tx) =>
        tx.selectFrom('dx.publications').select(['state', 'note', 'held_from']).where('id', '=', id).executeTakeFirstOrThrow(),
      ),
    /** Everything that is due at this moment, until nothing is. */
    async run() {
      for (let turn = 0; turn < 50; turn++) {
        const done = await runDueDeadlines(app.database, handlers, { slots: 1, onProblem })
        const more = await runDueEffects(app.database, stepsToo ? { ...kinds, step: step! } : kinds, {
          worker: 'w1',
          slots: 1,
          onProblem,
        })
        if (done + more === 0) return
      }
      throw new Error('what is due does not come to an end')
    },
    /** Lets time pass from one due moment to the next, as the worker would meet them. */
    async pass(duration: Duration) {
      const until = after(await world.now(), duration)
      await world.run()
      for (let next = await nextDue(until); next; next = await nextDue(until)) {
        await setClock(app, next)
        await world.run()
      }
      await setClock(app, until)
      await world.run()
    },
    /** Nothing worked during this time: the process was down. */
    down: (duration: Duration) => moveClock(app, duration),
    /** As whoever owns the database server: no rule of ours binds them. */
    asSuperuser,
    async configure(providers: ProvidersWorld, kinds: ChannelKind[]) {
      await inside(async (tx) => {
        for (const kind of kinds) await configureChannel(tx, app, kind, providers.settings[kind])
      })
    },
  }
  const nextDue = (until: Instant) =>
    inside(async (tx, now) => {
      const { rows } = await sql<{ at: Instant | null }>`select least(
        (select min(due_at) from dx.deadlines where parked_at is null and due_at > ${now} and kind = any(${Object.keys(handlers)})),
        (select min(due_at) from dx.effects where state in ('waiting', 'running') and parked_at is null and due_at > ${now} and kind <> 'step')) as at`.execute(
        tx,
      )
      const at = rows[0]!.at
      return at && elapsed(at, until) >= 0 ? at : undefined
    })
  return world
}

const superuserOf =
  (app: TestApp) =>
  async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const url = new URL(inject('cluster').adminUrl)
    url.pathname = new URL(app.url).pathname
    const client = new pg.Client(url.href)
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

/** Pretend providers over real HTTP with two suppliers of SMS and one of voice, all configured. */
export async function withProviders(
  world: IncidentWorld,
  kinds: ChannelKind[] = ['sms-aliyun', 'sms-tencent', 'voice-aliyun', 'wecom-app'],
): Promise<ProvidersWorld> {
  // Signatures carry real time, whatever the database believes.
  const providers = await givenProviders(new Date().toISOString())
  onTestFinished(() => providers.close())
  await world.configure(providers, kinds)
  return providers
}
