import { createHmac } from 'node:crypto'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { migrateAuth } from './auth.ts'
import { aBrowser, givenAuth, givenUser, password, signIn } from './given-people.ts'

test('the right password signs in, and the session remembers the address and the device', async () => {
  const { auth } = await givenAuth()
  const userId = await givenUser(auth)
  const phone = aBrowser(auth)

  const answer = await signIn(phone)

  expect(answer.status).toBe(200)
  expect(await auth.sessionOf(phone.headers())).toMatchObject({ userId })
  expect(await auth.sessionsOf(userId)).toMatchObject([
    { ip: '203.0.113.9', userAgent: 'Mozilla/5.0 (iPhone) MicroMessenger/8.0' },
  ])
})

test('a wrong password is refused with a sentence that says what to do', async () => {
  const { auth } = await givenAuth()
  await givenUser(auth)

  const answer = await signIn(aBrowser(auth), 'mei@yunfan.cn', 'something else')

  expect(answer.status).toBe(401)
  expect(answer.body).toMatchObject({ code: 'INVALID_EMAIL_OR_PASSWORD', message: expect.stringContaining('一次性登录链接') })
})

test('nobody can add themselves over HTTP', async () => {
  const { auth } = await givenAuth()

  const answer = await aBrowser(auth).call('/sign-up/email', { name: 'Chen', email: 'chen@else.cn', password })

  expect(answer.status).toBe(404)
  expect(await auth.userByEmail('chen@else.cn')).toBeUndefined()
})

test('a login can be made once per address, and a short password is refused before anything is saved', async () => {
  const { auth } = await givenAuth()
  await givenUser(auth)

  expect(await auth.createUser({ name: 'Mei again', email: 'MEI@yunfan.cn' })).toMatchObject({ ok: false })
  expect(await auth.createUser({ name: 'Chen', email: 'chen@else.cn', password: 'short' })).toMatchObject({ ok: false })
  expect(await auth.userByEmail('chen@else.cn')).toBeUndefined()
})

test('only what we open of the sign-in library is open', async () => {
  const { auth } = await givenAuth()
  const mei = await givenUser(auth)
  const phone = aBrowser(auth)
  await signIn(phone)

  for (const path of [
    '/list-sessions',
    '/list-accounts',
    '/ok',
    '/two-factor/../list-sessions',
    '/get-session/',
    '//list-sessions',
  ]) {
    expect([path, (await phone.call(path)).status]).toEqual([path, 404])
  }
  expect((await phone.call('/update-user', { name: 'Chen' })).status).toBe(404)
  expect((await phone.call('/get-session')).body).toMatchObject({ user: { id: mei, name: 'Mei' } })
})

test('a changed password is the one that counts, and the old one is asked for', async () => {
  const { auth } = await givenAuth()
  await givenUser(auth)
  const phone = aBrowser(auth)
  await signIn(phone)

  expect((await phone.call('/change-password', { currentPassword: 'not this one', newPassword: 'a brand new one' })).status).toBe(
    400,
  )
  expect((await phone.call('/change-password', { currentPassword: password, newPassword: 'a brand new one' })).status).toBe(200)

  expect((await signIn(aBrowser(auth), 'mei@yunfan.cn', 'a brand new one')).status).toBe(200)
  expect((await signIn(aBrowser(auth))).status).toBe(401)
})

test('starting a session without a password cannot be asked for over HTTP', async () => {
  const { auth } = await givenAuth()
  const userId = await givenUser(auth)
  const stranger = aBrowser(auth)

  for (const path of ['/start-session-for', '/startSessionFor', '/one-time-links']) {
    expect((await stranger.call(path, { userId })).status).toBe(404)
  }
  expect(await auth.sessionsOf(userId)).toEqual([])
})

test('with a second factor the password alone opens nothing; a code of the phone does', async () => {
  const { auth } = await givenAuth()
  const userId = await givenUser(auth)
  const desk = aBrowser(auth)
  await signIn(desk)
  const enabled = await desk.call('/two-factor/enable', { password })
  const secret = new URL(String(enabled.body.totpURI)).searchParams.get('secret')!
  expect((await desk.call('/two-factor/verify-totp', { code: totp(secret) })).status).toBe(200)
  expect(await auth.hasSecondFactor(userId)).toBe(true)

  const phone = aBrowser(auth)
  const first = await signIn(phone)
  expect(first.body).toMatchObject({ twoFactorRedirect: true })
  expect(await auth.sessionOf(phone.headers())).toBeUndefined()
  const wrong = await phone.call('/two-factor/verify-totp', { code: totp(secret) === '000000' ? '000001' : '000000' })
  expect(wrong.body).toMatchObject({ message: expect.stringContaining('验证码不对') })
  expect((await phone.call('/two-factor/verify-totp', { code: totp(secret) })).status).toBe(200)

  expect(await auth.sessionOf(phone.headers())).toMatchObject({ userId })
})

test('a backup code stands in for a lost phone, once', async () => {
  const { auth } = await givenAuth()
  const userId = await givenUser(auth)
  const desk = aBrowser(auth)
  await signIn(desk)
  const { body } = await desk.call('/two-factor/enable', { password })
  await desk.call('/two-factor/verify-totp', { code: totp(new URL(String(body.totpURI)).searchParams.get('secret')!) })
  const [code] = body.backupCodes as string[]

  const found = aBrowser(auth)
  await signIn(found)
  expect((await found.call('/two-factor/verify-backup-code', { code })).status).toBe(200)
  const thief = aBrowser(auth)
  await signIn(thief)
  expect((await thief.call('/two-factor/verify-backup-code', { code })).status).toBe(401)

  expect(await auth.sessionOf(found.headers())).toMatchObject({ userId })
  expect(await auth.sessionOf(thief.headers())).toBeUndefined()
})

test('a session that was revoked, or has run out, is over at the next request', async () => {
  const { app, auth } = await givenAuth()
  const userId = await givenUser(auth)
  const [phone, desk] = [aBrowser(auth), aBrowser(auth)]
  await signIn(phone)
  await signIn(desk)
  const onPhone = (await auth.sessionOf(phone.headers()))!

  expect(await auth.revokeSession('someone else', onPhone.sessionId)).toBe(false)
  expect(await auth.revokeSession(userId, onPhone.sessionId)).toBe(true)
  expect(await auth.sessionOf(phone.headers())).toBeUndefined()
  expect(await auth.sessionOf(desk.headers())).toBeDefined()

  const database = await app.listen()
  onTestFinished(() => database.end())
  await database.query(`update auth.session set "expiresAt" = now() - interval '1 second'`)
  expect(await auth.sessionOf(desk.headers())).toBeUndefined()
})

test('a page of another site cannot sign anybody in', async () => {
  const { auth } = await givenAuth()
  await givenUser(auth)
  const phone = aBrowser(auth)
  await signIn(phone)

  const answer = await phone.call('/sign-out', {}, { origin: 'https://evil.example' })

  expect(answer.status).toBe(403)
  expect(await auth.sessionOf(phone.headers())).toBeDefined()
})

test('under https the cookie is secure and out of reach of scripts', async () => {
  const { auth } = await givenAuth({ PUBLIC_URL: 'https://dx.yunfan.cn' })
  await givenUser(auth)

  const { response } = await signIn(aBrowser(auth, 'https://dx.yunfan.cn'))

  const cookie = response.headers.getSetCookie().find((line) => line.includes('session_token'))
  expect(cookie).toMatch(/^__Secure-dingxin\.session_token=.*HttpOnly.*Secure.*SameSite=Lax/i)
})

test('a caller cannot choose the address we write down; a configured proxy can', async () => {
  const plain = await givenAuth()
  const mei = await givenUser(plain.auth)
  const lies = { 'x-forwarded-for': '198.51.100.1', 'x-dingxin-peer': '198.51.100.2' }
  await aBrowser(plain.auth).call('/sign-in/email', { email: 'mei@yunfan.cn', password }, lies)
  expect(await plain.auth.sessionsOf(mei)).toMatchObject([{ ip: '203.0.113.9' }])
  await plain.auth.revokeSessions(mei)
  await plain.auth.startSession(mei, new Request('http://127.0.0.1/', { headers: lies }))
  expect(['198.51.100.1', '198.51.100.2']).not.toContain((await plain.auth.sessionsOf(mei))[0]!.ip)

  const proxied = await givenAuth({}, { clientIpHeader: 'x-forwarded-for' })
  const zhou = await givenUser(proxied.auth)
  await aBrowser(proxied.auth, undefined, '127.0.0.1').call(
    '/sign-in/email',
    { email: 'mei@yunfan.cn', password },
    { 'x-forwarded-for': '10.9.9.9, 198.51.100.7' },
  )
  expect(await proxied.auth.sessionsOf(zhou)).toMatchObject([{ ip: '198.51.100.7' }])
})

test('guessing passwords from one address is slowed down', async () => {
  const { auth } = await givenAuth()
  await givenUser(auth)
  const guesser = aBrowser(auth)

  const answers = []
  for (let guess = 0; guess < 21; guess++)
    answers.push((await signIn(guesser, 'nobody@yunfan.cn', `guess number ${guess}`)).status)

  expect(answers.slice(0, 20)).not.toContain(429)
  expect(answers[20]).toBe(429)
  expect((await signIn(guesser)).body).toMatchObject({ message: expect.stringContaining('试得太快') })
})

test('the tables are made once, also when several processes start together, and stay out of schema public', async () => {
  const { app } = await givenAuth()

  await Promise.all([migrateAuth(app.url), migrateAuth(app.url), migrateAuth(app.url)])

  const client = new pg.Client(app.url)
  await client.connect()
  const { rows } = await client.query(
    `select table_schema as schema, table_name as name from information_schema.tables where table_name in ('user', 'session', 'twoFactor', 'rateLimit') and table_schema in ('auth', 'public') order by 1, 2`,
  )
  await client.end()
  expect(rows).toEqual(['rateLimit', 'session', 'twoFactor', 'user'].map((name) => ({ schema: 'auth', name })))
})

/** A code as an authenticator app shows it (RFC 6238: HMAC-SHA1, 30 seconds, 6 digits). */
function totp(base32: string): string {
  const bits = [...base32.replace(/=+$/, '')]
    .map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  return String((digest.readUInt32BE(digest[19]! & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
