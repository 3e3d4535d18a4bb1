import type pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { givenAgency, moveClock, setClock, type TestApp } from '../../scenarios/given-app.ts'
import type { Role } from '../platform/access.ts'
import { withAgency } from '../platform/database.ts'
import { after, days, hours, type Instant, instant, minutes } from '../platform/time.ts'
import {
  addPerson,
  type By,
  changePerson,
  leave,
  listPeople,
  reactivate,
  setAway,
  setChannels,
  setDrillConsent,
} from './commands.ts'
import { defaultPolicies } from './escalation.ts'
import { escalationPolicies, nightOf, rosterAt, setEscalation } from './escalation-settings.ts'
import { givenAuth, givenTeam } from './given-people.ts'
import type { PersonFields } from './people.ts'
import { addOverride, addShift, onDutyNow, planWeek, removeOverride, removeShift, rotaView } from './rota-commands.ts'

// A Monday.
const monday = instant('2026-03-02T10:00:00+08:00')
const local = (agencyId: string): By => ({ agencyId, personId: 'local', role: 'admin', via: 'local' })
const as = (agencyId: string, personId: string, role: Role): By => ({ agencyId, personId, role, via: 'session' })

async function given() {
  const team = await givenTeam()
  await setClock(team.app, monday)
  const lin = await added(team.app, team.agency, { name: '林一', role: 'admin' })
  const zhou = await added(team.app, team.agency, { name: 'Lao Zhou', role: 'duty', phone: '139 0000 0001' })
  const mei = await added(team.app, team.agency, { name: 'Mei', role: 'editor', email: 'Mei@yunfan.cn' })
  return { ...team, lin, zhou, mei, by: as(team.agency, lin, 'admin') }
}
async function added(app: TestApp, agency: string, fields: PersonFields): Promise<string> {
  const outcome = await addPerson(app, local(agency), fields)
  if (!outcome.ok) throw new Error(outcome.reason)
  return outcome.value.personId
}
const allDay = (personId: string, position: 'first' | 'backup') =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, fromMinute: 0, lengthMinutes: 1440, position, personId }))

test('what is entered about a person is kept tidy: numbers without blanks, addresses in small letters', async () => {
  const { app, agency } = await given()

  expect(await listPeople(app, { agencyId: agency })).toMatchObject([
    { name: 'Lao Zhou', role: 'duty', phone: '13900000001' },
    { name: 'Mei', role: 'editor', email: 'mei@yunfan.cn' },
    { name: '林一', role: 'admin' },
  ])
})

test('a wrong number, a wrong address, an unknown role or a taken e-mail is refused in words, and nobody is added', async () => {
  const { app, agency, by } = await given()
  const wu = { name: '吴桐', role: 'lead' as const }

  expect(await addPerson(app, by, { ...wu, phone: '12345' })).toMatchObject({ reason: expect.stringContaining('11 位') })
  expect(await addPerson(app, by, { ...wu, email: 'wu' })).toMatchObject({ reason: expect.stringContaining('邮箱格式') })
  expect(await addPerson(app, by, { ...wu, name: ' ' })).toMatchObject({ reason: expect.stringContaining('姓名') })
  expect(await addPerson(app, by, { ...wu, role: 'boss' as Role })).toMatchObject({ reason: expect.stringContaining('角色') })
  expect(await addPerson(app, by, { ...wu, email: 'MEI@yunfan.cn' })).toMatchObject({
    reason: expect.stringContaining('Mei 已经用了'),
  })

  expect(await listPeople(app, { agencyId: agency })).toHaveLength(3)
})

test('channels keep the order in which they are to be tried, and one that reaches nobody is refused', async () => {
  const { app, by, zhou } = await given()
  const channels = [
    { kind: 'voice-aliyun', to: '139-0000-0001' },
    { kind: 'wecom-app', to: 'zhou' },
    { kind: 'email', to: 'Zhou@yunfan.cn' },
  ]

  expect(await setChannels(app, by, zhou, channels)).toMatchObject({
    value: {
      channels: [
        { kind: 'voice-aliyun', to: '13900000001' },
        { kind: 'wecom-app', to: 'zhou' },
        { kind: 'email', to: 'zhou@yunfan.cn' },
      ],
    },
  })
  for (const wrong of [
    { kind: 'wecom-customers', to: 'x' },
    { kind: 'pigeon', to: 'x' },
    { kind: 'sms-aliyun', to: '110' },
    { kind: 'wecom-app', to: ' ' },
  ]) {
    expect(await setChannels(app, by, zhou, [wrong])).toMatchObject({ ok: false, reason: expect.stringContaining('没有保存') })
  }
})

test('people change their own settings; those of others only an admin or lead changes', async () => {
  const { app, agency, zhou, mei } = await given()
  const channel = [{ kind: 'wecom-app', to: 'zhou' }]

  expect(await setChannels(app, as(agency, zhou, 'duty'), zhou, channel)).toMatchObject({ ok: true })
  expect(await setChannels(app, as(agency, mei, 'editor'), zhou, [])).toMatchObject({
    ok: false,
    reason: expect.stringContaining('只能改自己'),
  })
  expect(await setAway(app, as(agency, mei, 'editor'), zhou, { from: monday })).toMatchObject({ ok: false })
  expect(await setAway(app, as(agency, mei, 'lead'), zhou, { from: monday })).toMatchObject({ ok: true })
})

test('only the person can agree to drills; declining for them is possible', async () => {
  const { app, agency, by, zhou } = await given()

  expect(await setDrillConsent(app, by, zhou, false)).toMatchObject({ value: { drillConsent: false } })
  expect(await setDrillConsent(app, by, zhou, true)).toMatchObject({ ok: false, reason: expect.stringContaining('本人同意') })
  expect(await setDrillConsent(app, as(agency, zhou, 'duty'), zhou, true)).toMatchObject({ value: { drillConsent: true } })
})

test('changing a person never changes their consent to drills', async () => {
  const { app, auth, agency, by, zhou } = await given()
  await setDrillConsent(app, as(agency, zhou, 'duty'), zhou, false)

  await changePerson(app, auth, by, zhou, { name: '老周', drillConsent: true } as object)

  expect((await listPeople(app, by)).find((person) => person.id === zhou)).toMatchObject({ name: '老周', drillConsent: false })
})

test('the last admin can neither leave nor become something else, also when two try at once', async () => {
  const { app, auth, agency, by, lin, mei } = await given()
  expect(await leave(app, auth, by, lin)).toMatchObject({ ok: false, reason: expect.stringContaining('最后一位管理员') })
  expect(await changePerson(app, auth, by, lin, { role: 'lead' })).toMatchObject({ ok: false })

  await changePerson(app, auth, by, mei, { role: 'admin' })
  const [database, watcher] = [await app.listen(), await app.listen()]
  onTestFinished(async () => void (await Promise.all([database.end(), watcher.end()])))
  await database.query('begin')
  await database.query("select set_config('role', 'dx_app', true), set_config('dx.agency', $1, true)", [agency])
  await database.query('select 1 from dx.people for update')
  const leaving = [leave(app, auth, by, lin), leave(app, auth, by, mei)]
  // Both have begun and stand before the same rows: whatever they decided from reading alone is decided by now.
  await expect.poll(() => waiting(watcher), { timeout: 5000 }).toBe(2)
  await database.query('commit')
  const both = await Promise.all(leaving)

  expect(both.filter((outcome) => outcome.ok)).toHaveLength(1)
  expect(
    (await listPeople(app, { agencyId: agency })).filter((person) => person.role === 'admin' && !person.leftAt),
  ).toHaveLength(1)
})

async function waiting(watcher: pg.Client): Promise<number> {
  const { rows } = await watcher.query<{ n: number }>(
    "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  )
  return rows[0]!.n
}

test('whoever leaves is passed over by the rota from that moment, and the hours this leaves empty are named', async () => {
  const { app, auth, by, zhou, mei } = await given()
  await planWeek(app, by, [...allDay(zhou, 'first'), ...allDay(mei, 'backup')])
  expect((await onDutyNow(app, by)).first?.name).toBe('Lao Zhou')

  const left = await leave(app, auth, by, zhou)

  expect(left).toMatchObject({ ok: true, value: { gaps: [{ from: monday, missing: 'backup', because: 'absent' }] } })
  expect((await onDutyNow(app, by)).first?.name).toBe('Mei')
  expect((await listPeople(app, by)).at(-1)).toMatchObject({ name: 'Lao Zhou', leftAt: monday })
})

test('a leaver can be taken back, without the leave they once had', async () => {
  const { app, auth, by, zhou } = await given()
  await setAway(app, by, zhou, { from: monday })
  await leave(app, auth, by, zhou)

  expect(await setAway(app, by, zhou, null)).toMatchObject({ ok: false, reason: expect.stringContaining('请先恢复') })
  expect(await reactivate(app, by, zhou)).toMatchObject({ ok: true, value: { leftAt: undefined, awayFrom: undefined } })
  expect(await reactivate(app, by, zhou)).toMatchObject({ ok: false })
})

test('leave begins and ends by itself, and shows at once what it leaves uncovered', async () => {
  const { app, by, zhou, mei } = await given()
  await planWeek(app, by, [...allDay(zhou, 'first'), ...allDay(mei, 'backup')])
  const [from, until] = [after(monday, hours(2)), after(monday, days(1))]

  expect(await setAway(app, by, zhou, { from, until })).toMatchObject({
    value: { gaps: [{ from, until, missing: 'backup', because: 'absent' }] },
  })

  expect((await onDutyNow(app, by)).first?.name).toBe('Lao Zhou')
  await moveClock(app, hours(2))
  expect(await onDutyNow(app, by)).toMatchObject({ first: { name: 'Mei' }, backup: undefined })
  await moveClock(app, hours(22))
  expect((await onDutyNow(app, by)).first?.name).toBe('Lao Zhou')
  expect(await setAway(app, by, zhou, { from: until, until: from })).toMatchObject({ ok: false })
  expect(await setAway(app, by, zhou, { from, until })).toMatchObject({ ok: false, reason: expect.stringContaining('已经过去') })
})

test('a shift is added, seen, and removed; an unfit one is refused', async () => {
  const { app, by, zhou } = await given()
  const night = { weekday: 1, fromMinute: 22 * 60, lengthMinutes: 600, position: 'first' as const, personId: zhou }
  const shift = await addShift(app, by, night)
  if (!shift.ok) throw new Error(shift.reason)

  expect((await rotaView(app, by, monday, after(monday, days(7)))).shifts).toEqual([{ id: shift.value.shiftId, ...night }])
  expect(await addShift(app, by, { ...night, lengthMinutes: 1441 })).toMatchObject({ reason: expect.stringContaining('24 小时') })
  expect(await addShift(app, by, { ...night, personId: '00000000-0000-4000-8000-000000000000' })).toMatchObject({
    reason: expect.stringContaining('没有这个人'),
  })

  expect(await removeShift(app, by, shift.value.shiftId)).toMatchObject({ ok: true })
  expect(await removeShift(app, by, shift.value.shiftId)).toMatchObject({ ok: false })
})

test('a week is planned whole or not at all', async () => {
  const { app, auth, by, zhou, mei } = await given()
  await planWeek(app, by, allDay(zhou, 'first'))
  await leave(app, auth, by, mei)

  expect(await planWeek(app, by, [...allDay(zhou, 'backup'), ...allDay(mei, 'first')])).toMatchObject({
    ok: false,
    reason: expect.stringContaining('Mei 已经离开'),
  })

  const { shifts } = await rotaView(app, by, monday, after(monday, days(7)))
  expect(shifts).toHaveLength(7)
  expect(new Set(shifts.map((shift) => shift.position))).toEqual(new Set(['first']))
})

test('a swap puts somebody else on duty and remembers why and by whom', async () => {
  const { app, by, lin, zhou, mei } = await given()
  await planWeek(app, by, [...allDay(zhou, 'first'), ...allDay(lin, 'backup')])
  const swap = {
    startsAt: monday,
    endsAt: after(monday, hours(8)),
    position: 'first' as const,
    personId: mei,
    reason: '孩子生病',
  }

  const made = await addOverride(app, by, swap)
  if (!made.ok) throw new Error(made.reason)

  expect((await onDutyNow(app, by)).first?.name).toBe('Mei')
  expect((await rotaView(app, by, monday, after(monday, days(1)))).overrides).toEqual([
    { id: made.value.overrideId, ...swap, madeBy: lin },
  ])
  expect(await removeOverride(app, by, made.value.overrideId)).toMatchObject({ ok: true })
  expect((await onDutyNow(app, by)).first?.name).toBe('Lao Zhou')
})

test('a swap without a reason, in the past, backwards, or to somebody on leave is refused', async () => {
  const { app, by, mei } = await given()
  const swap = {
    startsAt: monday as string,
    endsAt: after(monday, hours(8)) as string,
    position: 'first' as const,
    personId: mei,
    reason: '换班',
  }
  await setAway(app, by, mei, { from: after(monday, days(2)) })

  for (const [change, words] of [
    [{ reason: ' ' }, '原因'],
    [{ startsAt: after(monday, hours(9)) }, '要晚于开始'],
    [{ startsAt: '2026-03-01T00:00:00Z', endsAt: '2026-03-01T09:00:00Z' }, '已经过去'],
    [{ startsAt: after(monday, days(3)), endsAt: after(monday, days(4)) }, '休假'],
    [{ startsAt: 'tomorrow' }, '时间格式'],
    [{ endsAt: after(monday, days(90)) }, '62 天'],
  ] as const) {
    expect(await addOverride(app, by, { ...swap, ...change })).toMatchObject({
      ok: false,
      reason: expect.stringContaining(words),
    })
  }
})

test('Chen of another agency sees none of our duty and plans nobody of ours', async () => {
  const { app, agency, zhou } = await given()
  await givenAgency(app, 'other', '别家')
  const chen = as('other', await added(app, 'other', { name: 'Chen', role: 'admin' }), 'admin')
  await planWeek(app, local(agency), allDay(zhou, 'first'))

  expect(await rotaView(app, chen, monday, after(monday, days(7)))).toMatchObject({
    shifts: [],
    overrides: [],
    people: [{ name: 'Chen' }],
  })
  expect(
    await addShift(app, chen, { weekday: 1, fromMinute: 0, lengthMinutes: 60, position: 'first', personId: zhou }),
  ).toMatchObject({ ok: false })
  expect(await planWeek(app, chen, [])).toMatchObject({ ok: true })

  expect((await onDutyNow(app, { agencyId: agency })).first?.name).toBe('Lao Zhou')
})

test('the roster of a ladder holds those on duty and at work; without a lead the admin decides', async () => {
  const { app, agency, by, zhou, mei } = await given()
  const wu = await added(app, agency, { name: '吴桐', role: 'account-manager' })
  await added(app, agency, { name: '赵敏', role: 'account-manager' })
  await planWeek(app, by, [...allDay(zhou, 'first'), ...allDay(mei, 'backup')])
  const roster = (at: Instant, only = {}) => withAgency(app.database, agency, (tx) => rosterAt(tx, at, only))

  expect(await roster(monday)).toMatchObject({
    first: { name: 'Lao Zhou' },
    backup: { name: 'Mei' },
    leads: [{ name: '林一' }],
    accountManagers: [{}, {}],
    everyone: { length: 5 },
  })
  expect(await roster(monday, { accountManagerId: wu })).toMatchObject({ accountManagers: [{ name: '吴桐' }] })

  const lead = await added(app, agency, { name: '钱多', role: 'lead' })
  await setAway(app, by, zhou, { from: monday })
  expect(await roster(monday)).toMatchObject({
    first: { name: 'Mei' },
    backup: undefined,
    leads: [{ name: '钱多' }],
    everyone: { length: 5 },
  })
  await setAway(app, by, lead, { from: monday })
  expect(await roster(monday)).toMatchObject({ leads: [{ name: '林一' }] })
})

test('an agency changes one policy and keeps the others; a policy that stops at one phone is refused', async () => {
  const { app, agency, by } = await given()
  const own = {
    hops: [
      { after: 0, whom: 'first', ways: ['voice'] },
      { after: minutes(2), whom: 'lead', ways: ['voice'] },
    ],
    repeat: { times: 1, every: minutes(5) },
    acknowledgementLease: minutes(10),
  }

  expect(await setEscalation(app, by, 'P1', own)).toMatchObject({ ok: true })
  expect(await setEscalation(app, by, 'P3', { ...own, hops: own.hops.slice(0, 1) })).toMatchObject({ ok: true })
  expect(await setEscalation(app, by, 'P2', { ...own, hops: own.hops.slice(0, 1) })).toMatchObject({
    reason: expect.stringContaining('升级'),
  })
  expect(await setEscalation(app, by, 'P2', { ...own, hops: own.hops.toReversed() })).toMatchObject({ ok: false })
  expect(await setEscalation(app, by, 'P2', { ...own, hops: [{ after: 0, whom: 'first', ways: [] }] })).toMatchObject({
    reason: expect.stringContaining('通知方式'),
  })

  const policies = await withAgency(app.database, agency, escalationPolicies)
  expect(policies).toEqual({ ...defaultPolicies, P1: own, P3: { ...own, hops: own.hops.slice(0, 1) } })
  expect(await withAgency(app.database, agency, nightOf)).toMatchObject({ zone: 'Asia/Shanghai' })
})

test('every change to people is written down with who made it, without numbers or addresses', async () => {
  const { app, agency, by, lin, zhou } = await given()
  await setChannels(app, by, zhou, [{ kind: 'sms-aliyun', to: '13900000001' }])

  const rows = await withAgency(app.database, agency, (tx) =>
    tx.selectFrom('dx.audit').select(['who', 'what', 'detail']).orderBy('id').execute(),
  )

  expect(rows.at(-1)).toEqual({ who: lin, what: 'channels-changed', detail: { personId: zhou, kinds: ['sms-aliyun'] } })
  expect(JSON.stringify(rows)).not.toMatch(/1390000|yunfan\.cn/)
})

test('nothing is asked of an agency that does not exist', async () => {
  const { app } = await givenAuth()

  expect(await listPeople(app, { agencyId: 'nobody' })).toEqual([])
})
