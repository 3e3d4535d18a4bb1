import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minutes } from '../../platform/time.ts'
import { judgeMail } from './codes-email.ts'
import { aNotice, givenProviders, type ProvidersWorld } from './given-providers.ts'

const to = 'zhou@dingxin.example'

describe('by a real SMTP server', () => {
  let world: ProvidersWorld
  beforeAll(async () => {
    world = await givenProviders()
  })
  afterAll(() => world.close())

  test('a letter arrives with its subject, its lines and its link', async () => {
    const result = await world.open('email').send(to, aNotice(), 'k')

    expect(result).toMatchObject({ result: 'done', sendId: expect.stringMatching(/^<[0-9a-z]{15}@dingxin\.example>$/) })
    const [seen] = await world.seen('email', to)
    expect(seen?.title).toBe('P1 账号被盗 · 青禾教育')
    expect(seen?.text).toContain('告知客户：03:17 前（剩 13 分）')
    expect(seen?.links.map((link) => link.url)).toContain('https://dx.example/m/i/2611?k=a7K2Qm')
  })

  test.each([
    ['rcpt:550 5.1.1 no such user', { retry: 'never', whose: 'recipient' }],
    ['rcpt:550 Ip frequency limited', { retry: 'later' }],
    ['rcpt:451 4.7.1 greylisted, try again', { retry: 'later' }],
    ['mail:421 4.3.2 going down', { retry: 'later' }],
    ['mail:553 Mail from must equal authorized user', { retry: 'never', whose: 'configuration' }],
    ['data:554 DT:SPM spam', { retry: 'never', whose: 'message' }],
    ['data:552 5.3.4 too big', { retry: 'never', whose: 'message' }],
    ['cut-after-dot', { result: 'unknown' }],
    ['mail-hang', { result: 'unknown' }],
  ])('%s', async (fault, expected) => {
    await world.fault('email', fault)

    expect(await world.open('email', { timeoutMs: 400 }).send(to, aNotice(), 'k')).toMatchObject(expected)
  })

  test('a wrong password is a matter for an administrator', async () => {
    await world.fault('email', 'auth:535 Error: authentication failed')

    expect(await world.open('email', { user: 'u', password: 'p' }).send(to, aNotice(), 'k')).toMatchObject({
      retry: 'never',
      whose: 'configuration',
    })
  })

  test('nobody listening there: nothing was sent', async () => {
    expect(await world.open('email', { port: 1 }).send(to, aNotice(), 'k')).toMatchObject({ result: 'refused', retry: 'later' })
  })

  test('an address that would write headers of its own is refused', async () => {
    const before = (await world.seen('email')).length

    expect(await world.open('email').send('a@b.cn\r\nBcc: all@b.cn', aNotice(), 'k')).toMatchObject({ whose: 'recipient' })
    expect(await world.open('email').send('a@b.cn, all@b.cn', aNotice(), 'k')).toMatchObject({ whose: 'recipient' })
    expect(await world.seen('email')).toHaveLength(before)
  })
})

describe('what mail servers say', () => {
  test.each([
    [550, '5.1.1 User unknown', { class: 'never', whose: 'recipient' }],
    [550, 'Mailbox not found', { class: 'never', whose: 'recipient' }],
    [559, 'Invalid rcptto [@sm070102]', { class: 'never', whose: 'recipient' }],
    [550, 'Mailbox unavailable or access denied', { class: 'later' }],
    [550, 'Connection frequency limited', { class: 'later' }],
    [451, 'MI:SFQ 163 smtp', { class: 'later', afterMs: minutes(15) }],
    [451, 'DT:SPM please try again', { class: 'later', afterMs: minutes(2) }],
    [554, 'DT:SPM 163 smtp', { class: 'never', whose: 'message' }],
    [550, '5.7.26 unauthenticated', { class: 'never', whose: 'configuration' }],
    [535, 'Login fail', { class: 'never', whose: 'configuration' }],
    [552, '5.2.2 mailbox full', { class: 'later' }],
    [552, 'daily quota exceeded', { class: 'later' }],
    [552, 'message too large', { class: 'never', whose: 'message' }],
    [450, 'RP:TMP MI:DMC', { class: 'later' }],
  ])('%i %s', (code, text, expected) => {
    expect(judgeMail({ code, text })).toMatchObject(expected)
  })
})
