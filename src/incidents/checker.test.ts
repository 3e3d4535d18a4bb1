import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minutes, seconds } from '../platform/time.ts'
import type { Act } from './acts.ts'
import { checkIncident } from './checker.ts'
import { givenIncidents, type IncidentWorld } from './given-incident.ts'
import { aMassSend, aMenuDrift, anAutoReplyDrift, aPost, theft } from './given-story.ts'
import type { Fact } from './timeline.ts'

const check = (world: IncidentWorld, id: string) => world.inside((tx) => checkIncident(tx, id))
const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 })
const steps = theft.steps.map((s) => s.key)
const reason = '原因写在这里，复盘看'

type Move =
  | { act: (world: IncidentWorld, id: string) => Promise<Act | undefined>; who: 'zhou' | 'mei' | 'wu' | 'min' }
  | { fact: Fact }
  | { pass: number }
const pressing = (act: fc.Arbitrary<Act>): fc.Arbitrary<Move> =>
  fc.record({
    act: act.map((one) => async () => one),
    who: fc.constantFrom('zhou' as const, 'mei' as const, 'wu' as const, 'min' as const),
  })
const onMessage = (what: (id: string) => Act): fc.Arbitrary<Move> =>
  fc.record({
    act: fc.nat(5).map((n) => async (world: IncidentWorld, id: string) => {
      const { messages } = await world.state(id)
      const one = messages[n % Math.max(1, messages.length)]
      return one && what(one.id)
    }),
    who: fc.constantFrom('zhou' as const, 'wu' as const, 'min' as const),
  })
const step = fc.constantFrom(...steps)
const move: fc.Arbitrary<Move> = fc.oneof(
  pressing(
    fc.constantFrom<Act>({ do: 'acknowledge' }, { do: 'decline' }, { do: 'call-help' }, { do: 'export' }, { do: 'review' }),
  ),
  pressing(step.map((key): Act => ({ do: 'complete', step: key, receipt: '0017', answer: 'not-ours' }))),
  pressing(step.map((key): Act => ({ do: 'cannot', step: key, reason }))),
  pressing(step.map((key): Act => ({ do: 'skip', step: key, reason, agreedBy: '吴桐' }))),
  pressing(fc.tuple(step, step).map(([one, before]): Act => ({ do: 'move', step: one, before, reason, agreedBy: '吴桐' }))),
  pressing(anyText.map((text): Act => ({ do: 'note', text }))),
  pressing(
    fc.constantFrom<Act>(
      { do: 'draft', message: 'progress' },
      { do: 'add', title: '通知商城', owner: 'duty', minutes: 5, reason, agreedBy: '吴桐' },
    ),
  ),
  pressing(
    fc.constantFrom<Act>(
      { do: 'severity', severity: 'P3', reason },
      { do: 'severity', severity: 'P1', reason },
      { do: 'reopen', reason },
      { do: 'resolve', cause: reason, followUps: [] },
    ),
  ),
  pressing(fc.constant<Act>({ do: 'complete', step: 'ask-person', answer: 'ours' })),
  onMessage((messageId) => ({ do: 'send', messageId })),
  onMessage((messageId) => ({ do: 'call-back', messageId })),
  onMessage((messageId) => ({ do: 'sent-by-hand', messageId })),
  onMessage((messageId) => ({ do: 'change-message', messageId, text: '我们正在看' })),
  onMessage((messageId) => ({ do: 'postpone', messageId, minutes: 3, reason })),
  fc.constantFrom<Fact>(aPost('2'), aMassSend('3'), aMenuDrift(), anAutoReplyDrift()).map((fact) => ({ fact })),
  step.map((key) => ({ fact: { kind: 'step-done', step: key, receipt: 'ok' } satisfies Fact })),
  fc
    .constantFrom<Fact>(
      { kind: 'article-removed', key: 'article:2', title: '2', how: 'machine' },
      { kind: 'menu-restored', degraded: ['视频按钮'] },
      { kind: 'auto-reply-checked', drifted: true },
    )
    .map((fact) => ({ fact })),
  fc.constantFrom(seconds(6), minutes(4), minutes(13)).map((pass) => ({ pass })),
)

test('whatever people press and whatever is found, the stored incident is what its timeline adds up to', async () => {
  const world = await givenIncidents({ people: true })
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 3, maxLength: 14 }), async (moves) => {
      const account = world.app.newId()
      await world.inside(async (tx) => {
        const { agency_id: _, ...row } = await tx
          .selectFrom('dx.accounts')
          .selectAll()
          .where('id', '=', world.ids.account)
          .executeTakeFirstOrThrow()
        await tx
          .insertInto('dx.accounts')
          .values({
            ...row,
            agency_id: world.agency,
            id: account,
            appid: `wx${account}`,
            custodians: '[]',
            outsiders: '[]',
            abilities: '{}',
            removal_agreement: null,
            former_reception: null,
          })
          .execute()
      })
      const id = await world.open(aPost('1'), { accountId: account })
      for (const one of moves) {
        if ('fact' in one) await world.say(id, one.fact)
        else if ('pass' in one) await world.pass(one.pass)
        else {
          const act = await one.act(world, id)
          if (act) await world.press(id, act, world.people[one.who])
        }
        expect(await check(world, id)).toEqual({ ok: true })
      }
      // What this round left waiting is not the next round's.
      await world.inside(async (tx) => {
        await tx.deleteFrom('dx.deadlines').execute()
        await tx.updateTable('dx.incidents').set({ state: 'merged' }).where('id', '=', id).execute()
      })
    }),
    { seed: 2601, numRuns: 8, endOnFailure: true },
  )
  expect(world.problems).toEqual([])
})

test('one byte turned in any row of the timeline is found at that row', async () => {
  const world = await givenIncidents()
  const id = await world.open(aPost())
  await world.press(id, { do: 'acknowledge' })
  await world.press(id, { do: 'note', text: '电话打通了' })
  const rows = await world.timeline(id)
  expect(await check(world, id)).toEqual({ ok: true })

  for (const { seq } of rows) {
    for (const [column, turn, back] of [
      ['data', `jsonb_set(data, '{x}', '1')`, `data - 'x'`],
      ['by', `by || '.'`, `left(by, -1)`],
      ['at', `at + interval '1 millisecond'`, `at - interval '1 millisecond'`],
    ]) {
      await world.asSuperuser((db) =>
        db.query(`update dx.timeline set ${column} = ${turn} where incident_id = $1 and seq = $2`, [id, seq]),
      )
      expect(await check(world, id)).toEqual({ ok: false, what: `timeline entry ${seq}: altered` })
      await world.asSuperuser((db) =>
        db.query(`update dx.timeline set ${column} = ${back} where incident_id = $1 and seq = $2`, [id, seq]),
      )
    }
  }
  expect(await check(world, id)).toEqual({ ok: true })
})

test('a row cut off the end, or a hash written over, shows at the head', async () => {
  const world = await givenIncidents()
  const id = await world.open(aPost())
  const last = (await world.timeline(id)).length
  await world.asSuperuser((db) => db.query('delete from dx.timeline where incident_id = $1 and seq = $2', [id, last]))
  expect(await check(world, id)).toEqual({ ok: false, what: `timeline entry ${last - 1}: other-head` })
})

test.each([
  [
    'the snapshot',
    `update dx.incidents set snapshot = jsonb_set(snapshot, '{certainty}', '"confirmed"')`,
    'snapshot.certainty is "confirmed", the timeline adds up to "single-sign"',
  ],
  ['the state', `update dx.incidents set state = 'contained'`, 'columns.state is "contained", the timeline adds up to "open"'],
  [
    'the policy',
    `update dx.incidents set policy = jsonb_set(policy, '{autoTell}', '1')`,
    'columns.policy.autoTell is 1, the timeline adds up to 720000',
  ],
  ['the head', 'update dx.incidents set head_seq = head_seq + 1', /^head_seq is \d+, the timeline has \d+ entries$/],
  [
    'a clock',
    `update dx.incident_clocks set met_at = due_at where key = 'platform'`,
    /^clocks\.platform\.met_at is "2026-11-21T19:32:00.000Z", the timeline adds up to null$/,
  ],
  ['a lost clock', `delete from dx.incident_clocks where key = 'platform'`, /^clocks\.platform is missing/],
  [
    'a step',
    `update dx.incident_steps set state = 'done' where key = 'tell-first'`,
    'steps.tell-first.state is "done", the timeline adds up to "ready"',
  ],
  [
    'a step too many',
    `insert into dx.incident_steps (agency_id, incident_id, key, position, state) select agency_id, id, 'secret-step', 99, 'done' from dx.incidents`,
    /^steps\.secret-step is .*the timeline adds up to missing$/,
  ],
  ['a message', `update dx.client_messages set text = '已全部恢复'`, /^messages\.[0-9a-f-]+\.text is "已全部恢复"/],
])('%s changed behind our back is named', async (_, statement, what) => {
  const world = await givenIncidents()
  const id = await world.open(aPost())

  await world.asSuperuser((db) => db.query(statement))

  expect(await check(world, id)).toEqual({ ok: false, what: typeof what === 'string' ? what : expect.stringMatching(what) })
})

test('the application itself cannot change or delete a row of the timeline', async () => {
  const world = await givenIncidents()
  const id = await world.open(aPost())

  await expect(
    world.inside((tx) => tx.updateTable('dx.timeline').set({ by: 'Mei' }).where('incident_id', '=', id).execute()),
  ).rejects.toThrow(/permission denied/)
  await expect(world.inside((tx) => tx.deleteFrom('dx.timeline').where('incident_id', '=', id).execute())).rejects.toThrow(
    /permission denied/,
  )
})

test('no such incident is said, not thrown', async () => {
  const world = await givenIncidents()
  expect(await check(world, world.app.newId())).toEqual({ ok: false, what: 'there is no such incident' })
})
