import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decrypt } from './crypto.ts'
import type { Fields } from './json.ts'
import { aReceiver, aSimulator, hours, minutes, type Receiver, type Reply } from './test-world.ts'
import { textOf } from './xml.ts'

const world = aSimulator()
let receiver: Receiver
beforeEach(async () => {
  receiver = await aReceiver()
  await world.director('/component', { eventUrl: `${receiver.url}/events`, messageUrl: `${receiver.url}/$APPID$/callback` })
})
afterEach(() => receiver.close())

const post = async (path: string, body: object): Promise<Reply> =>
  JSON.parse((await world.raw(path, { method: 'POST', body: JSON.stringify(body) })).text) as Reply
const identity = () => ({ component_appid: world.simulator.component.appid })
const opened = () =>
  receiver.received.map((one) => ({
    path: one.url.pathname,
    ...decrypt(world.simulator.component.aesKey, textOf(one.body, 'Encrypt') ?? ''),
  }))
const events = (type: string) => opened().filter((one) => textOf(one.message, 'InfoType') === type)

async function componentToken(): Promise<string> {
  const ticket = textOf(events('component_verify_ticket').at(-1)!.message, 'ComponentVerifyTicket')
  const secret = { component_appsecret: world.simulator.component.secret, component_verify_ticket: ticket }
  return String((await post('/cgi-bin/component/api_component_token', { ...identity(), ...secret })).component_access_token)
}
async function asComponent(name: string, body: object = {}): Promise<Reply> {
  return post(`/cgi-bin/component/${name}?component_access_token=${await componentToken()}`, { ...identity(), ...body })
}
const consent = async (funcscopes?: number[]): Promise<Fields> => {
  const { auth_code } = await world.director(`/accounts/${world.sub.appid}/console/authorise`, funcscopes ? { funcscopes } : {})
  return (await asComponent('api_query_auth', { authorization_code: auth_code })).authorization_info as Fields
}
const withToken = (token: unknown, path: string, body: object) => post(`${path}?access_token=${token}`, body)

test('the ticket comes encrypted every ten minutes, and a long jump of the clock does not bring hundreds', async () => {
  const first = events('component_verify_ticket')
  expect(first).toMatchObject([{ path: '/wx/events', id: world.simulator.component.appid }])
  expect(textOf(receiver.received[0]!.body, 'AppId')).toBe(world.simulator.component.appid)
  await world.advance(minutes(10))
  expect(events('component_verify_ticket')).toHaveLength(2)
  await world.advance(hours(24 * 7))
  expect(events('component_verify_ticket').length).toBeLessThan(6)
})

test('a ticket is good for twelve hours, whether or not newer ones came', async () => {
  const ticket = textOf(events('component_verify_ticket')[0]!.message, 'ComponentVerifyTicket')
  const ask = () =>
    post('/cgi-bin/component/api_component_token', {
      ...identity(),
      component_appsecret: world.simulator.component.secret,
      component_verify_ticket: ticket,
    })
  await world.advance(minutes(30))
  expect(await ask()).toMatchObject({ expires_in: 7200 })
  await world.director('/component', { pushTickets: false })
  await world.advance(hours(12))
  expect(await ask()).toMatchObject({ errcode: 61005 })
})

test('an invented ticket gives no token', async () => {
  const ask = (ticket: string | undefined) =>
    post('/cgi-bin/component/api_component_token', {
      ...identity(),
      component_appsecret: world.simulator.component.secret,
      component_verify_ticket: ticket,
    })
  expect(await ask('invented')).toMatchObject({ errcode: 61006 })
  expect(await ask(textOf(events('component_verify_ticket')[0]!.message, 'ComponentVerifyTicket'))).toMatchObject({
    expires_in: 7200,
  })
})

describe('consent', () => {
  test('in the browser: the page offers accounts, and confirming returns with a code and tells the server', async () => {
    const { pre_auth_code } = await asComponent('api_create_preauthcode')
    const query = new URLSearchParams({
      ...identity(),
      pre_auth_code: String(pre_auth_code),
      redirect_uri: 'http://product.example/back?x=1',
      auth_type: '1',
    })
    const address = `/cgi-bin/componentloginpage?${query}`
    expect((await world.raw(address)).text).toContain(`value="${world.sub.appid}"`)

    const confirm = () =>
      fetch(world.url + address, { method: 'POST', body: new URLSearchParams({ appid: world.sub.appid }), redirect: 'manual' })
    const back = new URL((await confirm()).headers.get('location') ?? '')
    await world.director('/settle', {})

    expect(back.href).toMatch(/^http:\/\/product\.example\/back\?x=1&auth_code=.*&expires_in=3600$/)
    expect(textOf(events('authorized')[0]!.message, 'AuthorizationCode')).toBe(back.searchParams.get('auth_code'))
    expect(await asComponent('api_query_auth', { authorization_code: back.searchParams.get('auth_code') })).toMatchObject({
      authorization_info: { authorizer_appid: world.sub.appid },
    })
    expect((await confirm()).status).toBe(200)
  })

  test('whoever lost the code finds the account, with its refresh token, in the list', async () => {
    await world.director(`/accounts/${world.sub.appid}/console/authorise`, {})
    const { list } = await asComponent('api_get_authorizer_list', { offset: 0, count: 10 })
    const [{ refresh_token } = { refresh_token: '' }] = list as { refresh_token: string }[]

    expect(
      await asComponent('api_authorizer_token', { authorizer_appid: world.sub.appid, authorizer_refresh_token: refresh_token }),
    ).toMatchObject({ expires_in: 7200 })
  })

  test('a code works once', async () => {
    const { auth_code } = await world.director(`/accounts/${world.sub.appid}/console/authorise`, {})
    await asComponent('api_query_auth', { authorization_code: auth_code })

    expect(await asComponent('api_query_auth', { authorization_code: auth_code })).toMatchObject({ errcode: 61009 })
  })

  test('consenting again is told as an update and replaces the refresh token', async () => {
    const first = await consent()
    const second = await consent()
    const refresh = (info: Fields) =>
      asComponent('api_authorizer_token', {
        authorizer_appid: world.sub.appid,
        authorizer_refresh_token: info.authorizer_refresh_token,
      })

    expect(events('updateauthorized')).toHaveLength(1)
    expect(await refresh(first)).toMatchObject({ errcode: 61023 })
    expect(await refresh(second)).toMatchObject({ expires_in: 7200 })
  })
})

describe('an authorised account', () => {
  test('keeps working for the component while its AppSecret is frozen', async () => {
    const { authorizer_access_token } = await consent()
    await world.director(`/accounts/${world.sub.appid}/console/secret`, { act: 'freeze' })

    expect(await withToken(authorizer_access_token, '/cgi-bin/draft/batchget', { offset: 0, count: 1 })).toMatchObject({
      total_count: 0,
    })
  })

  test('answers 61007 for what it did not grant', async () => {
    const { authorizer_access_token } = await consent([11])

    expect(await withToken(authorizer_access_token, '/cgi-bin/freepublish/submit', {})).toMatchObject({ errcode: 61007 })
    expect(await withToken(authorizer_access_token, '/cgi-bin/draft/batchget', {})).toMatchObject({ total_count: 0 })
  })

  test('sends its messages to the component, in its own path, under the component’s id', async () => {
    await consent()
    await world.director(`/accounts/${world.sub.appid}/readers/message`, { content: '你好' })

    const got = opened().at(-1)!
    expect(got).toMatchObject({ path: `/wx/${world.sub.appid}/callback`, id: world.simulator.component.appid })
    expect([textOf(got.message, 'Content'), textOf(got.message, 'ToUserName')]).toEqual(['你好', world.sub.userName])
  })

  test('tells its standing, which no other call does', async () => {
    await consent()
    await world.director(`/accounts/${world.sub.appid}`, { accountStatus: 19 }, 'PATCH')

    expect(await asComponent('api_get_authorizer_info', { authorizer_appid: world.sub.appid })).toMatchObject({
      authorizer_info: {
        account_status: 19,
        user_name: world.sub.userName,
        service_type_info: { id: 0 },
        verify_type_info: { id: 0 },
      },
    })
    expect(await asComponent('api_get_authorizer_list', { offset: 0, count: 500 })).toMatchObject({ total_count: 1 })
    expect(await asComponent('api_get_authorizer_list', { offset: 0, count: 501 })).toMatchObject({ errcode: 40170 })
    expect(
      await asComponent('api_set_authorizer_option', {
        authorizer_appid: world.sub.appid,
        option_name: 'customer_service',
        option_value: '1',
      }),
    ).toMatchObject({ errcode: 0 })
    expect(
      await asComponent('api_get_authorizer_option', { authorizer_appid: world.sub.appid, option_name: 'customer_service' }),
    ).toMatchObject({ option_value: '1' })
  })

  test('that withdraws is told at once; its tokens and its refresh token are dead', async () => {
    const info = await consent()
    await world.director(`/accounts/${world.sub.appid}/console/withdraw`, {})

    expect(events('unauthorized').map((one) => textOf(one.message, 'AuthorizerAppid'))).toEqual([world.sub.appid])
    expect(await withToken(info.authorizer_access_token, '/cgi-bin/draft/batchget', {})).toMatchObject({ errcode: 61003 })
    expect(
      await asComponent('api_authorizer_token', {
        authorizer_appid: world.sub.appid,
        authorizer_refresh_token: info.authorizer_refresh_token,
      }),
    ).toMatchObject({ errcode: 61023 })
  })
})

test('the component’s calls need the component’s token and one of its addresses', async () => {
  const token = await world.stableToken(world.sub)
  expect(await post(`/cgi-bin/component/api_create_preauthcode?component_access_token=${token}`, identity())).toMatchObject({
    errcode: 61014,
  })
  expect(await post('/cgi-bin/component/api_create_preauthcode', identity())).toMatchObject({ errcode: 41001 })
  await world.director('/component', { whitelist: ['203.0.113.7'] })
  expect(await post('/cgi-bin/component/api_create_preauthcode', identity())).toMatchObject({ errcode: 61004 })
})
