import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { givenAgency, moveClock, type TestApp } from '../../scenarios/given-app.ts'
import { asDispatch, withAgency } from '../platform/database.ts'
import { minutes } from '../platform/time.ts'
import { AGENCY_HEADER, ensureLocalToken, whoIs } from './actors.ts'
import type { Auth } from './auth.ts'
import { addPerson, type By, changePerson, leave, listPeople, reactivate } from './commands.ts'
import { aBrowser, givenAuth, givenTeam, password, signIn } from './given-people.ts'
import { chooseMyPassword } from './own-password.ts'
import { mySessions, revokeMyOtherSessions, revokeMySession } from './sessions.ts'
import {
  enterBySignInLink,
  linkForFirstAdmin,
  linkForPerson,
  makeSignInLink,
  type NewLink,
  openSignInLink,
} from './sign-in-links.ts'

const system = (agencyId: string): By => ({ agencyId, personId: 'local', role: 'admin', via: 'local' })
const link = (app: TestApp, agency: string, wanted: Partial<NewLink>) =>
  withAgency(app.database, agency, (tx) =>
    makeSignInLink(tx, app, { personId: null, purpose: 'sign-in', minutes: 15, ...wanted }),
  )

async function aPerson(app: TestApp, agency: string, fields: Partial<Parameters<typeof addPerson>[2]> = {}): Promise<string> {
  const added = await addPerson(app, system(agency), { name: 'Mei', role: 'editor', ...fields })
  if (!added.ok) throw new Error(added.reason)
  return added.value.personId
}

async function signedIn(app: TestApp, auth: Auth, agency: string, personId: string) {
  const browser = aBrowser(auth)
  const used = await enterBySignInLink(
    app,
    auth,
    await link(app, agency, { personId }),
    browser.request(),
    undefined,
    '203.0.113.9',
  )
  if (!used.ok) throw new Error(used.reason)
  browser.keep(used.value.setCookie)
  return browser
}

test('the first admin comes in by a one-time address: agency, person, login and session are there', async () => {
  const { app, auth } = await givenAuth()
  const token = await link(app, 'yunfan', { purpose: 'first-admin' })
  const browser = aBrowser(auth)

  const used = await enterBySignInLink(app, auth, token, browser.request(), {
    name: '林一',
    email: 'Lin@Yunfan.cn',
    password,
    agencyName: '云帆托管',
  })
  if (used.ok) browser.keep(used.value.setCookie)

  expect(await whoIs(app, auth, browser.request())).toMatchObject({
    agencyId: 'yunfan',
    name: '林一',
    role: 'admin',
    via: 'session',
  })
  expect((await signIn(aBrowser(auth), 'lin@yunfan.cn')).status).toBe(200)
  expect(await openSignInLink(app, token)).toMatchObject({ ok: false })
})

test('opening a one-time address shows who it is for and uses nothing up', async () => {
  const { app, auth, agency } = await givenTeam()
  const mei = await aPerson(app, agency)
  const token = await link(app, agency, { personId: mei })

  for (let look = 0; look < 3; look++) {
    expect(await openSignInLink(app, token)).toMatchObject({
      ok: true,
      value: { personName: 'Mei', agencyName: '云帆托管', purpose: 'sign-in' },
    })
  }

  expect(await enterBySignInLink(app, auth, token, aBrowser(auth).request())).toMatchObject({
    ok: true,
    value: { personId: mei },
  })
})

test('a one-time address works once, also when it is pressed twice at the same moment', async () => {
  const { app, auth, agency } = await givenTeam()
  const token = await link(app, agency, { personId: await aPerson(app, agency) })

  const pressed = await Promise.all([1, 2, 3].map(() => enterBySignInLink(app, auth, token, aBrowser(auth).request())))

  expect(pressed.filter((outcome) => outcome.ok)).toHaveLength(1)
  expect(pressed.find((outcome) => !outcome.ok)).toMatchObject({ reason: expect.stringContaining('请管理员再发一个') })
})

test('a one-time address runs out, and a made-up one opens nothing', async () => {
  const { app, auth, agency } = await givenTeam()
  const token = await link(app, agency, { personId: await aPerson(app, agency), minutes: 15 })

  await moveClock(app, minutes(14))
  expect(await openSignInLink(app, token)).toMatchObject({ ok: true })
  await moveClock(app, minutes(1))

  expect(await openSignInLink(app, token)).toMatchObject({ ok: false })
  expect(await enterBySignInLink(app, auth, token, aBrowser(auth).request())).toMatchObject({ ok: false })
  expect(await openSignInLink(app, 'made up')).toMatchObject({ ok: false })
})

test('the database never holds a token that would open anything', async () => {
  const { app, agency } = await givenTeam()
  const token = await link(app, agency, { personId: await aPerson(app, agency) })

  const rows = await asDispatch(app.database, (tx) =>
    tx.selectFrom('dx.sign_in_links').select(['token_hash', 'agency_id']).execute(),
  )

  expect(rows).toEqual([{ token_hash: app.secrets.digest(token), agency_id: agency }])
  expect(JSON.stringify(rows)).not.toContain(token)
})

test('an admin sends a person a new address and the unused one before it stops working', async () => {
  const { app, auth, agency } = await givenTeam()
  const mei = await aPerson(app, agency)
  const zhou = await aPerson(app, agency, { name: 'Lao Zhou' })

  const [former, newer] = [await linkForPerson(app, system(agency), mei), await linkForPerson(app, system(agency), mei)]
  if (!former.ok || !newer.ok) throw new Error('refused')

  expect(await openSignInLink(app, former.value.token)).toMatchObject({ ok: false })
  expect(await enterBySignInLink(app, auth, newer.value.token, aBrowser(auth).request())).toMatchObject({ ok: true })
  const asMei: By = { agencyId: agency, personId: mei, role: 'editor', via: 'session' }
  expect(await linkForPerson(app, asMei, mei)).toMatchObject({ ok: true })
  expect(await linkForPerson(app, asMei, zhou)).toMatchObject({ ok: false, reason: expect.stringContaining('管理员') })
})

test('Chen of another agency can make no address for our people', async () => {
  const { app, agency } = await givenTeam()
  await givenAgency(app, 'other', '别家')
  const mei = await aPerson(app, agency)

  expect(await linkForPerson(app, system('other'), mei)).toMatchObject({ ok: false })
})

test('whoever installs the server gets an address for the first admin, good for an hour', async () => {
  const { app, auth } = await givenAuth()
  const { token, agencyId } = await linkForFirstAdmin(app)
  await moveClock(app, minutes(59))

  expect(await openSignInLink(app, token)).toMatchObject({ ok: true, value: { purpose: 'first-admin', personName: undefined } })
  expect(
    await enterBySignInLink(app, auth, token, aBrowser(auth).request(), { name: '林一', email: 'lin@yunfan.cn', password }),
  ).toMatchObject({ value: { agencyId } })
})

test('an unfit answer to the first-admin page is refused and the address stays usable', async () => {
  const { app, auth } = await givenAuth()
  const token = await link(app, 'yunfan', { purpose: 'first-admin' })
  const request = aBrowser(auth).request()

  expect(await enterBySignInLink(app, auth, token, request)).toMatchObject({ ok: false })
  expect(await enterBySignInLink(app, auth, token, request, { name: '林一', email: 'no address', password })).toMatchObject({
    reason: expect.stringContaining('邮箱'),
  })
  expect(
    await enterBySignInLink(app, auth, token, request, { name: '林一', email: 'lin@yunfan.cn', password: 'short' }),
  ).toMatchObject({ reason: expect.stringContaining('至少 10 位') })
  expect(await enterBySignInLink(app, auth, token, request, { name: '林一', email: 'lin@yunfan.cn', password })).toMatchObject({
    ok: true,
  })
})

test('a login that a crash left without a person does not keep its address taken', async () => {
  const { app, auth } = await givenAuth()
  await auth.createUser({ name: 'left behind', email: 'lin@yunfan.cn', password: 'whatever it was' })
  const token = await link(app, 'yunfan', { purpose: 'first-admin' })

  expect(
    await enterBySignInLink(app, auth, token, aBrowser(auth).request(), { name: '林一', email: 'lin@yunfan.cn', password }),
  ).toMatchObject({ ok: true })

  expect((await signIn(aBrowser(auth), 'lin@yunfan.cn')).status).toBe(200)
})

test('leaving ends every session at once and closes all ways back in', async () => {
  const { app, auth, agency } = await givenTeam()
  await aPerson(app, agency, { name: '林一', role: 'admin' })
  const mei = await aPerson(app, agency, { email: 'mei@yunfan.cn' })
  const [phone, desk] = [await signedIn(app, auth, agency, mei), await signedIn(app, auth, agency, mei)]
  const waiting = await link(app, agency, { personId: mei })
  const { userId } = (await auth.sessionOf(phone.headers()))!
  await auth.setPassword(userId, password)

  expect(await leave(app, auth, system(agency), mei)).toMatchObject({ ok: true, value: { sessionsEnded: 2 } })

  for (const browser of [phone, desk]) {
    expect(await auth.sessionOf(browser.headers())).toBeUndefined()
    expect(await whoIs(app, auth, browser.request())).toBeUndefined()
  }
  expect(await openSignInLink(app, waiting)).toMatchObject({ ok: false })
  expect((await signIn(aBrowser(auth))).body).toMatchObject({
    code: 'PERSON_LEFT',
    message: expect.stringContaining('请管理员恢复'),
  })
  expect(await leave(app, auth, system(agency), mei)).toMatchObject({ ok: false })
})

test('even a session that survived is nobody once the person has left', async () => {
  const { app, auth, agency } = await givenTeam()
  const mei = await aPerson(app, agency)
  const phone = await signedIn(app, auth, agency, mei)

  await withAgency(app.database, agency, (tx, now) =>
    tx.updateTable('dx.people').set({ left_at: now }).where('id', '=', mei).execute(),
  )

  expect(await auth.sessionOf(phone.headers())).toBeDefined()
  expect(await whoIs(app, auth, phone.request())).toBeUndefined()
})

test('a person who comes back signs in with the login they had', async () => {
  const { app, auth, agency } = await givenTeam()
  await aPerson(app, agency, { name: '林一', role: 'admin' })
  const mei = await aPerson(app, agency, { email: 'mei@yunfan.cn' })
  const { userId } = (await auth.sessionOf((await signedIn(app, auth, agency, mei)).headers()))!
  await auth.setPassword(userId, password)
  await leave(app, auth, system(agency), mei)

  expect(await reactivate(app, system(agency), mei)).toMatchObject({ ok: true })

  const phone = aBrowser(auth)
  await signIn(phone)
  expect(await whoIs(app, auth, phone.request())).toMatchObject({ personId: mei })
})

test('a change of role counts from the next request', async () => {
  const { app, auth, agency } = await givenTeam()
  await aPerson(app, agency, { name: '林一', role: 'admin' })
  const mei = await aPerson(app, agency)
  const phone = await signedIn(app, auth, agency, mei)

  await changePerson(app, auth, system(agency), mei, { role: 'lead' })

  expect(await whoIs(app, auth, phone.request())).toMatchObject({ role: 'lead' })
})

test('the login follows the e-mail, and an e-mail of another agency cannot be taken', async () => {
  const { app, auth, agency } = await givenTeam()
  await givenAgency(app, 'other', '别家')
  const mei = await aPerson(app, agency, { email: 'mei@yunfan.cn' })
  const chen = await aPerson(app, 'other', { name: 'Chen', email: 'chen@else.cn' })
  const { userId } = (await auth.sessionOf((await signedIn(app, auth, agency, mei)).headers()))!
  await signedIn(app, auth, 'other', chen)
  await auth.setPassword(userId, password)

  expect(await changePerson(app, auth, system(agency), mei, { email: 'chen@else.cn' })).toMatchObject({ ok: false })
  expect(await changePerson(app, auth, system(agency), mei, { email: 'mei@new.cn' })).toMatchObject({ ok: true })

  expect((await signIn(aBrowser(auth), 'mei@new.cn')).status).toBe(200)
  expect((await signIn(aBrowser(auth), 'mei@yunfan.cn')).status).toBe(401)
})

test('Chen of another agency sees none of our people and can change none', async () => {
  const { app, auth, agency } = await givenTeam()
  await givenAgency(app, 'other', '别家')
  const mei = await aPerson(app, agency)
  const chen = await aPerson(app, 'other', { name: 'Chen', role: 'admin' })
  const browser = await signedIn(app, auth, 'other', chen)
  const actor = (await whoIs(app, auth, browser.request()))!

  expect(actor.agencyId).toBe('other')
  expect((await listPeople(app, actor)).map((person) => person.name)).toEqual(['Chen'])
  expect(await changePerson(app, auth, actor, mei, { name: 'Chen was here' })).toMatchObject({ ok: false })
  expect(await leave(app, auth, actor, mei)).toMatchObject({ ok: false })
  expect(await listPeople(app, { agencyId: agency })).toMatchObject([{ name: 'Mei', leftAt: undefined }])
})

test('the command line on this machine is let in by its token file, and nobody else is', async () => {
  const { app, auth, agency } = await givenTeam()
  await aPerson(app, agency)
  const token = ensureLocalToken(app)
  const ask = (given: string, peer: string | undefined, headers: Record<string, string> = {}) =>
    whoIs(app, auth, new Request('http://127.0.0.1/', { headers: { authorization: `Bearer ${given}`, ...headers } }), peer)

  expect(await ask(token, '127.0.0.1')).toEqual({
    agencyId: agency,
    personId: 'local',
    name: '本机命令行',
    role: 'admin',
    via: 'local',
  })
  expect(await ask(token, '::ffff:127.0.0.1')).toBeDefined()
  expect(await ask('something else', '127.0.0.1')).toBeUndefined()
  expect(await ask(token, '192.168.1.7')).toBeUndefined()
  expect(await ask(token, undefined)).toBeUndefined()
  expect(await ask(token, '127.0.0.1', { 'x-forwarded-for': '198.51.100.1' })).toBeUndefined()
})

test('the token file is made once and only its owner can read it', async () => {
  const { app } = await givenAuth()

  const made = ensureLocalToken(app)

  expect(ensureLocalToken(app)).toBe(made)
  expect(made.length).toBeGreaterThan(30)
  expect(fs.statSync(path.join(app.config.home, 'local.token')).mode & 0o777).toBe(0o600)
})

test('with several agencies the command line has to say which', async () => {
  const { app, auth, agency } = await givenTeam()
  await givenAgency(app, 'other', '别家')
  await aPerson(app, agency)
  await aPerson(app, 'other', { name: 'Chen' })
  const token = ensureLocalToken(app)
  const ask = (named?: string) =>
    whoIs(
      app,
      auth,
      new Request('http://x/', { headers: { authorization: `Bearer ${token}`, ...(named ? { [AGENCY_HEADER]: named } : {}) } }),
      '::1',
    )

  expect(await ask()).toBeUndefined()
  expect(await ask('other')).toMatchObject({ agencyId: 'other' })
  expect(await ask('nobody')).toBeUndefined()
})

test('I see where I am signed in, in words I recognise, and can sign a lost phone out', async () => {
  const { app, auth, agency } = await givenTeam()
  const mei = await aPerson(app, agency)
  const [phone, desk] = [await signedIn(app, auth, agency, mei), await signedIn(app, auth, agency, mei)]

  const sessions = await mySessions(auth, desk.headers())
  expect(sessions).toMatchObject([{ current: true, device: '微信 · iPhone', ip: '203.0.113.9' }, { current: false }])
  expect(await revokeMySession(auth, desk.headers(), sessions[1]!.id)).toMatchObject({ ok: true })

  expect(await mySessions(auth, phone.headers())).toEqual([])
  expect(await mySessions(auth, desk.headers())).toHaveLength(1)
})

test('nobody signs out a device of somebody else', async () => {
  const { app, auth, agency } = await givenTeam()
  const mei = await signedIn(app, auth, agency, await aPerson(app, agency))
  const zhou = await signedIn(app, auth, agency, await aPerson(app, agency, { name: 'Lao Zhou' }))
  const [ofMei] = await mySessions(auth, mei.headers())

  expect(await revokeMySession(auth, zhou.headers(), ofMei!.id)).toMatchObject({ ok: false })
  expect(await revokeMyOtherSessions(auth, zhou.headers())).toEqual({ ok: true, value: { ended: 0 } })

  expect(await mySessions(auth, mei.headers())).toHaveLength(1)
})

test('right after a one-time address I choose a password without the former one; an hour later I cannot', async () => {
  const { app, auth, agency } = await givenTeam()
  const mei = await aPerson(app, agency, { email: 'mei@yunfan.cn' })
  const other = await signedIn(app, auth, agency, mei)
  const phone = await signedIn(app, auth, agency, mei)
  const by = (await whoIs(app, auth, phone.request()))!

  expect(await chooseMyPassword(app, auth, by, phone.headers(), 'short')).toMatchObject({ ok: false })
  expect(await chooseMyPassword(app, auth, by, phone.headers(), password)).toEqual({ ok: true, value: { ended: 1 } })
  expect(await auth.sessionOf(other.headers())).toBeUndefined()
  expect((await signIn(aBrowser(auth))).status).toBe(200)

  await moveClock(app, minutes(60))
  expect(await chooseMyPassword(app, auth, by, phone.headers(), 'another long one')).toMatchObject({ ok: false })
  expect((await signIn(aBrowser(auth), 'mei@yunfan.cn', 'another long one')).status).toBe(401)
})
