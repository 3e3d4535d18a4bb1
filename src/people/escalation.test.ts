import fc from 'fast-check'
import { expect, test } from 'vitest'
import { after, BEIJING, elapsed, hours, type Instant, instant, minutes, seconds } from '../platform/time.ts'
import {
  defaultPolicies,
  type EscalationPolicy,
  everySeverity,
  everyWhom,
  type LadderSetting,
  ladder,
  type OnCallPerson,
  type Roster,
} from './escalation.ts'
import { defaultNight, quietFor } from './quiet-hours.ts'
import { everyWay } from './ways.ts'

const at = (text: string) => instant(`${text}+08:00`)
const three = at('2026-03-01T03:00')
const configured = ['wecom-app', 'wecom-robot', 'sms-aliyun', 'sms-tencent', 'voice-aliyun', 'voice-tencent', 'email']
const setting: LadderSetting = { configured }

const aPerson = (name: string, more: Partial<OnCallPerson> = {}): OnCallPerson => ({
  id: name,
  name,
  channels: [{ kind: 'wecom-app', to: name }],
  phone: `1390000000${name.length}`,
  drillConsent: true,
  ...more,
})
const zhou = aPerson('zhou')
const mei = aPerson('mei')
const lead = aPerson('lead-lin')
const manager = aPerson('manager-wu')
const roster: Roster = {
  first: zhou,
  backup: mei,
  leads: [lead],
  accountManagers: [manager],
  everyone: [zhou, mei, lead, manager],
}
const once: EscalationPolicy = { ...defaultPolicies.P1, repeat: { times: 0, every: minutes(5) } }
const short = ({ pages }: { pages: { personId: string; way: string; dueAt: Instant }[] }, from = three) =>
  pages.map((page) => `${elapsed(from, page.dueAt) / 1000}s ${page.personId} ${page.way}`)

test('at three in the morning a P1 goes from message to call to backup to lead to account manager', () => {
  expect(short(ladder(once, roster, three, setting))).toEqual([
    '0s zhou app',
    '30s zhou sms',
    '60s zhou voice',
    '180s mei app',
    '180s mei sms',
    '180s mei voice',
    '300s lead-lin app',
    '300s lead-lin sms',
    '300s lead-lin voice',
    '480s manager-wu app',
    '480s manager-wu sms',
    '480s manager-wu voice',
    '600s zhou app',
    '600s mei app',
    '600s lead-lin app',
    '600s manager-wu app',
  ])
})

test('a hop that reaches nobody costs no time: the backup is rung at once, and the gap is named', () => {
  const { pages, facts } = ladder(once, { ...roster, first: undefined }, three, setting)

  expect(short({ pages })[0]).toBe('0s mei app')
  expect(short({ pages })).toContain('120s lead-lin app')
  expect(facts.filter((fact) => fact.kind === 'nobody-reachable')).toEqual(
    [0, 1, 2].map((hop) => ({ kind: 'nobody-reachable', hop, whom: 'first', because: 'nobody-on-duty' })),
  )
})

test('when nobody can be reached at all the ladder says so instead of being empty', () => {
  const nobody: Roster = { leads: [], accountManagers: [], everyone: [] }
  const mute = aPerson('zhou', { channels: [], phone: undefined })

  expect(ladder(once, nobody, three, setting)).toMatchObject({
    pages: [],
    facts: expect.arrayContaining([{ kind: 'nobody-at-all' }]),
  })
  expect(ladder(once, { ...nobody, first: mute }, three, setting).facts).toEqual(
    expect.arrayContaining([
      { kind: 'nobody-reachable', hop: 0, whom: 'first', because: 'no-channel' },
      { kind: 'nobody-at-all' },
    ]),
  )
})

test('whoever lacks the wished way is reached by another one, and the ladder says which', () => {
  const noApp = aPerson('zhou', { channels: [], phone: undefined, email: 'zhou@yunfan.cn' })
  const policy: EscalationPolicy = { ...once, hops: [{ after: 0, whom: 'first', ways: ['app', 'voice'] }] }

  const { pages, facts } = ladder(policy, { ...roster, first: noApp }, three, setting)

  expect(pages).toMatchObject([{ way: 'email', channelKind: 'email', to: 'zhou@yunfan.cn' }])
  expect(facts).toEqual([{ kind: 'other-way-used', hop: 0, personId: 'zhou', way: 'email' }])
})

test('a channel the agency has not set up is not counted on', () => {
  const { pages, facts } = ladder(once, roster, three, { configured: ['sms-aliyun'] })

  expect(new Set(pages.map((page) => page.channelKind))).toEqual(new Set(['sms-aliyun']))
  expect(facts.some((fact) => fact.kind === 'other-way-used')).toBe(true)
  expect(ladder(once, roster, three, { configured: [] }).facts).toContainEqual({ kind: 'nobody-at-all' })
})

test('a text or a call has the second supplier behind it, in the order the person chose', () => {
  const choosy = aPerson('zhou', { channels: [{ kind: 'sms-tencent', to: '13911112222' }] })
  const policy: EscalationPolicy = { ...once, hops: [{ after: 0, whom: 'first', ways: ['sms', 'voice'] }] }

  const { pages } = ladder(policy, { ...roster, first: choosy }, three, setting)

  expect(pages).toMatchObject([
    { way: 'sms', channelKind: 'sms-tencent', to: '13911112222', fallback: { channelKind: 'sms-aliyun', to: '13911112222' } },
    { way: 'voice', channelKind: 'voice-aliyun', to: choosy.phone, fallback: { channelKind: 'voice-tencent', to: choosy.phone } },
  ])
})

test('a group is told once per hop, however many of its members are meant', () => {
  const group = { kind: 'wecom-robot', to: '事件群' }
  const members = [aPerson('zhou', { channels: [group] }), aPerson('mei', { channels: [group] })]
  const policy: EscalationPolicy = { ...once, hops: [{ after: 0, whom: 'everyone', ways: ['group'] }] }

  expect(ladder(policy, { ...roster, everyone: members }, three, setting).pages).toHaveLength(1)
})

test('while nobody answers the ladder is climbed again, as often as the agency wished', () => {
  const policy: EscalationPolicy = {
    hops: [
      { after: 0, whom: 'first', ways: ['app'] },
      { after: minutes(3), whom: 'backup', ways: ['app'] },
    ],
    repeat: { times: 2, every: minutes(5) },
    acknowledgementLease: minutes(10),
  }

  const { pages } = ladder(policy, roster, three, setting)

  expect(pages.map((page) => `${page.round}.${page.hop} ${elapsed(three, page.dueAt) / 60_000}`)).toEqual([
    '0.0 0',
    '0.1 3',
    '1.0 8',
    '1.1 11',
    '2.0 16',
    '2.1 19',
  ])
})

test('P3 and P4 wait for the morning, keep their distance then, and say so', () => {
  const { pages, facts } = ladder(defaultPolicies.P3, roster, three, { ...setting, quiet: quietFor('P3', defaultNight) })

  expect(pages[0]!.dueAt).toBe(at('2026-03-01T08:00'))
  expect(pages.find((page) => page.personId === 'mei')!.dueAt).toBe(at('2026-03-01T08:15'))
  expect(facts).toEqual([{ kind: 'waits-for-morning', until: at('2026-03-01T08:00') }])
})

test('a P3 that began in the evening does not climb on through the night', () => {
  const { pages } = ladder(defaultPolicies.P3, roster, at('2026-03-01T21:50'), {
    ...setting,
    quiet: quietFor('P3', defaultNight),
  })

  expect(pages.filter((page) => page.round === 0).map((page) => page.dueAt)).toEqual([
    at('2026-03-01T21:50'),
    at('2026-03-01T21:55'),
    at('2026-03-02T08:05'),
    at('2026-03-02T08:20'),
  ])
})

test('P1 and P2 ring at night, and so does a P3 whose slot is due before morning', () => {
  expect([quietFor('P1', defaultNight), quietFor('P2', defaultNight), quietFor('P3', defaultNight, true)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect(quietFor('P3', defaultNight)).toBe(defaultNight)
  expect(quietFor('P4', defaultNight, true)).toBe(defaultNight)
})

test('a drill rings only those who agreed, and names the hop that this leaves empty', () => {
  const shy = { ...zhou, drillConsent: false }
  const drill = ladder(once, { ...roster, first: shy, everyone: [shy, mei] }, three, { ...setting, drill: true })

  expect(drill.pages.map((page) => page.personId)).not.toContain('zhou')
  expect(drill.facts).toContainEqual({ kind: 'nobody-reachable', hop: 0, whom: 'first', because: 'no-drill-consent' })
})

test('after five calls in an hour the second supplier calls, and when that is spent too the ladder says so', () => {
  const policy: EscalationPolicy = {
    hops: [{ after: 0, whom: 'first', ways: ['voice'] }],
    repeat: { times: 11, every: minutes(4) },
    acknowledgementLease: minutes(10),
  }

  const { pages, facts } = ladder(policy, roster, three, setting)

  expect(pages.map((page) => page.channelKind)).toEqual([...Array(5).fill('voice-aliyun'), ...Array(5).fill('voice-tencent')])
  expect(facts).toEqual([10, 11].map((round) => ({ kind: 'calls-spent', hop: 0, round, personId: 'zhou' })))
})

test('a telephone is never rung by two calls within one minute', () => {
  const both: Roster = { ...roster, backup: aPerson('zhou-again', { phone: zhou.phone }) }
  const policy: EscalationPolicy = {
    ...once,
    hops: [
      { after: 0, whom: 'first', ways: ['voice'] },
      { after: seconds(20), whom: 'backup', ways: ['voice'] },
    ],
  }

  expect(short(ladder(policy, both, three, setting))).toEqual(['0s zhou voice', '60s zhou-again voice'])
})

test('every default policy is climbed in order and begins at once', () => {
  for (const severity of everySeverity) {
    const { hops } = defaultPolicies[severity]
    expect(hops[0]!.after).toBe(0)
    expect(hops.map((hop) => hop.after)).toEqual(hops.map((hop) => hop.after).sort((a, b) => a - b))
  }
  const backup = (severity: 'P1' | 'P2' | 'P3') => defaultPolicies[severity].hops.find((hop) => hop.whom === 'backup')!.after
  expect([backup('P1'), backup('P2'), backup('P3')]).toEqual([minutes(3), minutes(5), minutes(15)])
})

test('whatever the policy and whoever is there, nobody is left out in silence and no carrier limit is broken', () => {
  const kinds = ['wecom-app', 'wecom-robot', 'sms-aliyun', 'voice-aliyun', 'voice-tencent', 'email']
  const person = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    name: fc.constant('x'),
    channels: fc.array(fc.record({ kind: fc.constantFrom(...kinds), to: fc.constantFrom('t1', 't2') }), { maxLength: 3 }),
    phone: fc.option(fc.constantFrom('13900000001', '13900000002'), { nil: undefined }),
    email: fc.option(fc.constant('x@yunfan.cn'), { nil: undefined }),
    drillConsent: fc.boolean(),
  })
  const people = fc.array(person, { maxLength: 3 })
  const rosters = fc.record({
    first: fc.option(person, { nil: undefined }),
    backup: fc.option(person, { nil: undefined }),
    leads: people,
    accountManagers: people,
    everyone: people,
  })
  const hop = fc.record({
    after: fc.integer({ min: 0, max: 900 }).map(seconds),
    whom: fc.constantFrom(...everyWhom),
    ways: fc.uniqueArray(fc.constantFrom(...everyWay), { minLength: 1 }),
  })
  const policies = fc.record({
    hops: fc
      .array(hop, { minLength: 1, maxLength: 6 })
      .map((hops) => hops.sort((a, b) => a.after - b.after).map((each, i) => (i === 0 ? { ...each, after: 0 } : each))),
    repeat: fc.record({ times: fc.integer({ min: 0, max: 4 }), every: fc.integer({ min: 1, max: 20 }).map(minutes) }),
    acknowledgementLease: fc.constant(minutes(10)),
  })

  fc.assert(
    fc.property(
      policies,
      rosters,
      fc.subarray(kinds),
      fc.boolean(),
      fc.boolean(),
      (policy, who, configuredKinds, drill, quiet) => {
        const night = { ...defaultNight, zone: BEIJING }
        const climbed = ladder(policy, who, three, { configured: configuredKinds, drill, quiet: quiet ? night : undefined })
        const { pages, facts } = climbed

        expect(pages.length > 0).toBe(!facts.some((fact) => fact.kind === 'nobody-at-all'))
        for (const [index] of policy.hops.entries()) {
          const heard = pages.some((page) => page.hop === index) || facts.some((fact) => 'hop' in fact && fact.hop === index)
          expect(heard).toBe(true)
        }
        expect(pages.every((page) => configuredKinds.includes(page.channelKind) && page.dueAt >= three)).toBe(true)
        for (const call of pages.filter((page) => page.way === 'voice')) {
          const later = pages.filter(
            (page) => page.way === 'voice' && page.to === call.to && page !== call && page.dueAt >= call.dueAt,
          )
          expect(later.every((page) => elapsed(call.dueAt, page.dueAt) >= minutes(1))).toBe(true)
          const lately = later.filter((page) => page.channelKind === call.channelKind && page.dueAt < after(call.dueAt, hours(1)))
          expect(lately.length).toBeLessThan(5)
        }
      },
    ),
    { numRuns: 300, seed: 26 },
  )
})
