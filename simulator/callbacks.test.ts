import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decrypt, encrypt, signature } from './crypto.ts'
import { aReceiver, aSimulator, minutes, type Received, type Receiver } from './test-world.ts'
import { textOf, xml } from './xml.ts'

const world = aSimulator()
const TOKEN = 'a-token'
const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
let receiver: Receiver
beforeEach(async () => {
  receiver = await aReceiver()
})
afterEach(() => receiver.close())

const listen = (mode: string, aesKey = KEY) =>
  world.director(`/accounts/${world.sub.appid}/callback`, { url: receiver.url, token: TOKEN, aesKey, mode })
const say = (content: string) => world.director(`/accounts/${world.sub.appid}/readers/message`, { content })
const follow = () => world.director(`/accounts/${world.sub.appid}/readers/follow`, {})
const fault = (body: object) => world.director('/faults/callbacks', { appid: world.sub.appid, ...body })
const contents = () => receiver.received.map((one) => textOf(one.body, 'Content'))
const pushes = async () => (await world.director('/pushes')).pushes as { lost?: string; deliveries: { good: boolean }[] }[]

/** What a careful receiver checks before it believes a push. */
function opened(got: Received, key = KEY): { message: string; id: string } {
  const query = (name: string) => got.url.searchParams.get(name) ?? ''
  const encrypted = textOf(got.body, 'Encrypt') ?? ''
  expect(query('signature')).toBe(signature(TOKEN, query('timestamp'), query('nonce')))
  expect(query('msg_signature')).toBe(signature(TOKEN, query('timestamp'), query('nonce'), encrypted))
  return decrypt(key, encrypted)
}

describe('saving the address', () => {
  test('shakes hands first', async () => {
    expect(await listen('safe')).toEqual({ ok: true, handshake: expect.any(String) })
  })

  test('a receiver that answers anything else is not saved', async () => {
    const answer = await world.director(`/accounts/${world.sub.appid}/callback`, {
      url: `${world.url}/nothing`,
      token: TOKEN,
      aesKey: KEY,
      mode: 'safe',
    })

    expect(answer).toMatchObject({ ok: false, handshake: expect.stringContaining('instead of the echostr') })
    await say('有人吗')
    expect(await pushes()).toMatchObject([{ lost: 'no-callback' }])
  })
})

describe('the three modes', () => {
  test('plain sends the message as it is', async () => {
    await listen('plain')
    await say('你好')

    expect(contents()).toEqual(['你好'])
    expect(receiver.received[0]!.url.searchParams.get('openid')).toBe(world.sub.openids[0])
    expect(textOf(receiver.received[0]!.body, 'ToUserName')).toBe(world.sub.userName)
  })

  test('safe sends nothing readable, signed, with our appid behind the message', async () => {
    await listen('safe')
    await say('你好')

    const { message, id } = opened(receiver.received[0]!)
    expect(contents()).toEqual([undefined])
    expect(textOf(message, 'Content')).toBe('你好')
    expect(id).toBe(world.sub.appid)
  })

  test('compat sends both', async () => {
    await listen('compat')
    await say('你好')

    expect(contents()).toEqual(['你好'])
    expect(textOf(opened(receiver.received[0]!).message, 'Content')).toBe('你好')
  })

  test('after a change of key a push on its way still uses the former one', async () => {
    await listen('safe')
    await listen('safe', `Z${KEY.slice(1)}`)
    await fault({ fault: 'old-key' })
    await say('旧钥匙')

    expect(textOf(opened(receiver.received[0]!).message, 'Content')).toBe('旧钥匙')
  })

  test('an encrypted reply is understood', async () => {
    await listen('safe')
    const reply = xml({ MsgType: 'text', Content: '稍等' })
    receiver.answerWith(() =>
      xml({ Encrypt: encrypt(KEY, world.sub.appid, reply, Buffer.alloc(16, 7)), MsgSignature: 'x', TimeStamp: 1, Nonce: 'n' }),
    )

    expect(textOf(String((await say('在吗')).reply), 'Content')).toBe('稍等')
  })
})

describe('a receiver in trouble', () => {
  test('who does not answer in time gets three deliveries in all, or two if the switch says so', async () => {
    await listen('plain')
    await world.director('/switches', { callbackDeadlineMs: 50 })
    receiver.answerWith(() => undefined)
    await say('一')
    expect(contents()).toEqual(['一', '一', '一'])

    await world.director('/switches', { deliveries: 2 })
    await say('二')
    expect(contents().slice(3)).toEqual(['二', '二'])
  })

  test('who answers at the second delivery is not asked a third time', async () => {
    await listen('plain')
    await world.director('/switches', { callbackDeadlineMs: 300 })
    receiver.answerWith(() => (receiver.received.length > 1 ? 'success' : undefined))
    await say('一')

    expect(contents()).toEqual(['一', '一'])
    expect((await pushes()).at(-1)?.lost).toBeUndefined()
  })

  test('a wrong answer is not repeated: only the user sees that the service is out of order', async () => {
    await listen('plain')
    receiver.answerWith(() => 'oops')
    await say('一')

    expect(contents()).toEqual(['一'])
  })

  test('after three lost pushes nothing is pushed for a minute, and what happens in it never comes', async () => {
    await listen('plain')
    receiver.answerWith(() => 'oops')
    for (const one of ['一', '二', '三']) await say(one)
    receiver.answerWith(() => 'success')
    await say('四')
    await world.advance(minutes(1))
    await say('五')

    expect(contents()).toEqual(['一', '二', '三', '五'])
    expect((await pushes()).map((one) => one.lost ?? 'arrived')).toEqual([
      ...Array(3).fill('all-deliveries-failed'),
      'mark-fail',
      'arrived',
    ])
  })

  test('what that minute drops is a switch', async () => {
    await listen('plain')
    await world.director('/switches', { markFailAfter: 1, markFailDrops: 'events' })
    receiver.answerWith(() => 'oops')
    await say('一')
    receiver.answerWith(() => 'success')
    await say('二')
    await follow()

    expect(contents()).toEqual(['一', '二'])
  })
})

describe('pushes in disorder', () => {
  beforeEach(() => listen('plain'))

  test('can come twice', async () => {
    await fault({ fault: 'duplicate' })
    await say('一')
    expect(contents()).toEqual(['一', '一'])
  })

  test('can come after their successor', async () => {
    await fault({ fault: 'reorder' })
    await say('一')
    await say('二')
    await world.director('/settle', {})
    expect(contents()).toEqual(['二', '一'])
  })

  test('can come late', async () => {
    await fault({ fault: 'delay', ms: 5000 })
    await say('一')
    expect(contents()).toEqual([])
    await world.advance(5000)
    expect(contents()).toEqual(['一'])
  })

  test('can fail to come, for one kind of event only', async () => {
    await fault({ fault: 'drop', event: 'subscribe' })
    await say('一')
    await follow()
    expect(contents()).toEqual(['一'])
    expect(await pushes()).toMatchObject([{ deliveries: [{ good: true }] }, { lost: 'fault' }])
  })

  test('can carry a wrong signature', async () => {
    await fault({ fault: 'wrong-signature' })
    await say('一')
    const { searchParams } = receiver.received[0]!.url
    expect(searchParams.get('signature')).not.toBe(signature(TOKEN, searchParams.get('timestamp')!, searchParams.get('nonce')!))
  })
})

test('followers’ acts arrive as the events WeChat names', async () => {
  await listen('plain')
  const act = (name: string, body: object) => world.director(`/accounts/${world.sub.appid}/readers/${name}`, body)
  await act('follow', {})
  await act('click', { key: 'MENU_1' })
  await act('view', { key: 'https://client.example/' })
  await act('scan', { key: '7' })
  await act('unfollow', {})
  await world.director(`/accounts/${world.sub.appid}/platform/standing`, {
    event: 'annual_renew',
    fields: { ExpiredTime: 1795300000 },
  })

  expect(receiver.received.map((one) => [textOf(one.body, 'Event'), textOf(one.body, 'EventKey')])).toEqual([
    ['subscribe', ''],
    ['CLICK', 'MENU_1'],
    ['VIEW', 'https://client.example/'],
    ['SCAN', '7'],
    ['unsubscribe', ''],
    ['annual_renew', undefined],
  ])
  expect(textOf(receiver.received.at(-1)!.body, 'ExpiredTime')).toBe('1795300000')
})

test('a message from an article’s page tells which article', async () => {
  await listen('plain')
  await world.director(`/accounts/${world.sub.appid}/readers/message`, { content: '写错了', msgDataId: 2247483700, idx: 2 })

  const { body } = receiver.received[0]!
  expect(['MsgDataId', 'Idx'].map((one) => textOf(body, one))).toEqual(['2247483700', '2'])
  expect(textOf(body, 'MsgId')).toMatch(/^\d{17}$/)
})
